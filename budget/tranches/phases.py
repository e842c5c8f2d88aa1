"""Reads of titre 5 phases: what is affected to each line, less what was withdrawn, and what was consumed of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Subquery, Sum

from budget.models import AffectationWithdrawal, BudgetLine, Consumption, TrancheFonctionnelle
from contracts.fields import amount
from contracts.models import Contract
from monitoring.reality import counting_filings, last_of_each_year


@dataclass(frozen=True)
class Phase:
    """A phase with what was withdrawn from it by a day."""

    row: TrancheFonctionnelle
    withdrawals: tuple[AffectationWithdrawal, ...] = ()

    @property
    def left(self) -> Decimal:
        """Affected − withdrawn, in euros."""
        taken = sum((amount(one.ae) or Decimal(0) for one in self.withdrawals), Decimal(0))
        return (amount(self.row.affectation) or Decimal(0)) - taken


def phases_of(contract: Contract, by: date | None = None) -> list[tuple[BudgetLine, list[Phase]]]:
    """The titre 5 lines of the contract, each with its phases, as of a day if one is given. Two queries, or three."""
    lines = BudgetLine.objects.filter(contract=contract, titre="5").select_related("co_financer")
    rows = TrancheFonctionnelle.objects.filter(line__contract=contract).order_by("line", "number")
    taken = AffectationWithdrawal.objects.filter(phase__line__contract=contract).order_by("withdrawn_on", "pk")
    if by is not None:
        rows, taken = rows.filter(affected_on__lte=by), taken.filter(withdrawn_on__lte=by)
    withdrawals: dict[int, list[AffectationWithdrawal]] = defaultdict(list)
    known = list(rows)
    for one in taken if known else ():
        withdrawals[one.phase_id].append(one)
    found: dict[int, list[Phase]] = defaultdict(list)
    for row in known:
        found[row.line_id].append(Phase(row, tuple(withdrawals[row.pk])))
    return [(line, found[line.pk]) for line in lines.order_by("position", "pk")]


def consumed_on_titre_5(contract: Contract, on: date) -> Mapping[int, Decimal]:
    """AE consumed since the beginning on each titre 5 line, in euros, by its pk; not there when nobody reported any.

    What the last filing of each year that counts on the day says. Two queries.
    """
    telling = last_of_each_year(counting_filings(contract, on=on)).values()
    rows = Consumption.objects.filter(filing__in=[one.pk for one in telling], line__titre="5", ae__isnull=False)
    return dict(rows.order_by().values_list("line_id").annotate(sum=Sum("ae")))


def affected(line: BudgetLine) -> Decimal:
    """AE affected to a line so far and not withdrawn, in euros."""
    return affected_by_line([line.pk])[line.pk]


def affected_to(phases: Iterable[Phase]) -> Decimal:
    """The same over phases already read."""
    return sum((one.left for one in phases), Decimal(0))


def affected_by_line(lines: Collection[int]) -> dict[int, Decimal]:
    """AE affected so far and not withdrawn, by titre 5 line, in euros; zero for one without phase. One query."""
    taken = AffectationWithdrawal.objects.filter(phase=OuterRef("pk")).order_by().values("phase")
    rows = TrancheFonctionnelle.objects.filter(line__in=lines).order_by()
    withdrawn = Subquery(taken.annotate(sum=Sum("ae")).values("sum"))
    found = dict.fromkeys(lines, Decimal(0))
    for line, given, less in rows.annotate(taken=withdrawn).values_list("line_id", "affectation", "taken"):
        found[line] += given - (less or 0)
    return found


def left_of(phase: TrancheFonctionnelle) -> Decimal:
    """AE affected to one phase and not withdrawn, in euros. One query."""
    return Phase(phase, tuple(phase.withdrawals.order_by("pk"))).left
