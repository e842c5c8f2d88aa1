"""The grid in which savings are declared."""

from collections.abc import Mapping, Sequence
from typing import Any

from monitoring.entry.cells import Field, Kind
from monitoring.entry.ledger import Column, Group, Ledger
from monitoring.models import Filing
from monitoring.selectors import previous_of_earlier_years
from savings import entry_selectors, services
from savings.entry import SavingEntry, SavingRow
from savings.enums import EvidenceLevel
from savings.rules import RULES
from savings.sections import SECTION

AE, CP = "autorisations d’engagement", "crédits de paiement"
DECLARED_LEVELS = [
    (level.value, str(level.label))
    for level in (EvidenceLevel.ESTIMATED, EvidenceLevel.DECLARED, EvidenceLevel.DOCUMENTED)
]


def _columns(filing: Filing) -> Sequence[Column]:
    year = filing.campaign.year
    planned, last = Group("plan", f"Prévu en {year}"), Group("dernier", "Dernière déclaration")
    now = Group("reel", f"Économisé en {year}")
    return [
        Column("plan-ae", "AE", planned, AE, amount=lambda row: row.planned.ae, is_lost=lambda row: row.is_lost),
        Column("plan-cp", "CP", planned, CP, amount=lambda row: row.planned.cp, is_lost=lambda row: row.is_lost),
        Column("dernier-ae", "AE", last, AE, amount=lambda row: row.last.ae),
        Column("dernier-cp", "CP", last, CP, amount=lambda row: row.last.cp),
        Column("ae", "AE", now, AE, amount=lambda row: row.declared.ae, is_input=True, against="plan-ae"),
        Column("cp", "CP", now, CP, amount=lambda row: row.declared.cp, is_input=True, against="plan-cp"),
        Column("reason", "Motif ou constat", is_input=True),
        Column("evidence", "Preuve", is_input=True),
    ]


def _fields(row: SavingRow) -> Sequence[Field]:
    return (
        Field("ae", "ae", Kind.AMOUNT, row.declared.ae),
        Field("cp", "cp", Kind.AMOUNT, row.declared.cp),
        Field("reason", "reason", Kind.TEXT, row.reason),
        Field("evidence_level", "evidence", Kind.CHOICE, row.evidence_level, "Niveau", DECLARED_LEVELS),
        Field("evidence", "evidence", Kind.TEXT, row.evidence, "Pièces et sources"),
    )


def _entry(row: SavingRow, revision: int, values: Mapping[str, Any]) -> SavingEntry:
    return SavingEntry(row.pk, revision, **values)


LEDGER = Ledger(
    section=SECTION,
    lede=(
        "Tapez ce qui a été réellement économisé dans l’année, ligne par ligne ; un écart à la prévision demande un "
        "motif. La certification revient ensuite à un instructeur. Une économie non valorisée se suit pour "
        "information : dites dans « Motif ou constat » ce qui est constaté (une quantité, un fait) ; elle n’entre "
        "dans aucun total."
    ),
    caption=lambda filing: f"Économies réalisées {filing.campaign.of_period}",
    columns=_columns,
    rows=entry_selectors.entry_rows,
    table=services.TABLE,
    beside=entry_selectors.rows_beside,
    fields=_fields,
    entry=_entry,
    record=services.record_savings,
    refresh=entry_selectors.refreshed,
    rules=RULES,
    facts=entry_selectors.saving_facts,
    filled=lambda row: row.declared.is_whole if row.is_valued else None,
    counts=lambda row: row.counts,
    before=previous_of_earlier_years,
)
