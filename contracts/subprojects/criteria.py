"""The eligibility and selection grid: what is answered, what is computed, what is still missing. Pure.

The criteria are the contract's own, with their article; three of them are not answered but computed from the amounts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import Final

from contracts.subprojects.calc import RETURN_YEARS, Figures
from figures.formats import exact_euros, percent, ratio

SELECTION: Final = "contenu"
"""The family of the selection criteria; the others are of eligibility."""


class Check(StrEnum):
    """A criterion that the amounts answer; the values of `CriterionCheck`."""

    CO_FINANCING = "cofinancement"
    CEILING = "plafond"
    RETURN = "retour"


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    EXCEPTED = "excepted"
    NOT_APPLICABLE = "not_applicable"
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    Verdict.MET: "respecté",
    Verdict.NOT_MET: "non respecté",
    Verdict.EXCEPTED: "par exception",
    Verdict.NOT_APPLICABLE: "sans objet",
    Verdict.NOT_NEEDED: "un autre suffit",
    Verdict.UNKNOWN: "sans réponse",
}
_BLOCKING: Final = (Verdict.NOT_MET, Verdict.UNKNOWN)
_VERDICTS: Final = {"oui": Verdict.MET, "non": Verdict.NOT_MET, "sans_objet": Verdict.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion as the contract writes it. `threshold` is in euros (for the return: by euro of the fund).

    `is_alternative`: one met among those of its family is enough. `may_not_apply`: « sans objet » is an answer.
    `allows_exception`: a sub-project may be taken without it, with a reason.
    """

    code: str
    family: str
    family_label: str
    label: str
    article: str = ""
    check: str = ""
    threshold: Decimal | None = None
    is_alternative: bool = False
    may_not_apply: bool = False
    allows_exception: bool = False

    @property
    def is_selection(self) -> bool:
        return self.family == SELECTION


@dataclass(frozen=True, slots=True)
class Given:
    """What a person answered (`oui`, `non`, `sans_objet`, or blank), with their comment, who and when."""

    answer: str
    comment: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GridRow:
    """A criterion with its verdict; `detail` says what was computed."""

    criterion: Criterion
    verdict: Verdict
    detail: str
    given: Given | None


@dataclass(frozen=True)
class Grid:
    """Every criterion of the contract for one sub-project."""

    rows: tuple[GridRow, ...]

    @property
    def families(self) -> list[tuple[str, list[GridRow]]]:
        """The rows by family, in the contract's order."""
        return [(label, list(rows)) for label, rows in groupby(self.rows, lambda row: row.criterion.family_label)]

    @property
    def answered(self) -> int:
        """How many criteria have a verdict."""
        return sum(row.verdict != Verdict.UNKNOWN for row in self.rows)

    def missing_eligibility(self) -> list[str]:
        """Why the sub-project is not eligible yet, in French; empty when it is."""
        return [
            message
            for label, rows in self.families
            if not rows[0].criterion.is_selection
            for message in _ineligible(label, rows)
        ]

    def missing_selection(self) -> list[str]:
        """What the selection criteria still lack, in French: an answer, or the exception that a return needs."""
        rows = [row for row in self.rows if row.criterion.is_selection]
        missing = [_unmet(row) for row in rows if row.criterion.check and row.verdict in _BLOCKING]
        silent = sum(row.verdict == Verdict.UNKNOWN and not row.criterion.check for row in rows)
        if silent:
            plural = "s" if silent > 1 else ""
            missing.append(f"La grille a {silent} critère{plural} de sélection sans réponse.")
        return missing

    @property
    def refused_return(self) -> GridRow | None:
        """The row of a return that is too low and admits an exception; None when there is none."""
        rows = (row for row in self.rows if row.criterion.check == Check.RETURN and row.criterion.allows_exception)
        return next((row for row in rows if row.verdict in (Verdict.NOT_MET, Verdict.EXCEPTED)), None)


