"""Savings that contracts promise less of than they did at their signature: how much, since when, and why."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from accounts.models import User
from contracts.amendments.calc import Change
from contracts.enums import AmendmentType, VersionState
from contracts.models import Contract, ContractVersion
from savings.counting import counted
from savings.models import PlannedSaving, SavingsTerms

ABOUT_SAVINGS = frozenset({AmendmentType.SAVINGS, AmendmentType.ERROR})


def moved(change: Change) -> Decimal | None:
    """In force − at signature, in euros; None when either says nothing: what is not stated is not zero."""
    return None if change.before is None or change.after is None else change.after - change.before


def fall_of(planned: Change, recurrent: Change) -> Decimal | None:
    """By how much a promise of savings moved, in CP euros: the lower of its two differences, negative for a fall.

    `planned` is the sum over the years of the table, `recurrent` the amount by year once deployed. None when the two
    versions state neither together. Our own rule: docs/calculs/revisions-a-la-baisse.md.
    """
    return min((one for one in (moved(planned), moved(recurrent)) if one is not None), default=None)


@dataclass(frozen=True)
class Revision:
    """A contract whose promise of savings moved: at signature and in force, CP in euros; what amendments did it."""

    contract: Contract
    version: ContractVersion
    planned: Change
    recurrent: Change
    reasons: tuple[tuple[str, str], ...]

    @property
    def fall(self) -> Decimal | None:
        """By how much the promise moved (`fall_of`)."""
        return fall_of(self.planned, self.recurrent)

    @property
    def planned_moved(self) -> Decimal | None:
        """Of the years of the table."""
        return moved(self.planned)

    @property
    def recurrent_moved(self) -> Decimal | None:
        """Of the amount by year."""
        return moved(self.recurrent)

    @property
    def is_told_once(self) -> bool:
        """Whether one of the two versions states a figure that the other leaves out: their difference is not known."""
        return any((one.before is None) != (one.after is None) for one in (self.planned, self.recurrent))


@dataclass(frozen=True)
class Revisions:
    """Of the amended contracts: those whose promise fell, the largest fall first; those with a figure told once."""

    falls: tuple[Revision, ...]
    told_once: tuple[Revision, ...]


def downward_revisions(user: User, on: date) -> Revisions:
    """The contracts that the person sees whose savings in force are below the signature's, the largest fall first.

    Five queries, whatever the number of contracts. A figure that one version does not state is not compared: its
    contract is told apart, and ranked by its other figure if that one fell.
    """
    contracts = {one.pk: one for one in Contract.objects.visible_to(user)}
    signed = ContractVersion.objects.filter(contract__in=list(contracts), state=VersionState.SIGNED).order_by("number")
    by_contract: dict[int, list[ContractVersion]] = {}
    for version in signed:
        if version.number == 0 or (version.in_force_from is not None and version.in_force_from <= on):
            by_contract.setdefault(version.contract_id, []).append(version)
    amended = {pk: versions for pk, versions in by_contract.items() if len(versions) > 1}
    ends = [version.pk for versions in amended.values() for version in (versions[0], versions[-1])]
    planned, recurrent = _planned(ends), _recurrent(ends)
    found = [_revision(contracts[pk], versions, planned, recurrent) for pk, versions in amended.items()]
    fallen = [(one.fall, one) for one in found if one.fall is not None and one.fall < 0]
    return Revisions(
        tuple(one for _, one in sorted(fallen, key=lambda pair: (pair[0], pair[1].contract.title))),
        tuple(sorted((one for one in found if one.is_told_once), key=lambda one: one.contract.title)),
    )


def _planned(versions: Collection[int]) -> dict[int, Decimal | None]:
    rows = (
        PlannedSaving.objects.filter(counted(), version__in=versions)
        .order_by()
        .values("version")
        .annotate(sum=Sum("cp"))
    )
    return dict(rows.values_list("version", "sum"))


def _recurrent(versions: Collection[int]) -> dict[int, Decimal | None]:
    rows = SavingsTerms.objects.filter(counted(), version__in=versions).order_by().values("version")
    return dict(rows.annotate(sum=Sum("recurrent_cp")).values_list("version", "sum"))


def _revision(
    contract: Contract,
    versions: list[ContractVersion],
    planned: dict[int, Decimal | None],
    recurrent: dict[int, Decimal | None],
) -> Revision:
    first, last = versions[0], versions[-1]
    return Revision(
        contract,
        last,
        Change("Économies prévues", planned.get(first.pk), planned.get(last.pk)),
        Change("Économies pérennes", recurrent.get(first.pk), recurrent.get(last.pk)),
        tuple(_reasons(versions[1:])),
    )


def _reasons(versions: Iterable[ContractVersion]) -> Iterable[tuple[str, str]]:
    """Each amendment that could touch savings, with its reason; one loaded without object counts."""
    for version in versions:
        if not version.types or ABOUT_SAVINGS & set(version.types):
            yield str(version), version.reason or "motif non renseigné"
