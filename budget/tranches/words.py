"""What is said of a tranche, in French: full, reduced or withheld when it was decided, and the plan raised since."""

from budget.tranches.calc import TrancheYear
from budget.tranches.enums import TrancheKind
from figures.ae_cp import AeCp
from figures.formats import euros, typeset


def kind_words(one: TrancheYear) -> str:
    """« Entière », or « Entière à la décision » once an amendment raised the plan; blank while provisional."""
    if not one.kind:
        return ""
    label = str(TrancheKind(one.kind).label)
    return f"{label} à la décision" if one.raised.is_reported else label


def raised_words(one: TrancheYear) -> str:
    """By how much the plan was raised since the decision; blank when it was not."""
    if not one.raised.is_reported:
        return ""
    return typeset(f"Le plan a été relevé depuis : {in_both(one.raised)} promis de plus.")


def in_both(pair: AeCp) -> str:
    """« 30 000,00 € d’AE et 20 000,00 € de CP », without what is not known."""
    told = ((pair.ae, "d’AE"), (pair.cp, "de CP"))
    return " et ".join(f"{euros(one)} {of}" for one, of in told if one is not None)
