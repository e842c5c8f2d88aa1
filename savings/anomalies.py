"""What the savings of a version contradict: printed amounts against the method stated for the line."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from contracts.anomalies import Anomaly, Severity, compared
from contracts.contract_file.document import scale_of
from contracts.enums import AmountUnit
from contracts.fields import amount
from contracts.models import ContractVersion
from savings.enums import SavingsMethod
from savings.methods import share_of_base
from savings.models import PlannedSaving, SavingsTerms
from savings.schedules import line_schedule, parameter, posts_by_line
from savings.unit_costs.anomalies import unit_cost_anomalies

TITLES = {
    SavingsMethod.POSTS: "Économie différente de la méthode des postes",
    SavingsMethod.RAMP: "Économie différente de la montée en charge",
}


def savings_anomalies(version: ContractVersion) -> Iterator[Anomaly]:
    """Terms, planned amounts and posts, then the unit costs: six queries."""
    scale = scale_of(version.table_units.get("economies", AmountUnit.EUR))
    printed: defaultdict[int, dict[int, PlannedSaving]] = defaultdict(dict)
    for row in PlannedSaving.objects.filter(version=version).order_by("year"):
        printed[row.line_id][row.year] = row
    posts = posts_by_line(version)
    for terms in SavingsTerms.objects.filter(version=version).select_related("line").order_by("line__position"):
        schedule = line_schedule(terms, posts[terms.line_id])
        for year, computed in schedule.items():
            if year in printed[terms.line_id]:
                yield from _against_method(terms, printed[terms.line_id][year], computed, scale)
        yield from _share(terms, scale)
    yield from unit_cost_anomalies(version)


def _against_method(
    terms: SavingsTerms, row: PlannedSaving, computed: Decimal | None, scale: Decimal
) -> Iterator[Anomaly]:
    printed = amount(row.ae)
    if printed is None or computed is None or abs(printed - computed) <= rounding(printed, scale):
        return
    yield Anomaly(
        code="savings_method",
        title=TITLES[SavingsMethod(terms.line.method)],
        article="3",
        where=f"{terms.line}, {row.year}",
        explanation="Le montant imprimé n’est pas celui que donnent les paramètres imprimés.",
        severity=Severity.ERROR,
        **compared(printed, computed),
    )


def _share(terms: SavingsTerms, scale: Decimal) -> Iterator[Anomaly]:
    """A share of a base gives the amount of a full year."""
    if terms.line.method != SavingsMethod.SHARE_OF_BASE:
        return
    base, rate = (parameter(terms, name) for name in ("base", "taux"))
    printed = amount(terms.recurrent_ae)
    if base is None or rate is None or printed is None:
        return
    computed = share_of_base(base, rate)
    if abs(printed - computed) > rounding(printed, scale):
        yield Anomaly(
            code="savings_share_of_base",
            title="Économie différente de la part de la base",
            article="3",
            where=f"{terms.line}, montant pérenne",
            explanation="Le montant pérenne imprimé n’est pas la part annoncée de la base imprimée.",
            severity=Severity.WARNING,
            **compared(printed, computed),
        )


def rounding(printed: Decimal, scale: Decimal) -> Decimal:
    """Half the last digit printed, in euros: 5 € for 106,88 k€."""
    exponent = (printed / scale).normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return scale.scaleb(-decimals) / 2
