"""What the plan of credits of a version contradicts: titre 2, AE against CP, sheets, years, doubles, units."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from budget.enums import Titre
from budget.models import PlannedCredit
from contracts.checks.frame import last_year
from contracts.checks.registry import Check, Finding, Severity
from contracts.checks.units import unit_findings
from contracts.checks.words import amount_text, compared, several
from contracts.enums import AmountUnit
from contracts.fields import amount
from contracts.models import ContractVersion, PlannedSheet
from contracts.selectors import lost_paths
from figures import formats
from figures.ae_cp import total

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class YearFact:
    """AE and CP of a line in a year, in euros; None where the contract prints nothing."""

    year: int
    ae: Decimal | None
    cp: Decimal | None


@dataclass(frozen=True, slots=True)
class LineFact:
    """A line of the plan with its years; `likeness` is all that tells it from another line.

    `is_partly_lost`: the scan lost some of its amounts, nothing can be said of what is missing.
    """

    key: str
    label: str
    titre: str
    programme: str
    is_ftap: bool
    sheet: str
    axis: str
    etp: Decimal | None
    group: str
    likeness: tuple[str, ...]
    years: tuple[YearFact, ...]
    is_partly_lost: bool = False

    @property
    def ae(self) -> Decimal | None:
        """AE of all the years that are known."""
        return total(one.ae for one in self.years)

    @property
    def cp(self) -> Decimal | None:
        """CP of all the years that are known."""
        return total(one.cp for one in self.years)


@dataclass(frozen=True, slots=True)
class SheetFact:
    """A project sheet with its total cost and the part of the fund, in euros."""

    number: str
    name: str
    cost: Decimal | None
    ftap: Decimal | None


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A version's plan of credits: lines, sheets, years of funding, the unit in which its table is printed."""

    programme: str
    first_year: int
    last_year: int
    unit: str
    lines: Sequence[LineFact]
    sheets: Sequence[SheetFact]


def read_plan(version: ContractVersion) -> PlanFacts:
    """Three queries: the planned credits with their lines, what the scan lost of them, and the project sheets."""
    rows = PlannedCredit.objects.filter(version=version).select_related(
        "line__axis", "line__sheet", "line__co_financer"
    )
    lines: defaultdict[int, list[PlannedCredit]] = defaultdict(list)
    for row in rows.order_by("line__position", "line__pk", "year"):
        lines[row.line_id].append(row)
    lost = {path.partition("]")[0] for path in lost_paths(version)}
    sheets = PlannedSheet.objects.filter(version=version).select_related("sheet").order_by("sheet__position", "pk")
    return PlanFacts(
        programme=version.contract.programme,
        first_year=version.contract.first_year,
        last_year=last_year(version),
        unit=version.table_units.get("credits", AmountUnit.EUR),
        lines=tuple(_line(years, lost) for years in lines.values()),
        sheets=tuple(SheetFact(row.sheet.number, str(row.sheet), amount(row.cost), amount(row.ftap)) for row in sheets),
    )


def _line(rows: Sequence[PlannedCredit], lost: set[str]) -> LineFact:
    line = rows[0].line
    sheet = line.sheet.number if line.sheet else ""
    axis = line.axis.code if line.axis else ""
    source = line.co_financer.code if line.co_financer else ""
    return LineFact(
        key=line.key,
        label=line.label,
        titre=line.titre,
        programme=line.programme,
        is_ftap=line.is_ftap,
        sheet=sheet,
        axis=axis,
        etp=line.etp,
        group=line.group,
        likeness=(line.label, line.group, line.nature, line.titre, line.programme, line.lot, source, axis, sheet),
        years=tuple(YearFact(row.year, amount(row.ae), amount(row.cp)) for row in rows),
        is_partly_lost=f"credits.lignes[{line.position}" in lost,
    )


def staff_ae_cp(facts: PlanFacts) -> Iterator[Finding]:
    """Titre 2: what is committed in a year is paid in the year."""
    for line in facts.lines:
        for one in line.years:
            if line.titre == Titre.T2 and one.ae is not None and one.cp is not None and one.ae != one.cp:
                yield Finding(
                    locus=f"{line.key} {one.year}",
                    where=f"{line.label}, {one.year}",
                    difference=amount_text(one.ae - one.cp),
                    explanation=f"{amount_text(one.ae)} d’AE pour {amount_text(one.cp)} de CP, égaux par règle en "
                    "titre\u00a02.",
                    judged=(amount_text(one.ae), amount_text(one.cp)),
                )


