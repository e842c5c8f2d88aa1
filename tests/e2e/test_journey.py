"""From sign-in as a lead to the report read back from the mailbox: browser, worker, broker, PostgreSQL and SMTP."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from accounts.enums import Role
from accounts.models import User
from budget.models import Consumption
from contracts.fields import amount
from contracts.models import ContractVersion
from monitoring.enums import CampaignKind, FilingState
from monitoring.models import Filing
from monitoring.services.campaigns import create_campaign, open_campaign
from tests.conftest import Mailbox, Worker
from tests.e2e.desk import Desk, faultless, open_desk, spaced
from tests.factories import UserFactory, grant

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

DEMATERIALISATION = "Prestations externes d’accompagnement au déploiement de la dématérialisation"
DEVELOPMENT = "Prestations externes de développement de services numériques"
ADMINISTRATOR = "0,5 ETP d’administrateur système"
PARTNER = "Partenariat avec une structure experte sur les usages du numérique"
PROTOTYPES, ROLL_OUT = "Démarches prototypées par les services", "Taux de déploiement des démarches dans les services"
LAUNCH = "COPIL de lancement (11 septembre 2018)"
REASON = "Les CP du développement paraissent incomplets : merci de vérifier."


@pytest.fixture
def filing(incub_o: ContractVersion, lead: User, secretariat: User) -> Filing:
    """Incub-O's second quarter of 2019, opened by the secretariat and due in ten days."""
    today = timezone.localdate()
    campaign = create_campaign(
        kind=CampaignKind.QUARTER,
        year=2019,
        quarter=2,
        opens_on=today,
        due_on=today + timedelta(days=10),
        actor=secretariat,
    )
    (filing,) = open_campaign(campaign=campaign, actor=secretariat)
    return filing


@pytest.fixture
def lead(incub_o: ContractVersion) -> User:
    """The project lead of Incub-O."""
    return grant(UserFactory(last_name="Chef", email="chef@ftap.example"), Role.LEAD, incub_o.contract)


@pytest.fixture
def desk_of(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Desk]]:
    """Signs a person in, in a browser of their own; no page may complain."""
    desks: list[Desk] = []

    def sit(person: User, *, has_script: bool = True) -> Desk:
        desk = open_desk(browser, live_server.url, has_script=has_script)
        desks.append(desk)
        desk.sign_in(person)
        return desk

    yield sit
    for desk in desks:
        desk.page.context.close()
    assert [complaint for desk in desks for complaint in desk.complaints] == []


def test_from_sign_in_to_the_report_in_the_mailbox(
    worker: Worker,
    smtp: Mailbox,
    filing: Filing,
    lead: User,
    ditp_reviewer: User,
    db_reviewer: User,
    secretariat: User,
    desk_of: Callable[..., Desk],
    tmp_path: Path,
) -> None:
    """Each page is looked at by axe and at two widths, in each state that the walk brings it to."""
    holder = desk_of(lead)
    expect(holder.duty("Incub-O")).to_contain_text("2e\u00a0trimestre\u00a02019")
    faultless(holder.page)
    holder.open_duty("Incub-O")
    faultless(holder.page)

    type_credits(holder)
    faultless(holder.page)
    type_indicators(holder)
    faultless(holder.page)
    report_calendar(holder)
    faultless(holder.page)
    declare_risk(holder)
    the_risks_are_faultless(holder)
    holder.submit()
    holder.sees("Le dossier ne peut pas être soumis : une anomalie bloquante à corriger.")
    holder.sees("La météo du projet n’est pas déclarée.")
    faultless(holder.page)
    declare_weather(holder)
    faultless(holder.page)
    holder.open_section("Récapitulatif")
    holder.sees("Rien n’empêche de soumettre")
    holder.sees("AE au-delà du plan de l’année")
    faultless(holder.page)
    holder.submit()
    holder.sees("Le dossier est soumis.")
    faultless(holder.page)
    holder.sign_out()

    instructor = desk_of(ditp_reviewer)
    instructor.open_duty("Incub-O")
    instructor.open_section("Revue")
    instructor.sees("81 234,56")
    faultless(instructor.page)
    instructor.send_back(REASON)
    instructor.sees("Le dossier est renvoyé au chef de projet")
    faultless(instructor.page)
    instructor.open_section("Revue")
    faultless(instructor.page)

    holder.sign_in(lead)
    holder.open_duty("Incub-O")
    expect(holder.page.locator("#contenu .fr-alert").first).to_contain_text(REASON)
    faultless(holder.page)
    holder.open_section("Crédits consommés")
    holder.type_in(holder.cell(DEVELOPMENT, "cp"), "25 000,50")
    holder.save_grid()
    forgotten = desk_of(lead)
    forgotten.page.goto(holder.page.url)
    holder.submit()
    holder.sees("Le dossier est soumis.")

    instructor.open_duty("Incub-O")
    instructor.decide("Valider (DITP)")
    instructor.sees("Le dossier est validé par la DITP.")
    faultless(instructor.page)
    instructor.open_section("Revue")
    faultless(instructor.page)
    budget = desk_of(db_reviewer)
    budget.open_duty("Incub-O")
    budget.open_section("Revue")
    faultless(budget.page)
    budget.decide("Valider (direction du budget)")
    budget.sees("Le dossier est validé et verrouillé.")
    faultless(budget.page)
    budget.open_section("Revue")
    faultless(budget.page)
    follow_the_job(budget)
    faultless(budget.page)

    (message,) = reports_in(smtp, secretariat)
    pdf, workbook = attachments(message)
    the_pdf_holds_what_was_typed(pdf, tmp_path)
    the_workbook_holds_what_was_typed(workbook)
    clerk = desk_of(secretariat)
    clerk.open_menu("Envois")
    expect(clerk.page.get_by_role("row").filter(has_text=secretariat.email)).to_contain_text("Envoyé")
    faultless(clerk.page)

    nothing_more_is_written(forgotten, holder, filing)
    faultless(holder.page)


