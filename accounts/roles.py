"""Roles held by a person, read once for a request."""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from accounts.enums import PerimeterKind, Role
from accounts.models import User


@dataclass(frozen=True)
class HeldRole:
    """One grant: the role, the perimeter it is held on, and the project sheets when it is held on sheets."""

    role: Role
    perimeter_kind: PerimeterKind
    perimeter_key: str
    sheets: frozenset[str] = frozenset()

    def covers(self, perimeters: Collection[tuple[str, str]]) -> bool:
        """Whether a thing that lies in these perimeters, (kind, key), is within this grant."""
        kind = PerimeterKind.CONTRACT if self.perimeter_kind == PerimeterKind.SHEETS else self.perimeter_kind
        return kind == PerimeterKind.ALL or (kind, self.perimeter_key) in perimeters


def roles_on(user: User | AnonymousUser) -> tuple[HeldRole, ...]:
    """Every role of a person; one query for the life of the object `user`, that is for a request.

    Nobody who is not signed in, or whose account is inactive, holds any.
    """
    if not isinstance(user, User) or not user.is_active:
        return ()
    held: tuple[HeldRole, ...] | None = user.__dict__.get("_held_roles")
    if held is None:
        held = tuple(
            HeldRole(Role(role), PerimeterKind(kind), key, frozenset(sheets))
            for role, kind, key, sheets in user.grants.order_by("pk").values_list(
                "role", "perimeter_kind", "perimeter_key", "sheets"
            )
        )
        user.__dict__["_held_roles"] = held
    return held


def forget_roles(user: User) -> None:
    """Makes the next question about this object read the grants again, after they were changed."""
    user.__dict__.pop("_held_roles", None)
