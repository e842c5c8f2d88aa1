"""The entry grid of savings, pure: what is declared for a line, and the line with what stands beside it. In euros."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from figures.ae_cp import NOTHING, AeCp


@dataclass(frozen=True, slots=True)
class SavingEntry:
    """What is declared for one line: AE and CP saved in the year (None: not reported), why, on what evidence."""

    row: int
    revision: int
    ae: Decimal | None
    cp: Decimal | None
    reason: str = ""
    evidence_level: str = ""
    evidence: str = ""

    @property
    def values(self) -> Mapping[str, Any]:
        """By column of the table."""
        return {
            "ae": self.ae,
            "cp": self.cp,
            "reason": self.reason,
            "evidence_level": self.evidence_level,
            "evidence": self.evidence,
        }


@dataclass(frozen=True, slots=True)
class SavingRow:
    """A savings line in a filing: `declared` for the year, `planned` by the filing's version, `last` year's.

    `redeployed_etpt` are the posts that the version redeploys up to the year: shown, and not a budget saving.
    """

    pk: int
    revision: int
    label: str
    note: str
    is_redeployed: bool
    is_valued: bool
    declared: AeCp
    reason: str
    evidence_level: str
    evidence: str
    planned: AeCp
    last: AeCp = NOTHING
    redeployed_etpt: Decimal | None = None
    sheet: str | None = None
    updated_by: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavingFacts:
    """What the rules of savings look at."""

    year: int
    rows: tuple[SavingRow, ...]