# --- What the lead types ---


def type_credits(holder: Desk) -> None:
    """With Enter, with the keyboard, with a block pasted; a number that may be read two ways is refused at its cell."""
    holder.open_section("Crédits consommés")
    mistaken = holder.cell(DEMATERIALISATION, "ae")
    holder.type_in(mistaken, "1.234")
    expect(holder.error_of(mistaken)).to_contain_text("est ambigu")
    holder.type_in(mistaken, "81 234,56")
    expect(holder.error_of(mistaken)).to_be_empty()
    holder.page.keyboard.type("900")
    holder.page.keyboard.press("Enter")
    holder.type_in(holder.cell(DEMATERIALISATION, "cp"), "40 k€")
    holder.page.keyboard.type("900")
    holder.page.keyboard.press("Enter")
    holder.paste_at(holder.cell(DEVELOPMENT, "ae"), "50 000\t20 000,50\r\n1 200 €\t1200\r\n")
    for line, text in ((ADMINISTRATOR, "10000"), (PARTNER, "60000")):
        holder.type_in(holder.cell(line, "ae"), text)
        holder.type_in(holder.cell(line, "cp"), text)
    holder.save_grid()
    expect(holder.page.locator("[data-total=ae]")).to_have_text(spaced("203 334,56"))
    expect(holder.warnings_of(PARTNER)).to_contain_text(spaced("60 000,00 € d’AE pour 50 000,00 € prévus"))


def type_indicators(holder: Desk) -> None:
    holder.open_section("Indicateurs")
    holder.type_in(holder.cell(PROTOTYPES, "value"), "12")
    holder.type_in(holder.cell(ROLL_OUT, "value"), "17,5 %")
    holder.save_grid()


def report_calendar(holder: Desk) -> None:
    holder.open_section("Calendrier")
    holder.report_milestone(LAUNCH, "Terminé", done_on="2018-09-11")
    holder.press("Enregistrer le calendrier")
    holder.sees("Une ligne est enregistrée.")


def declare_risk(holder: Desk) -> None:
    holder.open_section("Risques")
    holder.declare_risk("Marché infructueux", probability=4, severity=3, mitigation="Relance en lots séparés.")


def the_risks_are_faultless(holder: Desk) -> None:
    """The list, the form of a new risk and the form of a known one."""
    faultless(holder.page)
    for link in ("Déclarer un risque", "Modifier"):
        holder.page.get_by_role("link", name=link).first.click()
        expect(holder.page.get_by_label("Risque ou difficulté")).to_be_visible()
        faultless(holder.page)
        holder.open_section("Risques")


def declare_weather(holder: Desk) -> None:
    holder.open_section("Météo")
    holder.declare_weather("Objectifs atteignables", progress="Le déploiement suit le calendrier prévu.")


# --- What comes of it ---


def follow_the_job(reader: Desk) -> None:
    """The page of the job renews itself until the report is there."""
    reader.open_menu("Tâches")
    reader.page.get_by_role("row").filter(has_text="Incub-O").get_by_role("link").first.click()
    expect(reader.page.locator("progress")).to_be_visible()
    expect(reader.page.locator("#job")).to_contain_text("Terminé", timeout=60_000)
    expect(reader.page.get_by_role("link", name="Télécharger le PDF")).to_be_visible()