def grid(criteria: Sequence[Criterion], given: Mapping[str, Given], figures: Figures, exception: str = "") -> Grid:
    """The grid of a sub-project, answers by code of criterion; `exception` as in `calc.Member`."""
    rows = [_row(one, given.get(one.code), figures, exception) for one in criteria]
    settled = {row.criterion.family for row in rows if row.criterion.is_alternative and row.verdict == Verdict.MET}
    return Grid(tuple(_unneeded(row) if row.criterion.family in settled else row for row in rows))


def _row(criterion: Criterion, given: Given | None, figures: Figures, exception: str) -> GridRow:
    if not criterion.check:
        return GridRow(criterion, _VERDICTS.get(given.answer if given else "", Verdict.UNKNOWN), "", given)
    verdict, detail = _CHECKS[Check(criterion.check)](figures, criterion.threshold)
    if verdict == Verdict.NOT_MET and criterion.allows_exception and exception:
        verdict = Verdict.EXCEPTED
    return GridRow(criterion, verdict, detail, given)


def _unneeded(row: GridRow) -> GridRow:
    """An alternative without answer, in a family of which another is met."""
    is_open = row.criterion.is_alternative and row.verdict == Verdict.UNKNOWN
    return replace(row, verdict=Verdict.NOT_NEEDED) if is_open else row


def _ineligible(label: str, rows: Sequence[GridRow]) -> list[str]:
    """What keeps a family of eligibility from being met."""
    choices = [row for row in rows if row.criterion.is_alternative]
    missing = []
    if choices and not any(row.verdict == Verdict.MET for row in choices):
        said = "aucun n’est respecté" if all(row.verdict == Verdict.NOT_MET for row in choices) else "dites lequel vaut"
        missing.append(f"{label}\u00a0: un des {len(choices)} critères suffit, {said}.")
    others = [row for row in rows if not row.criterion.is_alternative]
    return missing + [_unmet(row) for row in others if row.verdict in _BLOCKING]


def _unmet(row: GridRow) -> str:
    said = row.detail or row.verdict.label
    article = f" (article\u00a0{row.criterion.article})" if row.criterion.article else ""
    return f"{row.criterion.label}{article}\u00a0: {said}."


def _co_financing(figures: Figures, threshold: Decimal | None) -> tuple[Verdict, str]:
    brought = figures.co_financing.cp if figures.co_financing.cp is not None else figures.co_financing.ae
    if brought is None:
        return Verdict.UNKNOWN, "cofinancement non renseigné"
    if brought > 0:
        return Verdict.MET, f"{exact_euros(brought)} de cofinancement, {percent(figures.co_financed_share)} du total"
    return Verdict.NOT_MET, "aucun cofinancement"


def _ceiling(figures: Figures, threshold: Decimal | None) -> tuple[Verdict, str]:
    """Strictly under the ceiling; a total of which a part is not stated may already be over it."""
    cost = figures.largest_cost
    if cost is None or threshold is None:
        return Verdict.UNKNOWN, "montants non renseignés"
    if cost >= threshold:
        return Verdict.NOT_MET, f"{exact_euros(cost)} au total, pour moins de {exact_euros(threshold)} admis"
    if not (figures.ftap.is_reported and figures.co_financing.is_reported):
        return Verdict.UNKNOWN, f"{exact_euros(cost)} renseignés, le reste ne l’est pas"
    return Verdict.MET, f"{exact_euros(cost)} au total"


def _return(figures: Figures, threshold: Decimal | None) -> tuple[Verdict, str]:
    found = figures.ratio
    if found is None or threshold is None:
        return Verdict.UNKNOWN, "retour non calculable, économie pérenne ou montant FTAP non renseigné"
    said = f"retour de {ratio(found)} à {RETURN_YEARS} ans"
    return (Verdict.MET if found >= threshold else Verdict.NOT_MET), said


_CHECKS: Final = {Check.CO_FINANCING: _co_financing, Check.CEILING: _ceiling, Check.RETURN: _return}
