"""How the lines of a version are valued: what is stated beside what the method gives, with the reason of a gap."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts.contract_file.document import scale_of
from contracts.enums import AmountUnit
from contracts.fields import amount
from contracts.models import ContractVersion
from figures import formats
from figures.ae_cp import minus
from savings.enums import SavingsMethod
from savings.methods import amounts_schedule
from savings.models import PlannedPost, PlannedSaving, SavingsTerms
from savings.overrides import differs
from savings.parameters import CATEGORY, LABELS
from savings.planned import is_lost
from savings.reasons import acts_of_reasons, given_with
from savings.schedules import full_year, line_schedule, posts_by_line

RECURRENT: Final = "Pérenne"
PAGES: Final[Mapping[str, str]] = {
    SavingsMethod.POSTS: "postes",
    SavingsMethod.RAMP: "montee-en-charge",
    SavingsMethod.SHARE_OF_BASE: "part-d-une-base",
    SavingsMethod.AVOIDED: "depense-evitee",
    SavingsMethod.INTERNALISATION: "internalisation",
    SavingsMethod.AMOUNTS: "montants-explicites",
}


@dataclass(frozen=True, slots=True)
class Valued:
    """An amount of a year or the recurrent one, in euros: AE and CP as stated, what the method gives of each."""

    when: str
    stated: Decimal | None
    stated_cp: Decimal | None
    given: Decimal | None
    scale: Decimal

    @property
    def gap(self) -> Decimal | None:
        """Stated − given, in AE; None when one is missing."""
        return minus(self.stated, self.given)

    @property
    def gap_cp(self) -> Decimal | None:
        """The same in CP."""
        return minus(self.stated_cp, self.given)

    @property
    def is_override(self) -> bool:
        """Whether a gap is more than the rounding of what is stated."""
        given = self.given
        known = [stated for stated in (self.stated, self.stated_cp) if stated is not None]
        return given is not None and any(differs(stated, given, self.scale) for stated in known)


@dataclass(frozen=True, slots=True)
class Valuation:
    """A line: its method, the page that tells it, its parameters in French, its amounts, the reason of their gaps.

    `reason_given` is the act that gave the reason, in French (« à la signature »); blank without reason. `is_lost`: the
    scan lost amounts of the line.
    """

    label: str
    method_label: str
    page: str
    parameters: tuple[str, ...]
    amounts: tuple[Valued, ...]
    reason: str
    reason_given: str
    is_lost: bool = False

    @property
    def has_override(self) -> bool:
        return any(one.is_override for one in self.amounts)


def valuations(version: ContractVersion | None) -> list[Valuation]:
    """The valued lines of a version, in its order. Three queries; four for an amendment that has a reason."""
    if version is None:
        return []
    planned: dict[int, list[PlannedSaving]] = {}
    for row in PlannedSaving.objects.filter(version=version).order_by("year"):
        planned.setdefault(row.line_id, []).append(row)
    posts = posts_by_line(version)
    held = SavingsTerms.objects.filter(version=version).annotate(is_lost=is_lost())
    terms = list(held.select_related("line").order_by("line__position", "pk"))
    acts = acts_of_reasons(version, terms)
    scale = scale_of(version.table_units.get("economies", AmountUnit.EUR))
    return [
        _valuation(one, planned.get(one.line_id, []), posts[one.line_id], scale, acts.get(one.line_id))
        for one in terms
        if one.line.method != SavingsMethod.UNVALUED
    ]


def _valuation(
    terms: SavingsTerms,
    planned: list[PlannedSaving],
    posts: Mapping[str, list[PlannedPost]],
    scale: Decimal,
    act: ContractVersion | None,
) -> Valuation:
    stated = {row.year: amount(row.ae) for row in planned}
    stated_cp = {row.year: amount(row.cp) for row in planned}
    given = line_schedule(terms, posts, max(stated, default=0))
    years = sorted({*stated, *given})
    if terms.line.method == SavingsMethod.AMOUNTS:
        given = amounts_schedule(stated, years)
    whole = full_year(terms, posts) if terms.line.is_recurrent else None
    cells = [Valued(str(year), stated.get(year), stated_cp.get(year), given.get(year), scale) for year in years]
    recurrent = Valued(RECURRENT, amount(terms.recurrent_ae), amount(terms.recurrent_cp), whole, scale)
    return Valuation(
        label=terms.line.label,
        method_label=terms.line.get_method_display(),
        page=PAGES.get(terms.line.method, ""),
        parameters=tuple(_parameters(terms.parameters.items())),
        amounts=(*cells, recurrent),
        reason=terms.override_reason,
        reason_given=given_with(act) if act is not None else "",
        is_lost=terms.is_lost,  # type: ignore[attr-defined]  # annotated above
    )


def _parameters(items: Iterable[tuple[str, object]]) -> Iterator[str]:
    """« base (€) : 1 300 000 »; those of each year together."""
    for name, value in items:
        if isinstance(value, Mapping):
            years = ", ".join(f"{_number(one)} en {year}" for year, one in sorted(value.items()))
            yield formats.typeset(f"{LABELS[name]} : {years}")
        else:
            yield formats.typeset(f"{LABELS[name]} : {value if name == CATEGORY else _number(value)}")


def _number(value: object) -> str:
    return formats.NOT_REPORTED if value is None else formats.number(Decimal(str(value)), None)
