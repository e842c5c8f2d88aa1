"""Each rule of savings fires on one line and is silent on its neighbour. Figures in euros."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from figures.ae_cp import NOTHING, AeCp
from figures.formats import euros
from monitoring.enums import Severity
from monitoring.rules import Finding
from savings.entry import Certification, SavingFacts, SavingRow
from savings.rules import RULES


def pair(ae: int | None, cp: int | None) -> AeCp:
    return AeCp(*(None if one is None else Decimal(one) for one in (ae, cp)))


def certified(amount: int, declared: int = 30) -> Certification:
    at = datetime(2022, 2, 1, tzinfo=UTC)
    return Certification(
        0, pair(amount, amount), "certified", "Certifiée", "", "B. Udget", at, pair(declared, declared)
    )


LINE = SavingRow(
    pk=4,
    revision=1,
    label="Loyers",
    note="",
    is_redeployed=False,
    is_valued=True,
    declared=pair(30, 30),
    reason="",
    evidence_level="declared",
    evidence="",
    planned=pair(30, 30),
)


def found(code: str, row: SavingRow) -> list[Finding]:
    return next(rule for rule in RULES if rule.code == code).check(SavingFacts(2021, (row,)))


FIRING = [
    ("E01", replace(LINE, declared=pair(30, 28)), "c4-reason", 2),
    ("E01", replace(LINE, declared=pair(0, None)), "c4-reason", 30),
    ("E02", replace(LINE, evidence_level=""), "c4-evidence_level", 30),
    ("E03", replace(LINE, evidence_level="documented"), "c4-evidence", None),
    ("E04", replace(LINE, redeployed_etpt=Decimal("2.5")), "c4-cp", 30),
    ("E04", replace(LINE, is_redeployed=True), "c4-cp", 30),
    ("E05", replace(LINE, declared=NOTHING), "ligne-4", None),
    ("E06", replace(LINE, declared=pair(30, -1)), "c4-reason", -1),
    ("E07", replace(LINE, declared=pair(33, 30)), "c4-ae", 3),
    ("E08", replace(LINE, certification=certified(28)), "c4-evidence", 28),
    ("E09", replace(LINE, certification=certified(28, declared=40)), "c4-cp", -10),
    ("E09", replace(LINE, declared=pair(33, 30), certification=certified(28)), "c4-ae", 3),
    ("E10", replace(LINE, declared=pair(30, 34)), "c4-reason", 4),
    ("E12", replace(LINE, declared=pair(30, 34), planned=NOTHING), "c4-reason", 34),
    ("E12", replace(LINE, declared=pair(30, None), planned=NOTHING), "c4-reason", 30),
    ("E11", replace(LINE, titre="2", declared=pair(33, 30)), "c4-ae", 3),
    ("E11", replace(LINE, titre="2", declared=pair(33, 30), planned=pair(33, 30)), "c4-ae", 3),
]
SILENT = [
    ("E01", replace(LINE, declared=pair(30, 28), reason="Bail prolongé")),
    ("E01", replace(LINE, declared=pair(31, 30))),
    ("E01", replace(LINE, declared=NOTHING)),
    ("E02", replace(LINE, declared=pair(0, 0), evidence_level="")),
    ("E03", replace(LINE, evidence_level="documented", evidence="Bail résilié")),
    ("E02", replace(LINE, evidence_level="", attachments=1)),
    ("E03", replace(LINE, evidence_level="documented", attachments=1)),
    ("E04", replace(LINE, redeployed_etpt=Decimal(0))),
    ("E04", replace(LINE, declared=pair(0, 0), is_redeployed=True)),
    ("E05", replace(LINE, declared=pair(0, 0))),
    ("E05", replace(LINE, declared=NOTHING, is_valued=False)),
    ("E06", replace(LINE, declared=pair(30, -1), reason="Double loyer")),
    ("E07", replace(LINE, declared=pair(33, 30), planned=pair(33, 30))),
    ("E08", LINE),
    ("E08", replace(LINE, certification=certified(28), attachments=1)),
    ("E08", replace(LINE, certification=certified(0))),
    ("E09", replace(LINE, certification=certified(28))),
    ("E10", replace(LINE, declared=pair(30, 34), reason="Effet anticipé")),
    ("E10", replace(LINE, declared=pair(30, 28))),
    ("E10", replace(LINE, declared=pair(30, 30))),
    ("E07", replace(LINE, titre="2", declared=pair(33, 30))),
    ("E11", replace(LINE, titre="2", declared=pair(33, None))),
    ("E12", LINE),
    ("E12", replace(LINE, planned=pair(0, 0))),
    ("E12", replace(LINE, planned=NOTHING, reason="Effet anticipé")),
    ("E12", replace(LINE, declared=pair(0, 0), planned=NOTHING)),
    ("E12", replace(LINE, declared=NOTHING, planned=NOTHING)),
    ("E12", replace(LINE, declared=pair(-1, -1), planned=NOTHING)),
    ("E12", replace(LINE, planned=NOTHING, is_valued=False)),
    ("E11", replace(LINE, declared=pair(33, 30))),
]


@pytest.mark.parametrize("ae", [28, 30, 34, None])
@pytest.mark.parametrize("cp", [28, 30, 34, None])
def test_each_gap_is_asked_about_once(ae: int | None, cp: int | None) -> None:
    """Short of the plan in CP and above it in AE, or the other way round, as in one of them alone: E01 goes first."""
    row = replace(LINE, declared=pair(ae, cp))
    asked = [code for code in ("E01", "E10") if found(code, row)]
    is_short, is_above = 28 in (ae, cp), 34 in (ae, cp)
    assert asked == (["E01"] if is_short else ["E10"] if is_above else [])
    explained = replace(row, reason="Bail prolongé")
    assert [code for code in ("E01", "E10") if found(code, explained)] == []


@pytest.mark.parametrize(("code", "row", "anchor", "amount"), FIRING)
def test_fires(code: str, row: SavingRow, anchor: str, amount: int | None) -> None:
    [finding] = found(code, row)
    assert (finding.anchor, finding.amount) == (anchor, amount)
    assert amount is None or code == "E09" or euros(Decimal(abs(amount))) in finding.message  # E09: then and now


@pytest.mark.parametrize(("code", "row"), SILENT)
def test_is_silent(code: str, row: SavingRow) -> None:
    assert found(code, row) == []


def test_every_rule_is_tried_and_only_the_unexplained_gap_blocks() -> None:
    assert {code for code, *_ in FIRING} == {rule.code for rule in RULES}
    assert [rule.code for rule in RULES if rule.severity == Severity.BLOCKING] == ["E01"]
