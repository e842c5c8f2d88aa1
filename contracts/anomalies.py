"""What stays wrong or unknown in a contract, found by rules: nothing here is written for one contract.

The parts of a version (credits, savings…) add what their own rules find.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from contracts.enums import CodeKind, ObservationKind, ReadingKind, StatedUnit
from contracts.models import Contract, ContractVersion, NomenclatureCode, Observation, PlannedSheet, Reading
from contracts.parts import PARTS
from contracts.stated import StatedCheck, Verdict, stated_checks
from figures import codes, formats
from figures.rounding import HUNDRED, round_half_up


class Severity(StrEnum):
    """How much an anomaly matters: a figure that contradicts another, a doubt, a fact to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        return {"error": "à corriger", "warning": "à vérifier", "info": "à savoir"}[self.value]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One open anomaly: what kind (`code`, `title`), where (article and label), figures as text, and why."""

    code: str
    title: str
    article: str
    where: str
    explanation: str
    severity: Severity = Severity.WARNING
    printed: str = ""
    computed: str = ""
    difference: str = ""

    @property
    def text(self) -> str:
        """The anomaly as a sentence, figures included."""
        figures = (("imprimé", self.printed), ("calculé", self.computed), ("écart", self.difference))
        told = ", ".join(f"{name}\u00a0{value}" for name, value in figures if value)
        head = f"{self.where}\u00a0: {told}." if told else f"{self.where}." if self.where else ""
        return f"{head} {self.explanation}".strip()


_CODE_CHECKS: Final = {
    CodeKind.CENTRE_FINANCIER: codes.check_centre_financier,
    CodeKind.DOMAINE_FONCTIONNEL: codes.check_domaine_fonctionnel,
    CodeKind.ACTIVITE: codes.check_activity_code,
}
_SUFFIXES: Final = {
    StatedUnit.EUR: "\u00a0€",
    StatedUnit.KEUR: "\u00a0k€",
    StatedUnit.MEUR: "\u00a0M€",
    StatedUnit.PERCENT: "\u00a0%",
    StatedUnit.ETP: "\u00a0ETP",
    StatedUnit.NUMBER: "",
}


def open_anomalies(
    contract: Contract, version: ContractVersion, checks: Sequence[StatedCheck] | None = None
) -> tuple[Anomaly, ...]:
    """Every open anomaly of a version, the contradicting figures first; the number of queries does not grow.

    `checks` are the stated figures when they were already computed.
    """
    found = [
        *_stated(stated_checks(version) if checks is None else checks),
        *(anomaly for part in PARTS for anomaly in part.anomalies(version)),
        *_shares(version),
        *_codes(contract),
        *_signatures(version),
        *_observations(contract),
        *_readings(version),
    ]
    return tuple(sorted(found, key=lambda anomaly: list(Severity).index(anomaly.severity)))


def amount_text(value: Decimal) -> str:
    """Euros, with cents only when there are some."""
    return formats.euros(value, 0 if value == value.to_integral_value() else 2)


def compared(printed: Decimal, computed: Decimal) -> dict[str, str]:
    """The three figures of an anomaly on amounts, as text."""
    return {
        "printed": amount_text(printed),
        "computed": amount_text(computed),
        "difference": amount_text(printed - computed),
    }


def _stated(checks: Sequence[StatedCheck]) -> Iterator[Anomaly]:
    for check in checks:
        if check.verdict is not Verdict.DIFFERENCE:
            continue
        tolerance = _figure(check, check.tolerance)
        missing = f" {check.missing} valeur(s) manquent au calcul." if check.missing else ""
        yield Anomaly(
            code="stated_difference",
            title="Chiffre affiché différent du calcul",
            article=check.article,
            where=check.label,
            printed=_figure(check, check.printed),
            computed=_figure(check, check.computed),
            difference=_difference(check),
            explanation=f"L’arrondi n’explique que {tolerance}.{missing}",
            severity=Severity.ERROR,
        )


def _figure(check: StatedCheck, value: Decimal | None) -> str:
    """A figure in the printed unit, with two decimals more than what is printed at most."""
    if value is None:
        return formats.NOT_COMPUTABLE
    shown = round_half_up(value, check.decimals + 2)
    return formats.number(shown, None) + _SUFFIXES[StatedUnit(check.unit)]


def _difference(check: StatedCheck) -> str:
    """The difference of two percentages is in points."""
    if check.unit == StatedUnit.PERCENT and check.difference is not None:
        return formats.points(round_half_up(check.difference, check.decimals + 2))
    return _figure(check, check.difference)


def _shares(version: ContractVersion) -> Iterator[Anomaly]:
    """The share that a project sheet prints is a check digit of its amounts."""
    rows = PlannedSheet.objects.filter(version=version).exclude(printed_share=None).select_related("sheet")
    for row in rows.order_by("sheet__position", "pk"):
        if row.cost is None or row.ftap is None or not row.cost.amount or row.printed_share is None:
            continue
        share = Decimal(row.ftap.amount) / Decimal(row.cost.amount) * HUNDRED
        if abs(share - row.printed_share) > Decimal("0.01"):
            yield Anomaly(
                code="sheet_share",
                title="Part imprimée différente du calcul",
                article="2",
                where=str(row.sheet),
                printed=formats.rate(row.printed_share.normalize()),
                computed=formats.rate(round_half_up(share, 2)),
                difference=formats.points(round_half_up(row.printed_share - share, 2)),
                explanation="La part du FTAP est un contrôle du coût et du financement imprimés à côté.",
                severity=Severity.ERROR,
            )


def _codes(contract: Contract) -> Iterator[Anomaly]:
    for code in NomenclatureCode.objects.filter(contract=contract).order_by("position", "pk"):
        for finding in _CODE_CHECKS[CodeKind(code.kind)](code.printed, contract.programme):
            yield Anomaly(
                code="nomenclature_code",
                title="Code budgétaire anormal",
                article="annexe",
                where=code.get_kind_display(),
                printed=code.printed,
                explanation=finding.message,
                severity=Severity.ERROR,
            )


def _signatures(version: ContractVersion) -> Iterator[Anomaly]:
    undated = [row.name for row in version.signatories.order_by("position", "pk") if row.signed_on is None]
    if undated:
        yield Anomaly(
            code="signature_undated",
            title="Signature sans date",
            article="signatures",
            where=", ".join(undated),
            explanation="L’acte ne porte pas de date lisible pour ces signataires.",
        )
    if version.signed_on is None:
        yield Anomaly(
            code="contract_undated",
            title="Contrat sans date",
            article="signatures",
            where=str(version),
            explanation="Le contrat ne porte pas de date lisible\u00a0: il vaut depuis sa première année.",
        )


def _observations(contract: Contract) -> Iterator[Anomaly]:
    for row in Observation.objects.filter(contract=contract).order_by("position", "pk"):
        is_doubt = row.kind == ObservationKind.CONTRADICTION
        yield Anomaly(
            code=f"observation_{row.kind}",
            title=row.get_kind_display(),
            article=row.article,
            where="",
            explanation=row.text,
            severity=Severity.WARNING if is_doubt else Severity.INFO,
        )


def _readings(version: ContractVersion) -> Iterator[Anomaly]:
    for row in Reading.objects.filter(version=version).order_by("position", "pk"):
        is_corrected = row.kind == ReadingKind.CORRECTED
        lost = "La numérisation ne permet pas de lire cette valeur\u00a0; rien n’est inventé."
        kept = f"Valeur retenue\u00a0: {row.retained}. {row.evidence}"
        yield Anomaly(
            code=f"reading_{row.kind}",
            title=row.get_kind_display(),
            article="",
            where=row.label or row.path,
            printed=row.printed,
            explanation=kept if is_corrected else lost,
            severity=Severity.INFO,
        )
