"""The life of a contract: what its phase is on a day, what « finished » means, what cannot have happened."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from contracts.lifecycle.calc import Event, Phase, Step, is_suspended, phase, stopped_by
from contracts.lifecycle.selectors import events_of, phase_of, stop_of
from contracts.lifecycle.services import EventRefused, record_event
from contracts.models import Contract, ContractVersion

TODAY = date(2024, 1, 31)
DAYS = st.dates(date(2018, 1, 1), date(2026, 12, 31))


def at(step: Step, on: date | None) -> Event:
    return Event(step, on, step.value)


@pytest.mark.parametrize(
    ("events", "on", "expected"),
    [
        ([], date(2021, 1, 1), Phase.IN_FORCE),
        ([], date(2023, 1, 1), Phase.OVERDUE),
        ([at(Step.END, date(2022, 12, 31))], date(2023, 1, 1), Phase.ENDED),
        ([at(Step.END, date(2022, 12, 31)), at(Step.FINAL_REVIEW, date(2023, 5, 1))], date(2023, 4, 30), Phase.ENDED),
        ([at(Step.END, date(2022, 12, 31)), at(Step.FINAL_REVIEW, date(2023, 5, 1))], date(2023, 5, 1), Phase.FINISHED),
        ([at(Step.FINAL_REVIEW, date(2023, 5, 1))], date(2023, 6, 1), Phase.OVERDUE),
        ([at(Step.INTERRUPTION, date(2021, 6, 1)), at(Step.END, date(2021, 6, 1))], TODAY, Phase.INTERRUPTED),
        ([at(Step.SUSPENSION, date(2021, 6, 1))], date(2021, 7, 1), Phase.SUSPENDED),
        (
            [at(Step.SUSPENSION, date(2021, 6, 1)), at(Step.RESUMPTION, date(2021, 7, 1))],
            date(2021, 7, 1),
            Phase.IN_FORCE,
        ),
        ([at(Step.END, None)], date(2023, 1, 1), Phase.OVERDUE),
    ],
)
def test_the_written_definition(events: list[Event], on: date, expected: Phase) -> None:
    assert phase(events, 2022, on, is_signed=True) == expected


def test_before_the_signature() -> None:
    on = date(2020, 1, 1)
    assert phase([], 2022, on, is_signed=False) == Phase.NOT_BEGUN
    assert phase([at(Step.SELECTION, on)], 2022, on, is_signed=False) == Phase.SELECTED
    assert phase([at(Step.SELECTION, on), at(Step.DECISION, on)], 2022, on, is_signed=False) == Phase.DECIDED


@given(st.lists(st.tuples(st.sampled_from(Step), DAYS), max_size=8), DAYS, DAYS)
def test_what_comes_later_changes_nothing_before(found: list[tuple[Step, date]], on: date, limit: date) -> None:
    events = [at(step, day) for step, day in found]
    past = [event for event in events if event.on is not None and event.on <= on]
    assert phase(events, 2022, on, is_signed=True) == phase(past, 2022, on, is_signed=True)
    assert is_suspended(events, on) == is_suspended(past, on)
    assert stopped_by(events, on) == stopped_by(past, on)


def test_a_suspension_lasts_until_funding_resumes_and_an_interruption_for_good() -> None:
    stop, again = at(Step.SUSPENSION, date(2021, 5, 1)), at(Step.RESUMPTION, date(2021, 9, 1))
    over = at(Step.INTERRUPTION, date(2022, 1, 15))
    events = [again, over, stop, at(Step.RESUMPTION, date(2022, 2, 1))]
    assert stopped_by(events, date(2021, 4, 30)) is None
    assert stopped_by(events, date(2021, 5, 1)) is stop
    assert stopped_by(events, date(2021, 9, 1)) is None
    assert stopped_by(events, date(2023, 1, 1)) is over


def test_nothing_new_is_given_after_the_end() -> None:
    end, review = at(Step.END, date(2022, 12, 31)), at(Step.FINAL_REVIEW, date(2023, 5, 1))
    events = [at(Step.SUSPENSION, date(2021, 5, 1)), end, review]
    assert stopped_by(events, date(2022, 12, 30)) is events[0]
    assert stopped_by(events, date(2022, 12, 31)) is end
    assert stopped_by(events, date(2024, 1, 1)) is end


@pytest.mark.django_db
def test_cap2030_bears_its_signatures(cap2030: ContractVersion) -> None:
    told = [(one.on, one.label) for one in events_of(cap2030.contract)]
    assert told[0] == (date(2021, 5, 6), "Signature, porteur")
    assert (date(2021, 5, 31), "Signature, direction du budget") in told
    assert told[-1] == (date(2021, 5, 31), "Prise d’effet")
    assert phase_of(cap2030.contract, date(2021, 5, 30)) == Phase.NOT_BEGUN
    assert phase_of(cap2030.contract, date(2021, 5, 31)) == Phase.IN_FORCE
    assert phase_of(cap2030.contract, date(2024, 1, 1)) == Phase.OVERDUE


@pytest.mark.django_db
def test_incub_o_is_signed_without_a_date(incub_o: ContractVersion) -> None:
    assert {one.on for one in events_of(incub_o.contract)} == {None}
    assert phase_of(incub_o.contract, date(2019, 1, 1)) == Phase.IN_FORCE


@pytest.mark.django_db
def test_events_follow_one_another(contract: Contract, secretariat: User) -> None:
    def record(kind: str, on: date, reason: str = "Comité du jour") -> None:
        record_event(contract, kind, on, reason, secretariat, today=TODAY)

    def refused(kind: str, on: date, message: str, reason: str = "Comité") -> None:
        with pytest.raises(EventRefused, match=message):
            record(kind, on, reason)

    record("selection", date(2019, 11, 5))
    refused("decision", date(2019, 11, 4), "La décision suit la sélection")
    record("decision", date(2019, 11, 5))
    refused("suspension", date(2021, 6, 1), "a un motif", reason=" ")
    refused("reprise", date(2021, 6, 1), "ne sont pas suspendus")
    record("suspension", date(2021, 6, 1))
    refused("suspension", date(2021, 6, 2), "déjà suspendus")
    assert stop_of(contract, date(2021, 6, 1))
    record("reprise", date(2021, 9, 1))
    assert stop_of(contract, date(2021, 9, 1)) is None
    refused("bilan", date(2022, 12, 31), "suit la fin")
    refused("fin", date(2025, 1, 1), "à venir")
    record("fin", date(2022, 12, 31))
    refused("fin", date(2022, 12, 30), "déjà enregistré")
    refused("suspension", date(2023, 1, 1), "L’exécution du contrat est finie")
    record("bilan", date(2023, 6, 1))
    assert phase_of(contract, TODAY) == Phase.FINISHED
