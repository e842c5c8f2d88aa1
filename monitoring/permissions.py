"""Who may do what with filings and campaigns; the table of transitions decides on states."""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role, has_role_on, has_role_on_all
from accounts.roles import roles_on
from contracts.models import Contract
from contracts.perimeters import perimeters_of
from monitoring.enums import FilingAction
from monitoring.models import Attachment, Campaign, Filing, FilingTransition
from monitoring.models.progress import EntryRow
from monitoring.reality import later_filing, reopened_before
from monitoring.transitions import Transition, transitions_from

Viewer = User | AnonymousUser

READING_ROLES = tuple(role for role in Role if role != Role.ADMINISTRATOR)
# A reader sees what was declared; those who declare and review also see what is being typed.
WORKING_ROLES = tuple(role for role in READING_ROLES if role != Role.READER)
REVIEWING_ROLES = (Role.SECRETARIAT, Role.DITP_REVIEWER, Role.DB_REVIEWER)


def _holds(user: Viewer, contract: Contract, *roles: Role) -> bool:
    return has_role_on(user, perimeters_of(contract), *roles)


def can_see_contract(user: Viewer, contract: Contract) -> bool:
    """Any role but administrator, on a perimeter that reaches the contract (as `Contract.objects.visible_to`)."""
    return _holds(user, contract, *READING_ROLES)


def can_see_filing(user: Viewer, filing: Filing) -> bool:
    """Whoever works on the contract; a reader while nothing of it is being typed, figures or texts."""
    if _holds(user, filing.contract, *WORKING_ROLES):
        return True
    return not filing.takes_texts and can_see_contract(user, filing.contract)


def can_edit_filing(user: Viewer, filing: Filing) -> bool:
    """The lead, or a contributor for their sheets (`editable_sheets`), while the filing is open for entry."""
    return filing.is_editable and _holds(user, filing.contract, Role.LEAD, Role.CONTRIBUTOR)


def can_edit_whole_filing(user: Viewer, filing: Filing) -> bool:
    """What belongs to no sheet (weather, comments, risks, lines without sheet) is the lead's."""
    return filing.is_editable and _holds(user, filing.contract, Role.LEAD)


def can_write_comments(user: Viewer, filing: Filing) -> bool:
    """The comments of the filing as a whole are the lead's, while figures may be typed or the texts are reopened."""
    return filing.takes_texts and _holds(user, filing.contract, Role.LEAD)


def editable_sheets(user: Viewer, filing: Filing) -> frozenset[str] | None:
    """Numbers of the project sheets whose figures the person may write; None means every row, with or without sheet."""
    return writable_sheets(user, filing) if filing.is_editable else frozenset()


def writable_sheets(user: Viewer, filing: Filing) -> frozenset[str] | None:
    """As `editable_sheets`, of rows in which the person may write comments at least: texts reopened alone count."""
    if not filing.takes_texts:
        return frozenset()
    if _holds(user, filing.contract, Role.LEAD):
        return None
    places = perimeters_of(filing.contract)
    return frozenset(
        sheet
        for held in roles_on(user)
        if held.role == Role.CONTRIBUTOR and held.covers(places)
        for sheet in held.sheets
    )


def can_edit_sheet(user: Viewer, filing: Filing, sheet_number: str | None) -> bool:
    """Whether the person may write a row of this project sheet (None: a row that belongs to no sheet)."""
    sheets = editable_sheets(user, filing)
    return sheets is None or sheet_number in sheets


def can_write_sheet(user: Viewer, filing: Filing, sheet_number: str | None) -> bool:
    """The same, for the comments of a row at least."""
    sheets = writable_sheets(user, filing)
    return sheets is None or sheet_number in sheets


def can_remove_attachment(user: Viewer, attachment: Attachment) -> bool:
    """The lead removes any piece of evidence, a contributor their own, while the filing is open for entry."""
    filing = attachment.filing
    return can_edit_whole_filing(user, filing) or (
        can_edit_filing(user, filing) and attachment.uploaded_by_id == user.pk
    )


def can_download(user: Viewer, attachment: Attachment) -> bool:
    """Whoever sees the filing reads its evidence; what was removed, only those who review it."""
    if attachment.is_removed:
        return can_review_filing(user, attachment.filing)
    return can_see_filing(user, attachment.filing)


def can_review_filing(user: Viewer, filing: Filing) -> bool:
    """Who reads the review page: secretariat and reviewers of the contract."""
    return _holds(user, filing.contract, *REVIEWING_ROLES)


def declarants(filing: Filing) -> frozenset[int]:
    """Numbers of the people who submitted this filing, typed any row of it, joined evidence to it or removed some."""
    return declarants_of([filing])[filing.pk]


