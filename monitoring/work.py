"""Who has filled what in a filing, by section and project sheet; each room tells how its own rows are counted."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Model, Q, Value

from accounts.enums import Role
from accounts.selectors import grants_of_role
from contracts.perimeters import perimeters_of
from monitoring.models import Filing
from monitoring.sections import Completeness, Section, Work, all_sections, sections_of


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A line of the table: `given_to` are the contributors to whom the sheet was given."""

    section: Section
    url: str
    work: Work
    given_to: tuple[str, ...]


def work_by_sheet(
    model: type[Model], filled: Q, wanted: Q | None = None, sheet: str = ""
) -> Callable[[Filing], list[Work]]:
    """A section's `work_of` for a table of entry rows: one query. `sheet` is the path of the row's project sheet.

    `filled` and `wanted` as in `count_rows`, so that the sums are those of the stepper.
    """
    number = F(f"{sheet}__number") if sheet else Value("")

    def work_of(filing: Filing) -> list[Work]:
        rows = model._default_manager.filter(wanted or Q(), filing=filing).order_by()
        counts = (
            rows.annotate(number=number)
            .values("number", "updated_by__first_name", "updated_by__last_name")
            .annotate(total=Count("pk"), done=Count("pk", filter=filled), last=Max("updated_at"))
        )
        by_sheet: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in counts:
            by_sheet[row["number"] or ""].append(row)
        return [_work(key, members) for key, members in by_sheet.items()]

    return work_of


def sheets_with_rows(model: type[Model], sheet: str) -> Callable[[Sequence[Filing]], dict[int, set[str]]]:
    """A section's `sheets_of` for a table of entry rows: one query. `sheet` is the path of the row's project sheet."""

    def sheets_of(filings: Sequence[Filing]) -> dict[int, set[str]]:
        rows = model._default_manager.filter(filing__in=[one.pk for one in filings]).order_by()
        found: dict[int, set[str]] = defaultdict(set)
        for filing, number in rows.values_list("filing_id", f"{sheet}__number").distinct():
            if number:
                found[filing].add(number)
        return found

    return sheets_of


def sheets_to_fill(filings: Sequence[Filing]) -> dict[int, set[str]]:
    """By number of filing, the project sheets that have something to fill in some section: one query a section."""
    found: dict[int, set[str]] = defaultdict(set)
    for section in all_sections() if filings else ():
        if section.sheets_of is None:
            continue
        for filing, numbers in section.sheets_of([one for one in filings if section.applies(one)]).items():
            found[filing] |= numbers
    return found


def _work(sheet: str, rows: Sequence[dict[str, Any]]) -> Work:
    people = [
        (f"{row['updated_by__first_name']} {row['updated_by__last_name']}".strip(), row["done"])
        for row in rows
        if row["last"] is not None and row["updated_by__last_name"] is not None
    ]
    return Work(
        sheet=sheet,
        filled=Completeness(sum(row["done"] for row in rows), sum(row["total"] for row in rows)),
        people=tuple(sorted(people, key=lambda one: (-one[1], one[0]))),
        last=max((row["last"] for row in rows if row["last"] is not None), default=None),
    )


def work_on(filing: Filing) -> list[WorkLine]:
    """The whole table of a filing, in the order of the stepper, then of the sheets. One query a section, and one."""
    given = _given(filing)
    return [
        WorkLine(section, section.url(filing), work, given.get(work.sheet, ()))
        for section in sections_of(filing)
        if section.work_of is not None
        for work in sorted(section.work_of(filing), key=lambda one: _in_order(one.sheet))
        if work.filled.total
    ]


def _in_order(sheet: str) -> tuple[bool, int, str]:
    """Sheets by number, what belongs to none last."""
    return sheet == "", int(sheet) if sheet.isdecimal() else 0, sheet


def _given(filing: Filing) -> dict[str, tuple[str, ...]]:
    """The contributors of each project sheet of the contract, by its number."""
    places = perimeters_of(filing.contract)
    found: dict[str, list[str]] = defaultdict(list)
    for user, held in grants_of_role(Role.CONTRIBUTOR):
        if held.covers(places):
            for sheet in held.sheets:
                found[sheet].append(user.get_full_name())
    return {sheet: tuple(sorted(names)) for sheet, names in found.items()}
