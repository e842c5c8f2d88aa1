"""In a browser: an anomaly explained, accepted, reopened; a call for projects counted; the lines behind a return."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from contracts.checks.tallies import tally_all
from contracts.models import ContractVersion, LifeEvent, ProjectCall
from tests.e2e.desk import Desk, DeskOf, another_page, faultless, spaced

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
ANOMALY = "/contrats/cap2030/anomalies/A12-ftap-ae/"


def go(desk: Desk, address: str) -> None:
    """Opens a page, which has to be faultless."""
    desk.page.goto(desk.site + address)
    faultless(desk.page)


def say(desk: Desk, text: str, verb: str) -> None:
    desk.page.get_by_label("Motif").fill(text)
    desk.press(verb)
    faultless(desk.page)
    desk.sees("C’est enregistré.")


def test_an_anomaly_is_explained_accepted_counted_and_reopened(
    cap2030: ContractVersion, secretariat: User, ditp_reviewer: User, desk_of: DeskOf
) -> None:
    tally_all()
    keeper, reviewer = desk_of(secretariat), desk_of(ditp_reviewer)
    go(keeper, "/contrats/cap2030/anomalies/")
    keeper.page.goto(keeper.site + ANOMALY)
    keeper.press("Expliquer")
    keeper.sees("Donnez un motif.")
    faultless(keeper.page)
    say(keeper, "Les fiches ont été arrêtées avant la table.", "Expliquer")

    reviewer.page.goto(reviewer.site + ANOMALY)
    reviewer.sees("expliquée")
    say(reviewer, "Écart connu, vu au comité de pilotage.", "Accepter")
    go(reviewer, "/portefeuille/?anomalies=A33")
    reviewer.sees("1 acceptée")
    reviewer.page.get_by_label("Anomalies ouvertes").select_option("aucune")
    reviewer.press("Filtrer")
    reviewer.sees("Aucun contrat ne répond à ces filtres.")

    reviewer.page.goto(reviewer.site + ANOMALY)
    say(reviewer, "La table prime.", "Rouvrir")
    expect(reviewer.page.get_by_role("button", name="Accepter")).to_be_visible()
    go(reviewer, "/aide/regles/A12/")
    reviewer.follow("Ces contrats dans le portefeuille")
    reviewer.sees("CAP2030")
    expect(reviewer.page.get_by_label("Anomalies ouvertes")).to_have_value("A12")


def test_a_call_for_projects_counts_in_the_indicators_of_the_fund(
    cap2030: ContractVersion, secretariat: User, desk_of: DeskOf
) -> None:
    LifeEvent.objects.create(
        contract=cap2030.contract, kind="selection", on="2020-11-02", reason="Comité", recorded_by=secretariat
    )
    desk = desk_of(secretariat)
    go(desk, "/fonds/appels/")
    desk.follow("Enregistrer un appel")
    desk.page.get_by_label("Intitulé").fill("Appel inventé")
    desk.page.get_by_label("Ouverture").fill("2020-01-15")
    desk.page.get_by_label("Clôture des dépôts").fill("2020-06-30")
    desk.page.get_by_label("Dossiers déposés").fill("20")
    with another_page(desk.page):
        desk.page.locator("form.narrow button[type=submit]").click()
    faultless(desk.page)
    assert not ProjectCall.objects.exists(), "a number without its source"
    desk.page.get_by_label("Source du nombre de dossiers").fill("Procès-verbal inventé")
    with another_page(desk.page):
        desk.page.locator("form.narrow button[type=submit]").click()
    desk.page.goto(f"{desk.site}/fonds/appels/{ProjectCall.objects.get().pk}/")
    desk.page.get_by_label("Contrat sélectionné").select_option(index=1)
    desk.press("Rattacher ce contrat")
    faultless(desk.page)
    go(desk, "/fonds/performance/")
    row = desk.page.get_by_role("row").filter(has_text="Sélectivité").first
    assert row.get_by_role("cell").all_inner_texts()[1:3] == ["1", "20"]


def test_a_return_opens_on_the_lines_behind_it(cap2030: ContractVersion, secretariat: User, desk_of: DeskOf) -> None:
    desk = desk_of(secretariat)
    go(desk, "/portefeuille/retours/")
    go(desk, "/contrats/cap2030/retours/")
    desk.page.get_by_role("link", name=spaced("R1 – Retour contractuel")).click()
    behind = desk.page.get_by_role("region", name="R1,").first
    expect(behind).to_be_visible()
    expect(behind.locator("tfoot")).to_contain_text(spaced("1 757 500"))
