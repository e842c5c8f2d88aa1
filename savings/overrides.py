"""Amounts of a savings line that are not those which its method gives: each asks for a reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from contracts.checks.words import amount_text
from contracts.contract_file.document import scale_of
from contracts.enums import AmountUnit
from contracts.fields import amount
from contracts.models import ContractVersion
from contracts.parts import Misfit
from savings.enums import SavingsMethod
from savings.locks import ONE_OFF
from savings.models import PlannedPost, PlannedSaving, SavingsTerms
from savings.schedules import full_year, line_schedule, posts_by_line


@dataclass(frozen=True, slots=True)
class Override:
    """An amount of a version beside what the method gives: of `kind` `ae` or `cp`; the recurrent one has no year.

    `computed` is None for a line that the contract does not value: no amount of it may be promised. `is_one_off`: a
    recurrent amount of a line that is not recurrent, which no reason excuses.
    """

    kind: str
    year: int | None
    printed: Decimal
    computed: Decimal | None
    is_one_off: bool = False


def overrides(
    terms: SavingsTerms,
    planned: Iterable[PlannedSaving],
    posts: Mapping[str, list[PlannedPost]],
    scale: Decimal,
) -> list[Override]:
    """The amounts of a line, year by year and recurrent, that its method does not give, in euros; rounding is allowed.

    An amount that is not stated, or that the method cannot give for want of a parameter, overrides nothing. A line
    that is not recurrent promises nothing after its years: its recurrent amount is held against no full year.
    """
    rows = list(planned)
    schedule = line_schedule(terms, posts, max((row.year for row in rows), default=0))
    found = [
        _override(kind, row.year, amount(getattr(row, kind)), schedule.get(row.year), scale)
        for row in rows
        for kind in ("ae", "cp")
    ]
    if terms.line.is_recurrent:
        whole = full_year(terms, posts)
        found += [
            _override(kind, None, amount(getattr(terms, f"recurrent_{kind}")), whole, scale) for kind in ("ae", "cp")
        ]
    return [one for one in found if one is not None]


def misfits(version: ContractVersion) -> list[Misfit]:
    """The amounts of a version that may not stand, each in its row: three queries, six for an amendment.

    A reason kept from the version amended does not excuse a gap that this one did not have: it is asked anew.
    """
    lines = _lines_of(version)
    before = _lines_of(version.based_on) if version.based_on is not None else {}
    found = [_misfit(one.terms, each, told(each)) for one in lines.values() for each in one.refused]
    kept = [(one, before[line]) for line, one in lines.items() if line in before and one.keeps_reason_of(before[line])]
    anew = [(one.terms, each) for one, old in kept for each in one.overrides if each not in old.overrides]
    return found + [_misfit(terms, each, _told_anew(each)) for terms, each in anew]


@dataclass(frozen=True, slots=True)
class _Line:
    """What a version says of a line: its terms, the amounts that may not stand, all those its method does not give."""

    terms: SavingsTerms
    refused: list[Override]
    overrides: list[Override]

    def keeps_reason_of(self, before: "_Line") -> bool:
        """Whether the reason is written as the version before had it."""
        now = self.terms.override_reason.strip()
        return bool(now) and now == before.terms.override_reason.strip()


def _lines_of(version: ContractVersion) -> dict[int, _Line]:
    """By line, in order."""
    planned: defaultdict[int, list[PlannedSaving]] = defaultdict(list)
    for row in PlannedSaving.objects.filter(version=version).order_by("year"):
        planned[row.line_id].append(row)
    posts = posts_by_line(version)
    scale = scale_of(version.table_units.get("economies", AmountUnit.EUR))
    terms = SavingsTerms.objects.filter(version=version).select_related("line").order_by("line")
    facts = ((one, planned[one.line_id], posts[one.line_id], scale) for one in terms)
    return {one[0].line_id: _Line(one[0], refused_amounts(*one), overrides(*one)) for one in facts}


def _misfit(terms: SavingsTerms, one: Override, message: str) -> Misfit:
    subject, line = terms.line.label, terms.line_id
    if one.year is None:
        return Misfit(SavingsTerms, (line,), f"recurrent_{one.kind}", message, subject)
    return Misfit(PlannedSaving, (line, one.year), one.kind, message, subject)


def _told_anew(one: Override) -> str:
    """Why the reason of before is not enough, in French."""
    return (
        f"{_gap(one)}\u00a0: le motif écrit est celui de la version modifiée, avant cet écart\u00a0; redites pourquoi "
        "dans «\u00a0motif de l’écart à la méthode\u00a0», ou corrigez."
    )


def _gap(one: Override) -> str:
    assert one.computed is not None  # noqa: S101 - the method gives another amount
    return f"{amount_text(one.printed)}, quand la méthode de la ligne donne {amount_text(one.computed)}"


def told(one: Override) -> str:
    """Why the amount is refused, in French: until a reason is given, or always (unvalued saving, one-off line)."""
    if one.is_one_off:
        return ONE_OFF
    if one.computed is None:
        return "Une économie non valorisée, suivie pour information, ne porte pas de montant\u00a0: donnez une méthode."
    asked = "dites pourquoi dans «\u00a0motif de l’écart à la méthode\u00a0» (motif_ecart), ou corrigez."
    return f"{_gap(one)}\u00a0: {asked}"


def refused_amounts(
    terms: SavingsTerms,
    planned: Iterable[PlannedSaving],
    posts: Mapping[str, list[PlannedPost]],
    scale: Decimal,
) -> list[Override]:
    """The amounts of a line that may not stand: without the reason that they ask for, of an unvalued saving, or
    recurrent on a line that is not; a zero promises nothing there and may be printed.
    """
    if terms.line.method == SavingsMethod.UNVALUED:
        return _stated(terms, planned)
    found = [] if terms.override_reason else overrides(terms, planned, posts, scale)
    return found if terms.line.is_recurrent else [*found, *_one_off(terms)]


def _one_off(terms: SavingsTerms) -> list[Override]:
    amounts = [(kind, amount(getattr(terms, f"recurrent_{kind}"))) for kind in ("ae", "cp")]
    return [Override(kind, None, value, None, is_one_off=True) for kind, value in amounts if value]


def _stated(terms: SavingsTerms, planned: Iterable[PlannedSaving]) -> list[Override]:
    found: list[tuple[str, int | None, Decimal | None]] = [
        (kind, row.year, amount(getattr(row, kind))) for row in planned for kind in ("ae", "cp")
    ]
    found += [(kind, None, amount(getattr(terms, f"recurrent_{kind}"))) for kind in ("ae", "cp")]
    return [Override(kind, year, value, None) for kind, year, value in found if value is not None]


def _override(
    kind: str, year: int | None, printed: Decimal | None, computed: Decimal | None, scale: Decimal
) -> Override | None:
    if printed is None or computed is None or not differs(printed, computed, scale):
        return None
    return Override(kind, year, printed, computed)


def differs(printed: Decimal, computed: Decimal, scale: Decimal) -> bool:
    """Whether a printed amount is another than the computed one, rounding apart."""
    return abs(printed - computed) > _rounding(printed, scale)


def _rounding(printed: Decimal, scale: Decimal) -> Decimal:
    """Half the last digit printed, in euros: 5 € for 106,88 k€."""
    exponent = (printed / scale).normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return scale.scaleb(-decimals) / 2
