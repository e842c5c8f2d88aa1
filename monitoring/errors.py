"""What may go wrong with a filing, said in French to the person who tried."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User


class FilingError(Exception):
    """The act is refused; `str(error)` is the French sentence to show. Nothing was written."""


class NotAllowedError(FilingError):
    """The act exists, but not for this person."""


class BlockedError(FilingError):
    """Submission is stopped by blocking findings, kept in `findings`."""

    def __init__(self, message: str, findings: list[Any]) -> None:
        super().__init__(message)
        self.findings = findings


class StaleRow(FilingError):  # noqa: N818
    """Somebody wrote this row since the page was shown.

    `pk` is the row; `mine`, `theirs` and `before` are the values by field name: those typed, those of the row now, and
    those that the person had read (None when they are not known). `changed_by` and `changed_at` tell of theirs,
    `revision` is the one to send to write over it.
    """

    def __init__(
        self,
        *,
        pk: int,
        mine: Mapping[str, Any],
        theirs: Mapping[str, Any],
        changed_by: User | None,
        changed_at: datetime | None,
        revision: int,
        before: Mapping[str, Any] | None = None,
    ) -> None:
        who = changed_by.get_full_name() if changed_by else "une autre personne"
        super().__init__(
            f"Cette ligne a été modifiée entre-temps par {who}\u00a0: votre saisie n’a pas été enregistrée."
        )
        self.pk, self.mine, self.theirs, self.before = pk, mine, theirs, before
        self.changed_by, self.changed_at, self.revision = changed_by, changed_at, revision
