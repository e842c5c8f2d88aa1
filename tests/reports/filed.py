"""A filing with figures, in any state: what the tests of reports freeze, render and send."""

from datetime import date
from typing import Any

from django.utils import timezone
from djmoney.money import Money

from budget.models import BudgetLine, Consumption
from contracts.models import Contract, Milestone
from indicators.models import Indicator, Measurement
from monitoring.enums import FilingState
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from savings.models import RealisedSaving, SavingsLine
from tests.factories import CampaignFactory, FilingFactory, UserFactory

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
    author = None if state in FilingState.editable() else UserFactory(last_name="Déclarant")
    now = timezone.now()
    Filing.objects.filter(pk=filing.pk).update(
        state=state, submitted_by=author, submitted_at=now, locked_at=now if state == FilingState.LOCKED else None
    )
    filing.refresh_from_db()
