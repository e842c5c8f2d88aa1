"""The impact sheet of an amendment, and the comparison of any two versions of a contract."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from contracts.amendments.calc import TotalImpact, moved_by, total_impact
from contracts.amendments.lines import LineChange, changed_lines
from contracts.amendments.lost import Figure, lost_figures
from contracts.models import ContractVersion
from contracts.parts import PARTS, Difference, Part, Total, compare_versions
from figures import formats
from figures.headings import under_headings
from figures.operators import Operator


@dataclass(frozen=True)
class DateMove:
    """A date of the calendar, or the last year of funding: in days when both are dates.

    `lost`, here as in every move: which of `before` and `after` is not known because the scan lost it.
    """

    subject: str
    label: str
    before: date | int | None
    after: date | int | None
    lost: tuple[str, ...] = ()

    @property
    def before_words(self) -> str:
        """The date before, as words."""
        return formats.ILLEGIBLE if "before" in self.lost else _moment(self.before)

    @property
    def after_words(self) -> str:
        """The date after, as words."""
        return formats.ILLEGIBLE if "after" in self.lost else _moment(self.after)

    @property
    def days(self) -> int | None:
        """How many days later; None when one is missing or is a year."""
        if isinstance(self.before, date) and isinstance(self.after, date):
            return (self.after - self.before).days
        return None


def _moment(value: date | int | None) -> str:
    return formats.short_date_fr(value) if isinstance(value, date) else str(value or formats.NOT_REPORTED)


@dataclass(frozen=True)
class TargetMove:
    """A target of an indicator at a date (None: without one), as words.

    `difference`: after − before, in the indicator's unit; None where either has no value or the operator moved too.
    """

    subject: str
    on: date | None
    before: str
    after: str
    difference: Decimal | None
    unit: str = ""


@dataclass(frozen=True)
class LineMove:
    """An amount or a number of a line that moved; `key` tells which (a year, a category).

    `counts` is false for a line that the totals of this figure leave out. `place` is the heading that it stands under,
    `note` what tells it from another of the same name; both blank where there is none.
    """

    part: str
    subject: str
    key: str
    figure: str
    before: Decimal | None
    after: Decimal | None
    counts: bool = True
    place: str = ""
    note: str = ""
    lost: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The line, and that no total counts it when none does."""
        return self.subject if self.counts else f"{self.subject} (non comptée)"

    @property
    def difference(self) -> Decimal:
        """After − before, a missing figure counting for nothing."""
        return moved_by([(self.before, self.after)])


@dataclass(frozen=True)
class TermMove:
    """What is neither an amount nor a date: a parameter of a method, a month, a reason; as words."""

    subject: str
    key: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Impact:
    """Everything that differs between two versions: totals by year, lines, targets, dates, words.

    `changed` are the lines that one of the two alone promises.
    """

    before: ContractVersion
    after: ContractVersion
    totals: tuple[TotalImpact, ...]
    lines: tuple[LineMove, ...]
    targets: tuple[TargetMove, ...]
    dates: tuple[DateMove, ...]
    terms: tuple[TermMove, ...]
    changed: tuple[LineChange, ...] = ()

    @property
    def moved(self) -> tuple[TotalImpact, ...]:
        """The totals that differ."""
        return tuple(one for one in self.totals if one.changes)

    @property
    def unmoved(self) -> tuple[TotalImpact, ...]:
        """The totals that both versions share."""
        return tuple(one for one in self.totals if not one.changes)

    @property
    def lines_by_place(self) -> list[tuple[str, list[LineMove]]]:
        """The lines that moved under the headings of the contract; under their part where they have none of their own.

        No heading at all, « », when no line has one.
        """
        titles = {part.code: part.title for part in PARTS} if any(one.place for one in self.lines) else {}
        return under_headings(self.lines, lambda one: one.place or titles.get(one.part, ""))

    @property
    def changes(self) -> bool:
        """Whether anything differs."""
        return bool(self.lines or self.targets or self.dates or self.terms or self.changed)

    @property
    def adds_up(self) -> bool:
        """Whether every total's difference is that of its lines and, for a sum of years, of its years."""
        return all(one.adds_up for one in self.totals)


def impact(before: ContractVersion, after: ContractVersion) -> Impact:
    """Hold two versions of a contract side by side. The number of queries does not depend on the lines."""
    found = compare_versions(before, after)
    lost = lost_figures(before, PARTS), lost_figures(after, PARTS)
    totals = {part.code: _sides(part, before, after) for part in PARTS}
    counted = _counted(totals)
    return Impact(
        before,
        after,
        tuple(_total(code, *sides, found, lost) for code, totals_of in totals.items() for sides in totals_of),
        tuple(_line(one, counted, lost) for one in found if _is_amount(one)),
        tuple(_targets(found, lost)),
        tuple(_dates(before, after, found, lost)),
        tuple(_term(one) for one in found if _is_line(one) and not _is_amount(one)),
        changed_lines(before, after),
    )


SIDES: Final = ("before", "after")
SYMBOLS: Final = {"eur": "€"}
"""Units of indicators that are not written as they are named."""
Lost = tuple[Collection[Figure], Collection[Figure]]
"""What the scan lost of the version before, and of the one after."""
Sides = tuple[Total | None, Total | None]
"""A total before and after; one of the two is there."""


