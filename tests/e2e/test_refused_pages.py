"""Pages that say no: refused, changed by somebody else meanwhile, shut; nothing for axe to say, nothing too wide."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, expect

from accounts.enums import Role
from accounts.models import User
from budget.models import Consumption
from budget.services import record_consumption
from contracts.models import Contract
from indicators.models import Measurement
from indicators.services import record_measurement
from monitoring.enums import FilingState
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.services.evidence import add_attachment
from monitoring.services.filings import reopen_texts
from monitoring.services.progress import RowChange, add_risk, record_calendar, record_risk, record_texts
from savings.models import RealisedSaving
from savings.services import certify_saving, record_saving
from tests.budget.rows import close
from tests.contracts.evidence_files import pdf
from tests.e2e.desk import Desk, DeskOf, faultless
from tests.factories import CampaignFactory, FilingFactory, UserFactory, grant
from tests.monitoring.workbook.books import annual_filing

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

CONFLICT, UNREADABLE = 409, 422
TOO_LONG = "Un guichet\n" * 400
THEIRS = "Le guichet ouvre en mai."


@pytest.fixture
def annual(contract: Contract, lead: User) -> Filing:
    """The fourth quarter of 2021, open, every section's rows made, with a risk."""
    return with_risk(annual_filing(contract), lead)


def with_risk(filing: Filing, lead: User) -> Filing:
    add_risk(filing=filing, actor=lead, values={"title": "Recrutement", "probability": 4, "severity": 3})
    return filing


@pytest.fixture
def colleague(contract: Contract) -> User:
    """Another lead of the same contract, who writes while one is typing."""
    return grant(UserFactory(last_name="Collègue"), Role.LEAD, contract)


def visit(desk: Desk, address: str) -> None:
    desk.page.goto(desk.site + address)
    faultless(desk.page)


def press(desk: Desk, button: str, status: int) -> None:
    """Sends the form, which is answered so; the page that comes back is faultless."""
    with desk.page.expect_navigation() as answer:
        desk.page.get_by_role("button", name=button, exact=True).first.click()
    assert answer.value.status == status
    faultless(desk.page)


# --- Forms: what is typed is refused, then somebody else has written ---


def write_weather(filing: Filing, person: User) -> None:
    record_texts(filing=filing, actor=person, revision=filing.revision, values={"weather_comment": THEIRS})


def write_risk(filing: Filing, person: User) -> None:
    risk = FiledRisk.objects.get(filing=filing)
    record_risk(filing=filing, risk=risk, actor=person, revision=risk.revision, values={"mitigation": THEIRS})


def write_calendar(filing: Filing, person: User) -> None:
    row = MilestoneProgress.objects.get(filing=filing, milestone__key="jalon-1")
    record_calendar(filing=filing, actor=person, changes=[RowChange(row.pk, row.revision, {"comment": THEIRS})])


@dataclass(frozen=True)
class Words:
    """A form: the field in which a text is typed, the button, and how somebody else writes there."""

    field: str
    button: str
    write: Callable[[Filing, User], None]


FORMS: Mapping[str, Words] = {
    "meteo/": Words("Commentaire de la météo", "Enregistrer", write_weather),
    "risques/{risk}/": Words("Mesures prises", "Enregistrer", write_risk),
    "calendrier/": Words("Commentaire – Jalon 1", "Enregistrer le calendrier", write_calendar),
}


def type_too_long(field: Locator) -> None:
    """As in a browser that does not stop at the length the page asks for."""
    field.evaluate("field => field.removeAttribute('maxlength')")
    field.fill(TOO_LONG)


def test_words_are_refused_then_shown_beside_those_of_somebody_else(
    annual: Filing, lead: User, colleague: User, desk_of: DeskOf
) -> None:
    holder = desk_of(lead)
    for path, form in FORMS.items():
        holder.page.goto(f"{holder.site}/dossiers/{annual.pk}/{path.format(risk=annual.risks.get().pk)}")
        field = holder.page.get_by_label(form.field)
        type_too_long(field)
        press(holder, form.button, UNREADABLE)
        form.write(annual, colleague)
        field.fill("Le guichet ouvre en juin.")
        press(holder, form.button, CONFLICT)
        values = holder.page.get_by_role("table", name="Les trois valeurs")
        expect(values).to_contain_text(THEIRS)
        expect(values).to_contain_text("Collègue")


def test_texts_alone_are_open_and_still_refused(
    contract: Contract, lead: User, secretariat: User, desk_of: DeskOf
) -> None:
    filing = with_risk(annual_filing(contract, campaign=CampaignFactory()), lead)
    close(filing, FilingState.LOCKED, lead)
    FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True), state="submitted")
    reopen_texts(filing=filing, actor=secretariat, reason="Le commentaire cite un autre contrat.")
    holder, address = desk_of(lead), f"/dossiers/{filing.pk}/"
    visit(holder, f"{address}risques/")
    holder.sees("Seuls les textes sont rouverts")
    visit(holder, f"{address}risques/{filing.risks.get().pk}/")
    expect(holder.page.get_by_label("Gravité")).to_be_disabled()
    for path in ("meteo/", "calendrier/"):
        visit(holder, address + path)
        holder.sees("Seuls les commentaires sont rouverts")
    type_too_long(holder.page.get_by_label("Commentaire – Jalon 1"))
    press(holder, "Enregistrer le calendrier", UNREADABLE)


