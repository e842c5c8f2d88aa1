"""The promise through time, as frozen facts: what the signature promised, what tranches were decided since.

None is « not known »: a snapshot of format 1 kept neither of the two.
"""

from dataclasses import dataclass
from datetime import date

from budget.calc import CreditSituation
from indicators.calc import ResultsSituation
from savings.calc import SavingsSituation


@dataclass(frozen=True)
class SignedMilestone:
    """A phase or milestone as the signature planned it; a None day is one that the scan lost when so marked."""

    key: str
    label: str
    kind_label: str
    starts_on: date | None
    ends_on: date | None
    is_start_unreadable: bool = False
    is_end_unreadable: bool = False


@dataclass(frozen=True)
class SignedPromise:
    """What the contract promised when it was signed, kept while an amendment is in force; nothing realised is in it."""

    label: str
    signed_on: date | None
    credits: CreditSituation
    savings: SavingsSituation
    results: ResultsSituation
    milestones: tuple[SignedMilestone, ...]
