"""What the checks of codes, dates, people and readings look at in a version: frozen facts, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.enums import PartyRole, ReadingKind
from contracts.models import ContractVersion, PlannedMilestone


@dataclass(frozen=True, slots=True)
class CodeFact:
    """A budget code of the annex as printed; `kind` is a value of `CodeKind`."""

    kind: str
    label: str
    printed: str


@dataclass(frozen=True, slots=True)
class SignatoryFact:
    """Who signed, for which party (`PartyRole`), on which day if the act bears one."""

    name: str
    role: str
    signed_on: date | None


@dataclass(frozen=True, slots=True)
class PhaseFact:
    """A phase or milestone of the calendar with its two days, each of which may be unknown."""

    key: str
    label: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class ReadingFact:
    """A value that the scan got wrong or lost: where, what is printed, what is kept and why."""

    path: str
    label: str
    is_corrected: bool
    printed: str
    retained: str
    evidence: str


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """A version's frame: years of funding, codes, signatures, calendar, committees, readings.

    `parties`: role (`PartyRole`) and code of the organisation that is party in this quality; not read when every
    party signed.
    """

    name: str
    programme: str
    first_year: int
    last_year: int
    first_tranche_year: int | None
    tranches_decided_from: int | None
    is_signature: bool
    signed_on: date | None
    in_force_from: date | None
    codes: Sequence[CodeFact]
    signatories: Sequence[SignatoryFact]
    parties: Sequence[tuple[str, str]]
    phases: Sequence[PhaseFact]
    committees: Sequence[str]
    readings: Sequence[ReadingFact]


def last_year(version: ContractVersion) -> int:
    """The last year of funding that the version promises: an amendment may extend the contract."""
    return max(version.contract.last_year, version.extends_to or 0)


def read_frame(version: ContractVersion) -> FrameFacts:
    """Six queries, five where every party signed, whatever the contract."""
    contract = version.contract
    signatories = tuple(
        SignatoryFact(one.name, PartyRole(one.role), one.signed_on)
        for one in version.signatories.order_by("position", "pk")
    )
    has_all = {one.role for one in signatories} >= set(PartyRole)
    parties = () if has_all else tuple(contract.parties.order_by("pk").values_list("role", "organisation__code"))
    planned = PlannedMilestone.objects.filter(version=version).select_related("milestone")
    return FrameFacts(
        name=str(version),
        programme=contract.programme,
        first_year=contract.first_year,
        last_year=last_year(version),
        first_tranche_year=contract.first_tranche_year,
        tranches_decided_from=contract.tranches_decided_from,
        is_signature=version.number == 0,
        signed_on=version.signed_on,
        in_force_from=version.in_force_from,
        codes=tuple(
            CodeFact(one.kind, one.get_kind_display(), one.printed) for one in contract.codes.order_by("position", "pk")
        ),
        signatories=signatories,
        parties=parties,
        phases=tuple(
            PhaseFact(row.milestone.key, row.milestone.label, row.starts_on, row.ends_on)
            for row in planned.order_by("milestone__position", "pk")
        ),
        committees=tuple(contract.committees.order_by("position", "pk").values_list("name", flat=True)),
        readings=tuple(
            ReadingFact(
                one.path,
                one.label or one.path,
                one.kind == ReadingKind.CORRECTED,
                one.printed,
                one.retained,
                one.evidence,
            )
            for one in version.readings.order_by("position", "pk")
        ),
    )
