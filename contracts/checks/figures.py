"""Checks of the figures that a contract prints: totals, shares, savings told in the text, shares of project sheets."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contracts.checks.registry import Check, Finding, Severity
from contracts.contract_file.expressions import PART
from contracts.enums import StatedUnit
from contracts.fields import amount
from contracts.models import ContractVersion, PlannedSheet
from contracts.parts import Expression
from contracts.stated import StatedCheck, Verdict, stated_checks
from figures import formats
from figures.rounding import HUNDRED, explain_share, round_half_up

Facts = Sequence[StatedCheck]
SAVINGS_TABLE: Final = "economies"
SAYINGS: Final = ("indicateurs",)
THOUSAND: Final = Decimal(1000)
_SUFFIXES: Final = {
    StatedUnit.EUR: "\u00a0€",
    StatedUnit.KEUR: "\u00a0k€",
    StatedUnit.MEUR: "\u00a0M€",
    StatedUnit.PERCENT: "\u00a0%",
    StatedUnit.ETP: "\u00a0ETP",
    StatedUnit.NUMBER: "",
}
_AMOUNTS: Final = (StatedUnit.EUR, StatedUnit.KEUR, StatedUnit.MEUR)


def read_stated(version: ContractVersion) -> Facts:
    """Every figure that the version prints, beside the computed one."""
    return stated_checks(version)


def nature_of(one: StatedCheck) -> str:
    """What a printed figure is: `share`, `saving` (said of savings), `unit` (a thousand times too much), `total`,
    `saying` (a number of the text against another passage)."""
    if one.expression.get("table") in SAYINGS:
        return "saying"
    if one.unit == StatedUnit.PERCENT:
        return "share"
    if is_thousandfold(one):
        return "unit"
    if SAVINGS_TABLE in _tables(one.expression):
        return "saving"
    return "total" if one.unit in _AMOUNTS else "saying"


def is_thousandfold(one: StatedCheck) -> bool:
    """Whether the printed amount is the computed one in another unit: a thousand times more, or less."""
    if not one.printed or not one.computed or one.unit not in _AMOUNTS:
        return False
    return any(
        abs(one.printed * factor - one.computed) <= one.tolerance * factor for factor in (THOUSAND, 1 / THOUSAND)
    )


def _tables(expression: Expression) -> set[str]:
    """The tables that an expression reads, those of a share's two terms included."""
    if expression.get("table") == PART:
        return _tables(expression["numerateur"]) | _tables(expression["denominateur"])
    return {str(expression.get("table", ""))}


def _different(nature: str, told: str) -> Callable[[Facts], Iterator[Finding]]:
    """A check on the printed figures of one nature that differ from the computed ones beyond their rounding."""

    def check(facts: Facts) -> Iterator[Finding]:
        for one in facts:
            if one.verdict is Verdict.DIFFERENCE and nature_of(one) == nature:
                yield _finding(one, told)

    return check


def _finding(one: StatedCheck, told: str) -> Finding:
    missing = f" {one.missing} valeur(s) manquent au calcul." if one.missing else ""
    return Finding(
        locus=one.key,
        where=one.label,
        article=one.article,
        printed=_figure(one, one.printed),
        computed=_figure(one, one.computed),
        difference=_gap(one, one.difference),
        explanation=f"{told.format(tolerance=_gap(one, one.tolerance))}{missing}",
    )


def _figure(one: StatedCheck, value: Decimal | None) -> str:
    """A figure in the printed unit, with two decimals more than what is printed at most."""
    if value is None:
        return formats.NOT_COMPUTABLE
    shown = round_half_up(value, one.decimals + 2)
    return formats.number(shown, None) + _SUFFIXES[StatedUnit(one.unit)]


def _gap(one: StatedCheck, value: Decimal | None) -> str:
    """Between two figures of that unit: two percentages are so many points apart."""
    if one.unit == StatedUnit.PERCENT and value is not None:
        return formats.points(round_half_up(value, one.decimals + 2))
    return _figure(one, value)


@dataclass(frozen=True, slots=True)
class SheetShare:
    """A project sheet: total cost and part of the fund in euros, and the share printed beside them, in percent."""

    number: str
    name: str
    cost: Decimal | None
    ftap: Decimal | None
    printed: Decimal


def read_shares(version: ContractVersion) -> tuple[SheetShare, ...]:
    """The sheets that print a share, in order."""
    rows = PlannedSheet.objects.filter(version=version, printed_share__isnull=False).select_related("sheet")
    return tuple(
        SheetShare(
            row.sheet.number, str(row.sheet), amount(row.cost), amount(row.ftap), row.printed_share or Decimal(0)
        )
        for row in rows.order_by("sheet__position", "pk")
    )


