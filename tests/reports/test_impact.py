"""The impact sheet as a file, and the savings that contracts promise less of."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Final

import pikepdf
import pytest
from django.db.models import F
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from budget.models import PlannedCredit
from contracts.amendments.impact import impact
from contracts.amendments.services import prepare_amendment, record_signature, required_parties, sign_amendment
from contracts.models import Contract, ContractVersion, PlannedMilestone
from figures import formats
from indicators.models import Target
from reports.impact import introduction, render_impact_pdf, render_impact_xlsx
from reports.revisions import Revisions, downward_revisions
from reports.xlsx.sheet import LINE_HEIGHT
from savings.models import PlannedSaving, SavingsLine, SavingsTerms
from tests.factories import UserFactory
from tests.reading import words
from tests.reports.reading import pdf_rows
from tests.reports.tagged import structure

pytestmark = pytest.mark.django_db
DAY = date(2022, 6, 30)
Figures = tuple[int, int, int]
"""Before, after, difference."""


def reduced(contract: Contract, actor: User, amount: int | None, *, recurrent: int | None = None) -> ContractVersion:
    """An amendment in force since 30 June 2022, by which the saving of a year is worth so many euros, or blank."""
    draft = prepare_amendment(contract, ["economies"], actor)
    PlannedSaving.objects.filter(version=draft).update(cp=amount, ae=amount)
    if recurrent is not None:
        SavingsTerms.objects.filter(version=draft).update(recurrent_cp=recurrent)
    return in_force(draft, actor)


def in_force(draft: ContractVersion, actor: User) -> ContractVersion:
    """The draft, signed by every party and in force on 30 June 2022."""
    for role in required_parties(draft.contract):
        record_signature(draft, role, f"Signataire {role}", "directeur", DAY, actor)
    return sign_amendment(draft, DAY, DAY, draft.number, "Loyers renégociés", actor)


def amended(contract: Contract, actor: User) -> ContractVersion:
    """An amendment in force that moves credits of 2021, each year's saving, the target and the end of a milestone."""
    draft = prepare_amendment(contract, ["budget", "calendrier", "cibles", "economies"], actor)
    studies = PlannedCredit.objects.filter(version=draft, line__key="etudes", year=2021)
    studies.update(ae=Decimal(90_000), cp=Decimal(80_000))
    PlannedSaving.objects.filter(version=draft).update(cp=Decimal(20_000), ae=Decimal(20_000))
    Target.objects.filter(version=draft).update(value=Decimal(75))
    PlannedMilestone.objects.filter(version=draft, milestone__key="jalon-2").update(ends_on=date(2023, 1, 31))
    return in_force(draft, actor)


SAME: Final[Figures] = (150_000, 150_000, 0)
FALL: Final[Figures] = (30_000, 20_000, -10_000)
TOTALS: Final[Mapping[str, Sequence[Figures]]] = {
    "AE tous financements": [SAME, (150_000, 140_000, -10_000), SAME, (450_000, 440_000, -10_000)],
    "CP tous financements": [SAME, (150_000, 130_000, -20_000), SAME, (450_000, 430_000, -20_000)],
    "AE du FTAP": [SAME, (150_000, 140_000, -10_000), SAME, (450_000, 440_000, -10_000)],
    "CP du FTAP": [SAME, (150_000, 130_000, -20_000), SAME, (450_000, 430_000, -20_000)],
    "Économies en AE": [FALL, FALL, FALL, (90_000, 60_000, -30_000)],
    "Économies en CP": [FALL, FALL, FALL, (90_000, 60_000, -30_000)],
}
"""Of 2020, 2021, 2022 and the whole."""
LINES: Final[list[list[str | int]]] = [
    ["Études (titre 3, FTAP)", "2021", "AE", 100_000, 90_000, -10_000],
    ["Études (titre 3, FTAP)", "2021", "CP", 100_000, 80_000, -20_000],
    *(["Loyers", year, what, *FALL] for year in ("2020", "2021", "2022") for what in ("AE", "CP")),
]
TARGET: Final[list[str | int]] = ["Satisfaction des usagers", "%", "31/12/2022", "≥ 80", "≥ 75", -5]
MILESTONE: Final[list[str | int]] = ["Jalon 2", "fin", "31/12/2022", "31/01/2023", 31]


