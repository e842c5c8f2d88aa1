"""Sections of a filing: each room registers its own when the application starts; this room knows none of theirs."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.urls import reverse

from figures.formats import NOT_REPORTED
from monitoring.models import Filing


@dataclass(frozen=True)
class Completeness:
    """How many of the things asked are filled in."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        return self.done >= self.total

    @property
    def percent(self) -> int:
        """Whole percents, rounded down: 100 means that nothing is missing; a section that asks nothing is complete."""
        return 100 * self.done // self.total if self.total else 100

    def __add__(self, other: "Completeness") -> "Completeness":
        return Completeness(self.done + other.done, self.total + other.total)


@dataclass(frozen=True, slots=True)
class Work:
    """The rows of one section that belong to one project sheet (blank: to none): how many are filled, by whom, when.

    `people` are those who wrote a row last, with how many of the filled rows are theirs, the busiest first.
    """

    sheet: str
    filled: Completeness
    people: tuple[tuple[str, int], ...] = ()
    last: datetime | None = None


@dataclass(frozen=True)
class SummaryRow:
    """One declared figure or word beside what was promised and what was said last time, as French text ready to show.

    `measure` names the figure when a line has several (« AE », « CP »). `anchor` is the id of the row on the section's
    page. `gap` and `difference` are what is declared less the plan, and less the last filing. `changed` says that it
    differs from the last filing. `key` tells apart rows of one anchor and measure. `sheet` is the number of the project
    sheet on which a contributor's right rests, None when the row belongs to none. `typed_at`: when somebody wrote it
    last, None when nobody did.
    """

    label: str
    declared: str
    measure: str = ""
    planned: str = ""
    previous: str = ""
    comment: str = ""
    author: str = ""
    anchor: str = ""
    group: str = ""
    changed: bool = False
    gap: str = ""
    difference: str = ""
    key: str = ""
    sheet: str | None = None
    typed_at: datetime | None = None

    @property
    def row_key(self) -> str:
        """What names this row within its section as long as the filing lives; a thread of remarks hangs on it."""
        return row_key(self.anchor, self.key, self.measure)

    @property
    def full_label(self) -> str:
        """The line and its measure: « Études – AE »."""
        return " – ".join(part for part in (self.label, self.measure) if part)


