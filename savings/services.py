"""Writes of the ledger of savings: what the holder declares, what a reviewer certifies."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

import psycopg
from django.db import IntegrityError, transaction
from django.utils import timezone
from djmoney.money import Money

from accounts.models import User
from figures.ae_cp import AeCp
from figures.formats import typeset
from monitoring.entry.writing import Table, write_rows
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Filing
from monitoring.selectors import WITH_FRAME
from savings.certification import CertificationEntry, changes_of, refused_cells, seen_of
from savings.entry import SavingEntry, SavingRow
from savings.entry_selectors import READ_WITH, entry_rows
from savings.enums import EvidenceLevel
from savings.models import TEXTS, RealisedSaving, SavingCertification
from savings.permissions import certification_refusal

TABLE = Table(RealisedSaving, READ_WITH, lambda row: None, TEXTS)


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


class CertificationRefused(FilingError):  # noqa: N818 - says what the certification is
    """Entries that may not be written: nothing is. `cells` gives, by row, the French sentence for each field."""

    def __init__(self, cells: dict[int, dict[str, str]]) -> None:
        super().__init__("Rien n’est enregistré\u00a0: des lignes sont à corriger.")
        self.cells = cells


class StaleCertification(FilingError):  # noqa: N818 - says what it is
    """Rows declared or certified anew since they were read, in `rows`; nothing is written."""

    def __init__(self, rows: frozenset[int]) -> None:
        super().__init__("La déclaration ou la certification a changé entre-temps\u00a0: rien n’est enregistré.")
        self.rows = rows


@transaction.atomic
def certify_savings(*, filing: Filing, entries: Sequence[CertificationEntry], actor: User) -> list[SavingCertification]:
    """A reviewer who declared nothing in the filing recognises savings, all or nothing; unchanged lines are left alone.

    The filing has been submitted. Gives the certifications written; the history keeps those that they replace.
    Errors (French, nothing written): `NotAllowedError` (not a reviewer, declared), `FilingError` (open filing, unknown
    line), `StaleCertification`, `CertificationRefused` (above the declared amount, or changed without a reason).
    """
    held = Filing.objects.select_for_update(of=("self",)).select_related(*WITH_FRAME).get(pk=filing.pk)
    if refused := certification_refusal(actor, held):
        raise (FilingError if held.is_editable else NotAllowedError)(refused)
    rows = {row.pk: row for row in entry_rows(held)}
    if unknown := {entry.row for entry in entries} - set(rows):
        raise FilingError(f"Ce dossier n’a pas de ligne {min(unknown)}.")
    changes = changes_of(rows, entries)
    if stale := frozenset(row.pk for row, entry in changes if entry.seen not in (None, seen_of(row))):
        raise StaleCertification(stale)
    if cells := refused_cells(changes):
        raise CertificationRefused(cells)
    with _refused_in_french():
        return [_certify(row, entry, actor) for row, entry in changes]


def certify_saving(
    *,
    realised: RealisedSaving,
    ae: Decimal | None,
    cp: Decimal | None,
    level: str = EvidenceLevel.CERTIFIED,
    reason: str = "",
    actor: User,
) -> SavingCertification:
    """Certify one saving, over whatever was certified before. As `certify_savings`."""
    entry = CertificationEntry(realised.pk, ae, cp, level, reason)
    certify_savings(filing=realised.filing, entries=[entry], actor=actor)
    return SavingCertification.objects.get(realised=realised)


def _certify(row: SavingRow, entry: CertificationEntry, actor: User) -> SavingCertification:
    held = SavingCertification.objects.filter(realised_id=row.pk).first()
    written = held or SavingCertification(realised_id=row.pk)
    written.ae, written.cp = _money(entry.amounts)
    written.declared_ae, written.declared_cp = _money(row.declared)
    written.level, written.reason = entry.level, entry.reason
    written.certified_by, written.certified_at = actor, timezone.now()
    written.revision += held is not None
    written.save()
    return written


def _money(amounts: AeCp) -> tuple[Money | None, Money | None]:
    ae, cp = (None if amount is None else Money(amount, "EUR") for amount in (amounts.ae, amounts.cp))
    return ae, cp


@contextmanager
def _refused_in_french() -> Iterator[None]:
    """What the database itself refuses to a certifier, in its own words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg.errors.RestrictViolation):
            raise NotAllowedError(typeset(error.__cause__.diag.message_primary or "")) from error
        raise