def _sides(part: Part, before: ContractVersion, after: ContractVersion) -> list[Sides]:
    old, new = ({one.code: one for one in part.totals(version)} for version in (before, after))
    return [(old.get(code), new.get(code)) for code in dict.fromkeys([*old, *new])]


def _counted(totals: Mapping[str, Sequence[Sides]]) -> dict[tuple[str, str], set[Any]]:
    """The lines that enter a total, by part and figure."""
    counted: defaultdict[tuple[str, str], set[Any]] = defaultdict(set)
    for part, sides in totals.items():
        for total in (one for pair in sides for one in pair if one):
            for figure in total.figures.values():
                counted[part, figure].update(total.lines)
    return dict(counted)


def _lost(one: Difference, lost: Lost) -> tuple[str, ...]:
    figure = (one.part, one.figure, (one.line, *one.key))
    return tuple(side for side, known in zip(SIDES, lost, strict=True) if figure in known)


def _lost_in(part: str, total: Total, lines: Collection[Any], lost: Lost) -> tuple[str, ...]:
    """On which side the scan lost figures that a total adds up."""
    figures = set(total.figures.values())
    return tuple(
        side
        for side, known in zip(SIDES, lost, strict=True)
        if any(one == part and figure in figures and key[0] in lines for one, figure, key in known)
    )


def _total(part: str, old: Total | None, new: Total | None, found: Sequence[Difference], lost: Lost) -> TotalImpact:
    known = new or old
    assert known is not None  # noqa: S101 - the code comes from one of them
    lines = {line for one in (old, new) if one for line in one.lines}
    of_part = [one for one in found if one.part == part and one.line in lines]
    return total_impact(
        part,
        known.code,
        known.title,
        old.cells if old else {},
        new.cells if new else {},
        {
            label: [(one.before, one.after) for one in of_part if one.figure == figure]
            for label, figure in known.figures.items()
        },
        is_summed=known.is_summed,
        lost=_lost_in(part, known, lines, lost),
    )


def _is_line(one: Difference) -> bool:
    return one.theme in ("budget", "savings")


def _is_amount(one: Difference) -> bool:
    """Whether a difference has a sense: of amounts and numbers, but for parameters and months."""
    stated = (one.before, one.after)
    return _is_line(one) and one.figure != "parameters" and any(isinstance(value, Decimal) for value in stated)


def _term(one: Difference) -> TermMove:
    key = ", ".join(str(each) for each in one.key)
    return TermMove(one.subject, key, one.label, _words(one.before), _words(one.after))


def _line(one: Difference, counted: Mapping[tuple[str, str], Collection[Any]], lost: Lost) -> LineMove:
    key = ", ".join(str(each) for each in one.key)
    lines = counted.get((one.part, one.figure))
    is_counted = lines is None or one.line in lines
    return LineMove(
        one.part,
        one.subject,
        key,
        one.label,
        one.before,
        one.after,
        is_counted,
        one.place,
        one.note,
        _lost(one, lost),
    )


def _targets(found: Sequence[Difference], lost: Lost) -> list[TargetMove]:
    """One row for each indicator and date, whatever the number of figures that moved."""
    moved = [one for one in found if one.theme == "targets"]
    rows = []
    for (subject, key, unit), group in groupby(moved, key=lambda one: (one.subject, one.key, one.unit)):
        figures = {one.figure: one for one in group if one.figure != "printed"}
        if figures:
            whole = next(iter(figures.values())).whole
            before, after = (_told({name: pair[side] for name, pair in whole.items()}, figures) for side in (0, 1))
            gone = {side for one in figures.values() for side in _lost(one, lost)}
            before, after = (
                formats.ILLEGIBLE if side in gone else told for side, told in zip(SIDES, (before, after), strict=True)
            )
            rows.append(TargetMove(subject, key[0], before, after, _moved(figures), SYMBOLS.get(unit, unit)))
    return rows


def _moved(figures: dict[str, Difference]) -> Decimal | None:
    value = figures.get("value")
    if value is None or value.before is None or value.after is None or "operator" in figures:
        return None
    difference: Decimal = value.after - value.before
    return difference


def _told(stated: Mapping[str, Any], moved: Collection[str]) -> str:
    """A target as it is read, « > 85 »: what did not move of it too. An operator alone is told where it moved."""
    known = {name: value for name, value in stated.items() if value not in (None, [], "")}
    if set(known) == {"operator"} and "operator" not in moved:
        return formats.NOT_REPORTED
    return formats.NO_BREAK_SPACE.join(map(_words, known.values())) or formats.NOT_REPORTED


def _words(value: object) -> str:
    if isinstance(value, Decimal):
        return formats.number(value, None)
    if isinstance(value, str) and value in tuple(Operator):
        return Operator(value).sign or Operator(value).label
    if isinstance(value, list):
        return "(" + " / ".join(_words(each) for each in value) + ")"
    return formats.NOT_REPORTED if value is None else str(value)


def _dates(before: ContractVersion, after: ContractVersion, found: Sequence[Difference], lost: Lost) -> list[DateMove]:
    moves = [
        DateMove(one.subject, one.label, one.before, one.after, _lost(one, lost))
        for one in found
        if one.theme == "calendar"
    ]
    if after.extends_to is not None and after.extends_to != before.extends_to:
        last = before.extends_to or before.contract.last_year
        moves.append(DateMove("Contrat", "dernière année de financement", last, after.extends_to))
    return moves
