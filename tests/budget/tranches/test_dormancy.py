"""Dormant contracts: who sleeps, of whom nobody can tell, what might be released; figures in clear."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from budget.tranches.dormancy import Activity, elapsed, silence, sleep

START, END = date(2021, 1, 1), date(2023, 12, 31)
JUNE, LATER = date(2021, 6, 30), date(2022, 6, 30)


def activity(
    moved_on: date | None, told_on: date | None, consumed: int | None, granted: int | None = 600, **more: object
) -> Activity:
    """1 000 € planned from 2021 to 2023."""
    made = Activity(
        START,
        END,
        moved_on,
        told_on,
        Decimal(1_000),
        None if consumed is None else Decimal(consumed),
        None if granted is None else Decimal(granted),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def test_no_ae_for_a_year_that_was_told() -> None:
    found = sleep(activity(JUNE, LATER, 400), date(2022, 7, 31))
    assert found is not None
    assert found.reasons == ("aucune AE du 30\u00a0juin\u00a02021 au 30\u00a0juin\u00a02022 (12\u00a0mois)",)
    assert found.release == 200
    assert sleep(activity(JUNE, date(2022, 3, 31), 400), date(2022, 7, 31)) is None, "nine months are told"
    never = sleep(activity(None, LATER, 0), LATER)
    assert never is not None
    assert never.reasons[0] == "aucune AE du début du contrat au 30\u00a0juin\u00a02022 (17\u00a0mois)"


def test_a_contract_that_no_longer_reports_is_not_called_dormant() -> None:
    """Its AE last moved in June 2021, which is also the last thing that it said."""
    mute = activity(JUNE, JUNE, 100)
    assert silence(mute, date(2022, 6, 29)) == ""
    assert sleep(mute, date(2022, 6, 30)) is None
    assert (
        silence(mute, date(2022, 6, 30))
        == "consommation non renseignée depuis le 30\u00a0juin\u00a02021 (12\u00a0mois)"
    )
    assert silence(mute, date(2022, 6, 30), months=13) == ""


def test_too_little_after_half_of_the_time() -> None:
    found = sleep(activity(LATER, LATER, 249), date(2022, 7, 31))
    assert found is not None
    assert found.reasons == ("24,9\u00a0% des AE prévues consommées après 53\u00a0% de la durée",)
    assert found.release == 351
    assert sleep(activity(LATER, LATER, 250), date(2022, 7, 31)) is None


def test_nothing_reported_at_all_is_unknown() -> None:
    mute = activity(None, None, None)
    assert sleep(mute, date(2023, 1, 1)) is None
    assert silence(mute, date(2023, 1, 1)) == "aucune consommation renseignée après 67\u00a0% de la durée"
    assert silence(mute, date(2021, 12, 31)) == "", "nothing is late yet"
    assert silence(mute, date(2022, 1, 1)) == "aucune consommation renseignée après 33\u00a0% de la durée"


def test_a_year_left_blank_on_the_way_is_unknown() -> None:
    """249 € are known for 2022, and what 2021 took is not: the share may be anything."""
    holed = activity(LATER, LATER, 249, blank_years=(2021,))
    assert sleep(holed, date(2022, 7, 31)) is None
    assert silence(holed, date(2022, 7, 31)) == "consommation de 2021 non renseignée"
    assert silence(replace(holed, consumed_ae=Decimal(1_000)), date(2022, 7, 31)) == "", "all of it is committed"


def test_no_tranche_releases_nothing() -> None:
    found = sleep(activity(LATER, LATER, 100, None), date(2022, 7, 31))
    assert found is not None
    assert found.release is None
    over = sleep(activity(LATER, LATER, 100, 50), date(2022, 7, 31))
    assert over is not None
    assert over.release == 0, "more was consumed than decided"


def test_a_contract_not_begun_or_wholly_committed_does_not_sleep() -> None:
    for one, on in ((activity(None, None, None), date(2020, 1, 1)), (activity(JUNE, JUNE, 1_000), END)):
        assert sleep(one, on) is None
        assert silence(one, on) == ""


DAYS = st.none() | st.dates(START, END)


@given(DAYS, DAYS, st.none() | st.integers(0, 1_200), st.dates(date(2020, 1, 1), date(2025, 1, 1)))
def test_no_contract_is_both_dormant_and_unknown(
    moved: date | None, told: date | None, consumed: int | None, on: date
) -> None:
    one = activity(moved, told, consumed if told else None)
    assert not (sleep(one, on) and silence(one, on))


def test_a_contract_of_no_duration_divides_by_nothing() -> None:
    assert elapsed(Activity(START, START, None, None, None, None, None), START) == 1
    assert elapsed(activity(None, None, None), date(2030, 1, 1)) == 1