def reports_in(smtp: Mailbox, person: User) -> list[EmailMessage]:
    """The messages with attachments that reached this person, once there is one."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        mine = [each for each in smtp.messages if each["To"] == person.email and each.is_multipart()]
        if mine:
            return mine
        time.sleep(0.1)
    return []


def attachments(message: EmailMessage) -> tuple[bytes, bytes]:
    """The PDF and the workbook."""
    files = {each.get_filename(): each.get_content() for each in message.iter_attachments()}
    name = "incub-o-2019-T2-rapport-trimestriel"
    assert set(files) == {f"{name}.pdf", f"{name}.xlsx"}
    return files[f"{name}.pdf"], files[f"{name}.xlsx"]


def the_pdf_holds_what_was_typed(pdf: bytes, folder: Path) -> None:
    (folder / "report.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", "report.pdf", "-"], cwd=folder, capture_output=True, check=True)
    text = " ".join(done.stdout.decode().split())
    for words in ("81 234,56", "25 000,50", "193 334,56", "127 100,50", "17,5 %", "Marché infructueux", "11/09/2018"):
        assert words in text, words


def the_workbook_holds_what_was_typed(workbook: bytes) -> None:
    book = load_workbook(BytesIO(workbook))
    credits_ = [row for sheet in book.worksheets if sheet.title.startswith("Crédits") for row in sheet.values]
    results, risks = (list(book[name].values) for name in ("Indicateurs", "Risques"))
    assert {81234.56, 40000} <= figures_of(credits_, DEMATERIALISATION)
    assert {50000, 25000.5} <= figures_of(credits_, DEVELOPMENT)
    assert {10000} <= figures_of(credits_, ADMINISTRATOR)
    assert {60000} <= figures_of(credits_, PARTNER)
    assert 12 in figures_of(results, PROTOTYPES)
    assert any("Marché infructueux" in row for row in risks)


def figures_of(rows: Sequence[tuple[object, ...]], label: str) -> set[object]:
    """The numbers, which are not texts, of the lines of this name in all these tables."""
    mine = [row for row in rows if spaced(label).match(str(row[0]))]
    return {cell for row in mine for cell in row if isinstance(cell, int | float)}


def nothing_more_is_written(forgotten: Desk, holder: Desk, filing: Filing) -> None:
    """Neither by a page left open since before, nor by a page opened now, nor by SQL."""
    cell = forgotten.cell(DEVELOPMENT, "cp")
    forgotten.type_in(cell, "1")
    expect(forgotten.page.locator("#statut")).to_contain_text("n’est plus ouvert à la saisie")
    holder.open_section("Crédits consommés")
    holder.sees("les chiffres ne se modifient plus")
    expect(holder.page.locator("#grille input")).to_have_count(0)
    row = Consumption.objects.get(filing=filing, line__key="a2-t3-developpement")
    with pytest.raises(IntegrityError, match="n’est plus ouvert à la saisie"), transaction.atomic():
        Consumption.objects.filter(pk=row.pk).update(cp=1)
    assert (amount(row.ae), amount(row.cp)) == (Decimal(50000), Decimal("25000.50"))


def test_without_javascript_from_sign_in_to_submission(
    filing: Filing, lead: User, desk_of: Callable[..., Desk]
) -> None:
    holder = desk_of(lead, has_script=False)
    holder.open_duty("Incub-O")
    holder.open_section("Crédits consommés")
    holder.type_in(holder.cell(DEMATERIALISATION, "ae"), "1.234")
    holder.type_in(holder.cell(DEMATERIALISATION, "cp"), "40 k€")
    holder.press("Enregistrer")
    expect(holder.page.get_by_role("alert")).to_contain_text("1 case à corriger")
    expect(holder.error_of(holder.cell(DEMATERIALISATION, "ae"))).to_contain_text("est ambigu")
    holder.type_in(holder.cell(DEMATERIALISATION, "ae"), "81 234,56")
    holder.save_grid()
    type_indicators(holder)
    report_calendar(holder)
    declare_risk(holder)
    declare_weather(holder)
    holder.submit()
    holder.sees("Le dossier est soumis.")
    filing.refresh_from_db()
    assert (filing.state, filing.submitted_by) == (FilingState.SUBMITTED, lead)
    row = Consumption.objects.get(filing=filing, line__key="a1-t3-dematerialisation")
    assert (amount(row.ae), amount(row.cp)) == (Decimal("81234.56"), Decimal(40000))
    holder.sign_out()
