"""What is typed, held against the year's tranche (C14) and the affectations of titre 5 (C15)."""

import re
from decimal import Decimal

import pytest

from accounts.models import User
from budget.models import BudgetLine
from budget.rules import RULES
from contracts.models import Contract
from monitoring.models import Filing
from monitoring.rules import findings
from tests.budget.rows import earlier, rows_of
from tests.budget.tranches.acting import SignIn, decide, fund

pytestmark = pytest.mark.django_db


def below_the_totals(html: str) -> str:
    """What the line below the totals holds; blank when it is hidden."""
    found = re.search(r'<tr class="grid-checks" id="v-total"( hidden)?><td[^>]*>(.*?)</td></tr>', html, re.DOTALL)
    assert found
    assert bool(found[1]) == (found[2] == "")
    return found[2]


def test_ae_above_the_tranche_warn(contract: Contract, filing: Filing, secretariat: User, lead: User) -> None:
    fund(secretariat)
    decide(contract, secretariat, 80_000)
    past = earlier(filing, 2021, 1, lead, {"etudes": (60_000, 0), "outil": (20_000, 0)}, state="draft")  # type: ignore[arg-type]
    assert not [one for one in findings(past) if one.rule.code == "C14"]
    rows = past.consumptions.order_by("pk")
    rows.filter(line__key="outil").update(ae=Decimal("20000.50"))
    (found,) = [one for one in findings(past) if one.rule.code == "C14"]
    assert found.message == (
        "80\u202f000,50\u00a0€ d’AE du FTAP pour une tranche 2021 de 80\u202f000,00\u00a0€, soit 0,50\u00a0€ de plus."
    )
    assert not found.is_blocking


def test_ae_above_the_tranche_are_told_below_the_totals_and_after_each_save(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    """A save of one row tells of all the lines: 60 000 € stand on the other one, for a tranche of 80 000 €."""
    fund(secretariat)
    decide(contract, secretariat, 80_000)
    study, tool = rows_of(filing)
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/credits/"
    client.post(f"{address}lignes/{study.pk}/", {f"r{study.pk}": "0", f"c{study.pk}-ae": "60 000"})
    assert below_the_totals(client.get(address).content.decode()) == ""
    sent = {f"r{tool.pk}": "0", f"c{tool.pk}-ae": "20 000,50"}
    told = below_the_totals(client.post(f"{address}lignes/{tool.pk}/", sent).content.decode())
    assert "C14" in told
    assert (
        '<a href="#total-ae">80\u202f000,50\u00a0€ d’AE du FTAP pour une tranche 2021 de 80\u202f000,00\u00a0€' in told
    )
    html = client.get(address).content.decode()
    assert below_the_totals(html) == told
    assert '<td id="total-ae"' in html
    sent = {f"r{tool.pk}": "1", f"c{tool.pk}-ae": "20 000"}
    assert below_the_totals(client.post(f"{address}lignes/", sent).content.decode()) == ""


def test_a_co_financed_line_is_not_held_against_the_tranche(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    fund(secretariat)
    decide(contract, secretariat, 80_000)
    study, _ = rows_of(filing)
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/credits/"
    sent = {f"r{study.pk}": "0", f"c{study.pk}-ae": "90 000"}
    assert "C14" in below_the_totals(client.post(f"{address}lignes/", sent).content.decode())
    BudgetLine.objects.filter(pk=study.line_id).update(co_financer=contract.holder)
    assert below_the_totals(client.get(address).content.decode()) == ""


def test_titre_5_above_its_affectations_warns(contract: Contract, filing: Filing, lead: User) -> None:
    BudgetLine.objects.filter(contract=contract, key="outil").update(titre="5")
    past = earlier(filing, 2021, 1, lead, {"etudes": (0, 0), "outil": (20_000, 0)}, state="draft")  # type: ignore[arg-type]
    (found,) = [one.message for one in findings(past) if one.rule.code == "C15"]
    assert "20\u202f000,00\u00a0€ d’AE de titre 5 pour 0,00\u00a0€ affectés" in found
    assert {"C14", "C15"} <= {rule.code for rule in RULES}
