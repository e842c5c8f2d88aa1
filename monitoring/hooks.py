"""What other rooms ask to be told."""

from collections.abc import Callable

from accounts.models import User
from monitoring.models import Filing

_when_locked: list[Callable[[Filing, User], None]] = []


def on_filing_locked(callback: Callable[[Filing, User], None]) -> None:
    """Asks that `callback(filing, actor)` run when a filing is locked, once however often it is registered.

    It runs inside the transaction that locks the filing: an exception undoes the lock. Work that must not wait goes
    through `transaction.on_commit`.
    """
    if callback not in _when_locked:
        _when_locked.append(callback)


def filing_locked(filing: Filing, actor: User) -> None:
    """Tells everybody who asked, in the order of registration."""
    for callback in _when_locked:
        callback(filing, actor)
