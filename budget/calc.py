"""The ledger of credits side by side: planned, consumed, gap, share, reste à payer, reste à engager. Pure, in euros.

Totals add the known amounts only; a total of nothing known is None. FTAP and co-financing are kept apart by source.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from budget.flow import PeriodFlow
from contracts.funding import Funding
from figures.ae_cp import AeCp, minus, total, total_ae_cp
from figures.periods import QUARTERS_A_YEAR, Quarter

FTAP = "FTAP"
NONE_LABEL = "Non précisé"


@dataclass(frozen=True)
class CreditYear:
    """One line, or one total, in one financial year; `filing` is the pk of the filing that tells what was consumed.

    `lost` names what the scan lost of the plan: `ae`, `cp` or both. It is not known, and not left blank by the act.
    """

    year: int
    planned: AeCp
    consumed: AeCp
    filing: int | None = None
    lost: tuple[str, ...] = ()
    COMPUTED: ClassVar = ("gap", "share")

    @property
    def gap(self) -> AeCp:
        """Consumed − planned; None where one is missing."""
        return self.consumed - self.planned

    @property
    def share(self) -> AeCp:
        """Consumed ÷ planned (0.5 is a half); None where it cannot be computed."""
        return self.consumed.over(self.planned)


@dataclass(frozen=True)
class CreditTotalYear(CreditYear):
    """A total in one year: a line that reported nothing weighs in what is planned, and in no gap."""

    cells: tuple[CreditYear, ...] = ()
    UNWRITTEN: ClassVar = ("cells",)

    @property
    def gap(self) -> AeCp:
        """Those of the lines, added."""
        return total_ae_cp(cell.gap for cell in self.cells)

    @property
    def due(self) -> AeCp:
        """What is planned of the lines that reported, AE and CP apart: what the gap is held against."""
        return total_ae_cp(cell.planned.where(cell.consumed) for cell in self.cells)

    @property
    def held(self) -> AeCp:
        """`due` where it is less than the whole plan of the year and there is a gap; None elsewhere."""
        return self.due.unlike(self.planned).where(self.gap)


class _Figures:
    """What a row of years gives, a line's as well as a total's."""

    years: tuple[CreditYear, ...]

    @cached_property
    def planned(self) -> AeCp:
        """Planned over the life of the contract."""
        return total_ae_cp(year.planned for year in self.years)

    @cached_property
    def consumed(self) -> AeCp:
        """Consumed since the beginning."""
        return total_ae_cp(year.consumed for year in self.years)

    @property
    def lost(self) -> tuple[str, ...]:
        """What of the plan over the life of the contract is not known because the scan lost it."""
        return lost_of(self.planned, (year.lost for year in self.years))

    @property
    def gap(self) -> AeCp:
        """Consumed − planned over the life of the contract."""
        return self.consumed - self.planned

    @property
    def gap_to_date(self) -> AeCp:
        """The sum of the gaps of the years that were reported: what the column of a table adds up to.

        `gap` holds what was consumed against the plan of the whole life; what is not reported counts there for its
        plan, a year as well as a line.
        """
        return total_ae_cp(year.gap for year in self.years)

    @property
    def share(self) -> AeCp:
        """Consumed ÷ planned over the life of the contract."""
        return self.consumed.over(self.planned)

    @property
    def remaining(self) -> AeCp:
        """Planned − consumed: what is left to commit (AE) and to pay on the plan (CP)."""
        return self.planned - self.consumed

    @property
    def reste_a_payer(self) -> Decimal | None:
        """ΣAE consumed − ΣCP consumed: what is committed and not paid yet (domain § 4)."""
        return reste_a_payer(self.consumed)

    @property
    def reste_a_engager(self) -> Decimal | None:
        """ΣAE planned − ΣAE consumed (domain § 4)."""
        return minus(self.planned.ae, self.consumed.ae)


_COMPUTED = ("planned", "consumed", "gap", "share", "remaining", "reste_a_payer", "reste_a_engager")


@dataclass(frozen=True)
class CreditLine(_Figures):
    """A budget line with its planned and consumed credits, one `CreditYear` for each year of the situation."""

    key: str
    label: str
    group: str
    nature: str
    nature_label: str
    titre: str
    programme: str
    source: str
    is_ftap: bool
    axis: str
    axis_title: str
    sheet: str
    lot: str
    etp: Decimal | None
    years: tuple[CreditYear, ...]
    COMPUTED: ClassVar = _COMPUTED

    @property
    def full_label(self) -> str:
        """« 1,8 ETP des référents : dont financement dans les directions régionales »: what the line is a part of."""
        return f"{self.group}\u00a0: {self.label}" if self.group and self.group != self.label else self.label

    @property
    def place(self) -> str:
        """Under which heading the contract has the line: its lot, else its axis; blank when it has neither."""
        return self.lot or (f"Axe {self.axis} – {self.axis_title}" if self.axis else "")


@dataclass(frozen=True)
class CreditGroup(_Figures):
    """A total: of a titre, a nature, an axis, a source, or of everything."""

    code: str
    label: str
    years: tuple[CreditYear, ...]
    COMPUTED: ClassVar = _COMPUTED


@dataclass(frozen=True)
class CreditSituation:
    """Article 2 and what became of it, in one version of the contract.

    `period` is what the last filing's period consumed; None without filing, and in snapshots of format 3 and older.
    """

    years: tuple[int, ...]
    lines: tuple[CreditLine, ...]
    period: PeriodFlow | None = None
    COMPUTED: ClassVar = (
        "total",
        "ftap",
        "co_financing",
        "by_titre",
        "by_nature",
        "by_axis",
        "by_sheet",
        "by_lot",
        "by_source",
    )

    @cached_property
    def total(self) -> CreditGroup:
        """Every line, FTAP and co-financing."""
        return self._group("total", "Total", self.lines)

    @cached_property
    def ftap(self) -> CreditGroup:
        """The fund's own money."""
        return self._group("ftap", FTAP, (line for line in self.lines if line.is_ftap))

    @cached_property
    def co_financing(self) -> CreditGroup:
        """What the others bring."""
        return self._group("co_financing", "Cofinancement", (line for line in self.lines if not line.is_ftap))

    @cached_property
    def by_titre(self) -> tuple[CreditGroup, ...]:
        """One total for each titre, in order; a line that names none comes last."""
        groups = self._grouped(lambda line: (line.titre, f"Titre {line.titre}" if line.titre else NONE_LABEL))
        return tuple(sorted(groups, key=lambda one: one.code or "9"))

    @cached_property
    def by_nature(self) -> tuple[CreditGroup, ...]:
        """One total for each nature of expense, in the contract's order."""
        return self._grouped(lambda line: (line.nature, line.nature_label))

    @cached_property
    def by_axis(self) -> tuple[CreditGroup, ...]:
        """One total for each axis, in order; what hangs on no axis comes last."""
        groups = self._grouped(
            lambda line: (line.axis, f"Axe {line.axis} – {line.axis_title}" if line.axis else "Hors axe")
        )
        return tuple(sorted(groups, key=lambda one: (not one.code, one.code)))

    @cached_property
    def by_sheet(self) -> tuple[CreditGroup, ...]:
        """One total for each project sheet that lines name."""
        return self._grouped(
            lambda line: (line.sheet, f"Fiche {line.sheet}"), (line for line in self.lines if line.sheet)
        )

    @cached_property
    def by_lot(self) -> tuple[CreditGroup, ...]:
        """One total for each lot that lines name."""
        return self._grouped(lambda line: (line.lot, line.lot), (line for line in self.lines if line.lot))

    @cached_property
    def by_source(self) -> tuple[CreditGroup, ...]:
        """The fund, then each co-financer."""
        groups = self._grouped(lambda line: (line.source, line.source))
        return tuple(sorted(groups, key=lambda one: one.code != FTAP))

    def year(self, year: int) -> CreditYear:
        """The total of one year. Raises `KeyError` for a year that the situation does not cover."""
        return next((cell for cell in self.total.years if cell.year == year), None) or _unknown(year)

    def _grouped(
        self, key: Callable[[CreditLine], tuple[str, str]], lines: Iterable[CreditLine] | None = None
    ) -> tuple[CreditGroup, ...]:
        found: dict[tuple[str, str], list[CreditLine]] = {}
        for line in self.lines if lines is None else lines:
            found.setdefault(key(line), []).append(line)
        return tuple(self._group(code, label, members) for (code, label), members in found.items())

    def _group(self, code: str, label: str, lines: Iterable[CreditLine]) -> CreditGroup:
        return group(code, label, lines, self.years)