def life_ae_cp(facts: PlanFacts) -> Iterator[Finding]:
    """Planned AE and CP agree at the end of a contract; not judged when a figure is missing."""
    for line in facts.lines:
        if any(one.ae is None or one.cp is None for one in line.years) or _is_one_sided(line):
            continue
        if line.ae is not None and line.cp is not None and line.ae != line.cp:
            yield Finding(
                locus=line.key,
                where=line.label,
                difference=amount_text(line.ae - line.cp),
                explanation=f"{amount_text(line.ae)} d’AE pour {amount_text(line.cp)} de CP sur la durée de la ligne.",
                judged=(amount_text(line.ae), amount_text(line.cp)),
            )


def one_sided(facts: PlanFacts) -> Iterator[Finding]:
    """AE that are never paid, or CP that were never committed."""
    for line in facts.lines:
        if _is_one_sided(line):
            ae, cp = line.ae or Decimal(0), line.cp or Decimal(0)
            told = f"{amount_text(ae)} d’AE et aucun CP." if ae else f"{amount_text(cp)} de CP et aucune AE."
            yield Finding(line.key, line.label, told, difference=amount_text(ae - cp), judged=(told,))


def _is_one_sided(line: LineFact) -> bool:
    """One of the two adds up to an amount, the other is printed nowhere or is zero everywhere."""
    return bool(line.ae) != bool(line.cp) and not line.is_partly_lost


def sheets_against_lines(facts: PlanFacts) -> Iterator[Finding]:
    """What project sheets add up to against what the lines of article 2 add up to, in AE and in CP."""
    own = [line for line in facts.lines if line.is_ftap]
    for label, money, kept in (("coût total", "cost", facts.lines), ("financement FTAP", "ftap", own)):
        promised = total(getattr(sheet, money) for sheet in facts.sheets)
        for measure in ("ae", "cp"):
            planned = total(getattr(one, measure) for line in kept for one in line.years)
            if promised is not None and planned is not None and promised != planned:
                yield Finding(
                    locus=f"{money} {measure}",
                    where=f"Fiches projet, {label}, contre les lignes en {measure.upper()}",
                    explanation="La somme des fiches devrait être celle des lignes de financement.",
                    **compared(promised, planned),
                )


def staff_on_fund(facts: PlanFacts) -> Iterator[Finding]:
    """Programme 349 has no posts: staff money travels to the holder's programme."""
    for line in facts.lines:
        if line.titre == Titre.T2 and line.programme == facts.programme:
            yield Finding(
                locus=line.key,
                where=line.label,
                printed=f"titre 2, programme {line.programme}",
                explanation=f"Le programme {facts.programme} n’a pas d’emplois\u00a0: les dépenses de personnel "
                "passent par transfert au programme du porteur.",
            )


def negative_plan(facts: PlanFacts) -> Iterator[Finding]:
    for line in facts.lines:
        for one in line.years:
            wrong = [
                f"{amount_text(value)} {word}"
                for value, word in ((one.ae, "d’AE"), (one.cp, "de CP"))
                if value is not None and value < 0
            ]
            if wrong:
                yield Finding(
                    locus=f"{line.key} {one.year}",
                    where=f"{line.label}, {one.year}",
                    printed=several(wrong),
                    explanation="Un plan promet\u00a0: seul un retrait d’engagement constaté est négatif.",
                )


def year_outside(facts: PlanFacts) -> Iterator[Finding]:
    for line in facts.lines:
        for one in line.years:
            if not facts.first_year <= one.year <= facts.last_year and (one.ae or one.cp):
                yield Finding(
                    locus=f"{line.key} {one.year}",
                    where=f"{line.label}, {one.year}",
                    printed=f"{amount_text(one.ae or Decimal(0))} d’AE, {amount_text(one.cp or Decimal(0))} de CP",
                    explanation=f"Le contrat est financé de {facts.first_year} à {facts.last_year}.",
                )


