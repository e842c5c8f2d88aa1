"""Reads of contracts: the version in force on a day, and the frame of a contract as frozen facts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from contracts.enums import VersionState
from contracts.fields import amount
from contracts.frame import (
    AxisFacts,
    CodeFacts,
    CommitteeFacts,
    ContractFrame,
    CriterionFacts,
    MilestoneFacts,
    ObservationFacts,
    OrganisationFacts,
    ProvisionFacts,
    RecipientFacts,
    SheetFacts,
    SignatoryFacts,
    VersionFacts,
)
from contracts.models import Contract, ContractVersion, Organisation, PlannedMilestone, PlannedSheet


def version_in_force(contract: Contract, on: date | None = None) -> ContractVersion:
    """The last signed version whose effect has begun on the day, today without day.

    The signature counts from the first day, dated or not: a contract always has a version. Raises
    `ContractVersion.DoesNotExist` for a contract that was never loaded.
    """
    signed = contract.versions.filter(state=VersionState.SIGNED).order_by("number")
    found = last_in_force(list(signed), on or timezone.localdate())
    if found is None:
        raise ContractVersion.DoesNotExist(f"{contract} has no signed version")
    return found


def last_in_force(signed: Sequence[ContractVersion], on: date) -> ContractVersion | None:
    """The last of a contract's signed versions, in the order of their numbers, whose effect has begun on the day."""
    kept = [one for one in signed if in_force_on(one, on)]
    return kept[-1] if kept else None


def in_force_on(version: ContractVersion, on: date) -> bool:
    """Whether a signed version has begun by a day: the signature always has, dated or not."""
    return version.number == 0 or (version.in_force_from is not None and version.in_force_from <= on)


def signed_versions(contracts: Iterable[Contract]) -> dict[int, list[ContractVersion]]:
    """By contract, in the order of their numbers. One query."""
    rows = ContractVersion.objects.filter(contract__in=list(contracts), state=VersionState.SIGNED).order_by("number")
    found: dict[int, list[ContractVersion]] = {}
    for row in rows:
        found.setdefault(row.contract_id, []).append(row)
    return found


def versions_in_force(contracts: Iterable[Contract], on: date) -> dict[int, ContractVersion]:
    """The version in force of each contract on the day; one never signed is not there. One query."""
    found = {pk: last_in_force(signed, on) for pk, signed in signed_versions(contracts).items()}
    return {pk: version for pk, version in found.items() if version is not None}


def funded_by(contract: Contract, version: ContractVersion | None) -> Contract:
    """The contract with the last year of funding that a version gives it, to be read and never saved.

    A prolongation counts from its effect: on an earlier day, the years are those of the version then in force.
    """
    if version is None or version.extends_to in (None, contract.last_year):
        return contract
    known = copy(contract)
    known.last_year = version.extends_to
    return known


def contract_frame(contract: Contract, version: ContractVersion, on: date | None = None) -> ContractFrame:
    """Everything that a version says, its ledgers apart; codes are those valid on the day (all without day)."""
    sheets = _sheets(version)
    unreadable = lost_paths(version)
    return ContractFrame(
        code=contract.code,
        title=contract.title,
        long_title=contract.long_title,
        summary=contract.summary,
        kind=contract.kind,
        kind_label=contract.get_kind_display(),
        programme=contract.programme,
        holder=_organisation(contract.holder),
        first_year=contract.first_year,
        last_year=contract.last_year,
        unit=contract.unit,
        frequency=contract.filing_frequency,
        frequency_label=contract.get_filing_frequency_display(),
        frequency_article=contract.filing_frequency_article,
        first_tranche_year=contract.first_tranche_year,
        tranches_decided_from=contract.tranches_decided_from,
        nomenclature_authority=contract.get_nomenclature_authority_display(),
        savings_followed_until=contract.savings_followed_until,
        is_demo=contract.is_demo,
        version=VersionFacts(version.number, str(version), version.signed_on, version.in_force_from, version.reason),
        parties=tuple(
            _organisation(party.organisation, party.get_role_display())
            for party in contract.parties.select_related("organisation__ministry").order_by("position", "pk")
        ),
        signatories=tuple(_signatories(version, unreadable)),
        recipients=tuple(
            RecipientFacts(recipient.name, recipient.function, recipient.group)
            for recipient in contract.recipients.order_by("position", "pk")
        ),
        committees=tuple(
            CommitteeFacts(each.name, each.chair, each.meetings_min, each.meetings_max, each.rhythm, each.missions)
            for each in contract.committees.order_by("position", "pk")
        ),
        codes=codes_on(contract, on),
        provisions=tuple(
            ProvisionFacts(each.article, each.subject, each.text)
            for each in contract.provisions.order_by("position", "pk")
        ),
        criteria=tuple(
            CriterionFacts(each.code, each.get_family_display(), each.label, amount(each.threshold))
            for each in contract.criteria.order_by("position", "pk")
        ),
        observations=tuple(
            ObservationFacts(each.article, each.kind, each.get_kind_display(), each.text)
            for each in contract.observations.order_by("position", "pk")
        ),
        axes=tuple(
            AxisFacts(axis.code, axis.title, tuple(sheets[axis.pk]))
            for axis in contract.axes.order_by("position", "pk")
        ),
        sheets_without_axis=tuple(sheets[None]),
        milestones=tuple(_milestones(version, unreadable)),
    )


