"""The entry grid of credits, pure: what is typed for a line, and the line with what stands beside it. In euros."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from figures.ae_cp import NOTHING, AeCp, total, total_ae_cp


@dataclass(frozen=True, slots=True)
class ConsumptionEntry:
    """What is typed for one line: AE and CP cumulated since 1 January (None: not reported), on which revision."""

    row: int
    revision: int
    ae: Decimal | None
    cp: Decimal | None
    comment: str = ""

    @property
    def values(self) -> Mapping[str, Any]:
        """By column of the table."""
        return {"ae": self.ae, "cp": self.cp, "comment": self.comment}


def same_amounts(one: AeCp, other: AeCp) -> bool:
    """Whether nothing moved between two cumulated figures, blank standing for nothing yet."""
    return (one.ae or 0) == (other.ae or 0) and (one.cp or 0) == (other.cp or 0)


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A budget line in a filing.

    - `place`: the heading that it stands under in the contract, its lot or its axis; blank without one.
    - `consumed`: cumulated since 1 January; `last`: the same in the previous filing of the year, None without one.
    - `line`: the number of the budget line; `pk` is that of its row in the filing.
    - `following`: the same in the next filing of the year, when one was submitted before this one; None without.
    - `planned`: by the filing's version for the year; `lost` names what of it the scan lost; `planned_over_life`: for
      all years.
    - `earlier`: consumed in earlier years, each by its last filing that counts.
    - `moved_on`: end of the last earlier period in which AE or CP moved; None when nothing was ever consumed before.
    """

    pk: int
    line: int
    revision: int
    label: str
    note: str
    place: str
    titre: str
    programme: str
    is_ftap: bool
    sheet: str | None
    consumed: AeCp
    comment: str
    planned: AeCp
    planned_over_life: AeCp
    last: AeCp | None
    earlier: AeCp
    lost: tuple[str, ...] = ()
    following: AeCp | None = None
    moved_on: date | None = None
    updated_by: str = ""
    updated_at: datetime | None = None

    @property
    def last_known(self) -> AeCp:
        """The previous filing's figures, blank without one."""
        return self.last or NOTHING

    @property
    def over_life(self) -> AeCp:
        """Consumed since the line began, this filing included."""
        return total_ae_cp([self.earlier, self.consumed])


def fund_ae(rows: Iterable[CreditRow]) -> Decimal | None:
    """AE of the year on the lines that the fund pays, in euros; None when none is reported."""
    return total(row.consumed.ae for row in rows if row.is_ftap)


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """What the rules of credits look at.

    - `tranche`: what was decided for the contract in the year, NOTHING before; given with all the lines only.
    - `fund_ae`: AE of the fund on all the lines of the filing, whatever `rows` holds; likewise.
    - `affectations`: AE affected so far to the titre 5 lines of the contract, by line; empty when no row is of titre 5.
    """

    year: int
    period_end: date
    contract_date: date | None
    rows: tuple[CreditRow, ...]
    tranche: AeCp = NOTHING
    fund_ae: Decimal | None = None
    affectations: Mapping[int, Decimal] = field(default_factory=dict)
