"""The life of an anomaly: explained by whoever keeps the contract, accepted or reopened by a reviewer, with a reason.

A fact to know (« à savoir ») asks for nothing and is not decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pghistory
from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role_on
from contracts.checks.registry import Anomaly, anomalies_of
from contracts.enums import AnomalyAction
from contracts.models import AnomalyDecision, Contract, ContractVersion
from contracts.perimeters import perimeters_of

_A = AnomalyAction
ACTIONS: Final[Mapping[AnomalyAction, tuple[Role, ...]]] = {
    _A.EXPLAIN: (Role.LEAD, Role.SECRETARIAT),
    _A.ACCEPT: (Role.DITP_REVIEWER, Role.DB_REVIEWER),
    _A.REOPEN: (Role.DITP_REVIEWER, Role.DB_REVIEWER),
}
"""Who may say what; read by the service, the page and the help."""


class DecisionRefused(ValueError):  # noqa: N818 - says what happened
    """Nothing was written; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an anomaly stands: the last thing said of it with the figures that it has; `fell`: it was accepted with
    other figures.
    """

    decision: AnomalyDecision | None = None
    fell: bool = False

    @property
    def is_accepted(self) -> bool:
        return self.decision is not None and self.decision.action == _A.ACCEPT

    @property
    def label(self) -> str:
        """In French, for pages and reports."""
        if self.fell:
            return "à revoir : acceptée avec d’autres chiffres"
        if self.decision is None or self.decision.action == _A.REOPEN:
            return "ouverte"
        return "acceptée" if self.is_accepted else "expliquée"


Last = Mapping[str, AnomalyDecision]


def last_decisions(contract: Contract, by: date | None = None) -> Last:
    """The last decision of each anomaly, by its key; those made by a day if one is given. One query.

    The last one only: figures that come back to what was once accepted, after something else was said, are open.
    """
    rows = AnomalyDecision.objects.filter(contract=contract).select_related("actor").order_by("at", "pk")
    return {row.key: row for row in rows if by is None or timezone.localtime(row.at).date() <= by}


def standing_of(key: str, fingerprint: str, last: Last) -> Standing:
    """Where the anomaly of this key stands, with the figures of this fingerprint."""
    found = last.get(key)
    if found is None or found.fingerprint == fingerprint:
        return Standing(found)
    return Standing(None, fell=found.action == _A.ACCEPT)


def actions_for(user: User, contract: Contract, standing: Standing) -> list[AnomalyAction]:
    """What the person may say of an anomaly that stands there; nobody accepts what they explained last."""
    places = perimeters_of(contract)
    wanted = [_A.REOPEN] if standing.is_accepted else [_A.EXPLAIN, _A.ACCEPT]
    held = [action for action in wanted if has_role_on(user, places, *ACTIONS[action])]
    said = standing.decision
    own = said is not None and said.actor_id == user.pk and said.action == _A.EXPLAIN
    return [action for action in held if not (own and action == _A.ACCEPT)]


def decide_anomaly(
    *, version: ContractVersion, key: str, action: str, text: str, fingerprint: str, actor: User
) -> AnomalyDecision:
    """Write what the person says of an anomaly of a version, as they saw it (`fingerprint`).

    Raises `DecisionRefused`: no such anomaly any more, other figures meanwhile, no reason, not theirs to say.
    """
    with transaction.atomic(), pghistory.context(user=actor.pk):
        contract = (
            Contract.objects.select_for_update(of=("self",))
            .select_related("holder__ministry")
            .get(pk=version.contract_id)
        )
        found = next((one for one in anomalies_of(version) if one.key == key), None)
        if refusal := _refusal(contract, found, action, text.strip(), fingerprint, actor):
            raise DecisionRefused(refusal)
        return AnomalyDecision.objects.create(
            contract=contract, key=key, fingerprint=fingerprint, action=action, text=text.strip(), actor=actor
        )


def _refusal(contract: Contract, found: Anomaly | None, action: str, text: str, fingerprint: str, actor: User) -> str:
    """The first reason to refuse; blank when there is none."""
    if found is None or not found.is_to_handle:
        return "Cette anomalie n’est plus relevée, ou ne demande aucune suite."
    if found.fingerprint != fingerprint:
        return "Les chiffres de cette anomalie ont changé depuis que la page a été ouverte : relisez-les."
    standing = standing_of(found.key, fingerprint, last_decisions(contract))
    if action not in actions_for(actor, contract, standing):
        return "Cette suite ne vous revient pas, ou l’anomalie n’est plus dans cet état."
    return "" if text else "Donnez un motif."