def ftap_amount(sheets: Iterable[Decimal | None], credits_: CreditSituation) -> Decimal | None:
    """The contract's FTAP amount in euros: its sheets' FTAP shares where sheets bear amounts, else FTAP lines in CP.

    CAP2030's seventeen sheets give 1 800 200 €; contracts without priced sheets give the sum of article 2.
    """
    return ftap_funding(sheets, credits_).amount


def ftap_funding(sheets: Iterable[Decimal | None], credits_: CreditSituation) -> Funding:
    """The FTAP amount as the sheets and as the lines give it, in euros."""
    return Funding(total(sheets), credits_.ftap.planned.cp)


def reste_a_payer(consumed: AeCp) -> Decimal | None:
    """ΣAE − ΣCP consumed, in euros; None when one of the two is not reported."""
    return minus(consumed.ae, consumed.cp)


def group(code: str, label: str, lines: Iterable[CreditLine], years: Sequence[int]) -> CreditGroup:
    """The total of some lines, year by year."""
    kept = list(lines)
    return CreditGroup(code, label, tuple(_sum_of_year(kept, rank, year) for rank, year in enumerate(years)))


def _sum_of_year(lines: Sequence[CreditLine], rank: int, year: int) -> CreditTotalYear:
    cells = tuple(line.years[rank] for line in lines)
    planned = total_ae_cp(cell.planned for cell in cells)
    return CreditTotalYear(
        year,
        planned,
        total_ae_cp(cell.consumed for cell in cells),
        next((cell.filing for cell in cells if cell.filing is not None), None),
        lost_of(planned, (cell.lost for cell in cells)),
        cells,
    )


def lost_of(planned: AeCp, terms: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """What a sum does not give because the scan lost the only amounts that make it: `ae`, `cp`.

    `terms` say what was lost of each.
    """
    lost = {kind for term in terms for kind in term}
    return tuple(kind for kind in ("ae", "cp") if kind in lost and getattr(planned, kind) is None)


def _unknown(year: int) -> CreditYear:
    raise KeyError(year)


def due_by(planned: Decimal | None, year: int, on: date) -> Decimal | None:
    """The part of a year's plan that is due on a day: by quarters begun while the year runs, all of it afterwards.

    Our own rule (docs/calculs/meteo-calculee.md): contracts plan by whole years, filings tell a quarter at a time.
    """
    if planned is None or year < on.year:
        return planned
    return planned * Quarter.of(on).number / QUARTERS_A_YEAR if year == on.year else Decimal(0)
