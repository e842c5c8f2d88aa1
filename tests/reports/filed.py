"""A filing with figures, in any state: what the tests of reports freeze, render, send and compare."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from djmoney.money import Money

from budget.models import BudgetLine, Consumption
from contracts.models import Contract, ContractVersion, Milestone
from figures.ae_cp import AeCp
from indicators.models import Indicator, Measurement
from monitoring.enums import FilingState
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from reports.facts import Situation
from reports.situation import contract_situation
from savings.models import RealisedSaving, SavingsLine
from tests.factories import UNSUBMITTED, CampaignFactory, FilingFactory, UserFactory

Pair = tuple[str | None, str | None]


def euros(amount: str | None) -> Any:
    return None if amount is None else Money(amount, "EUR")


def file(contract: Contract, *, state: str = FilingState.LOCKED, campaign: Any = None, **rows: Pair) -> Filing:
    """A filing whose consumptions are `key=(ae, cp)`, with one of each other thing; entered as a draft, then moved."""
    filing: Filing = FilingFactory(contract=contract, campaign=campaign or CampaignFactory(), is_demo=True)
    for line in BudgetLine.objects.filter(contract=contract, key__in=rows):
        ae, cp = rows[line.key]
        Consumption.objects.create(line=line, filing=filing, ae=euros(ae), cp=euros(cp))
    for saving in SavingsLine.objects.filter(contract=contract):
        RealisedSaving.objects.create(line=saving, filing=filing, cp=euros("25000"), reason="Bail tardif")
    for indicator in Indicator.objects.filter(contract=contract):
        Measurement.objects.create(indicator=indicator, filing=filing, value="65", comment="Enquête")
    for milestone in Milestone.objects.filter(contract=contract).order_by("position")[:1]:
        MilestoneProgress.objects.create(milestone=milestone, filing=filing, state="done", done_on=date(2021, 6, 15))
    FiledRisk.objects.create(filing=filing, title="=Recrutement", probability=4, severity=3)
    move(filing, state)
    return filing


def move(filing: Filing, state: str) -> None:
    """Puts the filing in a state, with the author and the dates that the state asks for."""
    author = None if state in UNSUBMITTED else UserFactory(last_name="Déclarant")
    now = timezone.now()
    Filing.objects.filter(pk=filing.pk).update(
        state=state, submitted_by=author, submitted_at=now, locked_at=now if state == FilingState.LOCKED else None
    )
    filing.refresh_from_db()


def filed(version: ContractVersion, *, whole_year: bool = True) -> Situation:
    """The contract with a filing in which every figure is another, cents included, and some are blank."""
    lines = version.contract.budget_lines.order_by("position", "pk")
    rows: dict[str, Any] = {
        line.key: (f"{1000 + 7 * rank}.25", None if rank % 5 == 4 else f"{700 + 3 * rank}.5")
        for rank, line in enumerate(lines)
    }
    campaign = CampaignFactory(whole_year=whole_year)
    filing = file(version.contract, campaign=campaign, state=FilingState.DRAFT, **rows)
    for rank, saving in enumerate(filing.realised_savings.order_by("pk")):
        saving.cp, saving.reason = euros(f"{25000 + rank}.5"), f"Bail tardif n° {rank}"
        saving.save()
    for rank, measure in enumerate(filing.measurements.order_by("pk")):
        measure.value = Decimal(f"{65 + rank}.5")
        measure.save()
    FiledRisk.objects.create(filing=filing, title="Recette", probability=2, severity=5, mitigation="Second essai")
    move(filing, FilingState.LOCKED)
    return contract_situation(version.contract, filing=filing)


def altered(situation: Situation) -> Situation:
    """One cent more consumed, on one line, in the one year reported."""
    line = next(one for one in situation.credits.lines if one.consumed.ae is not None)
    years = tuple(
        replace(cell, consumed=AeCp(cell.consumed.ae + Decimal("0.01"), cell.consumed.cp))
        if cell.consumed.ae is not None
        else cell
        for cell in line.years
    )
    lines = tuple(replace(one, years=years) if one is line else one for one in situation.credits.lines)
    return replace(situation, credits=replace(situation.credits, lines=lines))
