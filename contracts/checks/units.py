"""Whether the amounts of a table look like they are in another unit. Pure; told in docs/calculs/unites.md."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Final

from contracts.checks.registry import Finding
from contracts.checks.words import amount_text
from contracts.enums import AmountUnit
from figures.formats import number

TOO_MANY_KEUR: Final = Decimal(20_000)
TOO_FEW_EUROS: Final = Decimal(1_000)
MIXED: Final = Decimal(1_000)
FEWEST_LINES: Final = 3
_WORDS: Final = {AmountUnit.EUR.value: "euros", AmountUnit.KEUR.value: "k€"}
Amounts = Mapping[tuple[str, str], Sequence[Decimal]]


def unit_findings(table: str, name: str, unit: str, amounts: Amounts) -> Iterator[Finding]:
    """The whole table if its amounts look like another unit, else each line that does beside the others.

    `amounts` in euros, by key and label of the line, zeros left out. A table printed in k€ is doubtful when half its
    amounts are above 20 000 (20 M€ a line and year); one in € when none reaches 1 000 €. A line is doubtful when its
    median amount is a thousand times, or a thousandth of, the median of the other lines, of which there are three at
    least.
    """
    known = {line: [abs(value) for value in values] for line, values in amounts.items() if values}
    every = [value for values in known.values() for value in values]
    if not every:
        return
    if (likely := likely_unit(unit, every)) != unit:
        told = f"La table est imprimée en {_WORDS[unit]} et ses montants ressemblent à des {_WORDS[likely]}."
        yield Finding(locus=table, where=name, explanation=told, printed=f"médiane {_in(unit, median(every))}")
        return
    for (key, label), values in known.items():
        others = [median(each) for line, each in known.items() if line != (key, label)]
        if len(others) >= FEWEST_LINES and is_of_another_order(median(values), median(others)):
            yield Finding(
                locus=f"{table} {key}",
                where=label,
                printed=f"médiane {amount_text(median(values))}",
                computed=f"autres lignes {amount_text(median(others))}",
                explanation="Cette ligne semble écrite dans une autre unité que les autres.",
            )


def likely_unit(unit: str, amounts: Sequence[Decimal]) -> str:
    """The unit that the amounts of a table look like, in euros as its printed `unit` reads them: `unit` or the other.

    `unit` is a value of `AmountUnit`. Amounts of zero are left out by the caller.
    """
    if unit == AmountUnit.KEUR and median(amounts) / 1000 > TOO_MANY_KEUR:
        return AmountUnit.EUR.value
    if unit == AmountUnit.EUR and max(amounts) < TOO_FEW_EUROS:
        return AmountUnit.KEUR.value
    return unit


def is_of_another_order(amount: Decimal, others: Decimal) -> bool:
    """Whether an amount is a thousand times another one, or its thousandth; both in euros, above zero."""
    return amount >= others * MIXED or others >= amount * MIXED


def _in(unit: str, euros: Decimal) -> str:
    return f"{number(euros / 1000, None)}\u00a0k€" if unit == AmountUnit.KEUR else amount_text(euros)
