"""The count of a section in the stepper: the one of the rows of its grid, one by one, and after each save."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from budget.models import Consumption
from indicators.models import Measurement
from monitoring.entry.registry import ledgers_of
from monitoring.models import Filing
from monitoring.sections import sections_of
from savings.calc import UNVALUED
from savings.models import RealisedSaving, SavingsLine
from tests.budget.rows import add_lines
from tests.factories import CampaignFactory, FilingFactory

SignedIn = Callable[[User], Client]


@pytest.fixture
def annual(filing: Filing) -> Filing:
    """A fourth quarter with six lines of credits, three of savings of which one is not valued, and an indicator."""
    contract = filing.contract
    add_lines(contract, 6)
    for rank, method in enumerate(("montants", UNVALUED)):
        SavingsLine.objects.create(
            contract=contract, key=f"eco-{rank}", label=f"Économie {rank}", method=method, position=5 + rank
        )
    campaign = CampaignFactory(fourth_quarter=True)
    made: Filing = FilingFactory(contract=contract, campaign=campaign)
    for section in sections_of(made):
        section.prepare(made)
    return made


value = st.sampled_from([None, 0, 12])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.tuples(value, value), min_size=9, max_size=9), measure=value, word=st.booleans())
def test_rows_filled_one_by_one_are_those_that_the_section_counts(
    annual: Filing, amounts: list[tuple[int | None, int | None]], measure: int | None, word: bool
) -> None:
    rows: list[Any] = [*Consumption.objects.filter(filing=annual), *RealisedSaving.objects.filter(filing=annual)]
    for row, (ae, cp) in zip(rows, amounts, strict=False):
        row.ae, row.cp = ae, cp
        row.save()
    Measurement.objects.filter(filing=annual).update(value=measure, comment="Enquête reportée." if word else "")
    for ledger in ledgers_of(annual):
        told = [ledger.filled(row) for row in ledger.rows_of(annual)]
        counted = ledger.section.completeness(annual)
        assert (told.count(True), len(told) - told.count(None)) == (counted.done, counted.total), ledger.section.code


def test_a_row_saved_says_whether_it_is_filled(annual: Filing, lead: User, signed_in: SignedIn) -> None:
    client, address = signed_in(lead), f"/dossiers/{annual.pk}/credits/"
    page = client.get(address).content.decode()
    assert re.search(r'<span id="etape" class="small mute">0 sur 6</span>', page)
    row = Consumption.objects.filter(filing=annual).order_by("pk")[0]
    for cp, filled in (("", "0"), ("5", "1")):
        sent = {f"r{row.pk}": str(row.revision), f"c{row.pk}-ae": "5", f"c{row.pk}-cp": cp, f"c{row.pk}-comment": ""}
        answer = client.post(f"{address}lignes/{row.pk}/", sent).content.decode()
        assert re.findall(r'<tr [^>]*data-filled="(\d)"', answer) == [filled]
        row.refresh_from_db()
    assert '<span id="etape" class="small mute">1 sur 6</span>' in client.get(address).content.decode()
