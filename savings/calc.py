"""The ledger of savings side by side: planned, declared, certified (never mixed), and the returns. Pure, in euros."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from figures.ae_cp import NOTHING, AeCp, share, total, total_ae_cp
from figures.formats import short_date_fr
from savings.natures import nature_label

NONE_LABEL = "Non précisé"
_LAST = "dernière année certifiée\u00a0: "
UNVALUED = "non_valorisee"
"""The method of a saving that the contract names without an amount: followed for information, in no total."""


@dataclass(frozen=True)
class SavingYear:
    """One line, or one total, in one year. `reason` and `evidence` are the holder's, with the filing they come from.

    `planned` is what the contract prints for the year; `recurring`, in the years after its table, is the amount that
    it promises for each year once deployed (« pérenne », article 3).
    """

    year: int
    planned: AeCp
    declared: AeCp
    certified: AeCp
    filing: int | None = None
    reason: str = ""
    evidence_level: str = ""
    evidence_level_label: str = ""
    evidence: str = ""
    recurring: AeCp = NOTHING
    COMPUTED: ClassVar = ("expected", "gap", "share")

    @property
    def expected(self) -> AeCp:
        """What is promised for the year: printed, or else recurring."""
        return self.planned if self.planned.is_reported else self.recurring

    @property
    def gap(self) -> AeCp:
        """Declared − expected; None where one is missing."""
        return self.declared - self.expected

    @property
    def due(self) -> AeCp:
        """What the declared amount is held against: expected, where something was declared."""
        return self.expected.where(self.declared)

    @property
    def compared(self) -> AeCp:
        """What was declared, where something was expected: due and compared make the gap."""
        return self.declared.where(self.expected)

    @property
    def share(self) -> AeCp:
        """Declared ÷ expected."""
        return self.declared.over(self.expected)


@dataclass(frozen=True)
class TotalYear(SavingYear):
    """A total in one year: lines that declared nothing weigh in what is expected, and in no gap."""

    cells: tuple[SavingYear, ...] = ()
    UNWRITTEN: ClassVar = ("cells",)

    @property
    def gap(self) -> AeCp:
        """Those of the lines, added."""
        return total_ae_cp(cell.gap for cell in self.cells)

    @property
    def due(self) -> AeCp:
        """What is expected of the lines that declared something, AE and CP apart."""
        return total_ae_cp(cell.due for cell in self.cells)

    @property
    def compared(self) -> AeCp:
        """What was declared on the lines of which something was expected."""
        return total_ae_cp(cell.compared for cell in self.cells)


class Figures:
    """What a row of years gives, a line's as well as a total's."""

    years: tuple[SavingYear, ...]

    @cached_property
    def planned(self) -> AeCp:
        """Planned as the contract prints it, added over the years of its table."""
        return total_ae_cp(year.planned for year in self.years)

    @cached_property
    def expected(self) -> AeCp:
        """Expected, added over the years: the table's, then those in which the saving recurs."""
        return total_ae_cp(year.expected for year in self.years)

    @cached_property
    def declared(self) -> AeCp:
        """Declared by the holder, added over the years."""
        return total_ae_cp(year.declared for year in self.years)

    @cached_property
    def certified(self) -> AeCp:
        """Certified by a reviewer who did not declare it, added over the years."""
        return total_ae_cp(year.certified for year in self.years)

    @cached_property
    def planned_to_date(self) -> AeCp:
        """Expected of the lines and years that declared something, AE and CP apart: what that is held against."""
        return total_ae_cp(year.due for year in self.years)

    @cached_property
    def compared(self) -> AeCp:
        """Declared in the lines and years of which something was expected."""
        return total_ae_cp(year.compared for year in self.years)

    @cached_property
    def gap(self) -> AeCp:
        """Gaps of all the lines and years, added: `compared` − `planned_to_date` (docs/calculs/ecart-des-economies)."""
        return total_ae_cp(year.gap for year in self.years)


_COMPUTED = ("planned", "expected", "declared", "certified", "planned_to_date", "gap")


@dataclass(frozen=True)
class Post:
    """Posts of one category in one year, with the yearly cost of one (€) and, where it is given, their month."""

    category: str
    year: int
    unit_cost: Decimal | None
    removed_etpt: Decimal | None
    redeployed_etpt: Decimal | None
    month: int | None = None