def duplicate_lines(facts: PlanFacts) -> Iterator[Finding]:
    """Lines that nothing tells apart: same words, nature, titre, programme, source, lot, axis and sheet."""
    for alike in _grouped(facts.lines, lambda line: line.likeness).values():
        if len(alike) > 1:
            sums = [amount_text(line.ae) if line.ae is not None else formats.NOT_REPORTED for line in alike]
            yield Finding(
                locus=alike[0].key,
                where=alike[0].label,
                printed=f"{len(alike)} lignes",
                explanation=f"Rien ne distingue ces lignes, de {several(sums)} d’AE\u00a0: la même deux fois ?",
                judged=tuple(sums),
            )


def repeated_etp(facts: PlanFacts) -> Iterator[Finding]:
    """The same posts printed on several axes: amounts are shared between them, posts are counted again."""
    for (words, etp), alike in _grouped(facts.lines, _posts).items():
        places = sorted({line.axis for line in alike})
        if words and len(places) > 1:
            count = f"{formats.number(etp, None)}\u00a0ETP" if etp else "l’effectif"
            yield Finding(
                locus=alike[0].key,
                where=words,
                printed=f"{len(places)} × {count}",
                explanation=f"Le même effectif est imprimé sur les axes {several(places)}\u00a0: les montants sont "
                "ventilés, les emplois sont répétés.",
            )


def _posts(line: LineFact) -> tuple[str, Decimal | None]:
    """The words that tell the posts of a line, its own or those of the post that it details; blank without posts."""
    if line.etp:
        return line.label, line.etp
    return (line.group, None) if "ETP" in line.group else ("", None)


def sheet_without_line(facts: PlanFacts) -> Iterator[Finding]:
    """Only where the plan is divided by sheets: one of them bears a cost and no line."""
    divided = {line.sheet for line in facts.lines if line.sheet}
    for sheet in facts.sheets:
        if divided and sheet.number not in divided and (sheet.cost or sheet.ftap):
            yield Finding(
                locus=f"fiche {sheet.number}",
                where=sheet.name,
                printed=amount_text(sheet.cost or sheet.ftap or Decimal(0)),
                explanation="Le plan de financement est ventilé par fiche, et aucune de ses lignes ne la finance.",
            )


def units(facts: PlanFacts) -> Iterator[Finding]:
    amounts = {
        (line.key, line.label): [value for one in line.years for value in (one.ae, one.cp) if value]
        for line in facts.lines
    }
    return unit_findings("credits", "Plan de financement", facts.unit, amounts)


def _grouped(lines: Sequence[LineFact], key: Callable[[LineFact], Key]) -> Mapping[Key, list[LineFact]]:
    found: dict[Key, list[LineFact]] = defaultdict(list)
    for line in lines:
        found[key(line)].append(line)
    return found


_PLAN: Final = "Contrat, article 2"
_OURS: Final = "Règle de gestion du suivi"

