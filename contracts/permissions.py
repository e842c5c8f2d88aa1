"""Who may do what with contracts."""

from typing import Final

from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role_on, has_role_on_all
from contracts.enums import NomenclatureAuthority, PartyRole
from contracts.models import Contract, ContractVersion
from contracts.perimeters import perimeters_of

Person = User | AnonymousUser
# Who writes down the signature of each party, beside the secretariat.
SIGNS_FOR: Final = {
    PartyRole.HOLDER: Role.LEAD,
    PartyRole.DITP: Role.DITP_REVIEWER,
    PartyRole.DB: Role.DB_REVIEWER,
}
ALONE: Final = {
    NomenclatureAuthority.SECRETARIAT: Role.SECRETARIAT,
    NomenclatureAuthority.DB: Role.DB_REVIEWER,
}


def can_import_contract(user: Person) -> bool:
    """The secretariat of the fund creates contracts from their files."""
    return has_role_on_all(user, Role.SECRETARIAT)


def can_prepare_amendment(user: Person, contract: Contract) -> bool:
    """The secretariat and the holder prepare, edit and abandon an amendment."""
    return has_role_on(user, perimeters_of(contract), Role.SECRETARIAT, Role.LEAD)


def can_bring_annex_back(user: Person, version: ContractVersion) -> bool:
    """Into an amendment, whoever prepares it; into the signature of a contract being set up, the secretariat."""
    if version.is_draft:
        return can_prepare_amendment(user, version.contract)
    return version.number == 0 and can_import_contract(user)


def can_see_version(user: Person, version: ContractVersion) -> bool:
    """A signed version is seen with its contract; one in preparation by those who prepare or will sign it."""
    if not version.is_draft:
        return True
    roles = (Role.SECRETARIAT, Role.DITP_REVIEWER, Role.DB_REVIEWER, Role.LEAD)
    return has_role_on(user, perimeters_of(version.contract), *roles)


def can_record_signature(user: Person, contract: Contract, role: str) -> bool:
    """The secretariat for any party; each party for itself (article 8)."""
    return has_role_on(user, perimeters_of(contract), Role.SECRETARIAT, SIGNS_FOR[PartyRole(role)])


def can_sign_amendment(user: Person, contract: Contract) -> bool:
    """The secretariat puts an amendment that every party signed among the versions."""
    return has_role_on(user, perimeters_of(contract), Role.SECRETARIAT)


def can_change_nomenclature(user: Person, contract: Contract) -> bool:
    """Whom article 8 lets change the annex of nomenclatures alone: the secretariat, the DB, or nobody."""
    role = ALONE.get(NomenclatureAuthority(contract.nomenclature_authority))
    return role is not None and has_role_on(user, perimeters_of(contract), role)


def can_record_life_event(user: Person, contract: Contract) -> bool:
    """The secretariat keeps the dates of a contract's life."""
    return has_role_on(user, perimeters_of(contract), Role.SECRETARIAT)


def can_correct_dates(user: Person, version: ContractVersion) -> bool:
    """The secretariat mends a date of a signed act that was written down wrong."""
    return not version.is_draft and has_role_on(user, perimeters_of(version.contract), Role.SECRETARIAT)


def can_see_calls(user: Person) -> bool:
    """Calls for projects are figures of the whole fund: whoever reads every contract."""
    return has_role_on_all(user, *(role for role in Role if role != Role.ADMINISTRATOR))


def can_run_calls(user: Person) -> bool:
    """The secretariat of the fund keeps its calls for projects."""
    return has_role_on_all(user, Role.SECRETARIAT)
