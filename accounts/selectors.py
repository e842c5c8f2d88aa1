"""Reads about people."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from accounts.enums import PerimeterKind, Role
from accounts.models import RoleGrant, User
from accounts.roles import HeldRole, roles_on

__all__ = ["grants_of_role", "people_with", "roles_on"]


def people_with(roles: Collection[Role], perimeters: Iterable[tuple[str, str]]) -> list[User]:
    """Active people who hold one of these roles on something that lies in these perimeters, by name, each once."""
    wanted = Q(perimeter_kind=PerimeterKind.ALL)
    for kind, key in perimeters:
        wanted |= Q(perimeter_kind=kind, perimeter_key=key)
    grants = RoleGrant.objects.filter(wanted, role__in=roles)
    return list(User.objects.filter(is_active=True, pk__in=grants.values("user")))


def grants_of_role(role: Role) -> list[tuple[User, HeldRole]]:
    """Every active person who holds this role, with where: one query, for lists of many contracts."""
    grants = RoleGrant.objects.filter(role=role, user__is_active=True).select_related("user")
    return [
        (grant.user, HeldRole(role, PerimeterKind(grant.perimeter_kind), grant.perimeter_key, frozenset(grant.sheets)))
        for grant in grants.order_by("user__last_name", "user__first_name", "user__email", "pk")
    ]
