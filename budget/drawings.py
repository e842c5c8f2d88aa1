"""The chart of the ledger of credits. Pure."""

from budget.calc import CreditSituation
from contracts.drawings import WIDE, Drawing, amounts_by_year
from contracts.side_by_side import SIGNED
from figures import formats
from figures.charts import Colour, Series


def ftap_drawing(credits_: CreditSituation, width: int = WIDE, *, signed: CreditSituation | None = None) -> Drawing:
    """The fund's CP by year: planned, consumed; with `signed`, what was promised at first comes before."""
    years = credits_.ftap.years
    told = max((cell.year for cell in years if cell.filing is not None), default=0)
    return amounts_by_year(
        "cp-ftap",
        "CP du FTAP par année",
        _sentence(credits_),
        credits_.years,
        [
            *_first(signed, credits_),
            Series("Prévu", tuple(cell.planned.cp for cell in years), Colour.LILAC, is_planned=True),
            Series("Consommé", tuple(cell.consumed.cp for cell in years)),
        ],
        due_until=told,
        width=width,
    )


def _first(signed: CreditSituation | None, credits_: CreditSituation) -> list[Series]:
    if signed is None:
        return []
    by_year = {cell.year: cell.planned.cp for cell in signed.ftap.years}
    return [Series(SIGNED, tuple(by_year.get(year) for year in credits_.years), Colour.PALE, is_planned=True)]


def _sentence(credits_: CreditSituation) -> str:
    known = [(cell.planned.cp, cell.year) for cell in credits_.ftap.years if cell.planned.cp]
    if not known:
        is_lost = "cp" in credits_.ftap.lost
        return "Le plan de financement est illisible." if is_lost else "Aucun CP par année n’est connu."
    largest = max(amount for amount, _ in known)
    years = [str(year) for amount, year in known if amount == largest]
    planned = f"{formats.exact_euros(largest)} de CP prévus"
    if len(years) == 1:
        return f"L’année la plus chargée est {years[0]}, avec {planned}."
    return f"Les années les plus chargées sont {', '.join(years[:-1])} et {years[-1]}, avec {planned} chacune."
