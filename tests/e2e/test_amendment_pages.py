"""An amendment in a browser, errors on the way: prepared, written by two people, signed, in force; axe each time."""

from datetime import date

import pytest
from playwright.sync_api import Locator, expect

from accounts.models import User
from budget.models import PlannedCredit
from contracts.models import Contract, ContractVersion
from contracts.selectors import version_in_force
from tests.e2e.desk import Desk, DeskOf, faultless, spaced

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LIST = "/contrats/marine/avenants/"


def open_credits(desk: Desk) -> None:
    desk.page.goto(f"{desk.site}{LIST}1/")
    desk.follow(spaced("Crédits (article 2)"))
    faultless(desk.page)


def ae(desk: Desk, year: int) -> Locator:
    """The AE of the studies in a year."""
    return desk.page.locator(f"input[name$='-{year}-ae']:not([type=hidden])").first


def save(desk: Desk) -> None:
    desk.press("Enregistrer dans l’avenant")
    faultless(desk.page)


def sign_for(desk: Desk, party: str) -> None:
    desk.page.locator("summary", has_text="Enregistrer une signature").click()
    desk.page.get_by_label("Partie").select_option(party)
    desk.page.get_by_label("Nom", exact=True).fill(f"Signataire {party}")
    desk.page.get_by_label("Qualité").fill("Directeur")
    desk.page.get_by_label("Date de signature").fill("2021-05-01")
    desk.press("Enregistrer la signature")
    desk.sees(f"Signataire {party}")


def test_two_people_write_an_amendment_then_the_parties_sign_it(
    contract: Contract, secretariat: User, lead: User, desk_of: DeskOf
) -> None:
    first, second = desk_of(lead), desk_of(secretariat)
    first.page.goto(first.site + LIST)
    faultless(first.page)
    first.follow("Préparer un avenant")
    first.press("Préparer")
    first.sees("Choisissez au moins un objet.")
    faultless(first.page)
    first.page.locator("label", has_text="Plan de financement").click()
    first.press("Préparer")
    first.sees("est en préparation")
    faultless(first.page)

    open_credits(first)
    open_credits(second)
    ae(first, 2021).fill("160 000")
    save(first)
    ae(second, 2021).fill("soixante mille")
    save(second)
    second.sees("Rien n’a été enregistré")
    expect(ae(second, 2021)).to_have_value("soixante mille")
    open_credits(second)
    open_credits(first)
    ae(first, 2021).fill("170 000")
    save(first)
    ae(second, 2021).fill("165 000")
    save(second)
    expect(second.page.get_by_text(spaced("Changé entre-temps par une autre personne : 170 000."))).to_be_visible()
    expect(ae(second, 2021)).to_have_value("165 000")
    save(second)
    draft = ContractVersion.objects.get(contract=contract, number=1)
    written = PlannedCredit.objects.filter(version=draft, year=2021, line__key="etudes").get()
    assert written.ae is not None
    assert written.ae.amount == 165_000

    for party in ("porteur", "ditp", "db"):
        sign_for(second, party)
    second.follow("Signer l’avenant")
    second.page.get_by_label("Date de l’avenant").fill("2021-05-01")
    second.page.get_by_label("Prend effet le").fill("2021-06-01")
    second.press("Enregistrer la signature de l’avenant")
    faultless(second.page)
    assert version_in_force(contract, date(2021, 6, 1)).number == 0, "without a reason it is not signed"
    second.page.get_by_label("Motif").fill("Études plus longues")
    second.press("Enregistrer la signature de l’avenant")
    second.sees("est signé et prend effet")
    faultless(second.page)
    assert version_in_force(contract, date(2021, 6, 1)).number == 1
    assert version_in_force(contract, date(2021, 5, 31)).number == 0
