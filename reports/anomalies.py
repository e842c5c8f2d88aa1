"""What a contract says wrong, as facts of a situation: printed figures, readings of the scan, open anomalies."""

from contracts.frame import ContractFrame
from contracts.models import Contract, ContractVersion, Reading
from reports.facts import AnomalyFacts, ReadingFacts, StatedComparison


def readings_of(version: ContractVersion) -> tuple[ReadingFacts, ...]:
    """Figures that the scan got wrong or lost, in the order of the contract file."""
    rows = Reading.objects.filter(version=version).order_by("position", "pk")
    return tuple(
        ReadingFacts(row.path, row.label, row.kind, row.get_kind_display(), row.printed, row.retained, row.evidence)
        for row in rows
    )


def stated_figures_of(version: ContractVersion) -> tuple[StatedComparison, ...]:
    """Each figure that the contract prints, beside the one that its lines give."""
    return ()


def anomalies_of(contract: Contract, version: ContractVersion, frame: ContractFrame) -> tuple[AnomalyFacts, ...]:
    """Contradictions of the text, rests of template, and what the checks of the contract find."""
    return tuple(AnomalyFacts(one.article, one.kind, one.kind_label, one.text) for one in frame.observations)
