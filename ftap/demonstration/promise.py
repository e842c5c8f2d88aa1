"""What the secretariat does in the demo with the promise itself: an amendment in preparation, tranches decided."""

from datetime import date
from decimal import Decimal

from accounts.models import User
from budget.models import FundEnvelope, FundingTranche
from budget.tranches.selectors import standing
from budget.tranches.services import decide_tranche, make_available, record_envelope
from contracts.amendments.cells import SEEN, Grid
from contracts.amendments.grid import editable_parts, grids, write_grid
from contracts.amendments.services import prepare_amendment
from contracts.enums import AmendmentType
from contracts.models import Contract
from figures.ae_cp import AeCp
from figures.numbers import parse_amount
from ftap.demonstration.figures import EURO

INVENTED = "Démonstration\u00a0: montants inventés."
SHARE = Decimal("0.10")
ENVELOPES = dict.fromkeys(range(2018, 2025), 10_000_000)
GRANTED = {"cap2030": (2022, 2023), "incub-o": (2019, 2020)}
"""Tranches granted whole, by contract; Incub-O's of 2021 and Lean's of 2024 are left to decide."""
FIXED = {"incub-o": date(2018, 12, 20), "cap2030": date(2021, 7, 1), "lean-management": date(2023, 9, 4)}
"""When the first year, which the contract fixes, was made available."""
NOTHING = AeCp(Decimal(0), Decimal(0))


def prepare_demo_amendment(contract: Contract, *, actor: User) -> None:
    """Put a tenth of a line's credits off by a year, in an amendment that nobody signed; safe to run twice."""
    if contract.versions.exclude(number=0).exists():
        return
    draft = prepare_amendment(
        contract, [AmendmentType.BUDGET], actor, reason="Démonstration\u00a0: décalage d’une dépense d’un an."
    )
    for part in editable_parts(draft):
        for grid in grids(draft, part, {}, {}):
            if typed := _put_off(grid):
                write_grid(draft, part, typed, actor)
                return


def decide_demo_tranches(*, actor: User, on: date) -> None:
    """Record invented envelopes, then grant the plan of the years over; safe to run twice; one year is left."""
    for known, euros in ENVELOPES.items():
        if not FundEnvelope.objects.filter(year=known).exists():
            voted = AeCp(Decimal(euros), Decimal(euros))
            record_envelope(
                year=known,
                voted=voted,
                carried=NOTHING,
                source=INVENTED,
                dated_on=date(known - 1, 12, 30),
                actor=actor,
                on=on,
            )
    for code, given in FIXED.items():
        _make_first_available(Contract.objects.get(code=code), actor, given)
    for code, years in GRANTED.items():
        for year in years:
            _grant(Contract.objects.get(code=code), year, actor)


def _make_first_available(contract: Contract, actor: User, on: date) -> None:
    year = contract.first_tranche_year
    if year is not None and not FundingTranche.objects.filter(contract=contract, year=year).exists():
        make_available(contract=contract, year=year, actor=actor, on=on)


def _grant(contract: Contract, year: int, actor: User) -> None:
    """The plan of a year, decided and made available in its first quarter."""
    decided, given = date(year, 2, 15), date(year, 3, 15)
    planned = standing(contract, decided).situation.year(year)
    if FundingTranche.objects.filter(contract=contract, year=year).exists() or planned is None:
        return
    if planned.planned.ae is None or planned.planned.cp is None:
        return
    decide_tranche(
        contract=contract,
        year=year,
        ae=planned.planned.ae,
        cp=planned.planned.cp,
        reason=INVENTED,
        filing=None,
        actor=actor,
        on=decided,
    )
    make_available(contract=contract, year=year, actor=actor, on=given)


def _put_off(grid: Grid) -> dict[str, str]:
    """The cells of the first line that promises AE and CP in two years running, a tenth moved from one to the next."""
    for now, then in zip(grid.rows, grid.rows[1:], strict=False):
        cells = [*now.cells, *then.cells]
        if now.subject == then.subject and all(cell.kind == "amount" and _euros(cell.seen) for cell in cells):
            typed = {SEEN + cell.name: cell.seen for cell in cells}
            for less, more in zip(now.cells, then.cells, strict=True):
                moved = (_euros(less.seen) * SHARE).quantize(EURO)
                typed[less.name] = str(_euros(less.seen) - moved)
                typed[more.name] = str(_euros(more.seen) + moved)
            return typed
    return {}


def _euros(text: str) -> Decimal:
    return parse_amount(text) or Decimal(0)
