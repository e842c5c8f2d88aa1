"""The catalogue of rules: each room registers pure rules with the reader of their facts.

A rule looks at facts (frozen values) and gives located findings. Blocking findings stop submission and nothing else.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from monitoring import sections
from monitoring.enums import Severity
from monitoring.models import Filing


@dataclass(frozen=True)
class Finding:
    """What a rule says of one place: a French sentence, the id of the row or cell, the amount at stake in euros.

    `cell` is the id of the cell that mends it, where `anchor` names the row; blank where the two are one.
    """

    message: str
    anchor: str = ""
    amount: Decimal | None = None
    cell: str = ""


@dataclass(frozen=True)
class Rule:
    """A coded rule.

    - `code`: stable and short (« B01 »); `title`: French, one line.
    - `article`: of the contract (« 5.1 »); `source`: the text or decision it comes from, in French.
    - `check(facts)`: pure; an empty list when there is nothing to say.
    - `section`: code of the section whose page a finding links to.
    - `by_text`: words are enough to mend it, so that it holds texts reopened alone too.
    """

    code: str
    title: str
    severity: Severity
    article: str
    source: str
    check: Callable[[Any], list[Finding]]
    section: str = ""
    by_text: bool = False


@dataclass(frozen=True)
class FilingFinding:
    """A finding on a filing, with its rule and the address where it is mended."""

    rule: Rule
    finding: Finding
    url: str

    @property
    def message(self) -> str:
        return self.finding.message

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def is_blocking(self) -> bool:
        return self.rule.severity == Severity.BLOCKING


FactsReader = Callable[[Filing, date], Any]
"""Reads what a group of rules looks at, for a filing, on a day. May give None: then the rules have nothing to say."""

_ORDER = [Severity.BLOCKING, Severity.WARNING, Severity.INFO]
_catalogue: dict[str, tuple[Rule, FactsReader]] = {}


def register(*rules: Rule, facts: FactsReader) -> None:
    """Adds rules that share a reader of facts, which is called once for them all; a code replaces the same code."""
    for rule in rules:
        _catalogue[rule.code] = (rule, facts)


def catalogue() -> list[Rule]:
    """Every rule, by code."""
    return [_catalogue[code][0] for code in sorted(_catalogue)]


def findings(
    filing: Filing,
    on: date | None = None,
    *,
    severities: Collection[Severity] = tuple(Severity),
    within: Collection[str] | None = None,
) -> list[FilingFinding]:
    """All that the rules say of a filing on a day (today by default), the most serious first, then by code.

    `within` are codes of sections, "" standing for the filing as a whole; all of them when None.
    Facts that only rules of other `severities` or sections look at are not read.
    """
    day = on or timezone.localdate()
    read: dict[FactsReader, Any] = {}
    found: list[FilingFinding] = []
    for code in sorted(_catalogue):
        rule, reader = _catalogue[code]
        if rule.severity not in severities or not _concerns(rule, filing):
            continue
        if within is not None and rule.section not in within:
            continue
        if reader not in read:
            read[reader] = reader(filing, day)
        if read[reader] is not None:
            found += [FilingFinding(rule, item, _url(rule, filing, item)) for item in rule.check(read[reader])]
    return sorted(found, key=lambda item: _ORDER.index(item.severity))


def blocking(filing: Filing, on: date | None = None) -> list[FilingFinding]:
    """What stops the submission of a filing."""
    return findings(filing, on, severities=[Severity.BLOCKING])


def _concerns(rule: Rule, filing: Filing) -> bool:
    """A rule of a section that the filing does not have says nothing."""
    section = sections.section(rule.section)
    return section is None or section.applies(filing)


def _url(rule: Rule, filing: Filing, finding: Finding) -> str:
    section = sections.section(rule.section)
    return section.url(filing, finding.cell or finding.anchor) if section else filing.get_absolute_url()
