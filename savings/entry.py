"""The entry grid of savings, pure: what is declared for a line, and the line with what stands beside it. In euros."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from figures.ae_cp import NOTHING, AeCp
from savings.enums import EvidenceLevel

T2: Final = "2"
"""Staff: what is saved in a year is saved in AE as in CP."""


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
class Certification:
    """What a reviewer recognised of a saving, when this much was `declared`."""

    revision: int
    amounts: AeCp
    level: str
    level_label: str
    reason: str
    by: str
    at: datetime
    declared: AeCp


@dataclass(frozen=True, slots=True)
class SavingRow:
    """A savings line in a filing: `declared` for the year, `planned` by the filing's version, `last` year's.

    `attachments` counts the pieces of evidence joined to the line or to the whole section; `certification` is None
    until a reviewer decides.

    `is_lost`: the scan lost amounts that the version promises on the line.

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
    attachments: int = 0
    certification: Certification | None = None
    titre: str = ""
    is_lost: bool = False

    @property
    def counts(self) -> bool:
        """Whether the line enters totals, as `savings.calc.SavingLine.counts`."""
        return self.is_valued and not self.is_redeployed

    @property
    def gap(self) -> AeCp:
        """Declared − planned; None where one is missing."""
        return self.declared - self.planned

    @property
    def level_label(self) -> str:
        """How far the holder says that it is established, in French."""
        return str(EvidenceLevel(self.evidence_level).label) if self.evidence_level else ""


@dataclass(frozen=True, slots=True)
class SavingFacts:
    """What the rules of savings look at."""

    year: int
    rows: tuple[SavingRow, ...]
