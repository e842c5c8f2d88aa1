"""Credits side by side, figures in clear."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from budget.calc import (
    CreditGroup,
    CreditLine,
    CreditSituation,
    CreditTotalYear,
    CreditYear,
    ftap_amount,
    reste_a_payer,
)
from figures.ae_cp import NOTHING, AeCp, total_ae_cp


def line(
    *cells: tuple[AeCp, AeCp], source: str = "FTAP", titre: str = "3", axis: str = "1", first: int = 2020
) -> CreditLine:
    return CreditLine(
        key="k",
        label="Études",
        group="",
        nature="prestations",
        nature_label="Prestations",
        titre=titre,
        programme="0349",
        source=source,
        is_ftap=source == "FTAP",
        axis=axis,
        axis_title="Simplifier",
        sheet="",
        lot="",
        etp=None,
        years=tuple(CreditYear(first + rank, planned, consumed) for rank, (planned, consumed) in enumerate(cells)),
    )


def euros(ae: int | str | None, cp: int | str | None) -> AeCp:
    return AeCp(None if ae is None else Decimal(ae), None if cp is None else Decimal(cp))


def test_the_published_reste_a_payer() -> None:
    """At 31/12/2019: AE of 2018 plus AE of 2019 less the CP paid leave 47 880 022 € (printed 47 880 021)."""
    ae = Decimal(200_000_000) - Decimal(179_854_003) + Decimal(65_330_908)
    assert reste_a_payer(AeCp(ae, Decimal(37_596_883))) == Decimal(47_880_022)


def test_a_line_over_two_years() -> None:
    """Planned 300/200, consumed 150/90: 60 € here, 150 € left to commit, half consumed in AE."""
    one = line((euros(100, 50), euros(80, 40)), (euros(200, 150), euros(70, 50)))
    assert one.planned == euros(300, 200)
    assert one.consumed == euros(150, 90)
    assert one.reste_a_payer == 60
    assert one.reste_a_engager == 150
    assert one.share == AeCp(Decimal("0.5"), Decimal("0.45"))
    assert one.years[0].gap == euros(-20, -10)


def test_not_reported_is_not_zero() -> None:
    one = line((euros(100, 50), NOTHING))
    assert one.consumed == NOTHING
    assert one.reste_a_payer is None
    assert one.gap == NOTHING
    assert line((euros(100, 50), euros(0, 0))).reste_a_payer == 0


def test_a_withdrawn_commitment_is_negative() -> None:
    one = line((euros(100, 100), euros(80, 80)), (euros(0, 0), euros(-30, 0)))
    assert one.consumed.ae == 50
    assert one.reste_a_payer == -30


def test_groups_and_sources() -> None:
    """Two FTAP lines of 10 and 20, one co-financed of 5: 30, 5 and 35 in CP."""
    ftap = line((euros(10, 10), NOTHING)), line((euros(20, 20), NOTHING), titre="2", axis="")
    other = line((euros(5, 5), NOTHING), source="Région")
    situation = CreditSituation((2020,), (*ftap, other))
    assert situation.ftap.planned.cp == 30
    assert situation.co_financing.planned.cp == 5
    assert situation.total.planned.cp == 35
    assert {one.label: one.planned for one in situation.by_titre} == {
        "Titre 2": euros(20, 20),
        "Titre 3": euros(15, 15),
    }
    assert [one.label for one in situation.by_axis] == ["Axe 1 – Simplifier", "Hors axe"]
    assert [one.code for one in situation.by_source] == ["FTAP", "Région"]


def test_ftap_amount_is_the_sheets_when_they_have_amounts() -> None:
    situation = CreditSituation((2020,), (line((euros(10, 12), NOTHING)),))
    assert ftap_amount([Decimal(1_800_200)], situation) == 1_800_200
    assert ftap_amount([None], situation) == 12


amounts = st.none() | st.decimals(-(10**9), 10**9, places=2)
cells = st.tuples(st.builds(AeCp, amounts, amounts), st.builds(AeCp, amounts, amounts))


@given(st.lists(st.tuples(cells, cells, st.sampled_from("235"), st.sampled_from(["FTAP", "Région"])), max_size=6))
def test_every_division_adds_up_to_the_total(rows: list[tuple[object, object, str, str]]) -> None:
    lines = tuple(line(first, second, titre=titre, source=source) for first, second, titre, source in rows)  # type: ignore[arg-type]
    situation = CreditSituation((2020, 2021), lines)
    whole = situation.total
    for groups in (situation.by_titre, situation.by_source, situation.by_axis, situation.by_nature):
        for amount in ("ae", "cp"):
            parts = [getattr(group.consumed, amount) for group in groups]
            known = [part for part in parts if part is not None]
            assert (sum(known, Decimal(0)) if known else None) == getattr(whole.consumed, amount)
    both = whole.consumed.ae is not None and whole.consumed.cp is not None
    assert (whole.reste_a_payer is not None) == both


def test_the_total_of_the_gaps_is_the_sum_of_the_years_reported() -> None:
    """CAP2030's co-financing: nothing is reported in 2020; its plan is left to be committed, and is no gap."""
    years = (
        CreditYear(2020, AeCp(Decimal(300_000), Decimal(300_000)), NOTHING),
        CreditYear(2021, AeCp(Decimal(100_000), Decimal(100_000)), AeCp(Decimal(90_000), None)),
    )
    group = CreditGroup("co", "Cofinancement", years)
    assert group.gap_to_date == AeCp(Decimal(-10_000), None)
    assert group.reste_a_engager == Decimal(310_000)


def test_a_line_left_blank_has_no_part_in_the_gap_of_a_total() -> None:
    """60 of 100 in AE, and 50 planned of which nothing is told: −40, held against 100."""
    situation = CreditSituation((2020,), (line((euros(100, 100), euros(60, None))), line((euros(50, 50), NOTHING))))
    year = situation.total.years[0]
    assert isinstance(year, CreditTotalYear)
    assert (year.planned, year.consumed) == (euros(150, 150), euros(60, None))
    assert year.gap == situation.total.gap_to_date == euros(-40, None)
    assert year.held == euros(100, None)
    assert situation.total.reste_a_engager == 90, "what is left to commit counts the plan of every line"


def test_a_total_of_which_every_line_is_told_is_held_against_all_its_plan() -> None:
    situation = CreditSituation((2020,), (line((euros(100, 100), euros(60, 60))), line((euros(50, 50), euros(0, 0)))))
    year = situation.total.years[0]
    assert isinstance(year, CreditTotalYear)
    assert (year.gap, year.held) == (euros(-90, -90), NOTHING)


@given(st.lists(st.tuples(cells, cells), max_size=6))
def test_the_gaps_of_lines_add_up_to_those_of_totals(rows: list[tuple[object, object]]) -> None:
    situation = CreditSituation((2020, 2021), tuple(line(*each) for each in rows))  # type: ignore[arg-type]
    for rank, year in enumerate(situation.total.years):
        assert year.gap == total_ae_cp(one.years[rank].gap for one in situation.lines)
    assert situation.total.gap_to_date == total_ae_cp(one.gap_to_date for one in situation.lines)
