"""Review in a browser: remarks, several filings at once, texts reopened, the workbook; axe in each state."""

from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.models import User
from budget.models import Consumption
from contracts.fields import amount
from contracts.models import Contract
from monitoring.enums import FilingState
from monitoring.models import Campaign, Filing, Thread
from tests.budget.rows import close, rows_of
from tests.e2e.desk import Desk, DeskOf, faultless
from tests.factories import CampaignFactory, FilingFactory
from tests.monitoring.workbook.books import annual_filing, fill, saved

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WORDS = {"weather": "secured", "progress_comment": "Tout avance."}
PROGRESS = "Avancement de la période"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def campaign(db: None) -> Campaign:
    return CampaignFactory(opened_at=timezone.now())


def visit(desk: Desk, address: str) -> None:
    desk.page.goto(desk.site + address)
    faultless(desk.page)


def say(desk: Desk, label: str, text: str, button: str) -> None:
    desk.page.get_by_label(f"{label} sur {PROGRESS}").fill(text)
    desk.page.get_by_role("button", name=button).click()
    desk.sees("La remarque est enregistrée.")
    faultless(desk.page)


def test_a_remark_is_answered_and_resolved_then_all_is_validated_at_once(
    contract: Contract,
    other_contract: Contract,
    campaign: Campaign,
    lead: User,
    ditp_reviewer: User,
    desk_of: DeskOf,
) -> None:
    discussed, other = (
        FilingFactory(contract=each, campaign=campaign, state="submitted", **WORDS)
        for each in (contract, other_contract)
    )
    reviewer = desk_of(ditp_reviewer)
    visit(reviewer, f"/dossiers/{discussed.pk}/revue/?vue=tout")
    reviewer.page.locator("summary", has_text=f"Faire une remarque sur {PROGRESS}").click()
    say(reviewer, "Votre remarque", "Qu’est-ce qui avance ?", f"Envoyer la remarque sur {PROGRESS}")

    holder = desk_of(lead)
    visit(holder, f"/dossiers/{discussed.pk}/remarques/")
    say(holder, "Votre réponse", "Le guichet unique.", f"Répondre sur {PROGRESS}")

    several = f"/campagnes/{campaign.pk}/validation/"
    visit(reviewer, several)
    reviewer.sees("Une remarque est ouverte.")
    visit(reviewer, f"/dossiers/{discussed.pk}/remarques/")
    reviewer.sees("Le guichet unique.")
    reviewer.page.get_by_role("button", name=f"Résoudre la remarque sur {PROGRESS}").click()
    reviewer.sees("La remarque est résolue.")
    faultless(reviewer.page)
    assert not Thread.objects.get().is_open

    visit(reviewer, several)
    reviewer.press("Valider les dossiers cochés")
    expect(reviewer.heading("Confirmer la validation")).to_be_visible()
    faultless(reviewer.page)
    reviewer.press("Confirmer la validation")
    reviewer.sees("2 dossiers sur 2 sont validés.")
    faultless(reviewer.page)
    assert set(Filing.objects.values_list("pk", "state")) == {
        (one.pk, FilingState.VALIDATED) for one in (discussed, other)
    }
    visit(reviewer, several)


def locked_filing(contract: Contract, campaign: Campaign, lead: User) -> Filing:
    """100 € of AE and 40 € of CP on each line, validated and countersigned."""
    filing = FilingFactory(contract=contract, campaign=campaign, **WORDS)
    rows_of(filing)
    Consumption.objects.filter(filing=filing).update(ae=100, cp=40)
    close(filing, FilingState.LOCKED, lead)
    return filing


