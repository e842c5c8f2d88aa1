"""Leaving a form that keeps nothing before it is sent: the browser asks, only when something would be lost."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from accounts.models import User
from contracts.models import Contract
from monitoring.models import Filing
from monitoring.sections import sections_of
from tests.e2e.desk import DeskOf, faultless
from tests.factories import FilingFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def asked(page: Page) -> bool:
    """Whether leaving by a link asks; one stays then."""
    kinds: list[str] = []

    def stay(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    before = page.url
    page.get_by_role("link", name="Portefeuille").first.click(no_wait_after=True)
    page.wait_for_timeout(400)
    if not kinds:
        page.wait_for_url("**/portefeuille/")
        page.remove_listener("dialog", stay)
        page.goto(before)
    return kinds == ["beforeunload"]


def test_the_calendar_the_risks_and_the_weather(filing: Filing, lead: User, desk_of: DeskOf) -> None:
    for section in sections_of(filing):
        section.prepare(filing)
    desk = desk_of(lead)
    page, site = desk.page, f"{desk.site}/dossiers/{filing.pk}"
    page.goto(f"{site}/calendrier/")
    assert not asked(page), "nothing is typed"
    comment = page.get_by_label("Commentaire –").first
    comment.click()
    comment.press_sequentially("Retardé")
    assert asked(page)
    comment.fill("")
    assert not asked(page), "back to what it was"
    page.get_by_label("État –").first.click()
    page.get_by_label("État –").first.select_option("ongoing")
    assert asked(page)
    page.get_by_role("button", name="Enregistrer le calendrier").first.click()
    expect(page.get_by_text("Une ligne est enregistrée.")).to_be_visible()
    assert not asked(page), "it was sent"

    page.goto(f"{site}/risques/ajouter/")
    title = page.get_by_label("Risque ou difficulté")
    title.click()
    title.press_sequentially("Recrutement")
    assert asked(page)
    title.fill("")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("form[data-guarded=typed]")).to_be_visible()
    page.get_by_label("Risque ou difficulté").press_sequentially("R")
    assert asked(page), "refused, it is still nowhere else than here"
    page.get_by_role("link", name="Annuler").click()
    page.wait_for_url(f"{site}/risques/")

    page.goto(f"{site}/meteo/")
    told = page.get_by_label("Avancement de la période")
    told.click()
    told.press_sequentially("Tout avance.")
    assert asked(page)


def test_a_reason(contract: Contract, ditp_reviewer: User, desk_of: DeskOf) -> None:
    filing = FilingFactory(contract=contract, state="submitted")
    desk = desk_of(ditp_reviewer)
    page = desk.page
    page.goto(f"{desk.site}/dossiers/{filing.pk}/revue/")
    assert not asked(page)
    reason = page.get_by_label("Motif")
    page.get_by_role("button", name="Renvoyer avec un motif").click()
    expect(page.get_by_text("Écrivez le motif")).to_be_in_viewport()
    expect(reason).to_be_focused()
    faultless(page)
    reason.click()
    reason.press_sequentially("Les CP sont à corriger.")
    assert asked(page)
    page.get_by_role("button", name="Renvoyer avec un motif").click()
    expect(page.get_by_text("Le dossier est renvoyé au chef de projet")).to_be_visible()
