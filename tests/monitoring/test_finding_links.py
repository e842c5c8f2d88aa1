"""What a rule finds leads to the cell that mends it: on its page, for who types and for who reads."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from budget.models import Consumption
from indicators.models import Measurement
from monitoring import rules
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.sections import sections_of
from savings.models import RealisedSaving
from tests.factories import CampaignFactory, FilingFactory

SignedIn = Callable[[User], Client]

ON_NO_CELL = {"S12", "S13", "S15"}
"""A risk to confirm as a whole, the filing's delay, an earlier filing."""


@pytest.fixture
def annual(filing: Filing) -> Filing:
    """A fourth quarter, which has every section, its rows made."""
    campaign = CampaignFactory(fourth_quarter=True, opened_at=timezone.now())
    made: Filing = FilingFactory(contract=filing.contract, campaign=campaign)
    for section in sections_of(made):
        section.prepare(made)
    return made


def blank(filing: Filing) -> set[str]:
    """Nothing was typed but a grave risk and a milestone late."""
    FiledRisk.objects.create(filing=filing, title="Recrutement", probability=4, severity=5)
    first, *others = filing.milestone_progress.order_by("milestone__position")
    MilestoneProgress.objects.filter(pk=first.pk).update(state="late")
    MilestoneProgress.objects.filter(pk__in=[row.pk for row in others]).update(state="dropped")
    return {"S01", "S04", "S06", "S10", "S11", "C11", "E05"}


def wrong(filing: Filing) -> set[str]:
    """Figures and words that contradict each other."""
    Filing.objects.filter(pk=filing.pk).update(weather="compromised")
    filing.milestone_progress.update(state="done", done_on=date(2022, 3, 1))
    Consumption.objects.filter(filing=filing).update(ae=900_000, cp=1_000_000)
    RealisedSaving.objects.filter(filing=filing).update(ae=-5, cp=-10)
    Measurement.objects.filter(filing=filing).update(value=-4)
    return {"S02", "S09", "C01", "E01", "E06"}


@pytest.mark.parametrize("state", ["draft", "locked"])
@pytest.mark.parametrize("fill", [blank, wrong])
def test_every_finding_leads_to_its_cell(
    annual: Filing, lead: User, signed_in: SignedIn, fill: Callable[[Filing], set[str]], state: str
) -> None:
    expected = fill(annual)
    if state == "locked":
        now = timezone.now()
        Filing.objects.filter(pk=annual.pk).update(state=state, submitted_by=lead, submitted_at=now, locked_at=now)
    shown = Filing.objects.select_related("campaign", "contract", "version").get(pk=annual.pk)
    found = rules.findings(shown)
    assert expected <= {one.rule.code for one in found}
    client, pages = signed_in(lead), dict[str, str]()
    for one in found:
        address, _, place = one.url.partition("#")
        if one.rule.code in ON_NO_CELL:
            continue
        if address not in pages:
            pages[address] = client.get(address).content.decode()
        (tag,) = re.findall(rf'<(\w+)[^>]* id="{re.escape(place)}"', pages[address])
        assert tag in {"input", "select", "textarea", "td", "span", "dd"}, f"{one.rule.code}: {one.url} is a {tag}"
