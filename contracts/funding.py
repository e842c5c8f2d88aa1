"""Money that project sheets and lines of credits both give. Pure, in euros; the rule: docs/calculs/montant-ftap.md.

One of the two counts (`amount`); where they differ, whatever shows it says which it is, the other one and the
difference (`beside`). An amendment may change the lines alone: check A12 then tells it too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from figures import formats
from figures.ae_cp import minus, total


@dataclass(frozen=True, slots=True)
class Funding:
    """What the sheets add up to, and what the lines add up to in CP; None: none of them bears an amount."""

    by_sheets: Decimal | None = None
    by_lines: Decimal | None = None

    @property
    def amount(self) -> Decimal | None:
        """The one that counts: the sheets', where they bear amounts, else the lines'."""
        return self.by_lines if self.by_sheets is None else self.by_sheets

    @property
    def difference(self) -> Decimal | None:
        """Lines − sheets; None where one of the two is missing."""
        return minus(self.by_lines, self.by_sheets)

    @property
    def differs(self) -> bool:
        """Whether both are known and are not the same."""
        return bool(self.difference)

    @property
    def beside(self) -> str:
        """Which one counts, the other one and the difference, to be read after the amount; blank when they agree."""
        if not self.difference:
            return ""
        return f"somme des fiches projet\u202f; les lignes de crédits font {lines_said(self.by_lines, self.difference)}"


NO_FUNDING: Final = Funding()


def lines_said(by_lines: Decimal | None, difference: Decimal) -> str:
    """`1 900 200 € de CP, soit 100 000 € de plus`: the lines' amount, and how far it is from the sheets'."""
    more = "de plus" if difference > 0 else "de moins"
    return f"{formats.exact_euros(by_lines)} de CP, soit {formats.exact_euros(abs(difference))} {more}"


def added(rows: Iterable[Funding]) -> Funding:
    """Those of many contracts: what counts of each, beside what its lines give, or counts where no line does."""
    kept = list(rows)
    lines = (one.amount if one.by_lines is None else one.by_lines for one in kept)
    return Funding(total(one.amount for one in kept), total(lines))
