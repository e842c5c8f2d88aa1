"""What versions plan, read with what the scan lost of it: an amount that nobody can read is not one that an act leaves
blank. In SQL, amounts in euros.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat

from budget.models import PlannedCredit
from contracts.models import ContractVersion, Reading
from figures.ae_cp import AeCp

Cells = Mapping[tuple[int, int], AeCp]
Lost = Mapping[tuple[int, int], tuple[str, ...]]
"""The same cells, with `ae` and `cp` where the scan lost the amounts."""


def plan_by_line(version: ContractVersion | None) -> tuple[Cells, Lost]:
    """By line and year, what a version plans. One query."""
    rows = PlannedCredit.objects.filter(version=version).order_by("pk") if version else PlannedCredit.objects.none()
    told = rows.annotate(lost_ae=_is_lost("ae"), lost_cp=_is_lost("cp"))
    planned, lost = {}, {}
    for line, year, ae, cp, lost_ae, lost_cp in told.values_list("line_id", "year", "ae", "cp", "lost_ae", "lost_cp"):
        planned[line, year], lost[line, year] = AeCp(ae, cp), _kinds(lost_ae, lost_cp)
    return planned, lost


def fund_plan_by_year(
    versions: Collection[ContractVersion], years: Collection[int] | None = None
) -> tuple[Cells, Lost]:
    """By version and year, what is planned of the fund's own credits. One query."""
    rows = _of_the_fund([one.pk for one in versions])
    found = list(_summed(rows if years is None else rows.filter(year__in=years), "version_id", "year"))
    return {key: pair for key, pair, _ in found}, {key: lost for key, _, lost in found}


def fund_plan(versions: Collection[int]) -> tuple[Mapping[int, AeCp], Mapping[int, tuple[str, ...]]]:
    """By version (its key), what is planned of the fund's own credits over all years. One query."""
    found = list(_summed(_of_the_fund(versions), "version_id"))
    return {key: pair for (key,), pair, _ in found}, {key: lost for (key,), _, lost in found}


def lost_in(pair: AeCp, position: int, year: int, paths: Collection[str]) -> tuple[str, ...]:
    """What of a cell of the line at a position is blank because the scan lost it, of all the paths that it lost."""
    place = f"credits.lignes[{position}].annees.{year}"
    return _kinds(pair.ae is None and f"{place}.ae" in paths, pair.cp is None and f"{place}.cp" in paths)


def _kinds(ae: object, cp: object) -> tuple[str, ...]:
    """`ae` and `cp`, where each was lost."""
    return (*(("ae",) if ae else ()), *(("cp",) if cp else ()))


def _of_the_fund(versions: Collection[int]) -> QuerySet[Any]:
    return PlannedCredit.objects.filter(version__in=versions, line__co_financer__isnull=True)


def _summed(rows: QuerySet[Any], *by: str) -> Iterator[tuple[tuple[Any, ...], AeCp, tuple[str, ...]]]:
    """AE and CP summed by some columns, and what a sum does not give because the scan lost the amounts that make it."""
    sums = {f"sum_{kind}": Sum(kind) for kind in ("ae", "cp")}
    lost = {f"lost_{kind}": Count("pk", filter=Q(_is_lost(kind))) for kind in ("ae", "cp")}
    for *key, ae, cp, lost_ae, lost_cp in rows.order_by().values_list(*by).annotate(**sums, **lost):
        yield tuple(key), AeCp(ae, cp), _kinds(ae is None and lost_ae, cp is None and lost_cp)


def _is_lost(kind: str) -> Combinable:
    """Whether the AE or CP of a row is blank because the scan lost it: `credits.lignes[3].annees.2021.ae`."""
    rank, year = (Cast(OuterRef(name), CharField()) for name in ("line__position", "year"))
    path = Concat(Value("credits.lignes["), rank, Value("].annees."), year, Value(f".{kind}"))
    unread = Reading.objects.filter(version=OuterRef("version"), retained="", path=path)
    return ExpressionWrapper(Q(**{f"{kind}__isnull": True}) & Exists(unread), BooleanField())
