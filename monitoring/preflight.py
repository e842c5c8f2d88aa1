"""Several filings of a campaign at once: which may be validated by this person, and why the others may not.

Stricter than one by one: a filing with a blocking finding or an open thread is looked at on its own review.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role_on
from contracts.models import Contract
from contracts.perimeters import perimeters_of
from monitoring import rules
from monitoring.enums import FilingAction, FilingState
from monitoring.models import Campaign, Filing
from monitoring.permissions import declarants_of, refusal
from monitoring.selectors import WITH_FRAME
from monitoring.threads_selectors import count_open_threads
from monitoring.transitions import TRANSITIONS, Transition, transition

VALIDATING = (FilingAction.VALIDATE, FilingAction.COUNTERSIGN)
VALIDATORS = tuple(dict.fromkeys(role for line in TRANSITIONS if line.action in VALIDATING for role in line.roles))
_PAST = {
    Role.DITP_REVIEWER: (FilingState.VALIDATED, FilingState.LOCKED, FilingState.TEXTS_OPEN),
    Role.DB_REVIEWER: (FilingState.LOCKED, FilingState.TEXTS_OPEN, FilingState.TEXTS_SUBMITTED),
}
"""States in which a reviewer has nothing left to validate, by role; the others count among those to validate."""


@dataclass(frozen=True)
class Checked:
    """A filing, what this person would do to it, and each reason why that cannot be done here; ready without any."""

    filing: Filing
    line: Transition | None
    reasons: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return self.line is not None and not self.reasons


@dataclass(frozen=True)
class Preflight:
    """The filings that this person has to validate in a campaign, ready ones first; `past`: those already done."""

    rows: tuple[Checked, ...]
    past: int

    @property
    def ready(self) -> list[Checked]:
        return [row for row in self.rows if row.is_ready]

    @property
    def others(self) -> list[Checked]:
        return [row for row in self.rows if not row.is_ready]

    @property
    def sentence(self) -> str:
        """« 11 dossiers sur 14 peuvent être validés ; voici pourquoi les autres ne le peuvent pas. »"""
        ready, every = len(self.ready), len(self.rows)
        if not every:
            return "Aucun dossier de votre périmètre n’attend de validation dans cette campagne."
        if not ready:
            none = f"Aucun des {every} dossiers ne peut" if every > 1 else "Le dossier ne peut pas"
            return f"{none} être validé\u00a0; voici pourquoi."
        can = f"{ready} dossiers" if ready > 1 else "Un dossier"
        verb = "peuvent être validés" if ready > 1 else "peut être validé"
        if ready == every:
            return f"{can} sur {every} {verb}." if every > 1 else f"{can} {verb}."
        others = "l’autre ne le peut pas" if every - ready == 1 else "les autres ne le peuvent pas"
        return f"{can} sur {every} {verb}\u00a0; voici pourquoi {others}."


def preflight(user: User, campaign: Campaign, only: Collection[int] | None = None) -> Preflight:
    """The filings of a campaign on which the person is a reviewer; `only` keeps those of these numbers.

    A constant number of queries, and those of the blocking rules for each filing that nothing else stops.
    """
    contracts = Contract.objects.visible_to(user).values("pk")
    filings = campaign.filings.filter(contract__in=contracts).select_related(*WITH_FRAME)
    filings = filings.order_by("contract__title", "pk")
    mine = [one for one in filings if _roles(user, one) and (only is None or one.pk in only)]
    waiting = [one for one in mine if not all(one.state in _PAST[role] for role in _roles(user, one))]
    authors, threads = declarants_of(waiting), count_open_threads(waiting)
    rows = [_checked(user, one, authors, threads) for one in waiting]
    return Preflight(tuple(sorted(rows, key=lambda row: not row.is_ready)), past=len(mine) - len(waiting))


def _roles(user: User, filing: Filing) -> list[Role]:
    places = perimeters_of(filing.contract)
    return [role for role in VALIDATORS if has_role_on(user, places, role)]


def _checked(user: User, filing: Filing, authors: Mapping[int, Collection[int]], threads: Mapping[int, int]) -> Checked:
    lines = [found for action in VALIDATING if (found := transition(action, filing.state)) is not None]
    if not lines:
        return Checked(filing, None, (_state_words(filing),))
    (line,) = lines
    if not set(line.roles) & set(_roles(user, filing)):
        return Checked(filing, None, (_state_words(filing),))
    reasons = [refused] if (refused := refusal(user, filing, line, authors[filing.pk])) else []
    if count := threads.get(filing.pk, 0):
        reasons.append("Une remarque est ouverte." if count == 1 else f"{count} remarques sont ouvertes.")
    if not reasons:
        reasons = [f"{found.rule.title}\u00a0: {found.message}" for found in rules.blocking(filing)]
    return Checked(filing, line, tuple(reasons))


def _state_words(filing: Filing) -> str:
    """What the filing waits for, when it is not this person."""
    return {
        FilingState.DRAFT: "Le dossier n’est pas encore soumis.",
        FilingState.SENT_BACK: "Le dossier est renvoyé\u00a0: il attend la correction du chef de projet.",
        FilingState.REOPENED: "Les chiffres sont rouverts\u00a0: ils attendent le chef de projet.",
        FilingState.TEXTS_OPEN: "Les textes sont rouverts\u00a0: ils attendent le chef de projet.",
        FilingState.SUBMITTED: "Le dossier attend d’abord la validation de la DITP.",
        FilingState.VALIDATED: "Le dossier attend la direction du budget.",
    }.get(FilingState(filing.state), f"Le dossier est à l’état «\u00a0{filing.get_state_display()}\u00a0».")


def chosen(rows: Sequence[Checked], numbers: Collection[int]) -> list[Checked]:
    """The ready filings among those ticked."""
    return [row for row in rows if row.is_ready and row.filing.pk in numbers]
