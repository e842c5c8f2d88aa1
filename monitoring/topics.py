"""What people are written about, as one table: topic × whom it concerns × how it reaches them by default.

Read by services, the page of preferences, the daily digest and the database's constraint.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from accounts.enums import Role
from monitoring.enums import MailTopic, Way


@dataclass(frozen=True)
class Topic:
    """One line of the table. `is_fixed`: nobody may switch it off nor put it off."""

    code: MailTopic
    explanation: str
    roles: tuple[Role, ...]
    default: Way = Way.DIGEST
    is_fixed: bool = False

    @property
    def title(self) -> str:
        return self.code.label


_T = MailTopic
_FILING = (Role.LEAD, Role.DITP_REVIEWER, Role.DB_REVIEWER)

TOPICS: Final = (
    Topic(
        _T.SENT_BACK,
        "Un de vos dossiers est renvoyé ou rouvert, avec le motif.",
        (Role.LEAD,),
        Way.AT_ONCE,
        is_fixed=True,
    ),
    Topic(
        _T.REPORT, "Le rapport d’un dossier validé, en pièces jointes.", (Role.SECRETARIAT,), Way.AT_ONCE, is_fixed=True
    ),
    Topic(_T.NUDGE, "Le secrétariat vous rappelle des dossiers en retard.", (Role.LEAD,), Way.AT_ONCE),
    Topic(_T.OPENING, "Un dossier de suivi vous est ouvert, ou son échéance change.", (Role.LEAD,)),
    Topic(_T.REMINDER, "L’échéance d’un dossier approche ou est passée.", (Role.LEAD,)),
    Topic(_T.DECISION, "Un dossier est soumis, repris ou validé.", _FILING),
    Topic(_T.REMARK, "Une remarque est faite sur un dossier, ou reçoit une réponse.", (*_FILING, Role.SECRETARIAT)),
    Topic(_T.PUBLISHED, "Un rapport d’un contrat que vous suivez est prêt.", (*_FILING, Role.READER)),
    Topic(_T.ESCALATION, "Un dossier reste en retard malgré les rappels.", (Role.SECRETARIAT,)),
)
"""In the order of the page of preferences and of the digest."""

OPTIONAL: Final = tuple(topic.code for topic in TOPICS if not topic.is_fixed)
_BY_CODE: Final = {topic.code: topic for topic in TOPICS}


def topic(code: str) -> Topic:
    """The line of this code. Errors: `KeyError` for what is not in the table."""
    return _BY_CODE[MailTopic(code)]


def topics_of(roles: Collection[str]) -> list[Topic]:
    """The topics that concern somebody with these roles."""
    return [one for one in TOPICS if set(one.roles) & set(roles)]
