"""A situation: everything that is promised and known of a contract on a day, as frozen facts.

The page, the PDF, the workbook, the JSON and `manage.py situation` all render this object; a snapshot is this object
written down. Amounts are euros, None is « not reported ». Sums and shares are computed from the lines by the ledgers.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Final

from budget.calc import CreditSituation, ftap_funding
from budget.tranches.calc import TrancheSituation
from contracts.checks.registry import Severity
from contracts.enums import ContractKind
from contracts.frame import ContractFrame
from contracts.funding import Funding
from figures import formats
from figures.ae_cp import total
from figures.risk_matrix import criticality
from indicators.calc import ResultsSituation
from monitoring.lateness import is_late
from monitoring.reality import FilingRef
from reports.pipeline import PipelineFacts
from reports.promise import SignedPromise
from savings.calc import Return, SavingsSituation

WORD = re.compile(r"[^\W\d_]{3}")


@dataclass(frozen=True)
class MilestoneStanding:
    """A phase or milestone as promised, and where the last filing says it stands. `state` is of `ProgressState`."""

    key: str
    kind: str
    kind_label: str
    label: str
    axis: str
    starts_on: date | None
    ends_on: date | None
    is_start_unreadable: bool
    is_end_unreadable: bool
    state: str
    state_label: str
    done_on: date | None
    expected_on: date | None
    comment: str
    on: date
    COMPUTED: ClassVar = ("is_late",)

    @property
    def is_late(self) -> bool:
        """Whether it is late on the day of the situation."""
        return is_late(self.state, self.ends_on, self.on)

    @property
    def is_done_undated(self) -> bool:
        """Whether it is declared done, and nobody said when."""
        return self.state == "done" and self.done_on is None

    @property
    def state_said(self) -> str:
        """What was declared, or « n. r. »; that the day is past, when nothing declared says so; that none is given."""
        past = " (échéance passée)" if self.is_late and self.state != "late" else ""
        past = " (date non renseignée)" if self.is_done_undated else past
        return (self.state_label or formats.NOT_REPORTED) + past


@dataclass(frozen=True)
class RiskFacts:
    """A risk declared in the last filing; probability and severity go from 1 to 5."""

    title: str
    description: str
    probability: int
    severity: int
    mitigation: str
    state: str
    state_label: str
    COMPUTED: ClassVar = ("criticality",)

    @property
    def criticality(self) -> int:
        """Probability × severity, from 1 to 25."""
        return criticality(self.probability, self.severity)


@dataclass(frozen=True)
class Signal:
    """The computed weather beside the declared one, with the facts that make it; empty code: nothing to judge by."""

    code: str
    label: str
    reasons: tuple[str, ...]
    definition: int


@dataclass(frozen=True)
class WeatherFacts:
    """What the holder declares, what the figures say, and how old both are, in days."""

    declared: str
    declared_label: str
    comment: str
    progress: str
    difficulties: str
    as_of: date | None
    age_in_days: int | None
    signal: Signal


@dataclass(frozen=True)
class StatedComparison:
    """A total or share that the contract prints, beside the one that its lines give, in the printed unit."""

    key: str
    label: str
    article: str
    unit: str
    decimals: int
    printed: Decimal | None
    computed: Decimal | None
    difference: Decimal | None
    tolerance: Decimal
    verdict: str
    verdict_label: str
    reason: str


@dataclass(frozen=True)
class ReadingFacts:
    """A figure or label that the scan got wrong or lost, the value kept and the evidence that forces it."""

    path: str
    label: str
    kind: str
    kind_label: str
    printed: str
    retained: str
    evidence: str

    @property
    def is_wording(self) -> bool:
        """Whether words are corrected, and not a figure or a date."""
        return bool(WORD.search(self.retained))


READINGS: Final = ("A80", "A81")
"""Codes of the checks on the scan; `reading_…` in the first snapshots."""


@dataclass(frozen=True)
class AnomalyFacts:
    """Something wrong that stays visible on the contract until it is settled; figures are texts with their unit.

    `standing`: open, explained or accepted, in French; `said`: by whom, when and why, blank when nobody said anything.
    """

    code: str
    title: str
    article: str
    where: str
    severity: str
    explanation: str
    printed: str
    computed: str
    difference: str
    key: str = ""
    standing: str = "ouverte"
    said: str = ""
    is_accepted: bool = False

    @property
    def kind_label(self) -> str:
        """What kind it is, in French."""
        return self.title

    @property
    def severity_label(self) -> str:
        """« à corriger », « à vérifier » or « à savoir »."""
        return Severity(self.severity).label

    @property
    def figures(self) -> tuple[str, str, str]:
        """Printed, computed, difference: texts, blank where there is none."""
        return self.printed, self.computed, self.difference

    @property
    def is_reading(self) -> bool:
        """Whether it is a reading of the scan, which has a table of its own."""
        return self.code in READINGS or self.code.startswith("reading_")

    @property
    def is_note(self) -> bool:
        """Whether it is a note of a reader: only snapshots taken before checks were coded count them here."""
        return self.code.startswith("observation_")

    @property
    def text(self) -> str:
        """The anomaly as a sentence, figures included."""
        figures = (("imprimé", self.printed), ("calculé", self.computed), ("écart", self.difference))
        told = ", ".join(f"{name}\u00a0{value}" for name, value in figures if value)
        head = f"{self.where}\u00a0: {told}." if told else f"{self.where}." if self.where else ""
        return f"{head} {self.explanation}".strip()


@dataclass(frozen=True)
class Missing:
    """Something that nobody reported, or that the contract does not give."""

    section: str
    subject: str
    detail: str


@dataclass(frozen=True)
class Situation:
    """One contract on one day. `filing` is the one that a report is made for; None on live pages.

    `signature` is what was promised at first, None while that is the promise in force. A snapshot of format 1 kept
    neither `signature` nor `tranches`, one of format 2 no `sub_projects`; these are None too when the contract is no
    umbrella.
    """

    on: date
    frame: ContractFrame
    filing: FilingRef | None
    filings: tuple[FilingRef, ...]
    signature: SignedPromise | None
    credits: CreditSituation
    tranches: TrancheSituation | None
    sub_projects: PipelineFacts | None
    savings: SavingsSituation
    results: ResultsSituation
    calendar: tuple[MilestoneStanding, ...]
    risks: tuple[RiskFacts, ...]
    weather: WeatherFacts
    returns: tuple[Return, ...]
    stated_figures: tuple[StatedComparison, ...]
    readings: tuple[ReadingFacts, ...]
    anomalies: tuple[AnomalyFacts, ...]
    not_reported: tuple[Missing, ...]
    COMPUTED: ClassVar = ("ftap_amount", "total_cost", "is_demo")

    @cached_property
    def ftap_amount(self) -> Decimal | None:
        """The contract's FTAP amount in euros (see `budget.calc.ftap_amount`)."""
        return self.ftap_funding.amount

    @property
    def ftap_funding(self) -> Funding:
        """The FTAP amount as the sheets and as the lines give it."""
        return ftap_funding((sheet.ftap for sheet in self.frame.sheets), self.credits)

    @property
    def cost_funding(self) -> Funding:
        """The total cost as the sheets and as the lines give it."""
        return cost_funding(self.frame, self.credits)

    @cached_property
    def total_cost(self) -> Decimal | None:
        """The project's total cost in euros: its sheets' where they bear amounts, else every line's CP."""
        return self.cost_funding.amount

    @property
    def is_demo(self) -> bool:
        """Whether some of the figures are invented for a demonstration."""
        invented = self.sub_projects is not None and self.sub_projects.is_demo
        return self.frame.is_demo or invented or any(filing.is_demo for filing in self.filings)

    @property
    def is_umbrella(self) -> bool:
        """Whether the contract has sub-projects of its own choosing."""
        return self.frame.kind == ContractKind.UMBRELLA

    @property
    def is_amended(self) -> bool:
        """Whether an amendment is in force."""
        return self.frame.version.number > 0

    @property
    def last_filing(self) -> FilingRef | None:
        """The filing that the newest facts come from."""
        return self.filings[-1] if self.filings else None

    @property
    def late_milestones(self) -> tuple[MilestoneStanding, ...]:
        """What should be finished and is not."""
        return tuple(one for one in self.calendar if one.is_late)

    def filing_of(self, pk: int | None) -> FilingRef | None:
        """The source of a figure, by its number."""
        return next((one for one in self.filings if one.pk == pk), None)


def cost_funding(frame: ContractFrame, credits_: CreditSituation) -> Funding:
    """Total cost in euros: the sheets' where they bear amounts (CAP2030: 4 070 775 €), else CP of all lines."""
    return Funding(total(sheet.cost for sheet in frame.sheets), credits_.total.planned.cp)