# --- Grids without their script ---


def write_credits(filing: Filing, person: User) -> None:
    row = Consumption.objects.select_related("filing").filter(filing=filing).order_by("line__position")[0]
    record_consumption(row=row, revision=row.revision, ae=Decimal(90_000), cp=Decimal(1), actor=person)


def write_savings(filing: Filing, person: User) -> None:
    row = RealisedSaving.objects.select_related("filing").get(filing=filing)
    record_saving(row=row, revision=row.revision, ae=Decimal(90_000), cp=Decimal(1), actor=person)


def write_indicators(filing: Filing, person: User) -> None:
    row = Measurement.objects.select_related("filing").get(filing=filing)
    record_measurement(row=row, revision=row.revision, value=Decimal(40), actor=person)


GRIDS = {
    "credits": (write_credits, "AE"),
    "economies": (write_savings, "AE"),
    "indicateurs": (write_indicators, "Valeur"),
}


@pytest.fixture
def bare(desk_of: DeskOf, lead: User) -> Desk:
    """The lead, whom the grid's script never reaches; a browser without any would not let axe run either."""
    desk = desk_of(lead)
    desk.page.route("**/grid*.js", lambda route: route.abort())
    return desk


def test_without_its_script_a_grid_is_refused_then_changed_then_shut(
    annual: Filing, bare: Desk, lead: User, colleague: User
) -> None:
    for section, (write, column) in GRIDS.items():
        bare.page.goto(f"{bare.site}/dossiers/{annual.pk}/{section}/")
        cell = bare.page.locator("input[data-rank]").first
        cell.fill("1.234")
        press(bare, "Enregistrer", UNREADABLE)
        bare.sees("1 case à corriger")
        write(annual, colleague)
        cell.fill("77")
        press(bare, "Enregistrer", CONFLICT)
        bare.sees("1 ligne modifiée entre-temps")
        expect(bare.page.locator(".grid-conflict tbody th").first).to_have_text(column)
    close(annual, FilingState.SUBMITTED, lead)
    press(bare, "Enregistrer", CONFLICT)
    bare.sees("Votre saisie est encore affichée ci-dessous")


# --- Certification and evidence ---


def test_certification_is_read_then_late_then_done_then_outdated(
    annual: Filing, lead: User, ditp_reviewer: User, db_reviewer: User, desk_of: DeskOf
) -> None:
    write_savings(annual, lead)
    add_attachment(filing=annual, actor=lead, name="bail.pdf", content=pdf(), section="economies")
    reviewer, address = desk_of(ditp_reviewer), f"/dossiers/{annual.pk}/certification/"
    visit(reviewer, address)
    expect(reviewer.page.locator("#contenu .fr-alert--info")).to_be_visible()
    expect(reviewer.page.locator("#contenu input.fr-input")).to_have_count(0)

    close(annual, FilingState.SUBMITTED, lead)
    reviewer.page.goto(reviewer.site + address)
    saving = RealisedSaving.objects.select_related("filing").get(filing=annual)
    certify_saving(realised=saving, ae=Decimal(80_000), cp=Decimal(1), actor=db_reviewer)
    reviewer.page.get_by_role("textbox", name="Certifié AE Loyers").fill("70 000")
    press(reviewer, "Enregistrer la certification", CONFLICT)
    reviewer.sees("Changée entre-temps")
    visit(reviewer, address)
    reviewer.sees("Certifiée par")

    Filing.objects.filter(pk=annual.pk).update(state="sent_back", submitted_by=None, submitted_at=None)
    saving.refresh_from_db()
    record_saving(row=saving, revision=saving.revision, ae=Decimal(60_000), cp=Decimal(1), actor=lead)
    close(annual, FilingState.SUBMITTED, lead)
    visit(reviewer, address)
    reviewer.sees("Déclarée de nouveau depuis")

    visit(desk_of(lead), f"/dossiers/{annual.pk}/pieces/")


# --- The secretariat, and the pages of rules ---


def test_a_campaign_is_refused(secretariat: User, desk_of: DeskOf) -> None:
    clerk = desk_of(secretariat)
    clerk.page.goto(f"{clerk.site}/campagnes/nouvelle/")
    clerk.page.get_by_label("Trimestre").select_option("")
    clerk.page.get_by_label("Exercice").fill("1917")
    press(clerk, "Créer la campagne", UNREADABLE)
    clerk.sees("Choisissez le trimestre de la campagne.")


@pytest.mark.parametrize("code", ["C01", "C02", "C08"])
def test_the_page_of_a_rule(code: str, lead: User, desk_of: DeskOf) -> None:
    """One that blocks, one that warns, one that tells."""
    visit(desk_of(lead), f"/aide/regles/{code}/")
