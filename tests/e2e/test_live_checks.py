"""Warnings while typing on the calendar, the risks and the weather: said before saving, read aloud, nothing written."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.sections import sections_of
from tests.e2e.desk import DeskOf, faultless, spaced

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rows(filing: Filing) -> list[MilestoneProgress]:
    for section in sections_of(filing):
        section.prepare(filing)
    return list(filing.milestone_progress.order_by("milestone__position"))


def test_the_calendar_says_at_each_row_what_the_rules_find(
    filing: Filing, rows: list[MilestoneProgress], lead: User, desk_of: DeskOf
) -> None:
    desk = desk_of(lead)
    page = desk.page
    page.goto(f"{desk.site}/dossiers/{filing.pk}/calendrier/")
    row, told = page.locator(f"#jalon-{rows[0].pk}"), page.locator(f"[data-checks=jalon-{rows[0].pk}]")
    said = page.locator("#controles-dits")
    expect(told).to_contain_text("aucun état n’est déclaré")
    row.get_by_label("État –").select_option("late")
    expect(told).to_contain_text("donnez la nouvelle date prévue")
    expect(page.locator("[data-checks=section]")).to_contain_text("S06")
    expect(said).to_contain_text("Bloquant")
    faultless(page)
    row.get_by_label("Nouvelle date prévue –").fill("2021-12-31")
    expect(told).to_be_hidden()
    row.get_by_label("Terminé le –").fill("2021-06-01")
    expect(told).to_contain_text(spaced("Un jalon qui porte une date de fin réelle est à l’état « Terminé »."))
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].revision) == ("", 0)


def test_the_risk_and_the_weather_too(filing: Filing, lead: User, desk_of: DeskOf) -> None:
    desk = desk_of(lead)
    page = desk.page
    page.goto(f"{desk.site}/dossiers/{filing.pk}/risques/ajouter/")
    page.get_by_label("Risque ou difficulté").fill("Recrutement")
    page.get_by_label("Probabilité").select_option("5")
    page.get_by_label("Gravité").select_option("4")
    told = page.locator("[data-checks=risque]")
    expect(told).to_contain_text("aucune mesure n’est indiquée (criticité 20 sur 25)")
    expect(page.locator("#controles-dits")).to_contain_text("criticité 20 sur 25")
    faultless(page)
    page.get_by_label("Mesures prises").fill("Deux postes ouverts.")
    expect(told).to_be_empty()
    expect(page.locator("#controles-dits")).to_have_text("Les contrôles n’ont plus rien à signaler.")
    assert not FiledRisk.objects.exists()

    page.goto(f"{desk.site}/dossiers/{filing.pk}/meteo/")
    told = page.locator("[data-checks=meteo]")
    expect(told).to_contain_text("S01")
    page.get_by_label("Météo du projet").select_option("compromised")
    expect(told).to_contain_text("demande un commentaire")
    expect(told).not_to_contain_text("S01")
    faultless(page)
    page.context.set_offline(True)
    page.get_by_label("Commentaire de la météo").fill("Marché infructueux.")
    page.wait_for_timeout(800)
    expect(told).to_contain_text("demande un commentaire")
    page.context.set_offline(False)
    page.get_by_label("Avancement de la période").fill("À l’arrêt.")
    expect(told).not_to_contain_text("demande un commentaire")
    filing.refresh_from_db()
    assert (filing.weather, filing.revision) == ("", 0)
