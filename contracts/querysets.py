"""Contracts in the language of the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.enums import PerimeterKind, Role

if TYPE_CHECKING:
    from accounts.models import User


class ContractQuerySet(models.QuerySet[Any]):
    """Questions asked of the set of contracts."""

    def visible_to(self, user: User) -> ContractQuerySet:
        """Contracts whose figures this person may read, whatever the role except administrator (domain § 2)."""
        return self.within(user, [role for role in Role if role != Role.ADMINISTRATOR])

    def within(self, user: User, roles: list[Role]) -> ContractQuerySet:
        """Contracts on which this person holds one of these roles."""
        if not user.is_authenticated or not user.is_active:  # type: ignore[redundant-expr]
            return self.none()
        wanted = Q(pk__in=[])
        for kind, key in user.grants.filter(role__in=roles).values_list("perimeter_kind", "perimeter_key"):
            wanted |= _perimeter(kind, key)
        return self.filter(wanted)


def _perimeter(kind: str, key: str) -> Q:
    """The contracts of one perimeter."""
    match kind:
        case PerimeterKind.ALL:
            return ~Q(pk__in=[])
        case PerimeterKind.CONTRACT | PerimeterKind.SHEETS:
            return Q(code=key)
        case PerimeterKind.MINISTRY:
            return Q(holder__code=key) | Q(holder__ministry__code=key)
        case _:
            return Q(holder__region=key)
