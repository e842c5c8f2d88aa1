"""The grid in which the credits consumed are entered."""

from collections.abc import Mapping, Sequence
from typing import Any

from budget import entry_selectors, services
from budget.entry import ConsumptionEntry, CreditRow
from budget.rules import RULES, YEAR_RULES
from budget.sections import SECTION
from monitoring.entry.cells import Field, Kind
from monitoring.entry.ledger import Column, Group, Ledger
from monitoring.models import Filing
from monitoring.selectors import previous_of_year

AE, CP = "autorisations d’engagement", "crédits de paiement"


def _columns(filing: Filing) -> Sequence[Column]:
    year = filing.campaign.year
    planned, last = Group("plan", f"Prévu en {year}"), Group("dernier", "Période précédente")
    now = Group("reel", f"Consommé depuis le 1er\u00a0janvier\u00a0{year}")
    return [
        Column("plan-ae", "AE", planned, AE, amount=lambda row: row.planned.ae, is_lost=lambda row: "ae" in row.lost),
        Column("plan-cp", "CP", planned, CP, amount=lambda row: row.planned.cp, is_lost=lambda row: "cp" in row.lost),
        Column("dernier-ae", "AE", last, AE, amount=lambda row: row.last_known.ae),
        Column("dernier-cp", "CP", last, CP, amount=lambda row: row.last_known.cp),
        Column("ae", "AE", now, AE, amount=lambda row: row.consumed.ae, is_input=True, against="plan-ae"),
        Column("cp", "CP", now, CP, amount=lambda row: row.consumed.cp, is_input=True, against="plan-cp"),
        Column("comment", "Commentaire", is_input=True),
    ]


def _fields(row: CreditRow) -> Sequence[Field]:
    return (
        Field("ae", "ae", Kind.AMOUNT, row.consumed.ae),
        Field("cp", "cp", Kind.AMOUNT, row.consumed.cp),
        Field("comment", "comment", Kind.TEXT, row.comment),
    )


def _entry(row: CreditRow, revision: int, values: Mapping[str, Any]) -> ConsumptionEntry:
    return ConsumptionEntry(row.pk, revision, **values)


LEDGER = Ledger(
    section=SECTION,
    lede=(
        "Tapez, pour chaque ligne, le montant cumulé depuis le 1er janvier, tel que le donne l’outil budgétaire. "
        "Une case vide veut dire « non renseigné » ; 0 est un montant."
    ),
    caption=lambda filing: f"Crédits consommés {filing.campaign.of_period}",
    columns=_columns,
    rows=entry_selectors.entry_rows,
    table=services.TABLE,
    beside=entry_selectors.rows_beside,
    fields=_fields,
    entry=_entry,
    record=services.record_consumptions,
    refresh=entry_selectors.refreshed,
    rules=RULES,
    facts=entry_selectors.credit_facts,
    filled=lambda row: row.consumed.is_whole,
    band=lambda row: row.place,
    whole_rules=YEAR_RULES,
    whole_facts=entry_selectors.year_facts,
    take_over=services.take_over_last_period,
    can_take_over=services.has_something_to_take,
    before=previous_of_year,
)