@dataclass(frozen=True)
class SavingLine(Figures):
    """A savings line of article 3; `recurrent` is the amount a year after deployment (« pérenne »).

    `is_for_information`: in no total. A fact of the line, not a reading of its method, so that a snapshot of the time
    when an amount declared on an unvalued line counted keeps its totals. `is_lost`: the scan lost amounts of it, so
    that what is not known of its promise is illegible, and not left blank by the act.
    """

    key: str
    label: str
    nature: str
    titre: str
    programme: str
    method: str
    method_label: str
    parameters: dict[str, Any]
    is_recurrent: bool
    is_redeployed: bool
    recurrent: AeCp
    posts: tuple[Post, ...]
    years: tuple[SavingYear, ...]
    is_for_information: bool = False
    is_lost: bool = False
    COMPUTED: ClassVar = _COMPUTED

    @property
    def nature_label(self) -> str:
        """Its nature in French; empty when the contract gives none."""
        return nature_label(self.nature)

    @property
    def counts(self) -> bool:
        """Whether the line is a budget saving.

        Redeployed posts and unvalued savings are shown and not counted (domain § 5).
        """
        return not self.is_redeployed and not self.is_for_information


@dataclass(frozen=True)
class SavingGroup(Figures):
    """A total of lines that count; `is_lost` when the scan lost amounts of one of them."""

    code: str
    label: str
    recurrent: AeCp
    years: tuple[SavingYear, ...]
    is_lost: bool = False
    COMPUTED: ClassVar = _COMPUTED


@dataclass(frozen=True)
class SavingsSituation:
    """Article 3 and what became of it, in one version of the contract."""

    years: tuple[int, ...]
    lines: tuple[SavingLine, ...]
    COMPUTED: ClassVar = ("total", "by_titre", "by_nature", "net_compensation", "certified_recurrent")

    @property
    def told(self) -> tuple[SavingLine, ...]:
        """The lines that count of which something was declared: those that make up for one another."""
        return tuple(line for line in self.lines if line.counts and line.declared.is_reported)

    @property
    def for_information(self) -> tuple[SavingLine, ...]:
        """The unvalued lines."""
        return tuple(line for line in self.lines if line.is_for_information)

    @cached_property
    def total(self) -> SavingGroup:
        """Every line that counts."""
        return self._group("total", "Total", self.lines)

    @cached_property
    def by_titre(self) -> tuple[SavingGroup, ...]:
        """One total for each titre, in order; a line that names none comes last."""
        groups = self._grouped(lambda line: (line.titre, f"Titre {line.titre}" if line.titre else NONE_LABEL))
        return tuple(sorted(groups, key=lambda one: one.code or "9"))

    @cached_property
    def by_nature(self) -> tuple[SavingGroup, ...]:
        """One total for each nature, in the contract's order."""
        return self._grouped(lambda line: (line.nature, line.nature_label or NONE_LABEL))

    @cached_property
    def net_compensation(self) -> AeCp:
        """Gaps of all lines together: above zero, what some lines bring makes up for what others miss (article 7)."""
        return total_ae_cp(line.gap for line in self.lines if line.counts)

    @cached_property
    def certified_recurrent(self) -> AeCp:
        """Certified amounts of recurrent lines in the last year that has any: what recurs each year, proved so far."""
        return total_ae_cp(cell.certified for _, cell in self.certified_lines())

    def certified_lines(self, until: int | None = None) -> tuple[tuple[SavingLine, SavingYear], ...]:
        """The lines behind the certified recurrent amount, with the year it is of; `until` looks at no later year."""
        found = [
            (line, cell)
            for line in self.lines
            if line.counts and line.is_recurrent
            for cell in line.years
            if cell.certified.is_reported and (until is None or cell.year <= until)
        ]
        last = max((cell.year for _, cell in found), default=None)
        return tuple((line, cell) for line, cell in found if cell.year == last)

    def _grouped(self, key: Callable[[SavingLine], tuple[str, str]]) -> tuple[SavingGroup, ...]:
        found: dict[tuple[str, str], list[SavingLine]] = {}
        for line in self.lines:
            found.setdefault(key(line), []).append(line)
        return tuple(self._group(code, label, members) for (code, label), members in found.items())

    def _group(self, code: str, label: str, lines: Iterable[SavingLine]) -> SavingGroup:
        return group(code, label, lines, self.years)


@dataclass(frozen=True)
class Return:
    """A return on investment, always with what it is made of; `ratio` is None (« n. c. ») when it has no sense.

    `lost` names what of it is a promise that the scan lost: `numerator`, `denominator`.
    """

    code: str
    label: str
    numerator_label: str
    numerator: Decimal | None
    denominator_label: str
    denominator: Decimal | None
    on: date
    lost: tuple[str, ...] = ()
    COMPUTED: ClassVar = ("ratio",)

    @property
    def ratio(self) -> Decimal | None:
        """Numerator ÷ denominator; None when one is missing or the denominator is zero."""
        return share(self.numerator, self.denominator)