def test_texts_alone_are_reopened(
    contract: Contract, campaign: Campaign, lead: User, ditp_reviewer: User, secretariat: User, desk_of: DeskOf
) -> None:
    filing = locked_filing(contract, campaign, lead)
    FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True), state="submitted")
    clerk = desk_of(secretariat)
    visit(clerk, f"/dossiers/{filing.pk}/revue/")
    clerk.press("Rouvrir les textes")
    expect(clerk.page.locator("#contenu .fr-error-text, #contenu .fr-alert--error").first).to_be_visible()
    faultless(clerk.page)
    clerk.page.get_by_label("Motif").fill("Le commentaire cite un autre contrat.")
    clerk.press("Rouvrir les textes")
    expect(clerk.page.locator(".site-messages")).to_be_visible()
    faultless(clerk.page)

    holder = desk_of(lead)
    visit(holder, f"/dossiers/{filing.pk}/credits/")
    expect(holder.page.locator("#grille input[data-kind]")).to_have_count(0)
    holder.cell("Études", "comment").fill("Marché notifié en mai.")
    holder.save_grid()
    expect(holder.page.locator("[data-total=ae]")).to_contain_text("200,00")
    faultless(holder.page)
    study = Consumption.objects.get(filing=filing, line__key="etudes")
    assert study.comment == "Marché notifié en mai."
    assert amount(study.ae) == 100
    visit(holder, f"/dossiers/{filing.pk}/meteo/")
    holder.page.get_by_label(PROGRESS).fill("Le déploiement suit le calendrier.")
    holder.press("Enregistrer")
    holder.submit()
    faultless(holder.page)
    filing.refresh_from_db()
    assert (filing.state, filing.progress_comment) == ("texts_filed", "Le déploiement suit le calendrier.")
    visit(desk_of(ditp_reviewer), f"/dossiers/{filing.pk}/revue/")


def test_figures_are_reopened_corrected_and_read_again(
    contract: Contract, campaign: Campaign, lead: User, ditp_reviewer: User, secretariat: User, desk_of: DeskOf
) -> None:
    filing = locked_filing(contract, campaign, lead)
    clerk = desk_of(secretariat)
    visit(clerk, f"/dossiers/{filing.pk}/revue/")
    clerk.page.get_by_label("Motif").fill("Le montant des études est à reprendre.")
    clerk.press("Rouvrir les chiffres")
    clerk.sees("Le dossier est rouvert, avec votre motif.")
    faultless(clerk.page)

    holder = desk_of(lead)
    for page in ("/", f"/dossiers/{filing.pk}/", f"/dossiers/{filing.pk}/calendrier/"):
        visit(holder, page)
    visit(holder, f"/dossiers/{filing.pk}/credits/")
    holder.sees("Dossier rouvert par")
    holder.type_in(holder.cell("Études", "ae"), "120")
    holder.save_grid()
    holder.submit()
    faultless(holder.page)

    reviewer = desk_of(ditp_reviewer)
    visit(reviewer, f"/dossiers/{filing.pk}/revue/")
    reviewer.sees("Soumis de nouveau, après une réouverture")
    reviewer.sees("Depuis, 1 ligne retouchée.")
    expect(reviewer.page.get_by_role("row").filter(has_text="Études").first).to_contain_text("retouchée")
    reviewer.press("Valider (DITP)")
    reviewer.sees("Le dossier est validé par la DITP.")
    faultless(reviewer.page)


def test_a_workbook_is_filled_refused_corrected_and_confirmed(
    contract: Contract, lead: User, desk_of: DeskOf, tmp_path: Path
) -> None:
    filing, holder = annual_filing(contract), desk_of(lead)
    study = Consumption.objects.get(filing=filing, line__key="etudes")
    visit(holder, f"/dossiers/{filing.pk}/classeur/deposer/")
    with holder.page.expect_download() as given:
        holder.page.get_by_role("link", name="Télécharger le classeur").click()
    given.value.save_as(tmp_path / "dossier.xlsx")

    def bring(ae: object) -> None:
        book = load_workbook(tmp_path / "dossier.xlsx")
        fill(book, "credits", study.pk, ae=ae)
        holder.page.set_input_files(
            "input[type=file]", {"name": "rempli.xlsx", "mimeType": XLSX, "buffer": saved(book)}
        )
        holder.press("Déposer et comparer")

    bring("1.234")
    expect(holder.page.locator("#contenu")).to_contain_text("ambigu")
    faultless(holder.page)
    bring(1250.5)
    expect(holder.page.locator("#contenu")).to_contain_text("1 valeur ajoutée")
    faultless(holder.page)
    holder.press("Enregistrer ces valeurs")
    expect(holder.page.locator(".site-messages")).to_be_visible()
    faultless(holder.page)
    study.refresh_from_db()
    assert str(amount(study.ae)) == "1250.50"

    Consumption.objects.filter(pk=study.pk).update(ae=7, revision=study.revision + 1)
    visit(holder, f"/dossiers/{filing.pk}/classeur/deposer/")
    bring(900)
    expect(holder.page.get_by_role("heading", name="Lignes modifiées entre-temps")).to_be_visible()
    faultless(holder.page)
    holder.page.locator("label", has_text="Garder l’enregistré").click()
    holder.press("Enregistrer ces valeurs")
    study.refresh_from_db()
    assert str(amount(study.ae)) == "7.00"
