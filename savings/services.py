"""Writes of the ledger of savings."""

from collections.abc import Sequence
from decimal import Decimal

from accounts.models import User
from monitoring.entry.writing import Table, write_rows
from monitoring.models import Filing
from savings.entry import SavingEntry
from savings.models import RealisedSaving

TABLE = Table(RealisedSaving, (), lambda row: None)


def record_savings(*, filing: Filing, entries: Sequence[SavingEntry], actor: User) -> list[RealisedSaving]:
    """Record what the holder declares to have saved on many lines, all or nothing, in constant queries.

    Amounts are euros of the filing's year; None is « not reported ». Gives the rows in the order of the entries.
    Errors (French, nothing written): `FilingClosed`, `UnknownRow`, `NotYourRow`, `StaleRows`.
    """
    return write_rows(TABLE, filing=filing, actor=actor, entries=entries)


def record_saving(
    *,
    row: RealisedSaving,
    revision: int,
    ae: Decimal | None,
    cp: Decimal | None,
    reason: str = "",
    evidence_level: str = "",
    evidence: str = "",
    actor: User,
) -> RealisedSaving:
    """Record one line; `revision` is the one that the person read. As `record_savings`."""
    entry = SavingEntry(row.pk, revision, ae, cp, reason, evidence_level, evidence)
    return record_savings(filing=row.filing, entries=[entry], actor=actor)[0]
