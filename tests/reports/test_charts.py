"""What the drawings of a report are made from."""

from datetime import date

import pytest

from figures.gantt import GanttPhase
from figures.periods import Quarter
from reports.charts import gantt_row
from reports.facts import MilestoneStanding

MID_2020 = date(2020, 6, 30)


def phase(starts_on: date, ends_on: date, state: str, done_on: date | None = None) -> MilestoneStanding:
    return MilestoneStanding(
        key="plateforme",
        kind="phase",
        kind_label="Phase",
        label="Plateforme",
        axis="3",
        starts_on=starts_on,
        ends_on=ends_on,
        is_start_unreadable=False,
        is_end_unreadable=False,
        state=state,
        state_label="",
        done_on=done_on,
        expected_on=None,
        comment="",
        on=MID_2020,
    )


def drawn(one: MilestoneStanding) -> GanttPhase:
    (found,) = gantt_row(one, Quarter.of(MID_2020)).phases
    return found


@pytest.mark.parametrize("state", ["ongoing", "done"])
def test_nothing_is_drawn_as_real_after_the_day_of_the_data(state: str) -> None:
    early = drawn(phase(date(2020, 10, 1), date(2020, 12, 31), state))
    assert (early.first, early.last) == (Quarter(2020, 4), Quarter(2020, 4))
    assert early.realised_first == Quarter(2020, 2)
    assert early.realised_last in (None, Quarter(2020, 2))


def test_a_phase_done_is_drawn_until_the_day_it_was_done() -> None:
    done = drawn(phase(date(2019, 1, 1), date(2020, 3, 31), "done", date(2019, 8, 15)))
    assert (done.realised_first, done.realised_last) == (Quarter(2019, 1), Quarter(2019, 3))


def test_what_did_not_begin_has_no_solid_bar() -> None:
    assert drawn(phase(date(2020, 10, 1), date(2020, 12, 31), "planned")).realised_first is None
