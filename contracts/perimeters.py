"""In which perimeters a contract lies."""

from accounts.enums import PerimeterKind
from contracts.models import Contract


def perimeters_of(contract: Contract) -> frozenset[tuple[str, str]]:
    """The (kind, key) pairs on which a role reaches this contract.

    Costs no query when the contract was fetched with `select_related("holder__ministry")`.
    """
    holder = contract.holder
    places = {(PerimeterKind.CONTRACT.value, contract.code), (PerimeterKind.MINISTRY.value, holder.code)}
    if holder.ministry is not None:
        places.add((PerimeterKind.MINISTRY.value, holder.ministry.code))
    if holder.region:
        places.add((PerimeterKind.REGION.value, holder.region))
    return frozenset(places)
