"""The totals of the impact sheet count the lines that the pages and the returns count, and each is checked by them."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from budget.models import PlannedCredit
from contracts.amendments.changed_lines import add_line, additions_of
from contracts.amendments.impact import Impact, impact
from contracts.amendments.services import prepare_amendment
from contracts.models import Contract, ContractVersion
from contracts.parts import PARTS, Part
from savings.calc import UNVALUED
from savings.models import PlannedSaving, SavingsLine, SavingsTerms
from savings.selectors import savings_situation
from tests.reading import words

pytestmark = pytest.mark.django_db
SAVINGS: Part = next(one for one in PARTS if one.code == "savings")
NEW = {"methode": "montants", "recurrente": True, "perenne.ae": Decimal(7_000), "perenne.cp": Decimal(7_000)}
NEW |= {"annees.2022.ae": Decimal(3_000), "annees.2022.cp": Decimal(3_000)}


@pytest.fixture
def draft(contract: Contract, secretariat: User) -> ContractVersion:
    """Three lines added: 7 000 € a year that count, as many redeployed, and one unvalued that an old act gave 900 €."""
    draft = prepare_amendment(contract, ["economies", "budget"], secretariat)
    addition = next(one for one in additions_of(draft, SAVINGS) if one.code == "economie")
    add_line(draft, addition, NEW | {"libelle": "Achats", "redeployee": False}, secretariat)
    add_line(draft, addition, NEW | {"libelle": "Emplois redéployés", "redeployee": True}, secretariat)
    line = SavingsLine.objects.create(contract=contract, key="surfaces", label="Surfaces", method=UNVALUED, position=9)
    SavingsTerms.objects.create(line=line, version=draft, recurrent_ae=900, recurrent_cp=900)
    PlannedSaving.objects.create(line=line, version=draft, year=2022, ae=900, cp=900)
    return draft


def moved(found: Impact, code: str) -> dict[str, Decimal | None]:
    total = next(one for one in found.totals if (one.part, one.code) == ("savings", code))
    return {row.label: row.difference for row in total.rows if row.difference}


def test_redeployed_and_unvalued_lines_enter_no_total(draft: ContractVersion, contract: Contract) -> None:
    """Only 3 000 € in 2022 and 7 000 € a year are promised more."""
    base = contract.versions.get(number=0)
    found = impact(base, draft)
    assert [moved(found, code) for code in ("ae", "cp", "perenne")] == [
        {"2022": Decimal(3_000)},
        {"2022": Decimal(3_000)},
        {"AE": Decimal(7_000), "CP": Decimal(7_000)},
    ]
    assert found.adds_up
    assert impact(draft, base).adds_up, "nor when these lines are removed"
    situation, totals = savings_situation(contract, draft), {one.code: one.cells for one in SAVINGS.totals(draft)}
    assert totals["perenne"] == {"AE": situation.total.recurrent.ae, "CP": situation.total.recurrent.cp}
    by_year = {str(year.year): year.planned.cp for year in situation.total.years if year.planned.cp is not None}
    assert totals["cp"] == by_year
    told = {one.title for one in found.lines}
    assert told == {"Achats", "Emplois redéployés (non comptée)", "Surfaces (non comptée)"}


def test_the_page_says_which_lines_do_not_count(draft: ContractVersion, client: Client, secretariat: User) -> None:
    client.force_login(secretariat)
    page = words(client.get(f"/contrats/{draft.contract.code}/avenants/1/"))
    assert "l’écart des lignes qu’il compte, l’écart des années et l’écart du total sont égaux" in page
    assert "Emplois redéployés (non comptée)" in page
    assert "Achats (non comptée)" not in page


def test_every_total_is_checked(draft: ContractVersion, contract: Contract) -> None:
    found = impact(contract.versions.get(number=0), draft)
    assert {(one.part, one.code): set(one.moved) for one in found.totals} == {
        **{("budget", f"{name}-{kind}"): {"Total"} for name in ("total", "ftap") for kind in ("ae", "cp")},
        ("savings", "ae"): {"Total"},
        ("savings", "cp"): {"Total"},
        ("savings", "perenne"): {"AE", "CP"},
        ("frame", "cout"): {"Total"},
        ("frame", "ftap"): {"Total"},
    }


def test_the_fund_s_own_total_follows_its_lines_alone(cap2030: ContractVersion, secretariat: User) -> None:
    """A credit of a co-financer moves the whole, not the fund's part."""
    draft = prepare_amendment(cap2030.contract, ["budget"], secretariat)
    row = PlannedCredit.objects.filter(version=draft, line__co_financer__isnull=False, ae__gt=0).order_by("pk")[0]
    PlannedCredit.objects.filter(pk=row.pk).update(ae=row.ae.amount + 500)
    found = impact(cap2030, draft)
    assert {one.code: one.moved["Total"] for one in found.totals if one.part == "budget"} == {
        "total-ae": Decimal(500),
        "total-cp": Decimal(0),
        "ftap-ae": Decimal(0),
        "ftap-cp": Decimal(0),
    }
    assert found.adds_up
