"""The fund's return on a day: what was submitted and certified by then, and not what came later."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from djmoney.money import Money

from accounts.models import User
from budget.models import Consumption
from budget.services import record_consumptions
from contracts.models import Contract
from monitoring.enums import FilingState
from monitoring.models import Filing, FilingTransition
from reports.fund_return import counted_on, terms_by_day
from reports.selectors import portfolio
from savings.models import RealisedSaving, SavingCertification
from tests.budget.rows import earlier, entry
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TODAY = date.today()  # noqa: DTZ011 - the day of the machine that runs the test


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def declared(filing: Filing) -> RealisedSaving:
    """30 000 € on the recurrent line of the contract."""
    amount: Any = Money(30_000, "EUR")
    line = filing.contract.savings_lines.get()
    row, _ = RealisedSaving.objects.update_or_create(filing=filing, line=line, defaults={"ae": amount, "cp": amount})
    return row


def test_a_day_tells_what_was_submitted_and_certified_by_then(
    contract: Contract, filing: Filing, lead: User, secretariat: User
) -> None:
    """2021 is submitted on 10 February 2022, certified on 1 June at 20 000 €, then at 25 000 € a year later."""
    past = earlier(filing, 2021, 4, lead, {"etudes": (90_000, 80_000), "outil": (0, 0)}, state=FilingState.DRAFT)
    realised = declared(past)
    Filing.objects.filter(pk=past.pk).update(state="submitted", submitted_by=lead, submitted_at=at(2022, 2, 10))
    certifier = UserFactory()
    for euros, on in ((20_000, at(2022, 6, 1)), (25_000, at(2023, 6, 1))):
        amount: Any = Money(euros, "EUR")
        SavingCertification.objects.update_or_create(
            realised=realised,
            defaults={"ae": amount, "cp": amount, "certified_by": certifier, "certified_at": on, "reason": "x"},
        )
    days = [date(2021, 12, 31), date(2022, 2, 10), date(2022, 12, 31), date(2023, 12, 31), TODAY]
    consumed = Decimal(80_000)
    found = {day: terms[contract.pk] for day, terms in terms_by_day([contract], days).items()}
    assert list(found.values()) == [
        (None, None),
        (None, consumed),
        (Decimal(20_000), consumed),
        (Decimal(25_000), consumed),
        (Decimal(25_000), consumed),
    ]
    (row,) = (one for one in portfolio(secretariat) if one.contract == contract)
    assert (row.certified_recurrent.cp, row.consumed.cp) == found[TODAY]


def moved(filing: Filing, state: FilingState, by: User, on: datetime) -> None:
    """A change of state on a day: the state, its row, and the day in both."""
    before = filing.state
    Filing.objects.filter(pk=filing.pk).update(state=state, submitted_by=by, submitted_at=on)
    filing.refresh_from_db()
    row = FilingTransition.objects.create(
        filing=filing,
        action="reopen" if state == FilingState.REOPENED else "submit",
        from_state=before,
        to_state=state,
        actor=by,
        reason="x",
    )
    FilingTransition.objects.filter(pk=row.pk).update(at=on)


def written(on: datetime) -> None:
    """All that the history has no other day for was written on this one."""
    now = timezone.now() - timedelta(days=1)
    Consumption.pgh_event_model.objects.filter(pgh_created_at__gt=now).update(pgh_created_at=on)  # type: ignore[attr-defined]


def test_a_past_day_does_not_move_when_a_filing_is_reopened_and_corrected(
    contract: Contract, filing: Filing, lead: User
) -> None:
    """2021 told 80 000 €; reopened on 1 March 2023, corrected to 95 000 € on the 5th, submitted again on the 10th."""
    past = earlier(filing, 2021, 4, lead, {"etudes": (100_000, 80_000), "outil": (0, 0)}, state=FilingState.DRAFT)
    written(at(2022, 2, 1))
    moved(past, FilingState.SUBMITTED, lead, at(2022, 2, 10))
    days = [date(2022, 12, 31), date(2023, 2, 28), date(2023, 3, 1), date(2023, 3, 9), date(2023, 3, 10), TODAY]

    def consumed() -> list[Decimal | None]:
        return [terms[contract.pk][1] for terms in terms_by_day([contract], days).values()]

    first, then = Decimal(80_000), Decimal(95_000)
    assert consumed() == [first] * 6
    moved(past, FilingState.REOPENED, lead, at(2023, 3, 1))
    assert consumed() == [first, first, None, None, None, None]
    row = Consumption.objects.get(filing=past, line__key="etudes")
    record_consumptions(filing=past, entries=[entry(row, 100_000, 95_000)], actor=lead)
    written(at(2023, 3, 5))
    moved(past, FilingState.SUBMITTED, lead, at(2023, 3, 10))
    assert consumed() == [first, first, None, None, then, then]


def test_a_filing_sent_back_did_not_count_meanwhile(filing: Filing) -> None:
    moves = [(at(2022, 2, 10), "submitted"), (at(2022, 3, 1), "sent_back"), (at(2022, 5, 1), "submitted")]
    days = (date(2022, 2, 9), date(2022, 2, 10), date(2022, 3, 1), date(2022, 4, 30), date(2022, 5, 1))
    assert [counted_on(filing, moves, day) for day in days] == [False, True, False, False, True]
    assert not counted_on(filing, (), date(2022, 5, 1)), "never submitted"
