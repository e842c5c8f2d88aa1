"""The frame of a contract as frozen facts: what pages, reports and workbooks show of it beside the ledgers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from figures.ae_cp import share, total


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """An organisation; `kind` and `role` are French labels, `ministry` the name of the ministry it belongs to."""

    code: str
    name: str
    kind: str
    ministry: str
    region: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version of the contract: 0 is the signature. `label` is French (« Avenant n° 1 »)."""

    number: int
    label: str
    signed_on: date | None
    in_force_from: date | None
    reason: str

    @property
    def act(self) -> str:
        """The label as an act that was signed: « Contrat signé », « Avenant n° 1 signé »."""
        return f"{self.label} signé" if self.number else self.label


@dataclass(frozen=True, slots=True)
class SignatoryFacts:
    """A signatory; `is_unreadable` tells a date that the scan lost from a date that the act does not bear."""

    name: str
    function: str
    role: str
    signed_on: date | None
    is_unreadable: bool


@dataclass(frozen=True, slots=True)
class RecipientFacts:
    """A person of the copy list, by group."""

    name: str
    function: str
    group: str


@dataclass(frozen=True, slots=True)
class CommitteeFacts:
    """A governance body; meetings are a number a year, None when not given."""

    name: str
    chair: str
    meetings_min: int | None
    meetings_max: int | None
    rhythm: str
    missions: str


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """An execution code as printed, normalised; `kind` is the value of `CodeKind`, `kind_label` its French label."""

    kind: str
    kind_label: str
    printed: str
    normalised: str
    label: str
    comment: str
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ProvisionFacts:
    """What an article provides beside its figures."""

    article: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """A selection criterion of an umbrella contract; the threshold is in euros."""

    code: str
    family: str
    label: str
    threshold: Decimal | None


@dataclass(frozen=True, slots=True)
class ObservationFacts:
    """A note of the person who read the act, that no check can find; `kind` is the value of `ObservationKind`."""

    article: str
    kind: str
    kind_label: str
    text: str


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """A project sheet with the amounts of the version, in euros."""

    number: str
    title: str
    axis: str
    theme: str
    item: str
    actions: tuple[str, ...]
    cost: Decimal | None
    ftap: Decimal | None
    printed_share: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """FTAP ÷ total cost, a ratio; `printed_share` is in percent points, as the contract prints it."""
        return share(self.ftap, self.cost)


@dataclass(frozen=True, slots=True)
class AxisFacts:
    """An axis with its sheets; amounts are the sum of the sheets', never typed."""

    code: str
    title: str
    sheets: tuple[SheetFacts, ...]

    @property
    def cost(self) -> Decimal | None:
        return total(sheet.cost for sheet in self.sheets)

    @property
    def ftap(self) -> Decimal | None:
        return total(sheet.ftap for sheet in self.sheets)

    @property
    def share(self) -> Decimal | None:
        return share(self.ftap, self.cost)


@dataclass(frozen=True, slots=True)
class MilestoneFacts:
    """A phase or milestone; a None day is unreadable when so marked, else not given. `kind` is of `MilestoneKind`."""

    key: str
    kind: str
    kind_label: str
    label: str
    axis: str
    starts_on: date | None
    ends_on: date | None
    is_start_unreadable: bool
    is_end_unreadable: bool


@dataclass(frozen=True, slots=True)
class ContractFrame:
    """Everything that a version of a contract says, its ledgers apart."""

    code: str
    title: str
    long_title: str
    summary: str
    kind: str
    kind_label: str
    programme: str
    holder: OrganisationFacts
    first_year: int
    last_year: int
    unit: str
    frequency: str
    frequency_label: str
    frequency_article: str
    first_tranche_year: int | None
    tranches_decided_from: int | None
    nomenclature_authority: str
    savings_followed_until: int
    is_demo: bool
    version: VersionFacts
    parties: tuple[OrganisationFacts, ...]
    signatories: tuple[SignatoryFacts, ...]
    recipients: tuple[RecipientFacts, ...]
    committees: tuple[CommitteeFacts, ...]
    codes: tuple[CodeFacts, ...]
    provisions: tuple[ProvisionFacts, ...]
    criteria: tuple[CriterionFacts, ...]
    observations: tuple[ObservationFacts, ...]
    axes: tuple[AxisFacts, ...]
    sheets_without_axis: tuple[SheetFacts, ...]
    milestones: tuple[MilestoneFacts, ...]

    @property
    def funding_years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    @property
    def sheets(self) -> tuple[SheetFacts, ...]:
        """Every sheet, in the order of the axes."""
        return tuple(sheet for axis in self.axes for sheet in axis.sheets) + self.sheets_without_axis

    @property
    def sheets_cost(self) -> Decimal | None:
        """The total cost of the sheets, in euros."""
        return total(sheet.cost for sheet in self.sheets)

    @property
    def sheets_ftap(self) -> Decimal | None:
        """The fund's part in the sheets, in euros."""
        return total(sheet.ftap for sheet in self.sheets)

    @property
    def sheets_share(self) -> Decimal | None:
        return share(self.sheets_ftap, self.sheets_cost)
