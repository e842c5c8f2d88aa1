"""A pair of facts for each check: one of which it says something, one of which it says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from contracts.checks.registry import Finding, check_of


@dataclass(frozen=True)
class Pair:
    """`wrong` makes the check speak, at `locus` and nowhere else, with `told` in what it says; `right` does not."""

    wrong: Any
    right: Any
    locus: str
    told: str


def findings(code: str, facts: Any) -> list[Finding]:
    check = check_of(code)
    assert check is not None, f"{code} is not registered"
    return list(check.check(facts))


def assert_pair(code: str, pairs: Mapping[str, Pair]) -> None:
    """The check speaks of the wrong facts as told, and is silent before the right ones."""
    pair = pairs[code]
    found = findings(code, pair.wrong)
    assert [one.locus for one in found] == [pair.locus]
    one = found[0]
    said = " ".join(filter(None, (one.where, one.printed, one.computed, one.difference, one.explanation)))
    assert pair.told in said.replace("\u00a0", " ").replace("\u202f", " ")
    assert findings(code, pair.right) == []
