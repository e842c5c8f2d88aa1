"""What people type of the calendar, of risks and of the filing as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from figures.formats import typeset
from monitoring.entry.conflicts import FiguresClosed
from monitoring.enums import ProgressState, RiskState
from monitoring.errors import FilingError, NotAllowedError
from monitoring.locks import MESSAGE
from monitoring.milestone_dates import refused
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.models.filings import COMMENTS
from monitoring.models.progress import MILESTONE_TEXTS, RISK_TEXTS
from monitoring.permissions import can_edit_filing, can_edit_whole_filing, can_write_comments, can_write_sheet
from monitoring.selectors import calendar_rows, calendar_since
from monitoring.services.rows import Row, refused_in_french, write_row


@dataclass(frozen=True)
class RowChange:
    """What a person typed in one row: its number, the revision that they saw, the new values by field name."""

    pk: int
    revision: int
    values: Mapping[str, Any]


@transaction.atomic
def record_calendar(*, filing: Filing, actor: User, changes: Sequence[RowChange]) -> list[MilestoneProgress]:
    """Write where milestones stand, all of them or none; give the rows as they now stand.

    Values: those of `state`, `done_on`, `expected_on` and `comment` that the person changed; when the texts alone were
    reopened, the comment may change and the others be sent again as they are.
    Errors: `FilingError` (not open, row of another filing), `NotAllowedError` (a contributor outside their sheets),
    `ValidationError`, `StaleRow` whose `pk` says which row.
    """
    if not filing.takes_texts_only:
        require_entry(filing, actor, whole=False)
    # Held by key, as the grids do (`monitoring.entry.writing`), so that two people never wait in a ring.
    asked = MilestoneProgress.objects.filter(filing=filing, pk__in=[change.pk for change in changes]).order_by("pk")
    held = asked.select_for_update(of=("self",)).select_related("milestone__sheet")
    rows = {row.pk: row for row in held}
    _require_true_dates(filing, changes)
    return [_record_milestone(filing, actor, rows.get(change.pk), change) for change in changes]


def _require_true_dates(filing: Filing, changes: Sequence[RowChange]) -> None:
    """Refuse dates that cannot be true; `ValidationError` by field."""
    dated = [one.values for one in changes if one.values.get("done_on") or one.values.get("expected_on")]
    if filing.takes_texts_only or not dated:
        return
    since, today = calendar_since(filing, calendar_rows(filing)), timezone.localdate()
    for values in dated:
        # The state may come from the row as it stands: `write_valid` holds it against the date.
        if said := refused({**values, "state": ProgressState.DONE}, since=since, today=today):
            raise ValidationError(said)


def _record_milestone(
    filing: Filing, actor: User, row: MilestoneProgress | None, change: RowChange
) -> MilestoneProgress:
    if row is None:
        raise FilingError("Ce jalon n’appartient pas à ce dossier.")
    sheet = row.milestone.sheet
    if not can_write_sheet(actor, filing, sheet.number if sheet else None):
        raise NotAllowedError("Ce jalon relève d’une fiche qui ne vous est pas confiée.")
    if filing.takes_texts_only:
        change = _texts_of(row, change, MILESTONE_TEXTS)
    return write_valid(row, change, actor)


def _texts_of(row: Row, change: RowChange, texts: Sequence[str]) -> RowChange:
    """The texts alone; whoever would change anything else is refused in French."""
    if any(name not in texts and value != getattr(row, name) for name, value in change.values.items()):
        raise FiguresClosed
    return replace(change, values={name: value for name, value in change.values.items() if name in texts})


@transaction.atomic
def record_texts(*, filing: Filing, actor: User, revision: int, values: Mapping[str, Any]) -> Filing:
    """Write the weather and the comments: `weather`, `weather_comment`, `progress_comment`, `difficulties`.

    When the texts alone were reopened, the weather may be sent again as it is, not changed.
    Errors: `FilingError`, `NotAllowedError`, `StaleRow`.
    """
    written = require_texts(filing, actor, values)
    return write_valid(filing, RowChange(filing.pk, revision, written), actor)


@transaction.atomic
def add_risk(*, filing: Filing, actor: User, values: Mapping[str, Any]) -> FiledRisk:
    """Declare a risk: `title`, `description`, `probability`, `severity` (1 to 5), `mitigation`.

    Errors: `FilingError`, `NotAllowedError`, `ValidationError` (scale, same title twice).
    """
    require_entry(filing, actor, whole=True)
    risk = FiledRisk(filing=filing, updated_by=actor, updated_at=timezone.now(), **values)
    risk.full_clean(exclude=["updated_by"])
    with refused_in_french():
        risk.save()
    return risk


@transaction.atomic
def record_risk(*, filing: Filing, risk: FiledRisk, actor: User, revision: int, values: Mapping[str, Any]) -> FiledRisk:
    """Change a risk of this filing; when the texts alone were reopened, its description and measures only.

    Errors: as `add_risk`, and `StaleRow`.
    """
    if risk.filing_id != filing.pk:
        raise FilingError("Ce risque n’appartient pas à ce dossier.")
    change = RowChange(risk.pk, revision, values)
    if filing.takes_texts_only and can_write_comments(actor, filing):
        return write_valid(risk, _texts_of(risk, change, RISK_TEXTS), actor)
    require_entry(filing, actor, whole=True)
    return write_valid(risk, change, actor)


def close_risk(*, filing: Filing, risk: FiledRisk, actor: User, revision: int) -> FiledRisk:
    """Say that a risk is over; it stays in this filing and is not taken over by the next."""
    return record_risk(filing=filing, risk=risk, actor=actor, revision=revision, values={"state": RiskState.CLOSED})


def require_entry(filing: Filing, actor: User, *, whole: bool) -> None:
    """Refuse in French whoever may not type in this filing; `whole` asks for the lead.

    Errors: `FilingError` when the filing is closed, `NotAllowedError` when it is open but not to this person.
    """
    if not filing.is_editable:
        raise FilingError(typeset(MESSAGE))
    allowed = can_edit_whole_filing if whole else can_edit_filing
    if not allowed(actor, filing):
        raise NotAllowedError("La saisie de ce dossier revient au chef de projet du contrat.")


def require_texts(filing: Filing, actor: User, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values to write, once it is sure that the person may write them. Errors: as `require_entry`."""
    if filing.is_editable or not filing.takes_texts:
        require_entry(filing, actor, whole=True)
        return values
    if not can_write_comments(actor, filing):
        raise NotAllowedError("La saisie de ce dossier revient au chef de projet du contrat.")
    if any(name not in COMMENTS and value != getattr(filing, name) for name, value in values.items()):
        raise FilingError("Seuls les commentaires sont rouverts\u00a0: la météo et les chiffres ne changent plus.")
    return {name: value for name, value in values.items() if name in COMMENTS}


def write_valid(row: Row, change: RowChange, actor: User) -> Row:
    """Check the row with its new values, fields and constraints, then write them with the optimistic lock.

    A row that has moved since is not checked: what was typed is not to be held against what another person wrote.

    Errors: `ValidationError` with each French message; `StaleRow`; `FilingError`.
    """
    if row.revision != change.revision:  # type: ignore[attr-defined]
        return write_row(row, revision=change.revision, values=change.values, actor=actor)
    for name, value in change.values.items():
        setattr(row, name, value)
    row.clean_fields(exclude=[field.name for field in row._meta.fields if field.name not in change.values])
    row.validate_constraints()
    return write_row(row, revision=change.revision, values=change.values, actor=actor)
