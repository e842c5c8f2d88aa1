"""The catalogue of checks on contracts, versions, tranches and codes; every anomaly comes out of one of them.

Each room registers pure checks with the reader of their facts, which is called once for them all. The rules of a
filing have a catalogue of their own (`monitoring.rules`).
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from django.utils.text import slugify

from contracts.models import ContractVersion

KEY_LENGTH: Final = 120


class Severity(StrEnum):
    """How much an anomaly matters: a figure that contradicts another, a doubt, a fact to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        return {"error": "à corriger", "warning": "à vérifier", "info": "à savoir"}[self.value]


class UnregisteredCheck(LookupError):  # noqa: N818 - says what happened
    """An anomaly was asked of a check that is not in the catalogue."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of one place.

    - `locus`: the place by its names in the contract file, stable from one day to the next (« agents, 2021 »).
    - `where`, `explanation`: the place and the reason, in French. `article`: when finer than the check's.
    - `printed`, `computed`, `difference`: the figures at stake, as French text with their unit.
    - `judged`: figures that an acceptance rests on, beside these three.
    """

    locus: str
    where: str
    explanation: str
    printed: str = ""
    computed: str = ""
    difference: str = ""
    article: str = ""
    judged: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A coded check.

    - `code`: stable and short (« A11 »); `title`: French, one line; `article`: of the contract.
    - `looks_at`, `why`, `source`, `example`: for its page, in French; `example` is worked, with figures.
    - `seen_in`: code of the real contract that the example is taken from, blank when it is invented.
    - `formula`: page of docs/calculs/ that tells how the figure is computed, blank when none is.
    - `check(facts)`: pure; gives nothing when there is nothing to say.
    """

    code: str
    title: str
    severity: Severity
    article: str
    looks_at: str
    why: str
    source: str
    example: str
    check: Callable[[Any], Iterable[Finding]] = field(repr=False)
    seen_in: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A finding of a registered check; `key` tells it apart within its contract.

    Raises `UnregisteredCheck` for a check that is not the one registered under its code.
    """

    check: Check
    finding: Finding
    key: str

    def __post_init__(self) -> None:
        if _catalogue.get(self.check.code, (None, None))[0] is not self.check:
            raise UnregisteredCheck(self.check.code)

    @property
    def code(self) -> str:
        return self.check.code

    @property
    def title(self) -> str:
        return self.check.title

    @property
    def severity(self) -> Severity:
        return self.check.severity

    @property
    def article(self) -> str:
        return self.finding.article or self.check.article

    @property
    def where(self) -> str:
        return self.finding.where

    @property
    def explanation(self) -> str:
        return self.finding.explanation

    @property
    def printed(self) -> str:
        return self.finding.printed

    @property
    def computed(self) -> str:
        return self.finding.computed

    @property
    def difference(self) -> str:
        return self.finding.difference

    @property
    def is_to_handle(self) -> bool:
        """Whether somebody has to say something of it; a fact to know asks for nothing."""
        return self.severity is not Severity.INFO

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the figures at stake: an acceptance holds as long as it is the same."""
        figures = (self.printed, self.computed, self.difference, *self.finding.judged)
        return hashlib.sha256("\x1f".join(figures).encode()).hexdigest()

    @property
    def text(self) -> str:
        """The anomaly as a sentence, figures included."""
        figures = (("imprimé", self.printed), ("calculé", self.computed), ("écart", self.difference))
        told = ", ".join(f"{name}\u00a0{value}" for name, value in figures if value)
        head = f"{self.where}\u00a0: {told}." if told else f"{self.where}." if self.where else ""
        return f"{head} {self.explanation}".strip()


FactsReader = Callable[[ContractVersion], Any]
"""Reads what a group of checks looks at in a version. May give None: then these checks have nothing to say."""

_catalogue: dict[str, tuple[Check, FactsReader]] = {}


def register(*checks: Check, facts: FactsReader) -> None:
    """Adds checks that share a reader of facts; a code replaces the same code."""
    for check in checks:
        _catalogue[check.code] = (check, facts)


def catalogue() -> list[Check]:
    """Every check, by code."""
    return [_catalogue[code][0] for code in sorted(_catalogue)]


def check_of(code: str) -> Check | None:
    """The check of a code; None when no check bears it."""
    return _catalogue[code][0] if code in _catalogue else None


def anomalies_of(version: ContractVersion, given: Mapping[FactsReader, Any] | None = None) -> tuple[Anomaly, ...]:
    """Everything that the checks find in a version, what contradicts first, then by code; the number of queries does
    not grow with it.

    `given` holds facts already read, by their reader.
    """
    read: dict[FactsReader, Any] = dict(given or {})
    found: list[Anomaly] = []
    for code in sorted(_catalogue):
        check, reader = _catalogue[code]
        if reader not in read:
            read[reader] = reader(version)
        if read[reader] is not None:
            found += _located(check, check.check(read[reader]))
    return tuple(sorted(found, key=lambda one: list(Severity).index(one.severity)))


def _located(check: Check, findings: Iterable[Finding]) -> list[Anomaly]:
    """The findings of a check with their keys; a second finding at the same place bears a rank."""
    ranks: dict[str, int] = {}
    made = []
    for finding in findings:
        key = key_of(check.code, finding.locus)
        ranks[key] = ranks.get(key, 0) + 1
        made.append(Anomaly(check, finding, key if ranks[key] == 1 else f"{key}-{ranks[key]}"))
    return made


def key_of(code: str, locus: str) -> str:
    """`A11-agents-2021`: the key of an anomaly, in characters of an address; a long one ends with a digest."""
    slug = slugify(locus.replace(".", "-").replace("/", "-"))
    if len(slug) > KEY_LENGTH - 20:
        slug = f"{slug[: KEY_LENGTH - 30]}-{hashlib.sha256(locus.encode()).hexdigest()[:8]}"
    return f"{code}-{slug}"
