"""Who may do what with contracts."""

from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role_on_all


def can_import_contract(user: User | AnonymousUser) -> bool:
    """The secretariat of the fund creates contracts from their files."""
    return has_role_on_all(user, Role.SECRETARIAT)
