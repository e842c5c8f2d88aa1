"""A part of a version: what a ledger must know so that whole contracts are loaded, exported, amended and compared.

The frame of a contract (contracts) and each ledger register theirs when the application starts; none is known here.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.db import models
from django.db.models.functions import Least

from contracts.fields import EuroField, amount

if TYPE_CHECKING:
    from contracts.additions import Addition
    from contracts.annex.layout import AnnexSheet
    from contracts.annex.writer import Places
    from contracts.contract_file.columns import Cells
    from contracts.contract_file.document import Document
    from contracts.models import Contract, ContractVersion


@dataclass(frozen=True, slots=True)
class Detail:
    """A value inside a figure that is a table (`taux`, `2021`): its French name, and whether it is text or a number.

    `kind`: `text`, `number` or `amount` (euros).
    """

    path: tuple[str, ...]
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Promise:
    """Rows that belong to a version: on what (`subject`), told apart by `keys`, with which figures.

    `theme` is what an amendment must be about to touch them (`contracts.amendments.calc.THEMES`); `years` says over
    which years rows keyed by a year (their last key) may stand; `printed` is the field that keeps the printed text of a
    figure. `texts` are figures in words that an amendment may write; `shared` those that rows which differ by their
    year alone have in common; `reads` the relations that its place and its note are
    told from; `detailed` is the one that is a table, of which `details` gives the values for a line. `told_whole` are
    figures that make sense together alone: a difference of one of them bears them all.
    """

    model: type[models.Model]
    subject: str
    keys: tuple[str, ...]
    figures: tuple[str, ...]
    theme: str = ""
    years: str = ""
    printed: str = ""
    texts: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    detailed: str = ""
    details: "Callable[[ContractVersion, Any], Sequence[Detail]] | None" = None
    told_whole: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Misfit:
    """A figure of a version that does not go with the others: in which row of a promise, and why, in French.

    `subject` is the name of the line.
    """

    model: type[models.Model]
    key: tuple[Any, ...]
    figure: str
    message: str
    subject: str


FUNDING, SAVINGS = "funding", "savings"
"""Years of funding; years for which savings are followed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that two versions do not share; None where one of them has no row or no figure.

    `line` is the primary key of what the figure is about; `place` and `note` tell it from another of the same name;
    `unit` is the one that it states for itself, blank for euros. `whole`: the figures that are told with it, moved or
    not, before and after.
    """

    part: str
    subject: str
    key: tuple[Any, ...]
    figure: str
    before: Any
    after: Any
    theme: str = field(default="", compare=False)
    label: str = field(default="", compare=False)
    line: Any = field(default=None, compare=False)
    place: str = field(default="", compare=False)
    note: str = field(default="", compare=False)
    unit: str = field(default="", compare=False)
    whole: Mapping[str, tuple[Any, Any]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Total:
    """A total of a version to hold against another version's: its cells by year, or by French name of what it is.

    `figures` are those of the part's rows that it adds up over `lines` (primary keys): the sum of their differences is
    its difference. Amounts in euros. There is one, under `TOTAL`, unless the total is not a sum of its cells
    (`is_summed` false): it has no grand total then, and each cell adds up a figure of its own.
    """

    code: str
    title: str
    cells: Mapping[str, Decimal | None]
    figures: Mapping[str, str]
    lines: Collection[Any]
    is_summed: bool = True


@dataclass(frozen=True, slots=True)
class Computed:
    """What a stated figure should be: `value` in euros when `is_amount`, the terms it is the sum of, those missing.

    None when nothing is known; `why` then says so in French.
    """

    value: Decimal | None
    terms: tuple[Decimal, ...] = ()
    missing: int = 0
    is_amount: bool = True
    why: str = ""


Expression = Mapping[str, Any]
Calculator = Callable[[Expression], Computed]


@dataclass(frozen=True, slots=True)
class Filter:
    """A key that an expression admits: a reference to a table of the file, a year, an interval, or a word."""

    kind: str
    table: str = ""


class Part(ABC):
    """One part of every version of a contract."""

    code: ClassVar[str]
    title: ClassVar[str]
    promises: ClassVar[tuple[Promise, ...]] = ()
    additions: ClassVar[tuple["Addition", ...]] = ()  # lines that an amendment may add from its page
    annex: ClassVar[tuple["AnnexSheet", ...]] = ()  # sheets of the financial annex
    measures: ClassVar[Mapping[str, tuple[str, ...]]] = {}  # table of an expression → its measures
    filters: ClassVar[Mapping[str, Filter]] = {}

    @abstractmethod
    def read(self, document: "Document") -> None:
        """Read this part of a file: rows go to `document.rows`, names to `document.known`, errors to its source."""

    @abstractmethod
    def write(self, version: "ContractVersion", cells: "Cells") -> dict[str, Any]:
        """The tables of the file that give this part of the version back, by key."""

    def calculator(self, version: "ContractVersion") -> Calculator:
        """Reads the version's rows once; the function then gives the value of any expression on this part's tables."""
        raise NotImplementedError  # a part without tables is named by no expression: asking it is a mistake of ours

    def totals(self, version: "ContractVersion") -> "Sequence[Total]":
        """The totals of the version that an impact sheet compares."""
        return ()

    def misfits(self, version: "ContractVersion") -> Sequence[Misfit]:
        """What a draft may not keep: told at its figure when a page writes it, and at the signature in any case."""
        return ()

    def annex_results(
        self, places: Mapping[str, "Places"], tables: Mapping[str, Any]
    ) -> Sequence[tuple[str, str, "str | Decimal", "str | Decimal", str]]:
        """Ratios that the annex computes: code, title, both terms in euros (formulas or figures), what they are."""
        return ()

    def copy(self, source: "ContractVersion", target: "ContractVersion") -> None:
        """Give the target the promised figures of the source, as an amendment in preparation starts."""
        for promise in self.promises:
            rows = list(promise.model._default_manager.filter(version=source))
            for row in rows:
                row.pk, row.version = None, target  # type: ignore[attr-defined]
                row._state.adding = True
            promise.model._default_manager.bulk_create(rows)

    def compare(self, before: "ContractVersion", after: "ContractVersion") -> tuple[Difference, ...]:
        """Every figure that differs between two versions."""
        return tuple(found for promise in self.promises for found in self._compare(promise, before, after))

    def _compare(self, promise: Promise, before: "ContractVersion", after: "ContractVersion") -> Iterator[Difference]:
        old, new = promised(promise, before), promised(promise, after)
        for key in dict.fromkeys([*old, *new]):
            row = old.get(key) or new[key]
            about = getattr(row, promise.subject)
            subject, place, note = str(about), place_of(about), note_of(about)
            whole = {one: _both(key, one, old, new) for one in promise.told_whole}
            for figure in promise.figures:
                was, now = _both(key, figure, old, new)
                if was == now:
                    continue
                label = str(promise.model._meta.get_field(figure).verbose_name)  # type: ignore[union-attr]
                found = [(label, was, now)] if figure != promise.detailed else _apart(promise, row, after, was, now)
                for name, one, other in found:
                    yield Difference(
                        self.code,
                        subject,
                        key[1:],
                        figure,
                        one,
                        other,
                        theme=promise.theme,
                        label=name,
                        line=key[0],
                        place=place,
                        note=note,
                        unit=getattr(about, "unit", ""),
                        whole=whole,
                    )


def _both(key: tuple[Any, ...], figure: str, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> tuple[Any, Any]:
    """A figure of a row before and after; None where a version has no such row."""
    was, now = (None if key not in rows else _stated(rows[key], figure) for rows in (old, new))
    return was, now


def _apart(
    promise: Promise, row: Any, version: "ContractVersion", was: Any, now: Any
) -> list[tuple[str, Decimal | str | None, Decimal | str | None]]:
    """The values that differ inside a figure that is a table, each with its name."""
    known = promise.details(version, getattr(row, promise.subject)) if promise.details else ()
    found = [(one.label, detail_of(was, one), detail_of(now, one)) for one in known]
    return [one for one in found if one[1] != one[2]]


def place_of(subject: Any) -> str:
    """The heading under which the contract has a line, its axis or its lot; blank for what stands under none."""
    return getattr(subject, "place", "")


def note_of(subject: Any) -> str:
    """What tells a line from another of the same label; blank for what has no such note."""
    return getattr(subject, "note", "")


def detail_of(table: Any, detail: Detail) -> Decimal | str | None:
    """A value inside a figure that is a table; numbers are exact."""
    found = table
    for piece in detail.path:
        found = found.get(piece) if isinstance(found, Mapping) else None
    return found if found is None or detail.kind == "text" else Decimal(str(found))


def with_since(lines: "models.QuerySet[Any]", *relations: str) -> "models.QuerySet[Any]":
    """Lines with `since`, the number of the first version that promises something of them; NULL when none ever does.

    `relations` are the lines' relations to their promised rows.
    """
    firsts = []
    for relation in relations:
        related: Any = lines.model._meta.get_field(relation)
        rows = related.related_model._default_manager.filter(**{related.field.name: models.OuterRef("pk")})
        firsts.append(models.Subquery(rows.order_by("version__number").values("version__number")[:1]))
    annotated: models.QuerySet[Any] = lines.annotate(since=Least(*firsts) if len(firsts) > 1 else firsts[0])
    return annotated


def standing(
    lines: "models.QuerySet[Any]", version: "ContractVersion | None", *relations: str
) -> "models.QuerySet[Any]":
    """The lines that a version knows: promised by it or by an earlier one, or by none at all (the act prints nothing).

    A line that only a later amendment promises, signed or in preparation, is not known yet.
    """
    number = version.number if version else 0
    return with_since(lines, *relations).filter(models.Q(since__isnull=True) | models.Q(since__lte=number))


def is_withdrawn(line: Any, shown: Collection[int]) -> bool:
    """Whether a version no longer promises anything of a line of `standing`, and nothing real was reported on it.

    `shown` are the keys of the lines of which the version promises something or of which something was reported.
    """
    return line.since is not None and line.pk not in shown


def promised(promise: Promise, version: "ContractVersion") -> dict[tuple[Any, ...], models.Model]:
    """The rows of a version by subject and keys."""
    related = (promise.subject, *(f"{promise.subject}__{one}" for one in promise.reads))
    rows = promise.model._default_manager.filter(version=version).select_related(*related)
    ordered = rows.order_by(f"{promise.subject}__position", *promise.keys)
    return {
        (getattr(row, f"{promise.subject}_id"), *(getattr(row, key) for key in promise.keys)): row for row in ordered
    }


def figure_of(row: models.Model, name: str) -> Any:
    """A figure of a row; an amount is given in euros."""
    value = getattr(row, name)
    return amount(value) if isinstance(row._meta.get_field(name), EuroField) else value


def _stated(row: models.Model, name: str) -> Any:
    """A figure as it is compared: an empty text, list or table states nothing."""
    value = figure_of(row, name)
    return None if isinstance(value, str | list | dict) and not value else value


PARTS: Final[list[Part]] = []
Guard = Callable[["ContractVersion"], str]
GUARDS: Final[list[Guard]] = []
Period = tuple[date, date]
"""Its first and last day."""

Lock = Callable[["Contract"], "Sequence[Period]"]
LOCKS: Final[list[Lock]] = []


def register(part: Part) -> None:
    """Add a part, in the order of the contract's articles; registering it twice replaces it."""
    PARTS[:] = [known for known in PARTS if known.code != part.code] + [part]


