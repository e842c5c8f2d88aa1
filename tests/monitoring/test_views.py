"""The pages of campaigns and filings, as a browser without JavaScript uses them."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from contracts.models import Contract
from monitoring.models import Campaign, FiledRisk, Filing, MilestoneProgress
from monitoring.sections import sections_of
from tests.budget.rows import add_lines, rows_of
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, promise
from tests.reading import words

SignedIn = Callable[[User], Client]


@pytest.fixture
def rows(filing: Filing) -> list[MilestoneProgress]:
    """The filing with its empty rows."""
    for section in sections_of(filing):
        section.prepare(filing)
    return list(filing.milestone_progress.order_by("milestone__position"))


def row_form(row: MilestoneProgress, revision: int = 0, **typed: str) -> dict[str, str]:
    """What the browser sends for one row of the calendar: the values first shown, and those typed."""
    prefix, names = f"j{row.pk}", ("state", "done_on", "expected_on", "comment")
    data = {f"{prefix}-revision": str(revision)}
    data |= {f"initial-{prefix}-{name}": "" for name in names}
    return data | {f"{prefix}-{name}": typed.get(name, "") for name in names}


def test_the_calendar_is_saved_in_one_go(
    filing: Filing, rows: list[MilestoneProgress], lead: User, signed_in: SignedIn
) -> None:
    first, second = rows
    data = row_form(first, state="done", done_on="2021-06-28") | row_form(second)
    response = signed_in(lead).post(f"/dossiers/{filing.pk}/calendrier/", data, follow=True)
    assert "Une ligne est enregistrée." in response.content.decode()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.updated_by, first.revision) == ("done", lead, 1)
    assert (second.state, second.updated_by) == ("", None)


def test_the_calendar_says_what_is_wrong_and_keeps_what_was_typed(
    filing: Filing, rows: list[MilestoneProgress], lead: User, signed_in: SignedIn
) -> None:
    data = row_form(rows[0], state="late", done_on="2021-06-28", comment="Presque") | row_form(rows[1], state="done")
    response = signed_in(lead).post(f"/dossiers/{filing.pk}/calendrier/", data)
    assert response.status_code == 422
    assert "est à l’état" in response.content.decode()
    assert "Presque" in response.content.decode()
    assert not MilestoneProgress.objects.exclude(state="").exists()


def test_two_people_on_a_row_see_both_values_then_decide(
    filing: Filing, rows: list[MilestoneProgress], lead: User, contributor: User, signed_in: SignedIn
) -> None:
    address = f"/dossiers/{filing.pk}/calendrier/"
    signed_in(contributor).post(address, row_form(rows[0], state="ongoing", comment="En route"))
    response = signed_in(lead).post(address, row_form(rows[0], state="done", comment="Fini"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Camille Contributeur" in page
    assert "Fini En route n. r." in words(response, 409), "three columns: typed, recorded, before"
    assert f'name="j{rows[0].pk}-revision" value="1"' in page
    signed_in(lead).post(address, row_form(rows[0], revision=1, state="done", comment="Fini"))
    assert MilestoneProgress.objects.get(pk=rows[0].pk).comment == "Fini"


def test_two_people_on_two_columns_of_a_row_keep_both(
    filing: Filing, rows: list[MilestoneProgress], lead: User, contributor: User, signed_in: SignedIn
) -> None:
    """The contributor says that it is late and when it will be done; the lead, on an older page, comments."""
    address, name = f"/dossiers/{filing.pk}/calendrier/", f"j{rows[0].pk}"
    signed_in(contributor).post(address, row_form(rows[0], state="late", expected_on="2021-09-30"))
    response = signed_in(lead).post(address, row_form(rows[0], comment="Marché infructueux"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "Marché infructueux n. r." in words(response, 409)
    panel = page.split("Les trois valeurs</caption>")[1].split("</table>")[0]
    assert "En retard" not in panel, "the lead did not touch the state"
    form = next(line.form for line, _ in response.context["lines"] if line.row.progress.pk == rows[0].pk)
    again = {f"{name}-{one}": form[one].value() for one in ("state", "expected_on", "comment", "revision")}
    assert again == {
        f"{name}-state": "late",
        f"{name}-expected_on": "2021-09-30",
        f"{name}-comment": "Marché infructueux",
        f"{name}-revision": "1",
    }
    signed_in(lead).post(address, row_form(rows[0]) | again)
    row = MilestoneProgress.objects.get(pk=rows[0].pk)
    assert (row.state, row.expected_on, row.comment) == ("late", date(2021, 9, 30), "Marché infructueux")


def test_a_contributor_has_inputs_for_their_sheets_only(
    filing: Filing, rows: list[MilestoneProgress], contributor: User, signed_in: SignedIn
) -> None:
    page = signed_in(contributor).get(f"/dossiers/{filing.pk}/calendrier/").content.decode()
    assert f'name="j{rows[0].pk}-state"' in page
    assert f'name="j{rows[1].pk}-state"' not in page
    signed_in(contributor).post(f"/dossiers/{filing.pk}/calendrier/", row_form(rows[1], state="done"))
    assert MilestoneProgress.objects.get(pk=rows[1].pk).state == ""


def test_risks_from_declared_to_closed(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    typed: dict[str, Any] = {
        "title": "Recrutement",
        "probability": 4,
        "severity": 5,
        "description": "",
        "mitigation": "",
    }
    assert client.post(f"/dossiers/{filing.pk}/risques/ajouter/", typed).status_code == 302
    again = client.post(f"/dossiers/{filing.pk}/risques/ajouter/", typed)
    assert (again.status_code, "figure déjà dans le dossier" in again.content.decode()) == (422, True)
    risk = FiledRisk.objects.get()
    typed |= {"mitigation": "Deux postes ouverts", "state": "open", "revision": 0}
    assert client.post(f"/dossiers/{filing.pk}/risques/{risk.pk}/", typed).status_code == 302
    stale = client.post(f"/dossiers/{filing.pk}/risques/{risk.pk}/", typed | {"mitigation": "Rien"})
    assert (stale.status_code, "Deux postes ouverts" in stale.content.decode()) == (409, True)
    client.post(f"/dossiers/{filing.pk}/risques/{risk.pk}/clore/", {"revision": 1})
    assert FiledRisk.objects.get().state == "closed"


def test_a_quarter_from_entry_to_lock(
    filing: Filing, lead: User, ditp_reviewer: User, db_reviewer: User, signed_in: SignedIn
) -> None:
    address = f"/dossiers/{filing.pk}/"
    client = signed_in(lead)
    blocked = client.post(f"{address}action/submit/", follow=True).content.decode()
    assert "une anomalie bloquante à corriger" in blocked
    words = {"weather": "secured", "weather_comment": "", "progress_comment": "Tout avance.", "difficulties": ""}
    client.post(f"{address}meteo/", {**words, "revision": 0})
    assert "Le dossier est soumis" in client.post(f"{address}action/submit/", follow=True).content.decode()

    client = signed_in(ditp_reviewer)
    assert "Tout avance." in client.get(f"{address}revue/").content.decode()
    missing = client.post(f"{address}action/send_back/", {"reason": ""})
    assert (missing.status_code, Filing.objects.get().state) == (422, "submitted")
    client.post(f"{address}action/send_back/", {"reason": "Précisez les CP."})

    client = signed_in(lead)
    for page in ("", "meteo/", "calendrier/", "risques/"):
        assert "Précisez les CP." in client.get(address + page).content.decode()
    client.post(f"{address}action/submit/")
    twice = client.post(f"{address}action/submit/", follow=True).content.decode()
    assert "n’est pas possible dans l’état" in twice

    signed_in(ditp_reviewer).post(f"{address}action/validate/")
    done = signed_in(db_reviewer).post(f"{address}action/countersign/", follow=True).content.decode()
    assert "validé et verrouillé" in done
    assert Filing.objects.get().state == "locked"


def test_typing_into_a_locked_filing_is_refused_in_french(contract: Contract, lead: User, signed_in: SignedIn) -> None:
    filing = FilingFactory(contract=contract, state="locked")
    words = {"weather": "secured", "weather_comment": "", "progress_comment": "", "difficulties": "", "revision": 0}
    response = signed_in(lead).post(f"/dossiers/{filing.pk}/meteo/", words)
    assert response.status_code == 422
    assert Filing.objects.get(pk=filing.pk).weather == ""


@pytest.mark.parametrize("page", ["", "revue/", "calendrier/", "risques/", "meteo/"])
def test_reading_writes_nothing(filing: Filing, secretariat: User, signed_in: SignedIn, page: str) -> None:
    client = signed_in(secretariat)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/dossiers/{filing.pk}/{page}").status_code == 200
    assert [query["sql"] for query in queries if not query["sql"].lstrip().startswith(("SELECT", "(SELECT"))] == []


@pytest.mark.parametrize("address", ["action/submit/", "risques/1/clore/"])
def test_acts_are_posts_with_a_token(filing: Filing, lead: User, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/dossiers/{filing.pk}/{address}").status_code == 405
    assert client.post(f"/dossiers/{filing.pk}/{address}").status_code == 403


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"due_on": "2021-06-30"}, "due_on", "précéder l’ouverture, le 1er\u00a0juillet\u00a02021"),
        ({"opens_on": "2021-04-01"}, "opens_on", "suit le début de la période, le 1er\u00a0avril\u00a02021"),
    ],
)
def test_dates_that_do_not_follow_are_told_at_their_field(
    secretariat: User, signed_in: SignedIn, typed: dict[str, str], field: str, said: str
) -> None:
    sent = {"kind": "quarter", "year": 2021, "quarter": 2, "opens_on": "", "due_on": ""} | typed
    answer = signed_in(secretariat).post("/campagnes/nouvelle/", sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.content.decode().count(said) == 1
    assert not Campaign.objects.exists()


def test_a_campaign_is_created_then_opened(contract: Contract, secretariat: User, signed_in: SignedIn) -> None:
    client = signed_in(secretariat)
    typed = {"kind": "quarter", "year": 2021, "quarter": 2, "opens_on": "", "due_on": ""}
    page = client.post("/campagnes/nouvelle/", typed, follow=True).content.decode()
    assert "La campagne du 2e\u00a0trimestre\u00a02021 est créée." in page
    again = client.post("/campagnes/nouvelle/", typed)
    assert again.content.decode().count("couvre déjà cette période") == 1
    without = client.post("/campagnes/nouvelle/", typed | {"quarter": ""})
    assert (without.status_code, "Choisissez le trimestre" in without.content.decode()) == (422, True)
    campaign = Campaign.objects.get()
    page = client.post(f"/campagnes/{campaign.pk}/ouvrir/", follow=True).content.decode()
    assert "Un dossier est ouvert pour la campagne" in page
    assert "Marine" in page


def test_a_lead_sees_their_contracts_of_a_campaign_only(
    contract: Contract, other_contract: Contract, lead: User, signed_in: SignedIn
) -> None:
    campaign = CampaignFactory(opened_at=timezone.now())
    for each in (contract, other_contract):
        FilingFactory(contract=each, campaign=campaign)
    page = signed_in(lead).get(f"/campagnes/{campaign.pk}/").content.decode()
    assert ("Marine" in page, "Terre" in page) == (True, False)


def test_a_campaign_not_yet_open_is_not_shown(lead: User, signed_in: SignedIn) -> None:
    assert signed_in(lead).get(f"/campagnes/{CampaignFactory().pk}/").status_code == 404


QUERIES = 16


@pytest.mark.parametrize("contracts", [1, 15])
def test_the_page_of_a_campaign_costs_the_same_for_one_contract_or_many(
    contracts: int, secretariat: User, signed_in: SignedIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = CampaignFactory(opened_at=timezone.now())
    for _ in range(contracts):
        contract = ContractFactory()
        promise(contract)
        filing = FilingFactory(contract=contract, campaign=campaign)
        for section in sections_of(filing):
            section.prepare(filing)
    client = signed_in(secretariat)
    with django_assert_max_num_queries(QUERIES):
        assert client.get(f"/campagnes/{campaign.pk}/").status_code == 200


def test_what_submission_asks_for_is_not_said_to_be_optional(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/meteo/"
    html = client.get(address).content.decode()
    assert html.count("(Optionnel)") == 1
    assert "Difficultés rencontrées (Optionnel)" in " ".join(html.split())
    assert "Demandée pour soumettre le dossier." in html
    assert client.post(address, {"revision": filing.revision, "difficulties": "Aucune"}).status_code == 302
    filing.refresh_from_db()
    assert (filing.weather, filing.difficulties) == ("", "Aucune")
    assert client.post(address, {"revision": filing.revision, "weather": "cyclone"}).status_code == 422


def test_a_rule_that_says_the_same_of_many_lines_folds_them(
    contract: Contract, filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    add_lines(contract, 12)
    rows_of(filing)
    html = signed_in(lead).get(f"/dossiers/{filing.pk}/").content.decode()
    [(count, folded)] = re.findall(r"<summary>(\d+) constats.*?<ul>(.*?)</ul>", html, re.DOTALL)
    assert (count, folded.count("<li>")) == ("12", 12)
    assert html.index("Soumettre</button>") < html.index("constats des contrôles")


def test_a_filing_that_is_closed_is_no_longer_said_to_await_submission(
    contract: Contract, lead: User, signed_in: SignedIn
) -> None:
    closed = FilingFactory(contract=contract, state="submitted")
    html = signed_in(lead).get(f"/dossiers/{closed.pk}/").content.decode()
    assert "Avant de soumettre" not in html
    assert "de soumettre" not in html


def test_only_who_submits_reads_what_comes_before_submission(
    filing: Filing, lead: User, secretariat: User, signed_in: SignedIn
) -> None:
    """A draft without weather, which holds it back: the lead mends it, the secretariat is told."""
    address = f"/dossiers/{filing.pk}/"
    own, told = words(signed_in(lead).get(address)), words(signed_in(secretariat).get(address))
    assert "Avant de soumettre" in own
    assert "de soumettre le dossier : météo non déclarée" in own
    assert "Avant de soumettre" not in told
    assert "le chef de projet de soumettre le dossier : météo non déclarée" in told
    Filing.objects.filter(pk=filing.pk).update(weather="secured", progress_comment="Fait")
    assert "Rien n’empêche de soumettre" not in words(signed_in(secretariat).get(address))


def test_a_state_has_one_tone_on_all_pages(filing: Filing, secretariat: User, signed_in: SignedIn) -> None:
    Filing.objects.filter(pk=filing.pk).update(state="sent_back")
    client, badge = signed_in(secretariat), re.compile(r'class="state state--(\w+)"[^>]*>\s*Renvoyé')
    addresses = (
        f"/dossiers/{filing.pk}/",
        f"/campagnes/{filing.campaign_id}/",
        f"/contrats/{filing.contract.code}/dossiers/",
    )
    assert [badge.findall(client.get(each).content.decode()) for each in addresses] == [["error"]] * 3


@pytest.mark.parametrize(
    ("name", "most"), [("weather_comment", 4000), ("progress_comment", 8000), ("difficulties", 8000)]
)
def test_the_end_of_a_line_counts_for_one_character_as_in_the_browser(
    filing: Filing, lead: User, signed_in: SignedIn, name: str, most: int
) -> None:
    """Browsers count one character for the end of a line and send two."""
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/meteo/"
    words = {"weather": "secured", "weather_comment": "", "progress_comment": "", "difficulties": "", "revision": "0"}
    lines = ("x" * 99 + "\n") * (most // 100 - 1)
    fits = lines + "x" * 100
    assert client.post(address, words | {name: (fits + "x").replace("\n", "\r\n")}).status_code == 422
    assert client.post(address, words | {name: fits.replace("\n", "\r\n")}).status_code == 302
    filing.refresh_from_db()
    assert getattr(filing, name) == fits


def test_a_comment_of_several_lines_that_did_not_change_is_not_written(
    filing: Filing, rows: list[MilestoneProgress], lead: User, signed_in: SignedIn
) -> None:
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/calendrier/"
    client.post(address, row_form(rows[0], comment="Une\r\ndeux", state="ongoing"))
    again = row_form(rows[0], 1, comment="Une\r\ndeux", state="ongoing")
    again |= {f"initial-j{rows[0].pk}-comment": "Une\r\ndeux", f"initial-j{rows[0].pk}-state": "ongoing"}
    assert "Rien n’a changé." in client.post(address, again, follow=True).content.decode()
    assert MilestoneProgress.objects.get(pk=rows[0].pk).comment == "Une\ndeux"


def test_a_risk_taken_over_is_confirmed_as_it_is_with_one_button(
    filing: Filing, lead: User, signed_in: SignedIn
) -> None:
    risk = FiledRisk.objects.create(
        filing=filing, title="Recrutement « sensible »", description="Une\ndeux", probability=4, severity=5
    )
    client = signed_in(lead)
    page = client.get(f"/dossiers/{filing.pk}/risques/").content.decode()
    address = f"/dossiers/{filing.pk}/risques/{risk.pk}/"
    form = re.findall(rf'<form method="post" action="{address}">.*?</form>', page, re.DOTALL)[0]
    assert "Confirmer" in form
    sent = {name: unescape(text) for name, text in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    assert "Le risque est enregistré." in client.post(address, sent, follow=True).content.decode()
    known = (risk.title, risk.description, risk.probability, risk.severity, risk.state)
    risk.refresh_from_db()
    assert (risk.title, risk.description, risk.probability, risk.severity, risk.state) == known
    assert risk.updated_by == lead
    assert "Confirmer" not in client.get(f"/dossiers/{filing.pk}/risques/").content.decode()


def test_the_calendar_takes_over_what_the_last_filing_said_of_blank_milestones(
    filing: Filing, lead: User, contributor: User, signed_in: SignedIn
) -> None:
    """State and dates of the milestones that one may write and says nothing of; comments are of their period."""
    now = FilingFactory(contract=filing.contract, campaign=CampaignFactory(next_quarter=True))
    for one in (filing, now):
        for section in sections_of(one):
            section.prepare(one)
    first, second = filing.milestone_progress.order_by("milestone__position")
    said: dict[str, Any] = {"done_on": "2021-06-28", "comment": "Fini avant l’été.", "updated_by": lead}
    MilestoneProgress.objects.filter(pk=first.pk).update(state="done", **said)
    MilestoneProgress.objects.filter(pk=second.pk).update(state="late", expected_on="2023-03-31")
    Filing.objects.filter(pk=filing.pk).update(state="submitted", submitted_by=lead, submitted_at=timezone.now())
    address = f"/dossiers/{now.pk}/calendrier/"

    client, button = signed_in(contributor), 'name="reprendre"'
    page = client.get(address).content.decode()
    assert button in page
    assert 'Dossier précédent<span class="grid-before">dossier du 2e\u00a0trimestre\u00a02021, soumis</span>' in page
    mine, other = now.milestone_progress.order_by("milestone__position")
    answer = client.post(address, row_form(mine) | {"reprendre": "1"}, follow=True).content.decode()
    assert "1 ligne reprise de la période précédente\u00a0: vérifiez avant de soumettre." in answer
    assert button not in answer
    assert "Rien n’a changé" not in answer
    for row in (mine, other):
        row.refresh_from_db()
    assert (mine.state, str(mine.done_on), mine.comment, mine.updated_by) == ("done", "2021-06-28", "", contributor)
    assert (other.state, other.revision) == ("", 0)

    typed = row_form(other, state="ongoing") | {"reprendre": "1"}
    assert "Rien à reprendre" in signed_in(lead).post(address, typed, follow=True).content.decode()
    other.refresh_from_db()
    assert (other.state, other.expected_on) == ("ongoing", None), "what is typed at the same time is kept"


def test_a_reader_does_not_read_texts_while_they_are_typed_again(
    contract: Contract, reader: User, lead: User, signed_in: SignedIn
) -> None:
    reopened = FilingFactory(contract=contract, state="texts_open", submitted_by=lead, submitted_at=timezone.now())
    assert signed_in(reader).get(f"/dossiers/{reopened.pk}/").status_code == 404
    assert signed_in(lead).get(f"/dossiers/{reopened.pk}/").status_code == 200
    Filing.objects.filter(pk=reopened.pk).update(state="texts_filed")
    assert signed_in(reader).get(f"/dossiers/{reopened.pk}/").status_code == 200


def test_the_recap_leads_to_what_stops_submission(filing: Filing, lead: User, signed_in: SignedIn) -> None:
    page = signed_in(lead).get(f"/dossiers/{filing.pk}/").content.decode()
    place = f"/dossiers/{filing.pk}/meteo/#meteo-weather"
    assert f'1 constat empêche de soumettre le dossier\u00a0: <a href="{place}">météo non déclarée</a>.' in page
    assert '<button class="fr-btn fr-btn--secondary" type="submit">Soumettre</button>' in page
    Filing.objects.filter(pk=filing.pk).update(weather="secured")
    page = signed_in(lead).get(f"/dossiers/{filing.pk}/").content.decode()
    assert '<button class="fr-btn" type="submit">Soumettre</button>' in page
