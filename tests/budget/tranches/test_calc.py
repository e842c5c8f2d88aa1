"""Tranches and envelope: figures in clear, and sums that always agree."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.tranches.calc import (
    AVAILABLE,
    DECIDED,
    EnvelopeYear,
    TrancheSituation,
    TrancheYear,
    above_envelope,
    below_decisions,
    kind_of,
    room,
    uncovered_commitments,
)
from budget.tranches.enums import TrancheAction, TrancheState
from budget.tranches.transitions import TRANSITIONS, WHY_NOT, actions_by_hand, moves, transition
from figures.ae_cp import NOTHING, AeCp

DAY = date(2021, 3, 1)
AMOUNTS = st.none() | st.decimals(min_value=0, max_value=10**9, places=2)


def euros(ae: float | None, cp: float | None = None) -> AeCp:
    return AeCp(*(None if one is None else Decimal(str(one)) for one in (ae, cp)))


def year(number: int, planned: AeCp, decided: AeCp = NOTHING, consumed: AeCp = NOTHING) -> TrancheYear:
    """A tranche made available when something was decided."""
    is_decided = decided.is_reported
    return TrancheYear(
        number,
        planned,
        state=AVAILABLE if is_decided else "provisional",
        decided=decided,
        consumed=consumed,
        made_available_on=DAY if is_decided else None,
    )


def test_a_year_and_the_life_of_cap2030() -> None:
    """2021 is fixed at 995 200 and 868 200; 900 000 and 700 000 are consumed; 2022 waits."""
    first = year(2021, euros(995_200, 868_200), euros(995_200, 868_200), euros(900_000, 700_000))
    facts = TrancheSituation((first, year(2022, euros(576_000, 573_000)), year(2023, euros(289_000, 359_000))))
    assert first.reste_a_engager == 95_200
    assert first.excess is None
    assert first.unspent == euros(95_200, 168_200)
    assert facts.planned == euros(1_860_200, 1_800_200)
    assert facts.reste_a_engager == 95_200
    assert room(facts, 2022) == euros(865_000, 932_000)
    assert facts.year(2019) is None


def test_ae_above_the_tranche_are_said_and_a_blank_is_not_a_zero() -> None:
    assert year(2021, euros(10), euros(8), euros(10)).excess == 2
    silent = year(2021, euros(10), euros(8))
    assert silent.reste_a_engager is silent.excess is None
    assert silent.unspent == NOTHING
    assert year(2021, euros(10), consumed=euros(4)).reste_a_engager is None, "nothing is decided"
    negative = year(2021, euros(10), euros(8), euros(-3))
    assert negative.reste_a_engager == 11, "withdrawn commitments give room back"


def test_a_tranche_of_which_nobody_told_is_left_out_of_what_is_to_commit_and_named() -> None:
    """995 200 less 900 000 in 2021; of the 576 000 of 2022 nothing is known; 2023 is withheld."""
    told = year(2021, euros(995_200, 868_200), euros(995_200, 868_200), euros(900_000, 700_000))
    mute = year(2022, euros(576_000, 573_000), euros(576_000, 573_000))
    withheld = year(2023, euros(289_000, 359_000), euros(0, 0))
    facts = TrancheSituation((told, mute, withheld, year(2024, euros(10))))
    assert facts.reste_a_engager == 95_200
    assert facts.untold == (2022,)
    assert TrancheSituation((mute,)).reste_a_engager is None


def test_what_is_decided_is_available_once_made_available() -> None:
    decided = TrancheYear(2021, euros(10, 10), state=DECIDED, decided=euros(8, 8))
    assert (decided.available, decided.unspent) == (NOTHING, NOTHING)


@pytest.mark.parametrize(
    ("decided", "kind"),
    [
        (euros(100, 90), "full"),
        (euros(120, 90), "full"),
        (euros(99.99, 90), "reduced"),
        (euros(100, 0), "reduced"),
        (euros(0, 0), "withheld"),
    ],
)
def test_the_amounts_tell_the_kind(decided: AeCp, kind: str) -> None:
    assert kind_of(decided, euros(100, 90)) == kind


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), max_size=8))
def test_the_years_add_up(rows: list[tuple[Decimal | None, Decimal | None, Decimal | None]]) -> None:
    years = tuple(
        year(2018 + rank, AeCp(plan, plan), AeCp(given_, given_), AeCp(spent, spent))
        for rank, (plan, given_, spent) in enumerate(rows)
    )
    facts = TrancheSituation(years)
    for name in ("planned", "decided", "available", "consumed"):
        known = [getattr(one, name).ae for one in years if getattr(one, name).ae is not None]
        assert getattr(facts, name).ae == (sum(known) if known else None)
    if all(one.decided.ae is not None and one.consumed.ae is not None for one in years) and years:
        assert facts.reste_a_engager == (facts.decided.ae or 0) - (facts.consumed.ae or 0)
    for one in years:
        left = room(facts, one.year).ae
        if left is not None:
            assert left + (facts.decided.ae or 0) - (one.decided.ae or 0) == facts.planned.ae


# --- The fund ---


def test_the_envelope_says_what_is_missing() -> None:
    fund = EnvelopeYear(2022, euros(1_000, 900), euros(200, 0), euros(700, 850), euros(500, 500), euros(100, 50))
    assert fund.open == euros(1_200, 900)
    assert fund.left == euros(500, 50)
    assert above_envelope(fund, euros(500, 50)) == NOTHING
    assert above_envelope(fund, euros(500.01, 60)) == euros(0.01, 10)


def test_only_the_secretariat_s_own_decisions_forbid_an_envelope() -> None:
    """150 fixed by contracts, 50 decided: of 180 voted, 20 are to be taken back; of 140, the 50 that can be."""
    for voted, missing in ((200, None), (180, 20), (140, 50)):
        fund = EnvelopeYear(2021, euros(voted), NOTHING, euros(200), NOTHING, NOTHING, fixed=euros(150))
        assert below_decisions(fund) == euros(missing)
    alone = EnvelopeYear(2021, euros(140), NOTHING, euros(150), NOTHING, NOTHING, fixed=euros(150))
    assert below_decisions(alone) == NOTHING
    assert below_decisions(EnvelopeYear(2021, NOTHING, NOTHING, euros(50), NOTHING, NOTHING)) == NOTHING


def test_an_envelope_that_nobody_recorded_is_not_zero() -> None:
    fund = EnvelopeYear(2022, NOTHING, NOTHING, euros(700, 850), NOTHING, NOTHING)
    assert (fund.open, fund.left) == (NOTHING, NOTHING)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_voted_carried_and_decided_add_up(
    voted: Decimal | None, carried: Decimal | None, decided: Decimal | None
) -> None:
    fund = EnvelopeYear(2022, AeCp(voted), AeCp(carried), AeCp(decided), NOTHING, NOTHING)
    if fund.left.ae is not None:
        assert fund.left.ae + (decided or 0) == (voted or 0) + (carried or 0)


def test_the_published_reste_a_payer_of_the_fund_at_the_end_of_2019() -> None:
    """200 000 000 − 179 854 003 + 65 330 908 − 37 596 883; the document prints 47 880 021."""
    figures = (200_000_000, 179_854_003, 65_330_908, 37_596_883)
    assert uncovered_commitments(*map(Decimal, figures)) == 47_880_022


# --- The table ---


def test_every_state_but_the_last_leads_somewhere() -> None:
    assert {line.from_state for line in TRANSITIONS} == set(TrancheState) - {TrancheState.CLOSED}
    assert ("provisional", "available") not in moves()


def test_a_withheld_tranche_is_closed_and_never_made_available() -> None:
    assert transition(TrancheAction.MAKE_AVAILABLE, "decided", "withheld") is None
    assert actions_by_hand("decided", "withheld") == [TrancheAction.WITHDRAW, TrancheAction.CLOSE]
    assert actions_by_hand("decided", "full") == [TrancheAction.WITHDRAW, TrancheAction.MAKE_AVAILABLE]
    assert actions_by_hand("provisional", "") == [TrancheAction.DECIDE], "the signature's year is fixed by no person"


def test_the_table_says_why_it_has_no_line_for_an_act_that_a_person_may_ask_for() -> None:
    by_hand = {line.action for line in TRANSITIONS if line.by_hand}
    kinds = ("full", "withheld")
    missing = {
        (act, state) for act in by_hand for state in TrancheState for kind in kinds if not transition(act, state, kind)
    }
    assert {one for one in missing if one not in WHY_NOT} == set()
    assert len(missing) == 16