def register_guard(guard: Guard) -> None:
    """Add a reason not to change a version in place: the function gives it in French, blank when there is none."""
    if guard not in GUARDS:
        GUARDS.append(guard)


def register_lock(lock: Lock) -> None:
    """Add what tells the periods of a contract whose figures are locked."""
    if lock not in LOCKS:
        LOCKS.append(lock)


def locked_until(contract: "Contract") -> date | None:
    """The last day of the contract that is locked, whoever locks it."""
    return max((last for lock in LOCKS for _, last in lock(contract)), default=None)


def locked_between(contract: "Contract", first: date, last: date) -> Period | None:
    """The first locked period of the contract that has a day in common with these; None when there is none."""
    found = (one for lock in LOCKS for one in lock(contract) if one[0] <= last and first <= one[1])
    return min(found, default=None)


def part_of(table: str) -> Part:
    """The part that computes the expressions on a table. Raises `KeyError`."""
    for part in PARTS:
        if table in part.measures:
            return part
    raise KeyError(table)


def years_of(draft: "ContractVersion", promise: Promise) -> range:
    """The years over which a promise of the draft may stand."""
    contract = draft.contract
    last = max(contract.last_year, draft.extends_to or 0)
    return range(contract.first_year, last + (1 if promise.years == FUNDING else 4))


def copy_version(source: "ContractVersion", target: "ContractVersion") -> None:
    """Copy every part of a version, for instance to prepare an amendment."""
    for part in PARTS:
        part.copy(source, target)


def compare_versions(before: "ContractVersion", after: "ContractVersion") -> tuple[Difference, ...]:
    """Everything that an amendment changes in the promised figures."""
    return tuple(difference for part in PARTS for difference in part.compare(before, after))
