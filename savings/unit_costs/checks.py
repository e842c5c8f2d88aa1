"""The check of a contract whose posts cost far more, or far less, than the fund's reference."""

from collections.abc import Iterator, Sequence
from typing import Final

from contracts.checks.registry import Check, Finding, Severity
from contracts.checks.words import compared
from contracts.models import ContractVersion
from figures import formats
from savings.unit_costs.calc import FAR, StatedSpan, spans
from savings.unit_costs.selectors import costs_of, references


def read_spans(version: ContractVersion) -> Sequence[StatedSpan]:
    """The version's unit costs beside the reference of their category; nothing where there is no reference."""
    known = references()
    return tuple(spans(costs_of(version), known)) if known else ()


def far_costs(rows: Sequence[StatedSpan]) -> Iterator[Finding]:
    """Each cost further from its reference than the written threshold."""
    for row in rows:
        if row.is_far and row.reference is not None:
            yield Finding(
                locus=f"{row.cost.line} {row.cost.category} {row.cost.year}",
                where=f"{row.cost.line}, catégorie {row.cost.category}, {row.cost.year}",
                explanation=(
                    f"Plus de {formats.percent(FAR, 0)} d’écart avec le coût de référence de "
                    f"{row.reference.year} ({row.reference.source})."
                ),
                **compared(row.cost.amount, row.reference.amount),
            )


CHECKS: Final = (
    Check(
        "A29",
        "Coût unitaire éloigné de la référence",
        Severity.WARNING,
        "3",
        "Le coût annuel d’un emploi de chaque catégorie, comparé à la référence datée que tient le secrétariat.",
        "Un même emploi valorisé 33 000 € dans un contrat et 57 000 € dans un autre rend leurs retours incomparables.",
        "Règle de gestion du suivi ; références tenues par le secrétariat du fonds",
        "Un emploi de catégorie B à 33 000 € pour une référence de 45 000 € : 12 000 € d’écart, soit plus d’un quart.",
        far_costs,
        formula="couts-unitaires",
    ),
)