def test_the_pdf_tells_before_after_and_difference_of_each_figure(contract: Contract, secretariat: User) -> None:
    before, after = contract.versions.get(number=0), amended(contract, secretariat)
    found = impact(before, after)
    assert found.adds_up
    content = render_impact_pdf(found, DAY)
    by_year: list[list[str | int]] = [
        [label, *row]
        for rows in TOTALS.values()
        for label, row in zip(("2020", "2021", "2022", "Total"), rows, strict=True)
    ]
    wanted: list[list[str | int]] = [*LINES, TARGET, MILESTONE, *by_year]
    assert [[plain(cell) for cell in row] for row in pdf_rows(content)] == [
        [shown(cell) for cell in row] for row in wanted
    ]
    with pikepdf.open(BytesIO(content)) as pdf:
        assert "Fiche d’impact" in str(pdf.docinfo.get("/Title"))
    text = plain(structure(content).all_text())
    assert "Annexe à l’avenant n° 1.Avant" in text, "of the amendment and the version that it modifies"
    assert "Motif : Loyers renégociés" in text
    assert "Totaux inchangés : Coût total des fiches projet (n. r.)" in text
    assert "par an après déploiement (AE : n. r., CP : n. r.)." in text
    assert [title for title in (*TOTALS, "Cibles modifiées", "Dates modifiées") if title not in text] == []


def test_an_act_without_a_date_says_so(incub_o: ContractVersion) -> None:
    assert introduction(impact(incub_o, incub_o))[0] == (
        "Avant\u00a0: contrat signé (acte non daté). Après\u00a0: contrat signé (acte non daté)."
    )


def test_the_workbook_tells_the_same_as_numbers(contract: Contract, secretariat: User) -> None:
    before, after = contract.versions.get(number=0), amended(contract, secretariat)
    found = impact(before, after)
    content = render_impact_xlsx(found, DAY)
    assert content == render_impact_xlsx(found, DAY)
    sheet = load_workbook(BytesIO(content)).worksheets[0]
    rows = [[one for one in row if one is not None] for row in sheet.iter_rows(values_only=True)]
    assert "Motif : Loyers renégociés" in [plain(str(row[0])) for row in rows if row]
    for title, figures in TOTALS.items():
        at = rows.index([title])
        assert rows[at + 2][1:] == ["Avant", "Après", "Différence"]
        assert rows[at + 3 : at + 6] == [[str(2020 + rank), *row] for rank, row in enumerate(figures[:3])]
        columns = [(f"=SUBTOTAL(9,{one}{at + 4}:{one}{at + 6})") for one in "BCD"]
        assert rows[at + 6] == ["Total", *columns], "added up by the workbook"
    at = rows.index(["Lignes modifiées"])
    assert rows[at + 3 : at + 3 + len(LINES)] == LINES
    days = [datetime(*day) for day in ((2022, 12, 31), (2023, 1, 31))]  # noqa: DTZ001 - a workbook's day has no zone
    (target,) = (row for row in rows if row[:2] == TARGET[:2])
    assert [plain(one) if isinstance(one, str) else one for one in target] == [*TARGET[:2], days[0], *TARGET[3:]]
    assert [*MILESTONE[:2], *days, 31] in rows, "days that a workbook sorts and subtracts"


def test_no_row_of_the_workbook_runs_over_the_next(incub_o: ContractVersion, secretariat: User) -> None:
    """« 0,8 ETP coordinatrice générale du projet (chargée de mission …) » takes several lines."""
    draft = prepare_amendment(incub_o.contract, ["budget"], secretariat)
    PlannedCredit.objects.filter(version=draft, year=2020).update(ae=F("ae") + 1)
    sheet = load_workbook(BytesIO(render_impact_xlsx(impact(incub_o, draft), DAY))).worksheets[0]
    long = [row[0] for row in sheet.iter_rows(max_col=1) if "coordinatrice générale du projet" in str(row[0].value)]
    assert len(long) == 4
    assert all(sheet.row_dimensions[int(cell.row or 0)].height > 2 * LINE_HEIGHT for cell in long)
    assert sheet.page_setup.fitToWidth == 1