@dataclass(frozen=True)
class Investment:
    """The money that savings are held against, in euros: promised and paid (CP), FTAP alone and with co-financing.

    `measured_on`: the day from which R4 is measured, three years after the last funding year. `ftap_untold` and
    `total_untold`: years gone by in which credits were planned and nothing consumed is reported. `ftap_beside` and
    `total_beside`: which sum the promised amount is and what the other one is, where the contract gives two. `is_lost`:
    the scan lost the amounts that make the promised money.
    """

    ftap_planned: Decimal | None
    total_planned: Decimal | None
    ftap_consumed: Decimal | None
    total_consumed: Decimal | None
    measured_on: date | None = None
    ftap_untold: tuple[int, ...] = ()
    total_untold: tuple[int, ...] = ()
    ftap_beside: str = ""
    total_beside: str = ""
    is_lost: bool = False


def returns(savings: SavingsSituation, money: Investment, on: date) -> tuple[Return, ...]:
    """R1, R2, both sides of R3 and R4 at a date (domain § 5): CAP2030's R1 is 1 757 500 ÷ 1 800 200 = 0.976.

    R4 is R2 measured three years after the end of funding: not computable before.
    """
    saved, spent = savings.total.is_lost, money.is_lost
    promised = ("Économies pérennes prévues au contrat", savings.total.recurrent.cp)
    certified = (_of_last_year(savings), savings.certified_recurrent.cp)
    paid = _without("CP FTAP consommés", money.ftap_untold)
    all_paid = _without("CP consommés, cofinancement compris", money.total_untold)
    return (
        Return("R1", "Retour contractuel", *promised, _beside("Montant FTAP du contrat", money.ftap_beside),
               money.ftap_planned, on, _lost(promised[1], money.ftap_planned, saved=saved, spent=spent)),
        Return("R2", "Retour certifié", *certified, paid, money.ftap_consumed, on),
        Return("R3a", "Retour contractuel sur coût total", *promised, _beside("Coût total prévu", money.total_beside),
               money.total_planned, on, _lost(promised[1], money.total_planned, saved=saved, spent=spent)),
        Return("R3b", "Retour certifié sur coût total", *certified, all_paid, money.total_consumed, on),
        Return("R4", "Retour certifié à trois ans", *_certified_when_due(savings, money.measured_on, on),
               paid, money.ftap_consumed, on),
    )  # fmt: skip


def _lost(numerator: Decimal | None, denominator: Decimal | None, *, saved: bool, spent: bool) -> tuple[str, ...]:
    """The promised terms that are not known, where the scan lost amounts of the savings, of the money."""
    terms = (("numerator", numerator, saved), ("denominator", denominator, spent))
    return tuple(term for term, amount, is_lost in terms if is_lost and amount is None)


def _beside(label: str, other: str) -> str:
    """What is divided by, and which of two sums it is."""
    return f"{label} ({other})" if other else label


def _without(label: str, untold: tuple[int, ...]) -> str:
    """What is divided by, and the years that it lacks."""
    if not untold:
        return label
    return f"{label} ({', '.join(map(str, untold))} non renseigné{'s' if len(untold) > 1 else ''})"


def _of_last_year(savings: SavingsSituation) -> str:
    """What R2 and R3b count, and of which year: the last one that has a certified amount."""
    label = "Économies récurrentes certifiées"
    year = next((cell.year for _, cell in savings.certified_lines()), None)
    return label if year is None else f"{label} ({_LAST}{year})"


def _certified_when_due(savings: SavingsSituation, due: date | None, on: date) -> tuple[str, Decimal | None]:
    """What recurs and was certified for the years up to the one in which R4 is measured, and of which year when it is
    an earlier one; None before that day.
    """
    if due is None or on < due:
        when = f", à mesurer le {short_date_fr(due)}" if due else ""
        return f"Économies récurrentes certifiées{when}", None
    found = [cell for _, cell in savings.certified_lines(until=due.year)]
    label = f"Économies récurrentes certifiées au {short_date_fr(due)}"
    if found and found[0].year < due.year:
        label += f" ({_LAST}{found[0].year})"
    return label, total(cell.certified.cp for cell in found)


def group(code: str, label: str, lines: Iterable[SavingLine], years: Sequence[int]) -> SavingGroup:
    """The total of the lines that count, year by year."""
    kept = [line for line in lines if line.counts]
    cells = tuple(_sum_of_year([line.years[rank] for line in kept], year) for rank, year in enumerate(years))
    is_lost = any(line.is_lost for line in kept)
    return SavingGroup(code, label, total_ae_cp(line.recurrent for line in kept), cells, is_lost)


def _sum_of_year(cells: Sequence[SavingYear], year: int) -> TotalYear:
    return TotalYear(
        year,
        total_ae_cp(cell.planned for cell in cells),
        total_ae_cp(cell.declared for cell in cells),
        total_ae_cp(cell.certified for cell in cells),
        next((cell.filing for cell in cells if cell.filing is not None), None),
        recurring=total_ae_cp(cell.recurring for cell in cells),
        cells=tuple(cells),
    )