def codes_on(contract: Contract, on: date | None = None) -> tuple[CodeFacts, ...]:
    """The execution codes that the contract may use on the day; all of them without day."""
    codes = contract.codes.order_by("position", "pk")
    if on is not None:
        codes = codes.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_until__isnull=True) | Q(valid_until__gte=on)
        )
    return tuple(
        CodeFacts(
            each.kind,
            each.get_kind_display(),
            each.printed,
            each.normalised,
            each.label,
            each.comment,
            each.valid_from,
            each.valid_until,
        )
        for each in codes
    )


def _organisation(organisation: Organisation, role: str = "") -> OrganisationFacts:
    return OrganisationFacts(
        code=organisation.code,
        name=organisation.name,
        kind=organisation.get_kind_display(),
        ministry=organisation.ministry.name if organisation.ministry else "",
        region=organisation.region,
        role=role,
    )


def _signatories(version: ContractVersion, unreadable: set[str]) -> list[SignatoryFacts]:
    return [
        SignatoryFacts(
            each.name,
            each.function,
            each.get_role_display(),
            each.signed_on,
            f"signataires[{rank}].date" in unreadable,
        )
        for rank, each in enumerate(version.signatories.order_by("position", "pk"), start=1)
    ]


def sheets_ftap(version: ContractVersion | None) -> list[Decimal | None]:
    """The fund's share of each project sheet of a version, in euros; nothing without version. One query."""
    rows = PlannedSheet.objects.filter(version=version) if version else PlannedSheet.objects.none()
    return [amount(row.ftap) for row in rows]


def _sheets(version: ContractVersion) -> defaultdict[int | None, list[SheetFacts]]:
    """The sheets of each axis, with the version's amounts."""
    planned = PlannedSheet.objects.filter(version=version).select_related("sheet", "sheet__axis")
    by_axis: defaultdict[int | None, list[SheetFacts]] = defaultdict(list)
    for row in planned.order_by("sheet__position", "pk"):
        sheet = row.sheet
        by_axis[sheet.axis_id].append(
            SheetFacts(
                number=sheet.number,
                title=sheet.title,
                axis=sheet.axis.code if sheet.axis else "",
                theme=sheet.theme,
                item=sheet.item,
                actions=tuple(sheet.actions),
                cost=amount(row.cost),
                ftap=amount(row.ftap),
                printed_share=row.printed_share,
            )
        )
    return by_axis


def lost_paths(version: ContractVersion) -> set[str]:
    """Where the scan lost a value of this version, as paths of its contract file. One query."""
    return set(version.readings.filter(retained="").values_list("path", flat=True))


def unreadable_ends(version: ContractVersion) -> frozenset[int]:
    """The keys of the milestones whose promised end the scan lost, as against those to which the act gives none.

    Two queries.
    """
    lost = lost_paths(version)
    keys = version.planned_milestones.order_by("milestone__position", "pk").values_list("milestone_id", flat=True)
    return frozenset(key for rank, key in enumerate(keys, start=1) if f"calendrier[{rank}].fin" in lost)


def _milestones(version: ContractVersion, unreadable: set[str]) -> list[MilestoneFacts]:
    rows = PlannedMilestone.objects.filter(version=version).select_related("milestone", "milestone__axis")
    return [
        MilestoneFacts(
            key=row.milestone.key,
            kind=row.milestone.kind,
            kind_label=row.milestone.get_kind_display(),
            label=row.milestone.label,
            axis=row.milestone.axis.code if row.milestone.axis else "",
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            is_start_unreadable=f"calendrier[{rank}].debut" in unreadable,
            is_end_unreadable=f"calendrier[{rank}].fin" in unreadable,
        )
        for rank, row in enumerate(rows.order_by("milestone__position", "pk"), start=1)
    ]
