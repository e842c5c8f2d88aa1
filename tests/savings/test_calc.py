"""Savings and returns, figures in clear."""

from datetime import date
from decimal import Decimal

from figures.ae_cp import NOTHING, AeCp
from savings.calc import Investment, SavingLine, SavingsSituation, SavingYear, returns

DAY = date(2022, 12, 31)
PAID = Investment(None, None, Decimal(340), Decimal(400))


def euros(amount: int | None) -> AeCp:
    return NOTHING if amount is None else AeCp(Decimal(amount), Decimal(amount))


def line(
    *cells: tuple[int | None, int | None, int | None],
    recurrent: int = 0,
    is_recurrent: bool = True,
    is_redeployed: bool = False,
) -> SavingLine:
    """One line; each cell is planned, declared, certified, in euros, from 2021."""
    years = tuple(
        SavingYear(2021 + rank, euros(planned), euros(declared), euros(certified))
        for rank, (planned, declared, certified) in enumerate(cells)
    )
    return SavingLine(
        key="k",
        label="Emplois",
        nature="personnel",
        titre="2",
        programme="0354",
        method="postes",
        method_label="Postes",
        parameters={},
        is_recurrent=is_recurrent,
        is_redeployed=is_redeployed,
        recurrent=euros(recurrent),
        posts=(),
        years=years,
    )


def test_declared_and_certified_are_never_mixed() -> None:
    one = line((100, 80, 60), (200, 190, None))
    assert [one.planned, one.declared, one.certified] == [euros(300), euros(270), euros(60)]
    assert one.gap.cp == -30


def test_the_gap_looks_at_declared_years_only() -> None:
    """300 € are planned, but 2022 is not declared yet: 80 are held against 100."""
    one = line((100, 80, None), (200, None, None))
    assert one.planned_to_date.cp == 100
    assert one.gap.cp == -20


def test_a_miss_made_up_on_another_line() -> None:
    """−30 on one line, +50 on another: 20 € above (article 7)."""
    situation = SavingsSituation((2021,), (line((100, 70, None)), line((10, 60, None))))
    assert situation.net_compensation.cp == 20


def test_redeployed_posts_are_shown_and_not_counted() -> None:
    situation = SavingsSituation((2021,), (line((100, 100, 100)), line((40, 40, 40), is_redeployed=True)))
    assert situation.total.planned.cp == 100
    assert len(situation.lines) == 2


def test_certified_recurrent_is_that_of_the_last_certified_year() -> None:
    situation = SavingsSituation(
        (2021, 2022), (line((100, 100, 90), (200, 180, 170)), line((50, 50, 50), (50, 50, 50), is_recurrent=False))
    )
    assert situation.certified_recurrent.cp == 170


def test_r2_and_r3b_name_the_certified_year_that_they_take() -> None:
    """2022 is the last year certified, whatever is declared in 2023; nothing certified names no year."""
    told = line((100, 100, 90), (200, 180, 170), (200, 180, None))
    _, r2, _, r3b, _ = returns(SavingsSituation((2021, 2022, 2023), (told,)), PAID, DAY)
    assert (r2.numerator, r3b.numerator) == (Decimal(170), Decimal(170))
    assert (
        r2.numerator_label
        == r3b.numerator_label
        == "Économies récurrentes certifiées (dernière année certifiée\u00a0: 2022)"
    )
    untold = returns(SavingsSituation((2021,), (line((100, 100, None)),)), PAID, DAY)
    assert [one.numerator_label for one in untold[1::2]] == ["Économies récurrentes certifiées"] * 2


def test_r1_of_cap2030() -> None:
    """1 757 500 ÷ 1 800 200 = 0,976; nothing consumed: R2 is not computable."""
    situation = SavingsSituation((2021,), (line((0, None, None), recurrent=1_757_500),))
    money = Investment(Decimal(1_800_200), Decimal(4_070_775), Decimal(0), None)
    r1, r2, r3a, r3b, r4 = returns(situation, money, DAY)
    assert r1.ratio is not None
    assert round(r1.ratio, 3) == Decimal("0.976")
    assert (r1.numerator, r1.denominator, r1.on) == (Decimal(1_757_500), Decimal(1_800_200), DAY)
    assert r2.ratio is None
    assert r3a.ratio == Decimal(1_757_500) / Decimal(4_070_775)
    assert r3b.ratio is None
    assert r4.ratio is None


def test_r4_is_r2_three_years_after_the_end_of_funding() -> None:
    """Funding ends in 2021: measured at the end of 2024 on what was certified by then, and not before."""
    situation = SavingsSituation((2021, 2022), (line((100, 100, 90), (200, 180, 170)),))
    money = Investment(None, None, Decimal(340), None, measured_on=date(2024, 12, 31))
    before, after = (returns(situation, money, on)[4] for on in (date(2024, 12, 30), date(2024, 12, 31)))
    assert (before.ratio, before.numerator_label) == (None, "Économies récurrentes certifiées, à mesurer le 31/12/2024")
    assert (after.numerator, after.ratio) == (Decimal(170), Decimal("0.5"))


def test_r4_looks_at_no_year_after_the_one_it_is_measured_in() -> None:
    situation = SavingsSituation((2021, 2022), (line((100, 100, 90), (200, 180, 170)),))
    money = Investment(None, None, Decimal(180), None, measured_on=date(2021, 12, 31))
    assert returns(situation, money, date(2030, 1, 1))[4].ratio == Decimal("0.5")


def test_a_return_says_which_years_of_what_it_divides_by_are_not_reported() -> None:
    """Nothing was told of 2021: 170 ÷ 340 flatters, and says so; no label moves when everything is told."""
    situation = SavingsSituation((2022,), (line((200, 180, 170)),))
    money = Investment(None, None, Decimal(340), Decimal(400), date(2025, 12, 31), ftap_untold=(2021,))
    _, r2, _, r3b, r4 = returns(situation, money, date(2026, 1, 1))
    assert r2.denominator_label == r4.denominator_label == "CP FTAP consommés (2021 non renseigné)"
    assert r3b.denominator_label == "CP consommés, cofinancement compris"
    two = Investment(None, None, Decimal(340), Decimal(400), total_untold=(2021, 2022))
    assert returns(situation, two, DAY)[3].denominator_label.endswith("compris (2021, 2022 non renseignés)")


def test_r2_of_the_fund_at_end_2024() -> None:
    """339 M€ certified for 687 M€ consumed: 0,493."""
    situation = SavingsSituation((2021,), (line((0, 0, 339)),))
    r2 = returns(situation, Investment(None, None, Decimal(687), None), DAY)[1]
    assert r2.ratio is not None
    assert round(r2.ratio, 3) == Decimal("0.493")
