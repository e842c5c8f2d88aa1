"""What a contract prints beside what its own lines give: the difference, and whether rounding explains it."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from contracts.contract_file.document import scale_of
from contracts.contract_file.expressions import CONSTANT, NONE, PART
from contracts.enums import AmountUnit, StatedUnit
from contracts.models import ContractVersion, StatedFigure
from contracts.parts import Calculator, Computed, Expression, part_of
from figures.rounding import (
    HUNDRED,
    ZERO,
    RoundingExplanation,
    explain,
    explain_share,
    printed_decimals,
    terms_tolerance,
)

SCALES: Final = {StatedUnit.EUR: Decimal(1), StatedUnit.KEUR: Decimal(1000), StatedUnit.MEUR: Decimal(1_000_000)}


class Verdict(StrEnum):
    """What comparing a printed figure with the computed one says."""

    AGREES = "agrees"
    ROUNDING = "rounding"
    DIFFERENCE = "difference"
    NOT_COMPUTABLE = "not_computable"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    Verdict.AGREES: "égal au calcul",
    Verdict.ROUNDING: "écart expliqué par l’arrondi",
    Verdict.DIFFERENCE: "écart non expliqué",
    Verdict.NOT_COMPUTABLE: "non calculable",
    Verdict.UNREADABLE: "illisible",
}


@dataclass(frozen=True, slots=True)
class StatedCheck:
    """A printed figure and the computed one, both in the printed unit; `difference` is printed − computed.

    `tolerance` is what rounding may explain: half a printing unit for each of the `rounded_terms`, the total included.
    `missing` terms are not known: the sum is then of the others. `reason` says why nothing is computed.
    """

    key: str
    label: str
    article: str
    unit: str
    unit_label: str
    decimals: int
    printed: Decimal | None
    computed: Decimal | None
    difference: Decimal | None
    rounded_terms: int
    tolerance: Decimal
    missing: int
    verdict: Verdict
    reason: str
    expression: Expression = field(default_factory=dict, compare=False)

    @property
    def explained_by_rounding(self) -> bool:
        return self.verdict is Verdict.ROUNDING


@dataclass(frozen=True, slots=True)
class _Result:
    """A computed figure in euros or units, with the part of the difference that the rounding of its terms explains."""

    computed: Computed
    terms_tolerance: Decimal


class StatedCalculator:
    """Computes the expressions of a version; each part reads its rows once, however many expressions there are."""

    def __init__(self, version: ContractVersion) -> None:
        self.version = version
        self.calculators: dict[str, Calculator] = {}

    def compute(self, expression: Expression, printed: tuple[str, int] | None = None) -> _Result:
        """The value of an expression; `printed` is the unit and the decimals of the figure it is compared with."""
        match expression.get("table"):
            case None:
                return _Result(Computed(None, why="Le contrat ne dit pas d’où vient ce chiffre."), Decimal(0))
            case str(table) if table == NONE:
                return _Result(Computed(None, why=str(expression.get("raison", ""))), Decimal(0))
            case str(table) if table == CONSTANT:
                return _Result(Computed(Decimal(expression["valeur"])), Decimal(0))
            case str(table) if table == PART:
                return self._share(expression)
            case table:
                computed = self._calculator(table)(expression)
                return _Result(computed, self._tolerance(table, computed, printed))

    def _share(self, expression: Expression) -> _Result:
        """Numerator ÷ denominator, in percent; their own rounding moves it by (n' + share × d') ÷ d."""
        above, below = (self.compute(expression[key]) for key in ("numerateur", "denominateur"))
        if above.computed.value is None or not below.computed.value:
            why = above.computed.why or below.computed.why or "Le dénominateur est nul."
            return _Result(Computed(None, is_amount=False, why=why), Decimal(0))
        ratio = above.computed.value / below.computed.value
        moved = (above.terms_tolerance + abs(ratio) * below.terms_tolerance) / abs(below.computed.value)
        missing = above.computed.missing + below.computed.missing
        return _Result(Computed(ratio * HUNDRED, missing=missing, is_amount=False), moved * HUNDRED)

    def _calculator(self, table: str) -> Calculator:
        part = part_of(table)
        if part.code not in self.calculators:
            self.calculators[part.code] = part.calculator(self.version)
        return self.calculators[part.code]

    def _tolerance(self, table: str, computed: Computed, printed: tuple[str, int] | None) -> Decimal:
        """Half the last printed decimal of each term that is not zero, in euros or units (`2,5` k€: 0.05 k€)."""
        unit, decimals = printed or ("", 0)
        scale = Decimal(1)
        if computed.is_amount:
            table_unit = self.version.table_units.get(table, self.version.contract.unit)
            scale = scale_of(table_unit)
            if unit != table_unit:
                decimals = max((printed_decimals(term / scale) for term in computed.terms), default=0)
                decimals = max(decimals, 0 if table_unit == AmountUnit.KEUR else 2)
        return terms_tolerance(computed.terms, decimals, scale)


def stated_checks(version: ContractVersion) -> tuple[StatedCheck, ...]:
    """Every printed figure of a version beside the computed one, in the contract's order."""
    calculator = StatedCalculator(version)
    return tuple(_check(figure, calculator) for figure in version.stated_figures.order_by("position", "pk"))


def _check(figure: StatedFigure, calculator: StatedCalculator) -> StatedCheck:
    unit = StatedUnit(figure.unit)
    result = calculator.compute(figure.expression, (figure.unit, figure.decimals))
    scale = SCALES.get(unit, Decimal(1)) if result.computed.is_amount else Decimal(1)
    computed = None if result.computed.value is None else result.computed.value / scale
    of_terms = result.terms_tolerance / scale
    found = None if figure.value is None or computed is None else _explained(figure.value, computed, figure, of_terms)
    return StatedCheck(
        key=figure.key,
        label=figure.label,
        article=figure.article,
        unit=figure.unit,
        unit_label=unit.label,
        decimals=figure.decimals,
        printed=figure.value,
        computed=computed,
        difference=found.difference if found else None,
        rounded_terms=sum(1 for term in result.computed.terms if term) + 1,
        tolerance=explain(ZERO, ZERO, figure.decimals, of_terms).tolerance,
        missing=result.computed.missing,
        verdict=_verdict(figure, found),
        reason=result.computed.why,
        expression=figure.expression,
    )


def _explained(printed: Decimal, computed: Decimal, figure: StatedFigure, of_terms: Decimal) -> RoundingExplanation:
    compare = explain_share if figure.unit == StatedUnit.PERCENT else explain
    return compare(printed, computed, figure.decimals, of_terms)


def _verdict(figure: StatedFigure, found: RoundingExplanation | None) -> Verdict:
    if figure.value is None:
        return Verdict.UNREADABLE
    if found is None:
        return Verdict.NOT_COMPUTABLE
    if found.agrees:
        return Verdict.AGREES
    return Verdict.ROUNDING if found.explained_by_rounding else Verdict.DIFFERENCE
