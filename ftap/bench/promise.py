"""What a synthetic contract promises: rows of every table of the promise, as pure functions of its number."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from budget.enums import Nature
from budget.models import BudgetLine, PlannedCredit
from contracts.enums import CodeKind, MilestoneKind, ObservationKind, PartyRole, ReadingKind, StatedUnit
from contracts.models import (
    Axis,
    Committee,
    Contract,
    ContractVersion,
    Milestone,
    NomenclatureCode,
    Observation,
    Organisation,
    Party,
    PlannedMilestone,
    PlannedSheet,
    ProjectSheet,
    Provision,
    Reading,
    Recipient,
    Signatory,
    StatedFigure,
)
from figures.periods import Quarter
from indicators.enums import Accumulation, Direction, IndicatorKind, Orientation, TargetOperator
from indicators.models import Indicator, Target
from savings.enums import SavingsMethod
from savings.models import PlannedPost, PlannedSaving, SavingsLine, SavingsTerms

FIRST_YEAR, LAST_YEAR = 2021, 2025
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
AXES, FEWEST_SHEETS, SAVINGS_LINES, INDICATORS, MILESTONES = 4, 10, 8, 12, 24
LARGE_RANK, MIDDLE_RANK, MIDDLE_SHARE = 1, 2, 3
POSTS = (("A", 74_000), ("B", 52_000), ("C", 41_000))
KINDS = (Nature.SERVICES, Nature.SOFTWARE, Nature.EQUIPMENT, Nature.TRAINING, Nature.STAFF)
T2_EVERY = len(KINDS)


@dataclass(frozen=True)
class Promised:
    """The rows of one contract that others hang on; `rank` is the contract's number, from 1."""

    rank: int
    contract: Contract
    versions: Sequence[ContractVersion]
    axes: Sequence[Axis]
    sheets: Sequence[ProjectSheet]
    lines: Sequence[BudgetLine]
    savings: Sequence[SavingsLine]
    indicators: Sequence[Indicator]
    milestones: Sequence[Milestone]


