"""The chart of the ledger of savings and its sentence. Pure."""

from decimal import Decimal

from contracts.drawings import WIDE, Drawing, amounts_by_year
from contracts.side_by_side import SIGNED
from figures import formats
from figures.ae_cp import minus, total
from figures.charts import Colour, Series
from savings.calc import SavingsSituation


def conclusion(savings: SavingsSituation) -> str:
    """What is promised until the last year, then each year; what was declared and certified so far."""
    if not savings.lines:
        return "Le contrat ne promet aucune économie."
    whole = savings.total
    planned = [cell.year for cell in whole.years if cell.planned.cp]
    promise = "Aucun montant d’économie par année n’est connu au contrat"
    if planned:
        promise = f"Le contrat promet {formats.exact_euros(whole.planned.cp)} d’économies en CP {_span(planned)}"
    if whole.recurrent.cp:
        promise += f", puis {formats.exact_euros(whole.recurrent.cp)} par an"
    if whole.declared.cp is None:
        return f"{promise}. Aucune économie n’est encore déclarée."
    certified = (
        "aucune n’est certifiée"
        if whole.certified.cp is None
        else f"{formats.exact_euros(whole.certified.cp)} certifiés"
    )
    return f"{promise}. À ce jour, {formats.exact_euros(whole.declared.cp)} sont déclarés, {certified}."


def compensation(savings: SavingsSituation) -> str:
    """Whether what some lines bring makes up for what others miss, in CP, and what is held against no plan; empty when
    nothing was declared.
    """
    apart = minus(savings.total.declared.cp, savings.total.compared.cp)
    beside = f"{formats.exact_euros(apart)} de CP déclarés sans prévision n’entrent pas dans l’écart." if apart else ""
    return " ".join(part for part in (_made_up(savings), beside) if part)


def _made_up(savings: SavingsSituation) -> str:
    net = savings.net_compensation.cp
    if net is None:
        return ""
    missed = [line.gap.cp for line in savings.told if line.gap.cp is not None and line.gap.cp < 0]
    if net >= 0 and missed:
        return "Les lignes qui dépassent leur prévision comblent celles qui la manquent."
    if net >= 0:
        return "Aucune ligne ne manque sa prévision."
    return f"Il manque {formats.exact_euros(-net)} de CP une fois les lignes compensées entre elles."


def recurring_note(savings: SavingsSituation) -> str:
    """What is expected in the years after the contract's table; empty when none is shown."""
    years = [cell.year for cell in savings.total.years if cell.recurring.is_reported and not cell.planned.is_reported]
    if not years:
        return ""
    when = f"En {years[0]}" if len(years) == 1 else f"De {years[0]} à {years[-1]}"
    return f"{when}, le contrat n’imprime plus de montant par exercice : le prévu est le montant pérenne (article 3)."


def _span(years: list[int]) -> str:
    return f"en {years[0]}" if len(years) == 1 else f"de {years[0]} à {years[-1]}"


def savings_drawing(
    savings: SavingsSituation, width: int = WIDE, *, signed: SavingsSituation | None = None
) -> Drawing | None:
    """Planned, declared and certified by year, after `signed` (promised at first); None when nothing is valued."""
    years = savings.total.years
    if total(cell.expected.cp for cell in years) is None:
        return None
    told = max((cell.year for cell in years if cell.filing is not None), default=0)
    return amounts_by_year(
        "economies",
        "Économies par année, en CP",
        _peak(savings),
        savings.years,
        [
            *_first(signed, savings),
            Series("Prévu", tuple(cell.expected.cp for cell in years), Colour.LILAC, is_planned=True),
            Series("Déclaré", tuple(cell.declared.cp for cell in years), Colour.GREY),
            Series("Certifié", tuple(cell.certified.cp for cell in years)),
        ],
        due_until=told,
        width=width,
    )


def _first(signed: SavingsSituation | None, savings: SavingsSituation) -> list[Series]:
    if signed is None:
        return []
    by_year = {cell.year: cell.expected.cp for cell in signed.total.years}
    return [Series(SIGNED, tuple(by_year.get(year) for year in savings.years), Colour.PALE, is_planned=True)]


def _peak(savings: SavingsSituation) -> str:
    """The first year that promises most."""
    amount, year = max((cell.expected.cp or Decimal(0), -cell.year) for cell in savings.total.years)
    return f"L’économie prévue culmine en {-year}, avec {formats.exact_euros(amount)}."