def test_a_target_in_euros_is_told_in_euros(incub_o: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(incub_o.contract, ["cibles"], secretariat)
    Target.objects.filter(version=draft).update(value=Decimal(77))
    told = {one.unit for one in impact(incub_o, draft).targets}
    assert "€" in told
    assert "eur" not in told


def test_a_target_whose_comparison_moved_has_no_difference(contract: Contract, secretariat: User) -> None:
    draft = prepare_amendment(contract, ["cibles"], secretariat)
    Target.objects.filter(version=draft).update(value=Decimal(20), operator="<=")
    (one,) = impact(contract.versions.get(number=0), draft).targets
    assert (one.before, one.after, one.difference) == ("≥\u00a080", "≤\u00a020", None)
    Target.objects.filter(version=draft).update(value=None, operator=">=")
    (one,) = impact(contract.versions.get(number=0), draft).targets
    assert (one.before, one.after, one.difference) == ("≥\u00a080", "n.\u00a0r.", None), "a blank is not a zero"


def shown(cell: str | int) -> str:
    """A figure as the sheet prints it."""
    return cell if isinstance(cell, str) else "–" if cell == 0 else plain(formats.number(Decimal(cell), None))


def plain(text: str) -> str:
    """With ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_falls_are_ranked_with_their_reasons(
    contract: Contract, other_contract: Contract, secretariat: User, lead: User
) -> None:
    reduced(contract, secretariat, 25_000)
    reduced(other_contract, secretariat, 10_000)
    found = downward_revisions(secretariat, DAY)
    assert [(one.contract.code, one.fall) for one in found.falls] == [
        ("terre", Decimal(-60_000)),
        ("marine", Decimal(-15_000)),
    ]
    assert found.falls[0].reasons == (("Avenant n° 1", "Loyers renégociés"),)
    assert [one.contract.code for one in downward_revisions(lead, DAY).falls] == ["marine"]
    assert downward_revisions(secretariat, date(2022, 6, 29)).falls == ()


def test_a_promise_raised_is_not_a_fall(contract: Contract, secretariat: User) -> None:
    reduced(contract, secretariat, 40_000)
    assert downward_revisions(secretariat, DAY) == Revisions((), ())


def test_a_figure_that_one_version_leaves_out_is_not_a_fall_to_zero(
    contract: Contract, secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    """90 000 € of the table at signature; the amendment prints none: not −90 000 €, but told apart."""
    reduced(contract, secretariat, None)
    found = downward_revisions(secretariat, DAY)
    assert found.falls == ()
    (one,) = found.told_once
    assert (one.planned.before, one.planned.after, one.planned_moved, one.fall) == (Decimal(90_000), None, None, None)
    page = words(signed_in(secretariat).get("/portefeuille/revisions/"))
    assert "À comparer à la main" in page
    assert "90 000,00 n. r. n. c." in page


def test_a_contract_falls_by_the_figure_that_both_versions_state(contract: Contract, secretariat: User) -> None:
    """The table is blank in force; 30 000 € a year at signature, 20 000 € now."""
    line, signature = SavingsLine.objects.get(contract=contract), contract.versions.get(number=0)
    SavingsTerms.objects.create(line=line, version=signature, recurrent_cp=Decimal(30_000))
    after = reduced(contract, secretariat, None, recurrent=20_000)
    found = downward_revisions(secretariat, DAY)
    assert [(one.fall, one.version) for one in found.falls] == [(Decimal(-10_000), after)]
    assert found.told_once == found.falls


def test_the_number_of_queries_does_not_depend_on_contracts(
    contract: Contract, other_contract: Contract, secretariat: User, django_assert_num_queries: object
) -> None:
    for one in (contract, other_contract):
        reduced(one, secretariat, 10_000)
    person = User.objects.get(pk=secretariat.pk)
    with django_assert_num_queries(5):  # type: ignore[operator]
        downward_revisions(person, DAY)


def test_the_addresses(client: Client, contract: Contract, secretariat: User) -> None:
    reduced(contract, UserFactory(), 10_000)
    client.force_login(secretariat)
    assert 'href="/portefeuille/revisions/"' in client.get("/portefeuille/").content.decode()
    page = client.get("/portefeuille/revisions/").content.decode()
    assert "Loyers renégociés" in page
    for name, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        assert client.get(f"/contrats/marine/versions/0-1.{name}").content.startswith(start)
    assert client.get("/contrats/marine/versions/0-1.csv").status_code == 404
    assert client.get("/contrats/marine/versions/0-9.pdf").status_code == 404