def promised(rank: int, contract: Contract, versions: Sequence[ContractVersion], lines: int) -> Promised:
    """The lasting rows of a contract, not saved: 4 axes, 10 to 17 sheets, so many budget lines.

    Contract 001 is larger than the others, its grid takes a block of 200 cells; contract 002 is of middle size, a third
    of the others: its report is the one that has a target.
    """
    share = MIDDLE_SHARE if rank == MIDDLE_RANK else 1
    axes = [Axis(contract=contract, code=str(n), title=f"Axe synthétique {n}", position=n) for n in range(1, AXES + 1)]
    sheets = [
        ProjectSheet(
            contract=contract,
            axis=axes[n % AXES],
            number=str(n),
            title=f"Fiche synthétique {n}",
            actions=[f"Action {n}.{action}" for action in (1, 2, 3)],
            position=n,
        )
        for n in range(1, FEWEST_SHEETS + rank % 8 + 1)
    ]
    return Promised(
        rank,
        contract,
        versions,
        axes,
        sheets,
        [_budget_line(contract, sheets[n % len(sheets)], n) for n in range(lines_of(rank, lines))],
        [_savings_line(contract, n) for n in range(SAVINGS_LINES // share)],
        [_indicator(contract, axes[n % AXES], n) for n in range(INDICATORS // share)],
        [_milestone(contract, axes[n % AXES], n) for n in range(MILESTONES // share)],
    )


def lines_of(rank: int, lines: int) -> int:
    """How many budget lines a contract has when most have `lines`: five thirds for 001 (67 for 40), a third for 002."""
    if rank == LARGE_RANK:
        return -(-lines * 5 // 3)
    return max(1, lines // MIDDLE_SHARE) if rank == MIDDLE_RANK else lines


def _budget_line(contract: Contract, sheet: ProjectSheet, n: int) -> BudgetLine:
    """One line in five is staff (T2), paid by the holder; the fund pays the others, but for one in four."""
    nature = KINDS[n % len(KINDS)]
    is_staff = nature is Nature.STAFF
    co_financer = contract.holder if is_staff or n % 4 == 0 else None
    return BudgetLine(
        contract=contract,
        key=f"ligne-{n:03d}",
        label=f"Dépense synthétique {n + 1}",
        nature=nature,
        titre="2" if is_staff else "5" if nature is Nature.EQUIPMENT else "3",
        programme="0349" if co_financer is None else "0354",
        co_financer=co_financer,
        axis=sheet.axis,
        sheet=sheet,
        position=n,
    )


def _savings_line(contract: Contract, n: int) -> SavingsLine:
    return SavingsLine(
        contract=contract,
        key=f"economie-{n:02d}",
        label=f"Économie synthétique {n + 1}",
        titre="2" if n == 0 else "3",
        programme="0354",
        method=SavingsMethod.POSTS if n == 0 else SavingsMethod.AMOUNTS,
        position=n,
    )


def _indicator(contract: Contract, axis: Axis, n: int) -> Indicator:
    return Indicator(
        contract=contract,
        key=f"indicateur-{n:02d}",
        label=f"Indicateur synthétique {n + 1}",
        kind=list(IndicatorKind)[n % 3],
        orientation=list(Orientation)[n % 4],
        axis=axis,
        unit="%",
        direction=Direction.RISING,
        accumulation=Accumulation.STOCK,
        baseline=Decimal(5 + n),
        baseline_on=date(FIRST_YEAR, 1, 1),
        position=n,
    )


def _milestone(contract: Contract, axis: Axis, n: int) -> Milestone:
    kind = MilestoneKind.MILESTONE if n % 3 == 2 else MilestoneKind.PHASE
    label = f"{kind.label} synthétique {n + 1}"
    return Milestone(contract=contract, axis=axis, key=f"jalon-{n:02d}", kind=kind, label=label, position=n)


# --- Figures of each version ---


def credits_of(one: Promised) -> Iterator[PlannedCredit]:
    """AE and CP by line, version and year: half of what is owed is paid each year, all of it in the last."""
    for version, line in product(one.versions, one.lines):
        ae = [_amount(one.rank, line.position, year, version.number) for year in YEARS]
        cp = ae if line.titre == "2" else _paid(ae)
        for year, committed, paid in zip(YEARS, ae, cp, strict=True):
            yield PlannedCredit(line=line, version=version, year=year, ae=committed, cp=paid)


def _amount(rank: int, position: int, year: int, number: int) -> Decimal:
    """Thousands of euros, between 2 and 41, a tenth more in an amendment."""
    base = 1000 * (2 + (7 * rank + 13 * position + 5 * year) % 40)
    return Decimal(base + (base // 10 if number else 0))


def _paid(committed: Sequence[Decimal]) -> list[Decimal]:
    owed = Decimal(0)
    paid = []
    for rank, amount in enumerate(committed):
        owed += amount
        paid.append(owed if rank == len(committed) - 1 else owed / 2)
        owed -= paid[-1]
    return paid


def sheets_of(one: Promised, planned: Iterable[PlannedCredit]) -> Iterator[PlannedSheet]:
    """Cost and FTAP share of each sheet: the sums of the CP of its lines."""
    cost: dict[tuple[int, int], Decimal] = {}
    ftap: dict[tuple[int, int], Decimal] = {}
    for row in planned:
        sheet = row.line.sheet
        if sheet is not None:
            key = (row.version.number, sheet.position)
            cost[key] = cost.get(key, Decimal(0)) + row.cp.amount
            ftap[key] = ftap.get(key, Decimal(0)) + (row.cp.amount if row.line.co_financer is None else 0)
    for version, sheet in product(one.versions, one.sheets):
        key = (version.number, sheet.position)
        yield PlannedSheet(sheet=sheet, version=version, cost=cost.get(key, Decimal(0)), ftap=ftap.get(key, Decimal(0)))


def savings_of(one: Promised) -> Iterator[PlannedSaving]:
    """Savings by line, version and year, AE = CP, rising to the last year."""
    for version, line, year in product(one.versions, one.savings, YEARS):
        amount = Decimal(1500 * (1 + line.position) * (year - FIRST_YEAR + 1))
        yield PlannedSaving(line=line, version=version, year=year, ae=amount, cp=amount)


def terms_of(one: Promised) -> Iterator[SavingsTerms]:
    """The recurrent amount of each line: that of the last year."""
    for version, line in product(one.versions, one.savings):
        amount = Decimal(1500 * (1 + line.position) * len(YEARS))
        yield SavingsTerms(line=line, version=version, recurrent_ae=amount, recurrent_cp=amount)


def posts_of(one: Promised) -> Iterator[PlannedPost]:
    """Posts removed by category and year, on the line valued by posts."""
    line = one.savings[0]
    for version, (category, cost), year in product(one.versions, POSTS, YEARS):
        yield PlannedPost(
            line=line,
            version=version,
            category=category,
            year=year,
            unit_cost=Decimal(cost),
            removed_etpt=Decimal(year - FIRST_YEAR + 1),
            redeployed_etpt=Decimal(0),
        )


def targets_of(one: Promised) -> Iterator[Target]:
    """A target at the end of each year."""
    for version, indicator, year in product(one.versions, one.indicators, YEARS):
        value = Decimal(10 + indicator.position + 12 * (year - FIRST_YEAR))
        day = date(year, 12, 31)
        yield Target(indicator=indicator, version=version, on=day, operator=TargetOperator.AT_LEAST, value=value)


def calendar_of(one: Promised) -> Iterator[PlannedMilestone]:
    """A phase takes three quarters, a milestone is a day; one begins each quarter."""
    for version, milestone in product(one.versions, one.milestones):
        quarter = Quarter(FIRST_YEAR, 1).shift(milestone.position % 18)
        is_phase = milestone.kind == MilestoneKind.PHASE
        yield PlannedMilestone(
            milestone=milestone,
            version=version,
            starts_on=quarter.first_day if is_phase else None,
            ends_on=quarter.shift(2).last_day if is_phase else quarter.last_day,
        )


# --- The rest of the frame ---


def frame_of(one: Promised, ditp: Organisation, db: Organisation) -> list[object]:
    """Parties, signatories, recipients, committees, codes, provisions, observations, stated figures, readings."""
    contract = one.contract
    holders = ((contract.holder, PartyRole.HOLDER), (ditp, PartyRole.DITP), (db, PartyRole.DB))
    rows: list[object] = [
        Party(contract=contract, organisation=organisation, role=role, position=n)
        for n, (organisation, role) in enumerate(holders)
    ]
    rows += [Recipient(contract=contract, name=f"Destinataire {n}", position=n) for n in range(1, 7)]
    rows += [Committee(contract=contract, name=f"Comité {n}", meetings_min=2, position=n) for n in (1, 2)]
    rows += [_code(contract, kind, n) for n, kind in enumerate([*CodeKind, *[CodeKind.ACTIVITE] * 5])]
    rows += [
        Provision(contract=contract, article=str(n), subject=f"Sujet {n}", text="Texte synthétique.", position=n)
        for n in range(1, 13)
    ]
    rows += [
        Observation(
            contract=contract,
            article=str(n),
            kind=ObservationKind.CONTRADICTION,
            text=f"Écart {n}.",
            position=n,
        )
        for n in (1, 2, 3)
    ]
    return rows + [row for version in one.versions for row in _frame_of_version(version, len(one.sheets))]


def _code(contract: Contract, kind: CodeKind, n: int) -> NomenclatureCode:
    code = f"0349-CDAC-{n:03d}"
    return NomenclatureCode(contract=contract, kind=kind, printed=code, normalised=code.replace("-", ""), position=n)


def _frame_of_version(version: ContractVersion, sheets: int) -> list[object]:
    credits_ = {"table": "credits", "mesure": "cp"}
    expressions = [credits_, credits_ | {"source": "FTAP"}, credits_ | {"source": "cofinancement"}]
    rows: list[object] = [
        StatedFigure(
            version=version,
            key=f"affiche-{n}",
            label=f"Total affiché {n}",
            article="2",
            value=Decimal(1_000_000 * n),
            unit=StatedUnit.EUR,
            expression=expression,
            position=n,
        )
        for n, expression in enumerate(expressions, start=1)
    ]
    count = {"table": "fiches", "mesure": "nombre"}
    rows.append(
        StatedFigure(
            version=version,
            key="nombre-fiches",
            label="Nombre de fiches",
            article="1",
            value=Decimal(sheets),
            unit=StatedUnit.NUMBER,
            expression=count,
            position=9,
        )
    )
    rows.append(Reading(version=version, path="credits[1].cp", kind=ReadingKind.UNREADABLE, label="Valeur illisible"))
    rows += [
        Signatory(version=version, name=f"Nom {role}", function="Fonction", role=role, signed_on=version.signed_on)
        for role in PartyRole
    ]
    return rows
