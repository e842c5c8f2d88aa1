"""What the drawings of a report are made from."""

from dataclasses import replace
from datetime import date

import pytest

from figures.gantt import GanttFrame, GanttGroup, GanttMilestone, GanttPhase, gantt
from figures.periods import Quarter
from reports.charts import gantt_row, is_undrawn
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


def half_dated(on: date, state: str, *, is_late: bool = False) -> MilestoneStanding:
    """Incub-O's platform: its start cannot be read, its end is the third quarter of 2020."""
    told = phase(date(2020, 7, 1), date(2020, 9, 30), state)
    label = {"done": "Terminé", "late": "En retard"}.get(state, "")
    return replace(told, starts_on=None, is_start_unreadable=True, on=on, state_label=label)


def drawn(one: MilestoneStanding) -> GanttPhase:
    (found,) = gantt_row(one, Quarter.of(MID_2020)).phases
    return found


@pytest.mark.parametrize("state", ["ongoing", "done"])
def test_nothing_is_drawn_as_real_after_the_day_of_the_data(state: str) -> None:
    early = drawn(phase(date(2020, 10, 1), date(2020, 12, 31), state))
    assert (early.first, early.last) == (Quarter(2020, 4), Quarter(2020, 4))
    assert early.realised_first == (Quarter(2020, 2) if state == "ongoing" else None)
    assert early.realised_last is None


def test_a_phase_done_is_drawn_until_the_day_it_was_done() -> None:
    done = drawn(phase(date(2019, 1, 1), date(2020, 3, 31), "done", date(2019, 8, 15)))
    assert (done.realised_first, done.realised_last) == (Quarter(2019, 1), Quarter(2019, 3))


def milestone(done_on: date | None) -> GanttMilestone:
    """The opening, planned for the first quarter of 2020."""
    planned = phase(date(2020, 3, 31), date(2020, 3, 31), "done", done_on)
    (found,) = gantt_row(replace(planned, kind="milestone"), Quarter.of(MID_2020)).milestones
    return found


@pytest.mark.parametrize(
    ("done_on", "reached"),
    [(date(2019, 8, 15), Quarter(2019, 3)), (date(2020, 5, 4), Quarter(2020, 2)), (date(2020, 7, 2), Quarter(2020, 3))],
)
def test_a_milestone_reached_is_drawn_on_its_real_day(done_on: date, reached: Quarter) -> None:
    one = milestone(done_on)
    assert (one.quarter, one.is_done, one.done_in) == (Quarter(2020, 1), True, reached)


def test_what_was_done_without_a_date_is_given_none() -> None:
    assert milestone(None).done_in is None
    done = drawn(phase(date(2019, 1, 1), date(2020, 3, 31), "done"))
    assert (done.realised_first, done.realised_last) == (None, None)
    assert done.note == "terminé, date non renseignée"
    said = phase(date(2019, 1, 1), date(2020, 3, 31), "done")
    assert replace(said, state_label="Terminé").state_said == "Terminé (date non renseignée)"


def test_a_phase_done_before_its_planned_start_is_drawn_on_its_real_quarter() -> None:
    done = drawn(phase(date(2020, 10, 1), date(2020, 12, 31), "done", date(2019, 8, 15)))
    assert (done.realised_first, done.realised_last) == (Quarter(2019, 3), Quarter(2019, 3))


@pytest.mark.parametrize(
    ("is_unreadable", "note"), [(True, "date prévue illisible"), (False, "date prévue absente du contrat")]
)
def test_what_was_finished_on_a_day_that_nobody_had_promised_is_drawn_on_it(is_unreadable: bool, note: str) -> None:
    told = phase(MID_2020, MID_2020, "done", date(2019, 8, 15))
    undated = replace(told, starts_on=None, ends_on=None, is_end_unreadable=is_unreadable)
    row = gantt_row(undated, Quarter.of(MID_2020))
    assert row.milestones == (GanttMilestone(None, is_done=True, done_in=Quarter(2019, 3), note=note),)
    assert not is_undrawn(undated)
    assert is_undrawn(replace(undated, done_on=None)), "done, and nobody said when"


def test_what_did_not_begin_has_no_solid_bar() -> None:
    assert drawn(phase(date(2020, 10, 1), date(2020, 12, 31), "planned")).realised_first is None


@pytest.mark.parametrize("state", ["ongoing", "done", "late"])
def test_a_start_that_nobody_can_read_is_not_drawn_whatever_the_day(state: str) -> None:
    bars = [
        gantt_row(half_dated(on, state), Quarter.of(on)).phases[0] for on in (date(2019, 12, 31), date(2020, 6, 30))
    ]
    assert bars[0] == bars[1]
    assert (bars[0].first, bars[0].last) == (Quarter(2020, 3), Quarter(2020, 3))
    assert (bars[0].realised_first, bars[0].realised_last) == (None, None)


def test_a_half_dated_phase_says_what_is_lost_in_the_drawing_and_in_its_words() -> None:
    row = gantt_row(half_dated(MID_2020, "done"), Quarter.of(MID_2020))
    (svg,) = gantt(GanttFrame("calendrier", "Calendrier"), [GanttGroup("Axe 3", (row,))])
    assert ">début illisible, terminé, date non renseignée</text>" in svg
    assert "date manquante" in svg
    assert "jusqu’à T3\u00a02020, début illisible, terminé, date non renseignée." in svg


def test_an_end_without_date_is_drawn_open() -> None:
    told = replace(phase(date(2020, 1, 1), date(2020, 1, 1), "ongoing"), ends_on=None, state_label="En cours")
    row = gantt_row(told, Quarter.of(MID_2020))
    (svg,) = gantt(GanttFrame("calendrier", "Calendrier"), [GanttGroup("Axe 3", (row,))])
    assert "à partir de T1\u00a02020, fin sans date, en cours." in svg
