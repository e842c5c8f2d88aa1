"""Who may do what, in terms of roles alone; perimeters are given by the things themselves."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser

from accounts.enums import PerimeterKind, Role
from accounts.models import User
from accounts.roles import roles_on


def has_role(user: User | AnonymousUser, *roles: Role) -> bool:
    """Whether the person holds one of these roles, on whatever perimeter."""
    return any(held.role in roles for held in roles_on(user))


def has_role_on(user: User | AnonymousUser, perimeters: Collection[tuple[str, str]], *roles: Role) -> bool:
    """Whether the person holds one of these roles on a thing that lies in these perimeters (kind, key)."""
    return any(held.role in roles and held.covers(perimeters) for held in roles_on(user))


def has_role_on_all(user: User | AnonymousUser, *roles: Role) -> bool:
    """Whether the person holds one of these roles on every contract."""
    return any(held.role in roles and held.perimeter_kind == PerimeterKind.ALL for held in roles_on(user))