def sheet_share(facts: Sequence[SheetShare]) -> Iterator[Finding]:
    """The share that a project sheet prints is a check digit of its amounts, rounded or cut off at two decimals."""
    for one in facts:
        if not one.cost or one.ftap is None:
            continue
        found = explain_share(one.printed, one.ftap / one.cost * HUNDRED, 2)
        if not found.explained_by_rounding:
            yield Finding(
                locus=f"fiche {one.number}",
                where=one.name,
                printed=formats.rate(one.printed.normalize()),
                computed=formats.rate(round_half_up(found.computed, 2)),
                difference=formats.points(round_half_up(found.difference, 2)),
                explanation="La part du FTAP est un contrôle du coût et du financement imprimés à côté.",
            )


_TOLERANCE: Final = "chiffres-affiches"
_PRINTED: Final = "Le contrat lui-même"
_ROUNDING = "L’arrondi n’explique que {tolerance}."

STATED: Final = (
    Check(
        "A01",
        "Total imprimé différent du calcul",
        Severity.ERROR,
        "2",
        "Chaque montant que le contrat imprime (total d’une ligne, d’un axe, d’une année…), comparé à la somme des "
        "lignes qu’il annonce, dans l’unité imprimée.",
        "Un total imprimé n’entre dans aucun calcul : s’il s’écarte de ses lignes plus que l’arrondi ne l’explique, "
        "l’un des deux est faux et nul ne sait lequel a été accordé.",
        _PRINTED,
        "CAP2030 : les AE du FTAP sont imprimées à 995 200 € en 2021, 576 000 € en 2022 et 289 000 € en 2023, soit "
        "1 860 200 € ; le cumul imprimé est de 1 800 200 €. Écart : −60 000 €, sans arrondi qui l’explique.",
        _different("total", _ROUNDING),
        seen_in="cap2030",
        formula=_TOLERANCE,
    ),
    Check(
        "A02",
        "Part imprimée différente du calcul",
        Severity.ERROR,
        "2",
        "Chaque pourcentage imprimé, comparé au quotient des deux montants dont il est la part.",
        "Un pourcentage imprimé à côté de deux montants en est la clé de contrôle : faux, il révèle une erreur de "
        "saisie ou de numérisation dans l’un d’eux.",
        _PRINTED,
        "Incub-O : le texte annonce « près de 20 % » des agents sensibilisés fin 2020 ; 1 500 agents sur 8 000 font "
        "18,75 %.",
        _different("share", _ROUNDING),
        seen_in="incub-o",
        formula=_TOLERANCE,
    ),
    Check(
        "A03",
        "Économie annoncée différente du tableau",
        Severity.ERROR,
        "3",
        "Chaque montant ou nombre d’emplois que le contrat dit économiser, comparé au tableau de l’article 3.",
        "L’économie est la contrepartie du financement : deux montants pour la même promesse empêchent de dire si elle "
        "est tenue.",
        _PRINTED,
        "Incub-O : l’article 5.2 annonce 1,3 M€ d’économies de personnel ; les montants pérennes du tableau de "
        "l’article 3 donnent 1,824 M€ par an. Écart : −0,524 M€.",
        _different("saving", "Le texte et le tableau des économies ne disent pas la même chose. " + _ROUNDING),
        seen_in="incub-o",
        formula=_TOLERANCE,
    ),
    Check(
        "A04",
        "Deux passages du contrat se contredisent",
        Severity.WARNING,
        "",
        "Chaque nombre que le contrat répète (projets par an, durées, programme…), comparé à l’autre passage ou à la "
        "cible qui le donne aussi.",
        "Quand deux articles donnent deux nombres pour la même chose, aucun des deux ne peut servir de référence au "
        "suivi.",
        "Le contrat lui-même",
        "Lean management : l’article 2 prévoit trois cycles de trois projets, soit 9 par an ; l’article 5.1 vise "
        "10 projets de plus par an.",
        _different("saying", "Le contrat donne un autre nombre ailleurs."),
        seen_in="lean-management",
    ),
    Check(
        "A05",
        "Montant imprimé dans une autre unité",
        Severity.ERROR,
        "2",
        "Chaque montant imprimé qui vaut mille fois, ou le millième, de ce que donnent ses lignes.",
        "C’est la trace d’une table en k€ saisie en euros, ou l’inverse : l’écart n’est pas une erreur de calcul mais "
        "d’unité.",
        "Règle de gestion du suivi",
        "Un contrat en euros imprime un total de 180 € pour des lignes de 180 000 € : il a été écrit en k€.",
        _different("unit", "Le montant imprimé est celui du calcul dans une autre unité."),
    ),
)
SHARES: Final = (
    Check(
        "A06",
        "Part d’une fiche projet différente du calcul",
        Severity.ERROR,
        "2",
        "La part du FTAP que chaque fiche projet imprime, comparée au quotient de son financement par son coût.",
        "La part imprimée est la clé de contrôle des deux montants de la fiche : elle a permis de corriger trois "
        "valeurs de CAP2030 mal lues par la numérisation.",
        _PRINTED,
        "Une fiche de 300 000 € dont 180 000 € du FTAP fait 60 % ; si elle imprime 61 %, l’écart est de 1 point.",
        sheet_share,
        formula=_TOLERANCE,
    ),
)
