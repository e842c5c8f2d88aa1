"""A contract whose posts cost far more, or far less, than the fund's reference."""

from collections.abc import Iterator

from contracts.anomalies import Anomaly, Severity, compared
from contracts.models import ContractVersion
from figures import formats
from savings.unit_costs.calc import FAR, spans
from savings.unit_costs.selectors import costs_of, references


def unit_cost_anomalies(version: ContractVersion) -> Iterator[Anomaly]:
    """Each cost more than 25 % away from the reference of its category; nothing where there is no reference."""
    known = references()
    if not known:
        return
    for row in spans(costs_of(version), known):
        if row.is_far and row.reference is not None:
            yield Anomaly(
                code="unit_cost_far",
                title="Coût unitaire éloigné de la référence",
                article="3",
                where=f"{row.cost.line}, catégorie {row.cost.category}, {row.cost.year}",
                explanation=(
                    f"Plus de {formats.percent(FAR, 0)} d’écart avec le coût de référence de "
                    f"{row.reference.year} ({row.reference.source})."
                ),
                severity=Severity.WARNING,
                **compared(row.cost.amount, row.reference.amount),
            )
