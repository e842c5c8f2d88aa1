"""What the savings of a version contradict: printed amounts against the method stated for the line, years, doubles."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from contracts.checks.frame import last_year
from contracts.checks.registry import Check, Finding, Severity
from contracts.checks.units import unit_findings
from contracts.checks.words import amount_text, compared, several
from contracts.contract_file.document import scale_of
from contracts.enums import AmountUnit
from contracts.fields import amount
from contracts.models import ContractVersion
from contracts.models.contract import SAVINGS_FOLLOW_UP_YEARS
from figures.formats import short_date_fr
from savings.enums import SavingsMethod
from savings.models import PlannedSaving, SavingsTerms
from savings.overrides import differs
from savings.reasons import older_reasons
from savings.schedules import Schedule, full_year, line_schedule, posts_by_line

STAFF: Final = "2"


@dataclass(frozen=True, slots=True)
class SavingYear:
    """What a line prints for a year, in euros."""

    year: int
    ae: Decimal | None
    cp: Decimal | None


@dataclass(frozen=True, slots=True)
class SavingLine:
    """A line with its printed amounts, what its method gives (`schedule`, `share`), the amount of a full year.

    `reason` is why the amounts are not those of the method, when the contract says so; `reason_from` tells where it
    comes from when an amendment moved the amounts and left it.
    """

    key: str
    label: str
    titre: str
    programme: str
    method: str
    is_recurrent: bool
    recurrent: Decimal | None
    years: tuple[SavingYear, ...]
    schedule: Schedule
    share: Decimal | None
    reason: str = ""
    reason_from: str = ""

    @property
    def is_valued(self) -> bool:
        """Whether the contract prints an amount for it, a year's or a full year's."""
        return self.recurrent is not None or any(one.ae is not None or one.cp is not None for one in self.years)


@dataclass(frozen=True, slots=True)
class SavingsFacts:
    """A version's savings, the years over which they may be promised, and the unit of their table.

    `signed_on`: of the signed contract; None for an amendment, which keeps what is past.
    """

    first_year: int
    last_year: int
    unit: str
    lines: Sequence[SavingLine]
    signed_on: date | None = None

    @property
    def scale(self) -> Decimal:
        """What one unit of the table is worth, in euros."""
        return scale_of(self.unit)


def read_savings(version: ContractVersion) -> SavingsFacts:
    """Three queries: terms with their lines, planned amounts and posts; two more for the reasons of an amendment."""
    printed: defaultdict[int, list[SavingYear]] = defaultdict(list)
    for row in PlannedSaving.objects.filter(version=version).order_by("year"):
        printed[row.line_id].append(SavingYear(row.year, amount(row.ae), amount(row.cp)))
    posts = posts_by_line(version)
    terms = SavingsTerms.objects.filter(version=version).select_related("line").order_by("line__position", "pk")
    older = older_reasons(version, list(terms))
    return SavingsFacts(
        first_year=version.contract.first_year,
        last_year=last_year(version) + SAVINGS_FOLLOW_UP_YEARS,
        unit=version.table_units.get("economies", AmountUnit.EUR),
        signed_on=version.signed_on if version.number == 0 else None,
        lines=tuple(
            SavingLine(
                key=one.line.key,
                label=one.line.label,
                titre=one.line.titre,
                programme=one.line.programme,
                method=one.line.method,
                is_recurrent=one.line.is_recurrent,
                recurrent=amount(one.recurrent_ae),
                years=tuple(printed[one.line_id]),
                schedule=line_schedule(one, posts[one.line_id], _last_year(printed[one.line_id])),
                share=full_year(one, {}) if one.line.method == SavingsMethod.SHARE_OF_BASE else None,
                reason=one.override_reason,
                reason_from=older.get(one.line_id, ""),
            )
            for one in terms
        ),
    )


def _last_year(years: Sequence[SavingYear]) -> int:
    return max((one.year for one in years), default=0)


def posts_method(facts: SavingsFacts) -> Iterator[Finding]:
    return _against_method(facts, SavingsMethod.POSTS)


def ramp_method(facts: SavingsFacts) -> Iterator[Finding]:
    return _against_method(facts, SavingsMethod.RAMP)


def _against_method(facts: SavingsFacts, method: SavingsMethod) -> Iterator[Finding]:
    for line in facts.lines:
        if line.method != method:
            continue
        for one in line.years:
            computed = line.schedule.get(one.year)
            if one.ae is not None and computed is not None and differs(one.ae, computed, facts.scale):
                yield Finding(
                    locus=f"{line.key} {one.year}",
                    where=f"{line.label}, {one.year}",
                    explanation=_with_reason(
                        "Le montant imprimé n’est pas celui que donnent les paramètres imprimés.", line
                    ),
                    **compared(one.ae, computed),
                )


def _with_reason(told: str, line: SavingLine) -> str:
    if not line.reason:
        return told
    since = f" ({line.reason_from})" if line.reason_from else ""
    return f"{told} Motif indiqué\u00a0: {line.reason}{since}"


def share_method(facts: SavingsFacts) -> Iterator[Finding]:
    """A share of a base gives the amount of a full year, and of each year of which it says what is reached."""
    yield from _against_method(facts, SavingsMethod.SHARE_OF_BASE)
    for line in facts.lines:
        if line.share is None or line.recurrent is None:
            continue
        if differs(line.recurrent, line.share, facts.scale):
            yield Finding(
                locus=line.key,
                where=f"{line.label}, montant pérenne",
                explanation=_with_reason(
                    "Le montant pérenne imprimé n’est pas la part annoncée de la base imprimée.", line
                ),
                **compared(line.recurrent, line.share),
            )


def staff_ae_cp(facts: SavingsFacts) -> Iterator[Finding]:
    """A post that is removed saves as much AE as CP."""
    for line in facts.lines:
        for one in line.years:
            if line.titre == STAFF and one.ae is not None and one.cp is not None and one.ae != one.cp:
                yield Finding(
                    locus=f"{line.key} {one.year}",
                    where=f"{line.label}, {one.year}",
                    difference=amount_text(one.ae - one.cp),
                    explanation=f"{amount_text(one.ae)} d’AE économisées pour {amount_text(one.cp)} de CP, égaux par "
                    "règle en titre\u00a02.",
                    judged=(amount_text(one.ae), amount_text(one.cp)),
                )


def nothing_valued(facts: SavingsFacts) -> Iterator[Finding]:
    if not any(line.is_valued for line in facts.lines):
        count = len(facts.lines)
        named = f"{count} ligne{'s' if count > 1 else ''} sans montant" if count else "aucune ligne"
        yield Finding(
            locus="economies",
            where="Économies",
            printed=named,
            explanation="Aucune économie n’est chiffrée\u00a0: le retour du contrat ne peut pas être calculé, ni ses "
            "économies comparées à une promesse.",
        )


def year_outside(facts: SavingsFacts) -> Iterator[Finding]:
    for line in facts.lines:
        for one in line.years:
            if not facts.first_year <= one.year <= facts.last_year and (one.ae or one.cp):
                yield Finding(
                    locus=f"{line.key} {one.year}",
                    where=f"{line.label}, {one.year}",
                    printed=amount_text(one.ae or one.cp or Decimal(0)),
                    explanation=f"Les économies du contrat sont suivies de {facts.first_year} à {facts.last_year}.",
                )


def before_signature(facts: SavingsFacts) -> Iterator[Finding]:
    """Amounts of a year that was over when the contract was signed."""
    signed = facts.signed_on
    for line in facts.lines if signed is not None else ():
        for one in line.years:
            if signed is not None and one.year < signed.year and (one.ae or one.cp):
                yield Finding(
                    locus=f"{line.key} {one.year}",
                    where=f"{line.label}, {one.year}",
                    printed=amount_text(one.cp or one.ae or Decimal(0)),
                    computed=f"signé le {short_date_fr(signed)}",
                    explanation="L’année était close à la signature\u00a0: c’est un constat, non une promesse.",
                )


def duplicate_lines(facts: SavingsFacts) -> Iterator[Finding]:
    found: dict[tuple[str, ...], list[SavingLine]] = defaultdict(list)
    for line in facts.lines:
        found[line.label, line.titre, line.programme, line.method].append(line)
    for alike in found.values():
        if len(alike) > 1:
            yield Finding(
                locus=alike[0].key,
                where=alike[0].label,
                printed=f"{len(alike)} lignes",
                explanation=f"Rien ne distingue ces lignes ({several([line.key for line in alike])})\u00a0: la même "
                "économie est peut-être comptée deux fois.",
            )


def units(facts: SavingsFacts) -> Iterator[Finding]:
    amounts = {
        (line.key, line.label): [value for one in line.years for value in (one.ae, one.cp) if value]
        for line in facts.lines
    }
    return unit_findings("economies", "Économies", facts.unit, amounts)


_ARTICLE_3: Final = "Contrat, article 3"

CHECKS: Final = (
    Check(
        "A20",
        "Économie différente de la méthode des postes",
        Severity.ERROR,
        "3",
        "Chaque montant annuel d’une ligne valorisée par des postes, comparé à ce que donnent les emplois supprimés et "
        "le coût unitaire imprimés (un demi-effet l’année de la suppression).",
        "Les paramètres imprimés sont la justification de l’économie : un autre montant n’est justifié par rien.",
        "Contrat, article 3",
        "Trois emplois supprimés en 2021 à 33 000 € font 49 500 € la première année ; 60 000 € imprimés s’en écartent "
        "de 10 500 €.",
        posts_method,
        formula="postes",
    ),
    Check(
        "A21",
        "Économie différente de la montée en charge",
        Severity.ERROR,
        "3",
        "Chaque montant annuel d’une ligne valorisée par une montée en charge, comparé aux postes × coût × taux.",
        "La montée en charge imprimée est la promesse année par année ; un autre montant la contredit.",
        "Contrat, article 3",
        "Trois postes à 33 000 € et un taux de 40 % font 39 600 € ; 49 500 € imprimés s’en écartent de 9 900 €.",
        ramp_method,
        formula="montee-en-charge",
    ),
    Check(
        "A22",
        "Économie différente de la part de la base",
        Severity.WARNING,
        "3",
        "Le montant pérenne d’une ligne valorisée par une part, comparé au taux appliqué à la base imprimée ; chaque "
        "montant annuel aussi, quand le contrat dit la montée en charge.",
        "La base est souvent arrondie dans le texte : l’écart peut venir de cet arrondi, et se vérifie.",
        "Contrat, article 3",
        "CAP2030 : 20 % de 1 300 000 € font 260 000 € ; le tableau imprime 265 000 €.",
        share_method,
        seen_in="cap2030",
        formula="part-d-une-base",
    ),
    Check(
        "A23",
        "Titre 2 : économies en AE différentes des CP",
        Severity.ERROR,
        "3",
        "Chaque année des lignes d’économies de titre 2.",
        "Un emploi supprimé libère autant d’AE que de CP la même année.",
        "Loi organique relative aux lois de finances, article 8",
        "Une ligne d’emplois qui économise 50 000 € d’AE et 45 000 € de CP en 2021.",
        staff_ae_cp,
    ),
    Check(
        "A24",
        "Aucune économie chiffrée",
        Severity.WARNING,
        "3",
        "La présence d’au moins un montant, annuel ou pérenne, dans les lignes d’économies.",
        "La règle du fonds est d’un euro d’économie par euro investi : sans montant, elle ne peut pas être vérifiée.",
        "Règlement du fonds ; contrat, article 3",
        "Lean management : l’article 5.2 compare les économies aux prévisions du contrat ; l’article 3 n’en chiffre "
        "aucune.",
        nothing_valued,
        seen_in="lean-management",
    ),
    Check(
        "A25",
        "Économie hors des années suivies",
        Severity.WARNING,
        "3",
        "L’année de chaque économie : de la première année de financement à trois ans après la dernière.",
        "Une économie promise hors de ces années ne sera constatée par aucun dossier.",
        _ARTICLE_3,
        "Un contrat financé jusqu’en 2022 qui promet une économie en 2026 : le suivi s’arrête en 2025.",
        year_outside,
    ),
    Check(
        "A26",
        "Ligne d’économies en double",
        Severity.WARNING,
        "3",
        "Les lignes qui portent le même libellé, le même titre, le même programme et la même méthode.",
        "La même économie comptée deux fois double le retour annoncé.",
        "Règle de gestion du suivi",
        "Deux lignes « Frais de déplacement », titre 3, programme 0354, valorisées par une part de la même base.",
        duplicate_lines,
    ),
    Check(
        "A27",
        "Unité douteuse des économies",
        Severity.WARNING,
        "3",
        "L’ordre de grandeur des économies, dans l’unité où leur table est imprimée, et d’une ligne à l’autre.",
        "Une table en k€ saisie en euros multiplie les économies par mille, sans qu’aucun total ne le montre.",
        "Règle de gestion du suivi",
        "Une table en k€ dont les économies portent 49 500 et 99 000 : les montants sont sans doute en euros.",
        units,
        formula="unites",
    ),
    Check(
        "A34",
        "Économie antérieure à la signature",
        Severity.WARNING,
        "3",
        "L’année de chaque économie, comparée à celle de la signature du contrat.",
        "Une économie déjà acquise quand le contrat est signé n’est pas un effet du financement.",
        _ARTICLE_3,
        "CAP2030 : 10 000 € de prestations internalisées sont comptés en 2020, le contrat est signé le 31 mai 2021.",
        before_signature,
        seen_in="cap2030",
    ),
)
