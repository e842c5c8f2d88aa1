"""The entry page of credits without JavaScript, its rows and its block, by who and in which state."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from budget.models import BudgetLine, Consumption
from budget.services import record_consumption
from budget.tranches.affectations import affect
from contracts.enums import VersionKind
from contracts.fields import amount
from contracts.models import Axis, Contract
from monitoring.enums import FilingState
from monitoring.models import Filing
from tests.budget.rows import add_lines, close, earlier, rows_of
from tests.factories import VersionFactory
from tests.reading import words

SignedIn = Callable[[User], Client]


def address(filing: Filing, rest: str = "") -> str:
    return f"/dossiers/{filing.pk}/credits/{rest}"


def form(*rows: Consumption, **texts: str) -> dict[str, str]:
    """What the form sends: the revision of each row, and texts named `ae0`, `cp1`… by rank of the row."""
    sent = {f"r{row.pk}": str(row.revision) for row in rows}
    for name, text in texts.items():
        field, rank = name[:-1], int(name[-1])
        sent[f"c{rows[rank].pk}-{field}"] = text
    return sent


def figures(row: Consumption) -> tuple[Any, Any]:
    row.refresh_from_db()
    return amount(row.ae), amount(row.cp)


def shown(html: str, name: str) -> str:
    """The text in an input of the page."""
    found = re.search(rf'id="{re.escape(name)}"[^>]*? value="([^"]*)"', html)
    assert found, name
    return found[1]


def test_lines_stand_under_their_axis_which_names_their_inputs(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, tool = rows_of(filing)
    axis = Axis.objects.create(contract=filing.contract, code="9", title="Données")
    BudgetLine.objects.filter(pk=study.line_id).update(axis=axis)
    BudgetLine.objects.filter(pk=tool.line_id).update(lot="Lot 2", axis=axis)
    page = signed_in(lead).get(address(filing))
    html = page.content.decode()
    assert re.findall(r'scope="rowgroup" id="(b\d)" colspan="8"><span>([^<]*)<', html) == [
        ("b1", "Axe 9 – Données"),
        ("b2", "Lot 2"),
    ]
    for band, row in (("b1", study), ("b2", tool)):
        assert f'id="c{row.pk}-ae"' in html
        assert f'aria-labelledby="{band} t{row.pk} g-reel h-ae"' in html
    refused = signed_in(lead).post(address(filing), form(study, tool, ae0="1.234"))
    assert f'<a href="#c{study.pk}-ae">Axe 9 – Données, Études</a>' in refused.content.decode()


def test_the_page_shows_plan_last_period_and_totals(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    earlier(filing, 2021, 1, lead, {"etudes": (100, 40)})
    rows_of(filing)
    html = signed_in(lead).get(address(filing)).content.decode()
    assert "Crédits consommés du 2e\u00a0trimestre\u00a02021" in html
    assert "100\u202f000,00" in html
    assert re.search(r'headers="t\d+ g-dernier h-dernier-cp"[^>]*>40,00<', html)
    told = "dossier du 1er\u00a0trimestre\u00a02021, validé et verrouillé"
    assert f'Période précédente<span class="grid-before">{told}</span>' in html
    assert f'Reprendre la période précédente</button> <span class="small">({told})</span>' in html
    assert re.search(r'headers="total g-plan h-plan-ae"[^>]*>150\u202f000,00<', html)


def test_the_whole_form_is_saved_and_says_when(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, tool = rows_of(filing)
    sent = form(study, tool, ae0="1 234,56", cp0="0", ae1="12 k€", cp1="")
    answer = signed_in(lead).post(address(filing), sent, follow=True)
    assert re.search(r"Enregistré à \d\d\u00a0h\u00a0\d\d", answer.content.decode())
    assert figures(study) == (Decimal("1234.56"), 0)
    assert figures(tool) == (12000, None)


def test_an_amount_typed_in_thousands_is_stored_exact(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, tool = rows_of(filing)
    client = signed_in(lead)
    answer = client.post(
        address(filing), form(study, tool, ae0="12,34567", cp0="1,2340") | {"unite": "keur"}, follow=True
    )
    assert figures(study) == (Decimal("12345.67"), 1234)
    assert answer.redirect_chain == [(address(filing) + "?unite=keur", 302)]
    html = answer.content.decode()
    assert (shown(html, f"c{study.pk}-ae"), shown(html, f"c{study.pk}-cp")) == ("12,34567", "1,2340")
    assert "montants en k€" in html


def test_the_unit_chosen_is_kept_from_a_grid_to_the_next(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, tool = rows_of(filing)
    client = signed_in(lead)
    client.post(address(filing), form(study, tool, ae0="1500") | {"unite": "eur", "afficher": "keur"})
    assert "montants en k€" in client.get(address(filing)).content.decode()
    client.post(address(filing), {f"r{study.pk}": "1", f"c{study.pk}-ae": "1600"})
    assert figures(study)[0] == 1600, "what is sent without a unit is in euros"
    client.post(address(filing), {"unite": "keur", "afficher": "eur"})
    assert "montants en k€" not in client.get(address(filing)).content.decode()


def test_the_browser_keeps_no_copy_of_the_page(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    rows_of(filing)
    assert signed_in(lead).get(address(filing))["Cache-Control"] == "private, no-store"


def test_changing_unit_saves_first(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, tool = rows_of(filing)
    sent = form(study, tool, ae0="1500") | {"unite": "eur", "afficher": "keur"}
    answer = signed_in(lead).post(address(filing), sent, follow=True)
    assert figures(study)[0] == 1500
    assert shown(answer.content.decode(), f"c{study.pk}-ae") == "1,50"


def test_a_refused_cell_stops_everything_and_keeps_what_was_typed(
    filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    study, tool = rows_of(filing)
    answer = signed_in(lead).post(address(filing), form(study, tool, ae0="1.234", cp0="12e", ae1="7"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "2 cases à corriger" in html
    assert [shown(html, f"c{study.pk}-ae"), shown(html, f"c{study.pk}-cp"), shown(html, f"c{tool.pk}-ae")] == [
        "1.234",
        "12e",
        "7",
    ]
    assert re.search(rf'id="e-c{study.pk}-ae">[^<]*est ambigu', html)
    assert re.search(rf'id="c{study.pk}-ae"[^>]*aria-invalid="true"', html)
    assert figures(tool) == (None, None)


def test_a_stale_form_shows_three_values_and_lets_choose(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, tool = rows_of(filing)
    mine = form(study, tool, ae0="150", cp0="5", ae1="8")
    record_consumption(row=study, revision=0, ae=Decimal(200), cp=Decimal(5), actor=lead)
    client = signed_in(lead)
    answer = client.post(address(filing), mine)
    html = answer.content.decode()
    assert answer.status_code == 409
    cells = (
        '<td data-label="Vous">150,00</td><td data-label="Enregistré">200,00</td><td data-label="Avant">n.\u00a0r.</td>'
    )
    assert cells in html
    assert "Camille Chef" in html
    assert figures(tool) == (None, None)
    assert f'name="r{study.pk}" value="1"' in html
    keep = mine | {f"r{study.pk}": "1"}
    client.post(address(filing), keep | {"prendre": str(study.pk)})
    assert (figures(study)[0], figures(tool)[0]) == (200, 8)
    client.post(address(filing), keep | {"garder": str(study.pk), f"r{tool.pk}": "1"})
    assert figures(study)[0] == 150


def test_a_locked_filing_refuses_and_keeps_what_was_typed(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, tool = rows_of(filing)
    close(filing, FilingState.LOCKED, lead)
    client = signed_in(lead)
    answer = client.post(address(filing), form(study, tool, ae0="150"))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "n’est plus ouvert à la saisie" in html
    assert shown(html, f"c{study.pk}-ae") == "150"
    assert client.post(address(filing, f"lignes/{study.pk}/"), form(study, ae0="150")).status_code == 409
    assert figures(study) == (None, None)
    assert '<input type="text"' not in client.get(address(filing)).content.decode()


def test_cp_above_ae_over_life_stops_the_submission_and_leaves_a_draft(
    filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    study, tool = rows_of(filing)
    client = signed_in(lead)
    client.post(address(filing), form(study, tool, ae0="100", cp0="130"))
    assert "dépassent les AE" in client.get(address(filing)).content.decode(), "told beside the cell"
    answer = client.post(f"/dossiers/{filing.pk}/action/submit/", follow=True).content.decode()
    assert "bloquante" in answer
    filing.refresh_from_db()
    assert (filing.state, filing.submitted_at, figures(study)) == (FilingState.DRAFT, None, (100, 130))


def test_a_contributor_has_inputs_on_their_sheets_only(filing: Filing, contributor: User, signed_in: SignedIn) -> None:
    study, tool = rows_of(filing)
    client = signed_in(contributor)
    html = client.get(address(filing)).content.decode()
    assert f'name="c{tool.pk}-ae"' in html
    assert f'name="c{study.pk}-ae"' not in html
    assert client.post(address(filing), form(tool, ae0="9")).status_code == 302
    assert client.post(address(filing), form(study, ae0="9")).status_code == 403
    assert (figures(tool)[0], figures(study)[0]) == (9, None)


@pytest.mark.parametrize(
    ("person", "read", "write"),
    [
        ("lead", 200, 302),
        ("contributor", 200, 302),
        ("secretariat", 200, 403),
        ("ditp_reviewer", 200, 403),
        ("reader", 404, 404),
        ("other_lead", 404, 404),
        ("administrator", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_who_reads_and_who_writes(
    filing: Filing, person: str, read: int, write: int, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    _, tool = rows_of(filing)
    client = signed_in(request.getfixturevalue(person))
    assert client.get(address(filing)).status_code == read
    assert client.post(address(filing), form(tool, ae0="9")).status_code == write


def test_taking_over_the_last_period_saves_what_was_typed_first(
    filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    earlier(filing, 2021, 1, lead, {"etudes": (100, 40), "outil": (10, 5)})
    study, tool = rows_of(filing)
    answer = signed_in(lead).post(address(filing), form(study, tool, ae0="120") | {"reprendre": "1"}, follow=True)
    assert "2 lignes reprises de la période précédente" in answer.content.decode()
    assert (figures(study), figures(tool)) == ((120, 40), (10, 5))


# --- One row, many rows ---


def test_a_row_is_saved_alone(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, _ = rows_of(filing)
    answer = signed_in(lead).post(address(filing, f"lignes/{study.pk}/"), form(study, ae0="100", cp0="140"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r'data-said="Enregistré à \d\d', html)
    assert f'name="r{study.pk}" value="1"' in html
    assert "dépassent les AE" in html
    assert figures(study) == (100, 140)


def test_a_row_refused_or_stale_says_so(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, _ = rows_of(filing)
    client, row = signed_in(lead), address(filing, f"lignes/{study.pk}/")
    assert client.post(row, form(study, ae0="1.234")).status_code == 422
    record_consumption(row=study, revision=0, ae=Decimal(1), cp=None, actor=lead)
    answer = client.post(row, form(study, ae0="2"))
    assert answer.status_code == 409
    assert 'data-state="stale"' in answer.content.decode()
    assert figures(study) == (1, None)


def test_a_row_of_another_filing_or_without_revision_is_a_bad_request(
    filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    study, _ = rows_of(filing)
    client = signed_in(lead)
    assert client.post(address(filing, "lignes/999999/"), {"r999999": "0"}).status_code == 400
    assert client.post(address(filing, "lignes/"), {}).status_code == 400
    assert client.get(address(filing, "lignes/999999/")).status_code == 404
    assert client.post(address(filing, f"lignes/{study.pk}/"), {f"c{study.pk}-ae": "1"}).status_code == 400
    assert figures(study) == (None, None)


def test_a_block_saves_what_it_can_in_one_request(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    add_lines(filing.contract, 4)
    rows = rows_of(filing)
    sent = form(*rows, ae0="1", ae1="1.234", ae2="3", ae3="4")
    record_consumption(row=rows[2], revision=0, ae=Decimal(9), cp=None, actor=lead)
    answer = signed_in(lead).post(address(filing, "lignes/"), sent)
    states = re.findall(r'data-state="(\w*)"', answer.content.decode())
    assert (answer.status_code, states) == (409, ["saved", "refused", "stale", "saved"])
    assert [figures(row)[0] for row in rows] == [1, None, 9, 4]


def test_unreadable_revisions_are_stale_and_never_overwrite(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, _ = rows_of(filing)
    sent = {f"r{study.pk}": "-1 OR 1=1", f"c{study.pk}-ae": "5"}
    assert signed_in(lead).post(address(filing, f"lignes/{study.pk}/"), sent).status_code == 409
    assert figures(study) == (None, None)


@pytest.mark.parametrize("path", ["", "lignes/"])
def test_queries_do_not_grow_with_lines(filing: Filing, lead: User, signed_in: SignedIn, path: str) -> None:
    counts = []
    client = signed_in(lead)
    for lines in (3, 30):
        add_lines(filing.contract, lines)
        rows = rows_of(filing)
        sent = form(*rows) | {f"c{row.pk}-ae": str(lines) for row in rows}
        with CaptureQueriesContext(connection) as queries:
            assert client.post(address(filing, path), sent).status_code in {200, 302}
            client.get(address(filing))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_row_costs_few_queries(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, _ = rows_of(filing)
    client = signed_in(lead)
    with CaptureQueriesContext(connection) as queries:
        client.post(address(filing, f"lignes/{study.pk}/"), form(study, ae0="100"))
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    # session, person, filing, roles, row held, plan, past, update, tranche of the year
    assert len(asked) == 9


def test_the_last_period_is_offered_when_it_fills_a_blank(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    study, tool = rows_of(filing)
    client, button = signed_in(lead), 'name="reprendre"'
    assert button not in client.get(address(filing)).content.decode()
    earlier(filing, 2021, 1, lead, {"etudes": (100, 40)})
    assert button in client.get(address(filing)).content.decode()
    client.post(address(filing), form(study, tool, ae0="100", cp0="40"))
    assert button not in client.get(address(filing)).content.decode()


def test_a_titre_5_line_above_its_affectations_says_so_beside_it_and_once_saved(
    filing: Filing, lead: User, secretariat: User, signed_in: SignedIn
) -> None:
    _, tool = rows_of(filing)
    line = tool.line
    line.titre = "5"
    line.save()
    phase: dict[str, Any] = {"label": "Toiture", "on": date(2021, 3, 15), "reference": "", "actor": secretariat}
    affect(line=line, ae=Decimal(40_000), **phase)
    client = signed_in(lead)
    assert "affectés à ses tranches fonctionnelles" not in words(client.get(address(filing)))
    sent = form(tool, ae0="40 000,01", cp0="0")
    saved = client.post(address(filing, f"lignes/{tool.pk}/"), sent)
    told = "40 000,01 € d’AE de titre 5 pour 40 000,00 € affectés à ses tranches fonctionnelles."
    assert told in words(saved)
    assert told in words(client.get(address(filing)))


def test_a_row_saved_costs_no_query_more_under_an_amendment_and_one_in_the_year_that_the_contract_fixes(
    filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    """The day of signature comes with the filing; the versions come with their plan of the year."""
    client, row = signed_in(lead), rows_of(filing)[0]

    def save(ae: int) -> int:
        row.refresh_from_db()
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(address(filing, f"lignes/{row.pk}/"), form(row, ae0=str(ae), cp0="0"))
        assert (answer.status_code, figures(row)[0]) == (200, Decimal(ae))
        return len(asked)

    save(1)
    first = save(2)
    signed = filing.version
    amendment = VersionFactory(
        contract=filing.contract, number=1, kind=VersionKind.AMENDMENT, signed_on=date(2021, 1, 4)
    )
    Filing.objects.filter(pk=filing.pk).update(version=amendment)
    assert save(3) == first
    Filing.objects.filter(pk=filing.pk).update(version=signed)
    Contract.objects.filter(pk=filing.contract_id).update(first_tranche_year=filing.campaign.year)
    assert save(4) == first + 1