def row_key(*parts: str) -> str:
    """`SummaryRow.row_key` of an anchor, a key and a measure, those that there are."""
    return "-".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Said:
    """What a row of the summary said on an earlier instant, in the same words as `SummaryRow`."""

    declared: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a total is held against: « Prévu », « Tranche »… with what is declared less it, as French text.

    `held`: the part of it that the lines reported are held against, where some are not reported and have no gap.
    """

    title: str
    value: str
    gap: str
    held: str = ""


@dataclass(frozen=True, slots=True)
class SectionTotal:
    """A total of the section, all its lines told alike: « AE », what is declared, and what stands beside."""

    label: str
    declared: str
    beside: tuple[Beside, ...]


def has_changed(now: Any, before: Any, *, is_untouched: bool) -> bool:
    """Whether what is declared differs from the last filing; a blank that nobody wrote yet has not changed."""
    return now != before and not (is_untouched and now in (None, "", NOT_REPORTED))


@dataclass(frozen=True)
class Section:
    """A part of a filing: where it is typed, for which filings, how complete it is.

    - `code`: short and stable (« credits »); `position` orders the stepper; `url_name` takes the filing's number.
    - `applies(filing)`: whether this filing has the section at all.
    - `prepare_all(filings)`: creates the empty entry rows when filings open, in a number of queries that does not
      depend on how many there are; safe to run twice.
    - `completeness(filing)`: for one filing.
    - `completeness_of(filings)`: the same for many, by number, in a constant number of queries. Without it the page of
      a campaign asks one by one.
    - `summary(filing)`: what the reviewer reads, in order; `in_words` when it is texts rather than figures.
    - `said_at(filing, at)`: what each row of the summary said on an instant, by `row_key`, from the history.
    - `totals(filing)`, `totals_title`: sums that the reviewer reads above the lines, and what they are of.
    - `work_of(filing)`: how much of it is filled by project sheet, by whom, when (`monitoring.work`).
    - `sheets_of(filings)`: by number of filing, the project sheets that some row belongs to, in one query; None when
      the rows of the section belong to none, and are the lead's.
    - `decision_url_name`, `decision_title`: what the reviewer decides of this section besides the filing, and where.
    """

    code: str
    title: str
    url_name: str
    position: int
    applies: Callable[[Filing], bool]
    prepare_all: Callable[[Sequence[Filing]], None]
    completeness: Callable[[Filing], Completeness]
    completeness_of: Callable[[Sequence[Filing]], Mapping[int, Completeness]] | None = None
    summary: Callable[[Filing], Sequence[SummaryRow]] | None = None
    said_at: Callable[[Filing, datetime], Mapping[str, Said]] | None = None
    in_words: bool = False
    totals: Callable[[Filing], Sequence[SectionTotal]] | None = None
    totals_title: str = ""
    work_of: Callable[[Filing], Sequence[Work]] | None = None
    sheets_of: Callable[[Sequence[Filing]], Mapping[int, set[str]]] | None = None
    decision_url_name: str = ""
    decision_title: str = ""

    def url(self, filing: Filing, anchor: str = "") -> str:
        """The page where it is typed, at the given row."""
        return reverse(self.url_name, args=[filing.pk]) + (f"#{anchor}" if anchor else "")

    def prepare(self, filing: Filing) -> None:
        """The empty entry rows of one filing."""
        self.prepare_all([filing])

    def completeness_by_filing(self, filings: Sequence[Filing]) -> Mapping[int, Completeness]:
        """Completeness of each filing to which the section applies, by number."""
        concerned = [filing for filing in filings if self.applies(filing)]
        if self.completeness_of is not None:
            found = self.completeness_of(concerned)
            return {filing.pk: found.get(filing.pk, Completeness(0, 0)) for filing in concerned}
        return {filing.pk: self.completeness(filing) for filing in concerned}


_sections: dict[str, Section] = {}


def register(section: Section) -> Section:
    """Adds a section, or replaces the one of the same code."""
    _sections[section.code] = section
    return section


def all_sections() -> list[Section]:
    """Every registered section, in the order of the stepper."""
    return sorted(_sections.values(), key=lambda section: (section.position, section.code))


def sections_of(filing: Filing) -> list[Section]:
    """The sections that this filing has, in the order of the stepper."""
    return [section for section in all_sections() if section.applies(filing)]


def section(code: str) -> Section | None:
    """The section of this code, None when no room registered it."""
    return _sections.get(code)


def count_rows(
    model: type[Model], filled: Q, wanted: Q | None = None
) -> Callable[[Sequence[Filing]], dict[int, Completeness]]:
    """A `completeness_of` for sections whose rows have a `filing` column: one query whatever the number of filings.

    `filled` tells a row that says something; `wanted` the rows that are asked (all by default).
    """

    def completeness_of(filings: Sequence[Filing]) -> dict[int, Completeness]:
        rows = model._default_manager.filter(wanted or Q(), filing__in=[filing.pk for filing in filings])
        counts = rows.order_by().values("filing").annotate(total=Count("pk"), done=Count("pk", filter=filled))
        return {row["filing"]: Completeness(row["done"], row["total"]) for row in counts}

    return completeness_of


def pairs_known(model: type[Model], relation: str, filings: Sequence[Filing]) -> set[tuple[int, int]]:
    """(filing, line) of the entry rows that already exist: one query whatever the number of filings."""
    rows = model._default_manager.filter(filing__in=[filing.pk for filing in filings]).order_by()
    return set(rows.values_list("filing_id", f"{relation}_id"))


def rows_at(model: Any, filing: Filing, at: datetime) -> QuerySet[Any]:
    """The rows of this table in a filing as they stood on an instant, from their history; `pgh_obj_id` is their number.

    By when each was written, as the rows tell it themselves.
    """
    events = model.pgh_event_model.objects.filter(filing_id=filing.pk)
    return standing_at(events, at)


def standing_at(events: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    """The last of these events of each row that nothing written after the instant had touched."""
    written = events.filter(Q(updated_at__isnull=True) | Q(updated_at__lte=at))
    return written.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")


def prepare_rows(
    model: type[Model], relation: str, lines: QuerySet[Any], filings: Sequence[Filing], *, batch: int = 2000
) -> None:
    """Creates an empty row for each of these lines, in each filing of its contract that has none yet.

    `lines` bear `since` (`contracts.parts.with_since`): a filing has no row for a line that its version does not know
    yet; every other lives as long as the contract. Three queries, and one more for each `batch` rows.
    """
    by_contract: dict[int, list[tuple[int, int]]] = defaultdict(list)
    contracts = {filing.contract_id for filing in filings}
    wanted = lines.filter(contract__in=contracts).order_by("pk")
    for pk, contract, since in wanted.values_list("pk", "contract_id", "since"):
        by_contract[contract].append((pk, since or 0))
    known = pairs_known(model, relation, filings)
    rows = [
        model(filing=filing, **{f"{relation}_id": pk})
        for filing in filings
        for pk, since in by_contract[filing.contract_id]
        if (since == 0 or since <= filing.version.number) and (filing.pk, pk) not in known
    ]
    model._default_manager.bulk_create(rows, batch_size=batch)


def is_annual(filing: Filing) -> bool:
    """Whether the filing closes a financial year: a year's campaign, or the fourth quarter."""
    return filing.campaign.quarter in (None, 4)
