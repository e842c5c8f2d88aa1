"""What a workbook was made from, signed so that it cannot be altered: filing, version, rows with their revisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.core import signing

from monitoring.entry.cells import Field, Kind, Value
from monitoring.entry.ledger import Ledger
from monitoring.models import Filing
from monitoring.workbook.errors import WorkbookRefused

LAYOUT: Final = 1
"""To be raised when a workbook made by an earlier release can no longer be read."""

TITLE: Final = "_cles"
"""The hidden sheet that bears them."""

SALT: Final = "monitoring.workbook"
AGAIN: Final = "Téléchargez de nouveau le classeur et reportez-y vos saisies."


@dataclass(frozen=True, slots=True)
class RowKey:
    """A row as it was when the workbook was made: its revision, and its values by field."""

    revision: int
    values: Mapping[str, Any]

    def value(self, field: Field) -> Value:
        """What the field held, as its own type."""
        return _typed(field.kind, self.values.get(field.name))


@dataclass(frozen=True, slots=True)
class Keys:
    """The whole of a workbook's keys; `rows` by the code of the section, then by row."""

    filing: int
    filing_name: str
    version: int
    version_name: str
    rows: Mapping[str, Mapping[int, RowKey]]
    layout: int = LAYOUT

    def row(self, code: str, pk: int) -> RowKey | None:
        return self.rows.get(code, {}).get(pk)


def keys_of(filing: Filing, sheets: Sequence[tuple[Ledger, Sequence[Any]]]) -> Keys:
    """The keys of these rows as they stand."""
    rows = {
        ledger.section.code: {
            row.pk: RowKey(row.revision, {field.name: _plain(field.value) for field in ledger.fields(row)})
            for row in rows
        }
        for ledger, rows in sheets
    }
    return Keys(filing.pk, str(filing), filing.version_id, str(filing.version), rows)


def sign(keys: Keys) -> str:
    """The keys as one text that only this site can make."""
    rows = {
        code: [[pk, row.revision, dict(row.values)] for pk, row in by_row.items()] for code, by_row in keys.rows.items()
    }
    body = {
        "layout": keys.layout,
        "filing": [keys.filing, keys.filing_name],
        "version": [keys.version, keys.version_name],
        "rows": rows,
    }
    return signing.dumps(body, salt=SALT, compress=True)


def unsign(text: str) -> Keys:
    """The keys of a workbook. Errors: `WorkbookRefused` when they were altered, or are of another release."""
    try:
        body = signing.loads(text, salt=SALT)
    except signing.BadSignature as error:
        raise WorkbookRefused(f"Les clés de ce classeur sont absentes ou modifiées. {AGAIN}") from error
    if body.get("layout") != LAYOUT:
        raise WorkbookRefused(f"Ce classeur a été fait par une version antérieure du site. {AGAIN}")
    rows = {
        code: {pk: RowKey(revision, values) for pk, revision, values in by_row} for code, by_row in body["rows"].items()
    }
    (filing, filing_name), (version, version_name) = body["filing"], body["version"]
    return Keys(filing, filing_name, version, version_name, rows)


def require_of(keys: Keys, filing: Filing) -> None:
    """The workbook of this filing, under the version that it follows. Errors: `WorkbookRefused`."""
    if keys.filing != filing.pk:
        raise WorkbookRefused(f"Ce classeur est celui d’un autre dossier\u00a0: {keys.filing_name}.")
    if keys.version != filing.version_id:
        raise WorkbookRefused(
            f"Ce classeur suit une autre version du contrat ({keys.version_name})\u00a0; le dossier suit maintenant "
            f"{filing.version}. {AGAIN}"
        )


def _plain(value: Value) -> str | None:
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


def _typed(kind: Kind, text: str | None) -> Value:
    if kind is Kind.DATE:
        return date.fromisoformat(text) if text else None
    if kind.is_figure:
        return None if text is None else Decimal(text)
    return text or ""
