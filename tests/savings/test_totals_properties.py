"""The sums of savings lines are the totals at each level, whatever is redeployed, unvalued, or not known."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from contracts.amendments.impact import impact
from contracts.amendments.services import prepare_amendment
from contracts.models import Contract, ContractVersion
from figures.ae_cp import AeCp, total, total_ae_cp
from monitoring.enums import FilingState
from reports.curve_selectors import contract_curves
from reports.returns import Group, by_ministry, by_region
from reports.returns_selectors import contract_terms
from reports.selectors import portfolio
from reports.situation import contract_situation
from savings.calc import UNVALUED, SavingLine, SavingsSituation, SavingYear
from savings.models import PlannedSaving, RealisedSaving, SavingCertification, SavingsLine, SavingsTerms
from savings.part import SavingsPart
from savings.selectors import savings_situation
from tests.factories import CampaignFactory, UserFactory
from tests.reports.filed import file, move

YEARS = (2021, 2022)
DAY = date(2023, 12, 31)
AMOUNTS = st.none() | st.decimals(min_value=-(10**6), max_value=10**6, places=2)
PAIRS = st.builds(AeCp, AMOUNTS, AMOUNTS)
FIGURES = ("planned", "declared", "certified", "expected", "gap")
KINDS = ("ae", "cp")


def line_of(cells: tuple[SavingYear, ...], recurrent: AeCp, **facts: Any) -> SavingLine:
    blank: dict[str, Any] = dict.fromkeys(("key", "label", "programme", "method", "method_label"), "")
    return SavingLine(**blank, parameters={}, posts=(), years=cells, recurrent=recurrent, **facts)


CELLS = st.tuples(*(st.builds(SavingYear, st.just(year), PAIRS, PAIRS, PAIRS) for year in YEARS))
LINES = st.lists(
    st.builds(
        line_of,
        CELLS,
        PAIRS,
        nature=st.sampled_from(["", "personnel", "immobilier"]),
        titre=st.sampled_from(["", "2", "3"]),
        is_recurrent=st.booleans(),
        is_redeployed=st.booleans(),
        is_for_information=st.booleans(),
    ),
    max_size=6,
)


def added(values: Iterable[AeCp]) -> AeCp:
    """The sum, written out otherwise than in the code: a kind that no line knows is not known."""
    pairs = list(values)
    known = {kind: [one for pair in pairs if (one := getattr(pair, kind)) is not None] for kind in KINDS}
    ae, cp = (sum(known[kind], Decimal(0)) if known[kind] else None for kind in KINDS)
    return AeCp(ae, cp)


@given(LINES)
def test_lines_add_up_by_year_titre_nature_and_in_all(lines: list[SavingLine]) -> None:
    situation = SavingsSituation(YEARS, tuple(lines))
    counted = [line for line in lines if not line.is_redeployed and not line.is_for_information]
    for name in FIGURES:
        whole = [added(getattr(line.years[rank], name) for line in counted) for rank in range(len(YEARS))]
        assert [getattr(year, name) for year in situation.total.years] == whole
        assert getattr(situation.total, name) == added(getattr(line, name) for line in counted) == added(whole)
        for groups in (situation.by_titre, situation.by_nature):
            assert added(getattr(group, name) for group in groups) == getattr(situation.total, name)
    assert situation.total.recurrent == added(line.recurrent for line in counted)
    assert situation.net_compensation == added(line.gap for line in counted) == situation.total.gap
    for row in (*lines, situation.total, *situation.by_titre, *situation.by_nature):
        assert row.gap == row.compared - row.planned_to_date
    proved = [cell.certified for line, cell in situation.certified_lines()]
    assert situation.certified_recurrent == added(proved)
    assert all(line in counted and line.is_recurrent for line, _ in situation.certified_lines())


def lines_of(contract: Contract) -> None:
    """Beside the rents of a contract, that recur: purchases saved once, redeployed posts, an unvalued saving."""
    for rank, (method, once, redeployed) in enumerate(
        [("montants", True, False), ("montants", False, True), (UNVALUED, False, False)], start=2
    ):
        line = SavingsLine.objects.create(
            contract=contract,
            key=f"l{rank}",
            label=f"Ligne {rank}",
            method=method,
            is_recurrent=not once,
            is_redeployed=redeployed,
            position=rank,
        )
        for year in (2021, 2022):
            PlannedSaving.objects.create(line=line, version=contract.versions.get(number=0), year=year)
    for line in SavingsLine.objects.filter(contract=contract):
        SavingsTerms.objects.create(line=line, version=contract.versions.get(number=0))


def written(contracts: Sequence[Contract], drawn: Sequence[Decimal | None]) -> None:
    """Give these values, in turn, to all that the contracts promise, declared for 2021 and had certified."""
    values = itertools.cycle(drawn)
    for row in PlannedSaving.objects.order_by("pk"):
        PlannedSaving.objects.filter(pk=row.pk).update(ae=next(values), cp=next(values))
    for terms in SavingsTerms.objects.filter(line__is_recurrent=True).order_by("pk"):
        SavingsTerms.objects.filter(pk=terms.pk).update(recurrent_ae=next(values), recurrent_cp=next(values))
    campaign, certifier = CampaignFactory(whole_year=True), UserFactory()
    for contract in contracts:
        filing = file(contract, campaign=campaign, state=FilingState.DRAFT)
        declared = RealisedSaving.objects.filter(filing=filing).order_by("pk")
        for pk in declared.values_list("pk", flat=True):
            RealisedSaving.objects.filter(pk=pk).update(ae=next(values), cp=next(values))
        move(filing, FilingState.SUBMITTED)
        for saving in declared:
            if (euros := next(values)) is not None:
                ae, cp = (within(euros, _euros(said)) for said in (saving.ae, saving.cp))
                SavingCertification.objects.create(
                    realised=saving, ae=ae, cp=cp, certified_by=certifier, certified_at=timezone.now()
                )


def within(wanted: Decimal, said: Decimal | None) -> Decimal:
    """As much of an amount as may be certified of what is declared."""
    return max(min(wanted, said or Decimal(0)), min(said or Decimal(0), Decimal(0)))


def sum_of_lines(contract: Contract, figure: str, *, recurrent: bool = False) -> AeCp:
    """Line by line, in Python, of the lines that count: what every total has to be."""
    version = contract.versions.get(number=0)
    counted = [
        line
        for line in SavingsLine.objects.filter(contract=contract)
        if not line.is_redeployed and line.method != UNVALUED and (line.is_recurrent or not recurrent)
    ]
    rows: Iterable[Any]
    if figure == "recurrent":
        rows = SavingsTerms.objects.filter(version=version, line__in=counted)
        return added(AeCp(_euros(row.recurrent_ae), _euros(row.recurrent_cp)) for row in rows)
    if figure == "planned":
        rows = PlannedSaving.objects.filter(version=version, line__in=counted)
    elif figure == "declared":
        rows = RealisedSaving.objects.filter(line__in=counted)
    else:
        rows = SavingCertification.objects.filter(realised__line__in=counted)
    return added(AeCp(_euros(row.ae), _euros(row.cp)) for row in rows)


def _euros(money: Any) -> Decimal | None:
    return None if money is None else Decimal(money.amount)


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(AMOUNTS, min_size=5, max_size=13))
def test_every_page_that_adds_savings_adds_the_same_lines(
    contract: Contract, other_contract: Contract, secretariat: User, drawn: list[Decimal | None]
) -> None:
    """Page and report, impact sheet, portfolio, curve, returns by ministry, region and in all: the same sums."""
    both = (contract, other_contract)
    with transaction.atomic():
        for one in both:
            lines_of(one)
        written(both, drawn)
        rows = {row.contract: row for row in portfolio(secretariat, on=DAY)}
        curves = dict(zip(both, contract_curves(both, DAY), strict=True))
        for one in both:
            version = one.versions.get(number=0)
            sums = {figure: sum_of_lines(one, figure) for figure in ("planned", "recurrent", "declared", "certified")}
            situation, row = savings_situation(one, version, DAY), rows[one]
            whole = situation.total
            assert {figure: getattr(whole, figure) for figure in sums} == sums
            assert (row.savings_planned, row.savings_recurrent) == (sums["planned"], sums["recurrent"])
            assert (row.savings_declared, row.savings_certified) == (sums["declared"], sums["certified"])
            assert row.certified_recurrent == sum_of_lines(one, "certified", recurrent=True)
            assert row.certified_year == next((cell.year for _, cell in situation.certified_lines()), None)
            totals = {total.code: total.cells for total in SavingsPart().totals(version)}
            assert AeCp(*(total(totals[kind].values()) for kind in KINDS)) == sums["planned"]
            assert AeCp(totals["perenne"]["AE"], totals["perenne"]["CP"]) == sums["recurrent"]
            declared = sum_of_lines(one, "declared", recurrent=True).cp
            assert curves[one].declared == ({} if declared is None else {2021: declared})
            assert contract_situation(one, DAY).returns[0].numerator == sums["recurrent"].cp
        terms = contract_terms(secretariat, DAY)
        for groups in ((Group("Total", tuple(terms)),), by_ministry(terms), by_region(terms)):
            for name, figure in (("promised", "recurrent"), ("certified", "certified")):
                lines = [sum_of_lines(one, figure, recurrent=figure == "certified") for one in both]
                assert total(group.sum_of(name) for group in groups) == total_ae_cp(lines).cp
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(AMOUNTS, min_size=5, max_size=13), st.sets(st.sampled_from(["loyers", "l2", "l3", "l4"])))
def test_an_impact_sheet_adds_up_whatever_lines_it_counts(
    contract: Contract, secretariat: User, drawn: list[Decimal | None], gone: set[str]
) -> None:
    with transaction.atomic():
        lines_of(contract)
        draft = prepare_amendment(contract, ["economies"], secretariat)
        written((contract,), drawn)
        PlannedSaving.objects.filter(version=draft, line__key__in=gone).delete()
        SavingsTerms.objects.filter(version=draft, line__key__in=gone).delete()
        base = ContractVersion.objects.get(contract=contract, number=0)
        for before, after in ((base, draft), (draft, base)):
            found = impact(before, after)
            assert found.adds_up
            moves = [one for one in found.lines if one.part == "savings" and one.counts and one.figure == "CP"]
            whole = next(one for one in found.totals if (one.part, one.code) == ("savings", "cp"))
            assert sum((one.difference for one in moves), Decimal(0)) == whole.moved["Total"]
        transaction.set_rollback(True)