def declarants_of(filings: Collection[Filing]) -> dict[int, frozenset[int]]:
    """The same for many filings, by number: one query.

    Read from the transitions, from the history of every table of entry rows (what was overwritten counts too), and
    from the evidence joined or removed.
    """
    numbers = [filing.pk for filing in filings]
    found: dict[int, set[int]] = {number: set() for number in numbers}
    mine = {"filing_id__in": numbers}
    submitted = FilingTransition.objects.filter(action=FilingAction.SUBMIT, **mine).order_by()
    typed = [_history(model).filter(**mine) for model in apps.get_models() if issubclass(model, EntryRow)]
    written = [rows.filter(updated_by__isnull=False).values_list("filing_id", "updated_by_id") for rows in typed]
    texts = _history(Filing).filter(id__in=numbers, updated_by__isnull=False).values_list("id", "updated_by_id")
    proved = Attachment.objects.filter(**mine).order_by().values_list("filing_id", "uploaded_by_id")
    removed = Attachment.objects.filter(removed_by__isnull=False, **mine).order_by()
    proved = proved.union(removed.values_list("filing_id", "removed_by_id"))
    for number, person in submitted.values_list("filing_id", "actor_id").union(*written, texts, proved):
        found[number].add(person)
    return {number: frozenset(people) for number, people in found.items()}


def _history(model: Any) -> QuerySet[Any]:
    """What was ever written in a table, present values included."""
    return model.pgh_event_model.objects.order_by()  # type: ignore[no-any-return]


def refusal(user: Viewer, filing: Filing, line: Transition, known: Collection[int] | None = None) -> str:
    """Why this person may not take this line of the table, as a French sentence; empty when they may.

    `known` are the filing's declarants, when they were read already.
    """
    if not _holds(user, filing.contract, *line.roles):
        roles = " ou ".join(role.label for role in line.roles)
        return f"Cette action revient à\u00a0: {roles}."
    if line.not_declarant and user.pk in (declarants(filing) if known is None else known):
        return "Vous avez saisi ou soumis des chiffres de ce dossier\u00a0: sa validation revient à une autre personne."
    return ""


def obstacle(filing: Filing, line: Transition) -> str:
    """Why this line of the table does not suit this filing, whoever asks, as a French sentence; empty when it does."""
    if line.in_order and (earlier := reopened_before(filing)):
        return f"Le dossier {earlier}, antérieur, est ouvert de nouveau\u00a0: il doit d’abord être soumis."
    if line.followed is None:
        return ""
    later = later_filing(filing)
    if later is not None and not line.followed:
        later_one = f"Un dossier plus récent existe ({later.campaign})"
        if line.action == FilingAction.TAKE_BACK:
            return f"{later_one}\u00a0: reprenez-le d’abord, car ses chiffres se comparent à ceux de celui-ci."
        return f"{later_one}\u00a0: seuls les textes de celui-ci peuvent être rouverts."
    if later is None and line.followed:
        return "Aucun dossier plus récent n’est soumis\u00a0: rouvrez ce dossier en entier."
    return ""


def allowed_actions(user: Viewer, filing: Filing) -> list[FilingAction]:
    """What this person may do to the filing now, in the order of the table."""
    lines = transitions_from(filing.state)
    return [line.action for line in lines if not refusal(user, filing, line) and not obstacle(filing, line)]


def can_open_thread(user: Viewer, filing: Filing) -> bool:
    """Whoever reviews the filing asks about any of its rows, in any state."""
    return can_review_filing(user, filing)


def can_answer_thread(user: Viewer, filing: Filing) -> bool:
    """Reviewers and the lead; no lock applies to what people say of a filing that they see."""
    return can_review_filing(user, filing) or _holds(user, filing.contract, Role.LEAD)


def can_see_threads(user: Viewer, filing: Filing) -> bool:
    """Those who work on the contract; a reader sees what was declared, not what was said of it."""
    return _holds(user, filing.contract, *WORKING_ROLES)


def can_resolve_thread(user: Viewer, filing: Filing) -> bool:
    """A reviewer says that the answer is enough."""
    return can_review_filing(user, filing)


def can_change_due_date(user: Viewer, filing: Filing) -> bool:
    """The secretariat of the contract, with a reason."""
    return _holds(user, filing.contract, Role.SECRETARIAT)


def can_open_campaign(user: Viewer) -> bool:
    """The secretariat of the fund creates and opens campaigns."""
    return has_role_on_all(user, Role.SECRETARIAT)


def can_see_campaigns(user: Viewer) -> bool:
    """Everybody who holds a role other than administrator; each sees the contracts of their perimeter."""
    return has_role(user, *READING_ROLES)


def can_see_campaign(user: Viewer, campaign: Campaign) -> bool:
    """A campaign not yet opened is the secretariat's own business."""
    return can_open_campaign(user) or (campaign.opened_at is not None and can_see_campaigns(user))