CHECKS: Final = (
    Check(
        "A10",
        "Titre 2 : AE différentes des CP",
        Severity.ERROR,
        "2",
        "Chaque année des lignes de titre 2 du plan.",
        "Une rémunération est engagée et payée la même année : en titre 2, AE et CP sont égales.",
        "Loi organique relative aux lois de finances, article 8",
        "Une ligne de personnel qui prévoit 70 000 € d’AE et 60 000 € de CP en 2020 : l’écart est de 10 000 €.",
        staff_ae_cp,
    ),
    Check(
        "A11",
        "AE et CP différents sur la durée",
        Severity.WARNING,
        "2",
        "La somme des AE et celle des CP de chaque ligne, toutes années réunies.",
        "Ce qui est engagé finit par être payé : sur la durée d’un contrat, les deux sommes se rejoignent.",
        _PLAN,
        "CAP2030 : la ligne du FTAP totalise 1 860 200 € d’AE pour 1 800 200 € de CP.",
        life_ae_cp,
        seen_in="cap2030",
    ),
    Check(
        "A12",
        "Fiches projet différentes du plan de financement",
        Severity.ERROR,
        "2",
        "La somme des coûts et des financements des fiches projet, comparée aux lignes du plan, en AE et en CP.",
        "Les fiches et le plan décrivent le même argent ; leur écart dit qu’une dépense manque d’un côté.",
        _PLAN,
        "CAP2030 : les fiches font 1 800 200 € de FTAP ; les lignes, 1 860 200 € en AE.",
        sheets_against_lines,
        seen_in="cap2030",
    ),
    Check(
        "A13",
        "Dépense de personnel sur le programme du fonds",
        Severity.ERROR,
        "2",
        "Le programme des lignes de titre 2.",
        "Le programme 349 n’a pas d’emplois : la dépense de personnel passe par transfert au programme du porteur et "
        "n’apparaît dans aucun extrait du programme 349.",
        "Projets annuels de performance du programme 349",
        "Une ligne « Chef de projet », titre 2, inscrite au programme 0349.",
        staff_on_fund,
    ),
    Check(
        "A14",
        "Crédits prévus négatifs",
        Severity.WARNING,
        "2",
        "Les AE et les CP de chaque année du plan.",
        "Une consommation peut être négative, quand un engagement est retiré ; une promesse ne l’est pas.",
        _OURS,
        "Une ligne qui prévoit −5 000 € d’AE en 2022 pour rendre des crédits.",
        negative_plan,
    ),
    Check(
        "A15",
        "AE sans CP, ou CP sans AE",
        Severity.WARNING,
        "2",
        "Les lignes dont l’une des deux sommes est nulle ou absente, quand l’autre ne l’est pas.",
        "Une dépense engagée sans paiement prévu, ou payée sans avoir été engagée, n’est pas une dépense complète.",
        _PLAN,
        "Une ligne de 40 000 € d’AE sans aucun CP.",
        one_sided,
    ),
    Check(
        "A16",
        "Crédits hors des années du contrat",
        Severity.WARNING,
        "2",
        "L’année de chaque montant du plan, comparée aux années de financement.",
        "Le fonds ne verse rien hors des années du contrat ; seul un avenant les prolonge.",
        _PLAN,
        "Un contrat financé de 2020 à 2022 qui prévoit 10 000 € de CP en 2023.",
        year_outside,
    ),
    Check(
        "A17",
        "Ligne de crédits en double",
        Severity.WARNING,
        "2",
        "Les lignes qui portent le même libellé, la même nature, le même titre, le même programme, la même source, le "
        "même lot, le même axe et la même fiche.",
        "Deux lignes que rien ne distingue se saisissent à la place l’une de l’autre, ou comptent deux fois la même "
        "dépense.",
        _OURS,
        "Deux lignes « Études », prestations, titre 3, financées par le FTAP, de 100 000 € chacune.",
        duplicate_lines,
    ),
    Check(
        "A18",
        "Emplois répétés sur plusieurs lignes",
        Severity.WARNING,
        "2",
        "Les lignes qui impriment le même libellé et le même nombre d’ETP.",
        "Quand un poste est partagé entre plusieurs axes, ses montants sont ventilés ; ses ETP, répétés, se "
        "compteraient plusieurs fois.",
        _PLAN,
        "Incub-O : le 0,8 ETP de coordination est imprimé sur chacun des quatre axes.",
        repeated_etp,
        seen_in="incub-o",
    ),
    Check(
        "A19",
        "Fiche projet sans ligne de crédits",
        Severity.WARNING,
        "2",
        "Les fiches qui portent un coût, quand le plan est ventilé par fiche.",
        "Une fiche sans ligne n’est financée par rien, et rien n’y sera saisi.",
        _PLAN,
        "La fiche 2, de 50 000 €, n’est citée par aucune ligne, alors que la fiche 1 l’est.",
        sheet_without_line,
    ),
    Check(
        "A28",
        "Unité douteuse du plan de financement",
        Severity.WARNING,
        "2",
        "L’ordre de grandeur des montants du plan, dans l’unité où sa table est imprimée, et d’une ligne à l’autre.",
        "Une table en k€ saisie en euros multiplie la promesse par mille, sans qu’aucun total ne le montre.",
        "Règle de gestion du suivi",
        "Une table en k€ dont les lignes portent 120 000 et 80 000 : les montants sont sans doute en euros.",
        units,
        formula="unites",
    ),
)
