"""A contributor fills the grids of the sheets given to them and nothing else; the lead sees who has filled what."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from budget.models import Consumption
from contracts.fields import amount
from monitoring.models import Filing, MilestoneProgress
from monitoring.sections import sections_of
from tests.e2e.desk import Desk, DeskOf, faultless
from tests.factories import CampaignFactory, FilingFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

TOOL, STUDY = "Outil", "Études"
"""A line of sheet 1, which is the contributor's, and one of no sheet, which is the lead's."""


@pytest.fixture
def annual(filing: Filing) -> Filing:
    """A fourth quarter, which has every section, its rows made and its campaign open."""
    campaign = CampaignFactory(fourth_quarter=True, opened_at=timezone.now())
    made: Filing = FilingFactory(contract=filing.contract, campaign=campaign)
    sheet = made.contract.sheets.get(number="1")
    made.contract.indicators.filter(key="satisfaction").update(sheet=sheet)
    for section in sections_of(made):
        section.prepare(made)
    return made


def row_of(filing: Filing, label: str) -> Consumption:
    return Consumption.objects.select_related("line", "filing").get(filing=filing, line__label=label)


def test_a_contributor_fills_their_sheet_and_the_lead_sees_it(
    annual: Filing, contributor: User, lead: User, desk_of: DeskOf
) -> None:
    helper = desk_of(contributor)
    expect(helper.duty("4e").get_by_role("link", name="Saisir")).to_be_visible()
    helper.open_duty("4e")
    expect(helper.page.get_by_role("button", name="Soumettre")).to_have_count(0)
    expect(helper.heading_of("Votre part")).to_be_visible()
    faultless(helper.page)
    fill_the_credits(helper, annual, contributor)
    fill_the_indicators(helper, annual)
    fill_the_calendar(helper, annual)
    read_the_rest(helper)
    other_rows_are_refused(helper, annual)

    chief = desk_of(lead)
    chief.open_duty("4e")
    work = chief.page.get_by_role("table", name="Saisie par rubrique et par fiche")
    line = work.get_by_role("row").filter(has_text="Crédits consommés").filter(has_text="1 sur 1")
    expect(line).to_contain_text("Camille Contributeur")
    others = work.get_by_role("row").filter(has_text="Crédits consommés").filter(has_text="0 sur 1")
    expect(others).not_to_contain_text("Camille Contributeur")
    faultless(chief.page)
    chief.open_section("Crédits consommés")
    expect(chief.row(TOOL)).to_be_visible()
    expect(chief.page.locator(f"#v{row_of(annual, TOOL).pk}")).to_contain_text("Camille Contributeur")
    expect(chief.cell(STUDY, "ae")).to_be_editable()


def fill_the_credits(helper: Desk, filing: Filing, author: User) -> None:
    """Inputs on the line of their sheet, text on the other; a block that would cross it is not pasted at all."""
    helper.open_section("Crédits consommés")
    expect(helper.row(STUDY).locator("input:not([type=hidden]), textarea")).to_have_count(0)
    helper.type_in(helper.cell(TOOL, "ae"), "40 k€")
    helper.type_in(helper.cell(TOOL, "cp"), "12 345,67")
    helper.save_grid()
    faultless(helper.page)
    row = row_of(filing, TOOL)
    assert (f"{amount(row.ae)}", f"{amount(row.cp)}", row.updated_by) == ("40000.00", "12345.67", author)
    helper.paste_at(helper.cell(TOOL, "ae"), "1\t2\r\n3\t4")
    expect(helper.page.locator("#selection")).to_contain_text("Rien n’est collé")


def fill_the_indicators(helper: Desk, filing: Filing) -> None:
    helper.open_section("Indicateurs")
    helper.type_in(helper.cell("Satisfaction des usagers", "value"), "71,5 %")
    helper.save_grid()
    assert filing.measurements.get().value == Decimal("71.5")


def fill_the_calendar(helper: Desk, filing: Filing) -> None:
    helper.open_section("Calendrier")
    expect(helper.page.get_by_label("État –")).to_have_count(1)
    helper.report_milestone("Jalon 1", "Terminé", done_on="2021-06-28")
    helper.press("Enregistrer le calendrier")
    helper.sees("Une ligne est enregistrée.")
    faultless(helper.page)
    assert MilestoneProgress.objects.get(filing=filing, milestone__label="Jalon 1").state == "done"


def read_the_rest(helper: Desk) -> None:
    """What belongs to no sheet is the lead's."""
    for section in ("Économies réalisées", "Météo et commentaires"):
        helper.open_section(section)
        expect(helper.page.locator("#contenu form :is(input:not([type=hidden]), select, textarea)")).to_have_count(0)
    helper.open_section("Risques")
    expect(helper.page.get_by_role("link", name="Déclarer un risque")).to_have_count(0)


def other_rows_are_refused(helper: Desk, filing: Filing) -> None:
    """Sent all the same, with the session and the token of the contributor's own page."""
    row = row_of(filing, STUDY)
    helper.open_section("Crédits consommés")
    send = """async ([address, fields]) => {
      const token = document.querySelector("#saisie [name=csrfmiddlewaretoken]").value;
      const body = new URLSearchParams({ csrfmiddlewaretoken: token, ...fields });
      return (await fetch(address, { method: "POST", body, redirect: "manual" })).status;
    }"""
    fields = {f"r{row.pk}": "0", f"c{row.pk}-ae": "1", "unite": "eur"}
    for address in (f"/dossiers/{filing.pk}/credits/lignes/{row.pk}/", f"/dossiers/{filing.pk}/credits/"):
        assert helper.page.evaluate(send, [address, fields]) == 403
    words = {"revision": "0", "weather": "secured", "progress_comment": "Tout avance."}
    assert helper.page.evaluate(send, [f"/dossiers/{filing.pk}/meteo/", words]) == 403
    assert helper.page.evaluate(send, [f"/dossiers/{filing.pk}/action/submit/", {}]) == 403
    row.refresh_from_db()
    filing.refresh_from_db()
    assert (row.ae, filing.weather, filing.state) == (None, "", "draft")
