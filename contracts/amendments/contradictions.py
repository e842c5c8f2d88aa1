"""What an amendment in preparation contradicts, before anybody signs: what forbids to sign it, what is to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contracts.amendments.checks import require_valid
from contracts.amendments.refusals import AmendmentRefused
from contracts.checks.registry import Anomaly, anomalies_of
from contracts.models import ContractVersion

OF_THE_ACT: Final = "signatures"
"""What an act in preparation has not yet: its date, its signatures."""


@dataclass(frozen=True)
class Contradictions:
    """`refusals` forbid the signature, in the words in which it would be refused; `anomalies` are those that the
    version amended did not have, or had with other figures: they forbid nothing."""

    refusals: Sequence[str]
    anomalies: Sequence[Anomaly]


def contradictions_of(draft: ContractVersion) -> Contradictions:
    """What the figures of a draft contradict. A number of queries that does not grow with its lines."""
    known = {(one.key, one.fingerprint) for one in anomalies_of(draft.based_on)} if draft.based_on else set()
    found = [one for one in anomalies_of(draft) if one.is_to_handle and one.article != OF_THE_ACT]
    return Contradictions(_refusals(draft), [one for one in found if (one.key, one.fingerprint) not in known])


def _refusals(draft: ContractVersion) -> Sequence[str]:
    try:
        require_valid(draft)
    except AmendmentRefused as refusal:
        return refusal.reasons
    return ()
