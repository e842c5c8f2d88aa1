"""One way to ask an address, and the ways that every room shares."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from monitoring.enums import FilingState
from tests.access.people import SEEN, TO_LOGIN, Statuses, everybody
from tests.access.world import World


@dataclass(frozen=True)
class Case:
    """One way to ask an address. `arguments(world)` and `data(world)` are what the address and the form are made of.

    `statuses` by person, on the contract given to them; on another contract, those of the second list get 404.
    """

    statuses: Statuses
    method: str = "get"
    arguments: Callable[[World], list[Any]] = lambda world: []
    data: Callable[[World], dict[str, Any]] = lambda world: {}
    state: FilingState = FilingState.DRAFT
    anonymous: int = TO_LOGIN
    outsiders: int = 404


def on_contract(statuses: Statuses = SEEN, *rest: Any, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [world.contract.code, *rest], **options)


def on_filing(statuses: Statuses, *rest: Any, **options: Any) -> Case:
    return Case(statuses, arguments=lambda world: [world.filing.pk, *rest], **options)


def public(**options: Any) -> list[Case]:
    return [Case(everybody(200), anonymous=200, outsiders=200, **options)]
