"""Lines that an amendment adds and removes, from its page, in each ledger."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from budget.models import BudgetLine, PlannedCredit
from budget.selectors import credit_situation
from contracts.amendments.changed_lines import (
    AdditionRefused,
    add_line,
    additions_of,
    removable,
    remove_line,
)
from contracts.amendments.impact import impact
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import abandon_amendment, prepare_amendment, record_signature, sign_amendment
from contracts.contract_file.writer import write_contract_file
from contracts.enums import AmendmentType
from contracts.models import Contract, ContractVersion, Milestone, ProjectSheet
from contracts.parts import PARTS, Part, compare_versions
from indicators.models import Indicator, Target
from monitoring.models import Filing
from savings.models import PlannedSaving, SavingsLine
from tests.budget.rows import earlier

pytestmark = pytest.mark.django_db
URL = "/contrats/cap2030/avenants/1/modifier/"
EVERY = list(AmendmentType.values)


def part(code: str) -> Part:
    return next(one for one in PARTS if one.code == code)


@pytest.fixture
def draft(cap2030: ContractVersion, secretariat: User) -> ContractVersion:
    return prepare_amendment(cap2030.contract, EVERY, secretariat)


def add(draft: ContractVersion, actor: User, part_code: str, code: str, values: dict[str, Any], line: str = "") -> None:
    addition = next(one for one in additions_of(draft, part(part_code)) if one.code == code)
    add_line(draft, addition, values, actor, line=line)


CREDITS = {
    "libelle": "Renfort de l’équipe",
    "nature": "prestations",
    "titre": "3",
    "programme": "0349",
    "annees.2022.ae": Decimal("1000.50"),
    "annees.2022.cp": Decimal("400.25"),
    "annees.2023.cp": Decimal("600.25"),
}


def test_a_line_of_credits(draft: ContractVersion, cap2030: ContractVersion, secretariat: User) -> None:
    text = write_contract_file(cap2030)
    add(draft, secretariat, "budget", "ligne", CREDITS)
    line = BudgetLine.objects.get(contract=draft.contract, key="renfort-de-lequipe")
    assert (line.label, line.is_ftap, line.programme) == ("Renfort de l’équipe", True, "0349")
    rows = PlannedCredit.objects.filter(version=draft, line=line).order_by("year").values_list("year", "ae", "cp")
    assert list(rows) == [(2022, Decimal("1000.50"), Decimal("400.25")), (2023, None, Decimal("600.25"))]
    found = impact(cap2030, draft)
    total = next(one for one in found.totals if one.code == "total-ae")
    assert total.total is not None
    assert total.total.difference == Decimal("1000.50")
    assert found.adds_up
    assert write_contract_file(cap2030) == text, "the version in force does not know the line"
    add(draft, secretariat, "budget", "ligne", CREDITS)
    assert BudgetLine.objects.filter(contract=draft.contract, key="renfort-de-lequipe-2").exists()
    abandon_amendment(draft, secretariat)
    assert not BudgetLine.objects.filter(key__startswith="renfort").exists()


def test_a_line_of_each_other_ledger(draft: ContractVersion, secretariat: User) -> None:
    saving = {"libelle": "Moins de loyers", "methode": "montants", "recurrente": True, "perenne.cp": Decimal(9000)}
    add(draft, secretariat, "savings", "economie", saving | {"annees.2026.cp": Decimal(4500)})
    line = SavingsLine.objects.get(contract=draft.contract, label="Moins de loyers")
    assert PlannedSaving.objects.get(version=draft, line=line).year == 2026
    sheet = {"numero": "18", "intitule": "Archives", "cout": Decimal(200), "ftap": Decimal(100)}
    add(draft, secretariat, "frame", "fiche", sheet)
    assert ProjectSheet.objects.get(contract=draft.contract, number="18").planned.get().cost.amount == 200
    phase = {"libelle": "Recette", "type": "phase", "debut": date(2023, 1, 1), "fin": date(2023, 6, 30)}
    add(draft, secretariat, "frame", "jalon", phase)
    assert Milestone.objects.get(contract=draft.contract, label="Recette").planned.get().version == draft
    told = {"libelle": "Agents formés", "type": "resultat", "orientation": "agents", "unite": "agents"}
    goal = {"cibles[1].date": date(2022, 12, 31), "cibles[1].operateur": ">=", "cibles[1].valeur": Decimal(50)}
    add(draft, secretariat, "indicators", "indicateur", told | goal)
    indicator = Indicator.objects.get(contract=draft.contract, label="Agents formés")
    more = {"date": date(2023, 12, 31), "operateur": ">=", "valeur": Decimal(80)}
    add(draft, secretariat, "indicators", "cible", more, line=indicator.key)
    targets = Target.objects.filter(version=draft, indicator=indicator).order_by("on")
    assert [row.value for row in targets] == [Decimal(50), Decimal(80)]


def test_what_the_file_refuses_is_refused_at_its_cell(draft: ContractVersion, secretariat: User) -> None:
    wrong = CREDITS | {
        "programme": "349",
        "titre": "9",
        "annees.2023.ae": Decimal(0),
        "annees.2023.cp": Decimal(99_999),
    }
    with pytest.raises(AdditionRefused) as refusal:
        add(draft, secretariat, "budget", "ligne", wrong)
    errors = refusal.value.errors
    assert "quatre chiffres" in errors["programme"]
    assert "Valeur inconnue" in errors["titre"]
    assert "les CP dépassent les AE" in errors["annees"]
    assert not BudgetLine.objects.filter(contract=draft.contract, label=CREDITS["libelle"]).exists()
    with pytest.raises(AdditionRefused, match="Choisissez la ligne"):
        add(draft, secretariat, "indicators", "cible", {}, line="inconnue")


def test_the_object_decides_what_may_be_added_and_removed(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["calendrier"], secretariat)
    offered = [one.code for one_part in PARTS for one in additions_of(draft, one_part)]
    assert offered == ["jalon"]
    assert {type(line) for _, line in removable(draft, part("frame"))} == {Milestone}
    addition = part("budget").additions[0]
    with pytest.raises(AmendmentRefused, match="ne modifie pas les crédits"):
        add_line(draft, addition, CREDITS, secretariat)
    assert compare_versions(cap2030, draft) == ()


def test_a_line_removed_is_no_longer_promised_and_stays_in_the_former_version(
    draft: ContractVersion, cap2030: ContractVersion, secretariat: User
) -> None:
    text = write_contract_file(cap2030)
    name, line = removable(draft, part("budget"))[0]
    assert isinstance(line, BudgetLine)
    lost = sum(
        (row.ae.amount for row in PlannedCredit.objects.filter(version=cap2030, line=line) if row.ae), Decimal(0)
    )
    assert remove_line(draft, part("budget"), name, secretariat) == str(line)
    total = next(one for one in impact(cap2030, draft).totals if one.code == "total-ae")
    assert total.total is not None
    assert total.total.difference == -lost
    assert lost > 0
    assert impact(cap2030, draft).adds_up
    keys = [[one.key for one in credit_situation(draft.contract, version).lines] for version in (cap2030, draft)]
    assert [line.key in each for each in keys] == [True, False]
    assert write_contract_file(cap2030) == text
    with pytest.raises(AmendmentRefused, match="Choisissez une ligne"):
        remove_line(draft, part("budget"), name, secretariat)


def test_a_line_that_the_draft_alone_promised_goes_for_good(draft: ContractVersion, secretariat: User) -> None:
    add(draft, secretariat, "budget", "ligne", CREDITS)
    name = next(name for name, line in removable(draft, part("budget")) if str(line) == CREDITS["libelle"])
    remove_line(draft, part("budget"), name, secretariat)
    assert not BudgetLine.objects.filter(label=CREDITS["libelle"]).exists()


def test_from_the_browser(client: Client, draft: ContractVersion, secretariat: User) -> None:
    client.force_login(secretariat)
    assert "Ajouter une ligne de crédits" in client.get(f"{URL}budget/").content.decode()
    page = client.get(f"{URL}budget/ajouter/ligne/").content.decode()
    assert 'aria-label="2023, CP (€)"' in page
    empty = {"libelle": "Renfort", "nature": "prestations", "titre": "3", "programme": "0349"}
    response = client.post(f"{URL}budget/ajouter/ligne/", empty)
    assert response.status_code == 422
    assert "au moins un chiffre" in response.content.decode()
    response = client.post(f"{URL}budget/ajouter/ligne/", empty | {"annees.2022.ae": "1.234"})
    assert "ambigu" in response.content.decode()
    assert 'value="1.234"' in response.content.decode(), "what was typed is kept"
    sent = empty | {"annees.2022.ae": "-1 200,50", "annees.2023.ae": "2 000"}
    assert client.post(f"{URL}budget/ajouter/ligne/", sent)["Location"] == f"{URL}budget/"
    line = BudgetLine.objects.get(contract=draft.contract, key="renfort")
    amounts = [row.ae.amount for row in line.planned.order_by("year") if row.ae]
    assert amounts == [Decimal("-1200.50"), Decimal(2000)]
    assert client.post(f"{URL}budget/retirer/", {"ligne": f"budgetline-{line.pk}"})["Location"] == f"{URL}budget/"
    assert not BudgetLine.objects.filter(pk=line.pk).exists()
    assert "Choisissez une ligne" in client.post(f"{URL}budget/retirer/", {}, follow=True).content.decode()
    for missing in ("budget/ajouter/autre/", "autre/ajouter/ligne/"):
        assert client.get(f"{URL}{missing}").status_code == 404
    for code in ("savings/ajouter/economie", "frame/ajouter/fiche", "frame/ajouter/jalon", "indicators/ajouter/cible"):
        assert client.get(f"{URL}{code}/").status_code == 200


def test_every_addition_is_of_a_theme_of_its_part() -> None:
    for one in PARTS:
        assert {each.theme for each in one.additions} == {each.theme for each in one.promises}


def test_a_whole_amendment_with_lines_added_and_removed(
    cap2030: ContractVersion, draft: ContractVersion, secretariat: User
) -> None:
    add(draft, secretariat, "budget", "ligne", CREDITS)
    name, line = removable(draft, part("savings"))[-1]
    remove_line(draft, part("savings"), name, secretariat)
    for role in ("porteur", "ditp", "db"):
        record_signature(draft, role, f"Signataire {role}", "directeur", date(2022, 6, 30), secretariat)
    sign_amendment(draft, date(2022, 6, 30), date(2022, 7, 1), 1, "Renfort", secretariat)
    assert Contract.objects.get(pk=cap2030.contract_id).versions.get(number=1).state == "signed"
    assert SavingsLine.objects.filter(pk=line.pk).exists()


def test_a_line_removed_stays_visible_where_something_was_consumed_on_it(
    contract: Contract, filing: Filing, lead: User, secretariat: User
) -> None:
    earlier(filing, 2021, 1, lead, {"etudes": (30_000, 20_000), "outil": (0, 0)})
    draft = prepare_amendment(contract, ["budget"], secretariat)
    studies = contract.budget_lines.get(key="etudes")
    remove_line(draft, part("budget"), f"budgetline-{studies.pk}", secretariat)
    (line,) = (one for one in credit_situation(contract, draft).lines if one.key == "etudes")
    assert (line.planned.ae, line.consumed.ae) == (None, Decimal(30_000))
