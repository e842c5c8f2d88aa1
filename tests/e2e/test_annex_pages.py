"""An amendment by the annex in a browser: a line added, the workbook taken away and brought back, read as of a day."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from accounts.models import User
from budget.models import PlannedCredit
from contracts.amendments.services import record_signature, sign_amendment
from contracts.annex.writer import FIRST_ROW, KEY_ROW
from contracts.models import Contract, ContractVersion
from tests.e2e.desk import Desk, DeskOf, faultless, spaced

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
SIGNED, EFFECT = date(2021, 5, 1), date(2021, 6, 1)


def take_away(desk: Desk, folder: Path) -> Path:
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Télécharger l’annexe financière (XLSX)").click()
    path = folder / "annexe.xlsx"
    download.value.save_as(path)
    return path


def bring_back(desk: Desk, path: Path, value: Any) -> None:
    """The AE of 2021 of the first line, typed in the workbook, which is then sent."""
    book = load_workbook(path)
    sheet = book["Financement"]
    letter = next(cell.column_letter for cell in sheet[KEY_ROW] if cell.value == "annees.2021.ae")
    sheet[f"{letter}{FIRST_ROW}"] = value
    book.save(path)
    desk.page.get_by_label("Annexe remplie").set_input_files(path)
    desk.press("Vérifier")
    faultless(desk.page)


def test_an_annex_goes_comes_back_and_takes_effect(
    contract: Contract, secretariat: User, desk_of: DeskOf, tmp_path: Path
) -> None:
    desk = desk_of(secretariat)
    desk.page.goto(f"{desk.site}/contrats/marine/avenants/preparer/")
    desk.page.locator("label", has_text="Plan de financement").click()
    desk.press("Préparer")
    desk.follow(spaced("Crédits (article 2)"))
    desk.follow("Ajouter une ligne de crédits")
    faultless(desk.page)
    desk.page.get_by_label("Libellé").fill("Renfort de l’équipe")
    desk.page.get_by_label("Nature").select_option("prestations")
    desk.page.get_by_label("Titre").select_option("3")
    desk.page.get_by_label("2022, AE").fill("12 000")
    desk.page.get_by_label("2022, CP").fill("12 000")
    desk.press("Ajouter à l’avenant")
    desk.sees("L’avenant compte une ligne de crédits de plus.")

    desk.page.goto(f"{desk.site}/contrats/marine/avenants/1/")
    desk.follow("la déposer")
    faultless(desk.page)
    path = take_away(desk, tmp_path)
    bring_back(desk, path, "soixante mille")
    desk.sees("Annexe refusée")
    expect(desk.page.get_by_role("region", name="À corriger")).to_contain_text("soixante mille")
    bring_back(desk, path, 160_000)
    desk.sees("Rien n’est encore enregistré")
    assert not PlannedCredit.objects.filter(version__number=1, ae=160_000).exists()
    desk.press("Confirmer et enregistrer")
    desk.sees("L’annexe est reprise dans")
    faultless(desk.page)
    assert PlannedCredit.objects.get(version__number=1, line__key="etudes", year=2021).ae.amount == 160_000
    expect(desk.page.get_by_role("region", name="Annexes reprises")).to_contain_text("annexe.xlsx")
    expect(desk.page.get_by_role("region", name="Lignes modifiées")).to_contain_text("Renfort de l’équipe")

    draft = ContractVersion.objects.get(contract=contract, number=1)
    for party in ("porteur", "ditp", "db"):
        record_signature(draft, party, f"Signataire {party}", "Directeur", SIGNED, secretariat)
    sign_amendment(draft, SIGNED, EFFECT, 1, "Équipe renforcée", secretariat)
    shown = {}
    for day in ("2021-05-31", "2021-06-01"):
        desk.page.goto(f"{desk.site}/contrats/marine/financement/?au={day}")
        faultless(desk.page)
        shown[day] = desk.page.get_by_text("Renfort de l’équipe").count()
    assert shown["2021-05-31"] == 0
    assert shown["2021-06-01"] > 0
