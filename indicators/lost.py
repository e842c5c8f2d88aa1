"""What the scan lost of the indicators of a version: baselines and targets that the act did not leave blank."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Value
from django.db.models.functions import Cast, Concat

from contracts.models import ContractVersion, Reading
from indicators.calc import DatedGoal


def lost_paths(version: ContractVersion | None, position: str = "position") -> ArraySubquery:
    """The paths lost on the indicator at `position`, a column of the rows asked: `indicateurs[3].cibles[1].valeur`."""
    place = Concat(Value("indicateurs["), Cast(OuterRef(position), CharField()), Value("]."))
    unread = Reading.objects.filter(version=version, retained="", path__startswith=place)
    return ArraySubquery(unread.order_by("pk").values("path"))


def is_baseline_lost(row: Any, paths: Collection[str]) -> bool:
    """Whether the baseline of an indicator is not known because the scan lost it."""
    return row.baseline is None and f"indicateurs[{row.position}].valeur_initiale.valeur" in paths


def told_lost(position: int, goals: Sequence[DatedGoal], paths: Collection[str]) -> tuple[DatedGoal, ...]:
    """The targets of an indicator, in the order of their days, each with whether the scan lost its value."""
    found = ((f"indicateurs[{position}].cibles[{rank}].valeur", goal) for rank, goal in enumerate(goals, start=1))
    return tuple(replace(goal, is_lost=goal.value is None and path in paths) for path, goal in found)
