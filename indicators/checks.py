"""What the indicators of a version contradict or leave out: targets, baseline, unit, direction, doubles."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

from contracts.checks.frame import last_year
from contracts.checks.registry import Check, Finding, Severity
from contracts.checks.words import several
from contracts.models import ContractVersion
from contracts.parts import standing
from figures import formats
from figures.formats import short_date_fr
from indicators.enums import Direction, IndicatorKind, Orientation, TargetOperator
from indicators.models import Target

PERCENT: Final = "%"
FEWEST_RESULTS: Final = 2


@dataclass(frozen=True, slots=True)
class TargetFact:
    """What is promised on a day; the day and the value may be unknown."""

    on: date | None
    operator: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class IndicatorFact:
    """An indicator with its targets, in the order of their days."""

    key: str
    label: str
    article: str
    kind: str
    orientation: str
    unit: str
    direction: str
    baseline: Decimal | None
    baseline_on: date | None
    targets: tuple[TargetFact, ...]

    @property
    def is_measured(self) -> bool:
        """Whether it promises something of its own; follow-up of credits and savings is promised elsewhere."""
        return self.kind != IndicatorKind.PROGRESS and self.orientation != Orientation.SAVINGS


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """The indicators that a version knows, and its years of funding."""

    first_year: int
    last_year: int
    indicators: Sequence[IndicatorFact]


def read_indicators(version: ContractVersion) -> IndicatorFacts:
    """Two queries: indicators and targets."""
    targets: defaultdict[int, list[TargetFact]] = defaultdict(list)
    for row in Target.objects.filter(version=version).order_by("on", "pk"):
        targets[row.indicator_id].append(TargetFact(row.on, row.operator, row.value))
    known = standing(version.contract.indicators.all(), version, "targets").order_by("position", "pk")
    return IndicatorFacts(
        first_year=version.contract.first_year,
        last_year=last_year(version),
        indicators=tuple(
            IndicatorFact(
                one.key,
                one.label,
                one.article,
                one.kind,
                one.orientation,
                one.unit,
                one.direction,
                one.baseline,
                one.baseline_on,
                tuple(targets[one.pk]),
            )
            for one in known
        ),
    )


def target_outside(facts: IndicatorFacts) -> Iterator[Finding]:
    """A target before the first day of funding, or after the last one."""
    for one in facts.indicators:
        out = [row.on for row in one.targets if row.on and not facts.first_year <= row.on.year <= facts.last_year]
        if out:
            yield _of(
                one,
                f"Le contrat est financé de {facts.first_year} à {facts.last_year}.",
                printed=f"cible au {several([short_date_fr(day) for day in out])}",
            )


def no_baseline(facts: IndicatorFacts) -> Iterator[Finding]:
    """Progress cannot be told from where it started."""
    for one in facts.indicators:
        if one.is_measured and one.targets and one.baseline is None:
            yield _of(one, "Aucune valeur initiale lisible\u00a0: le progrès accompli ne peut pas être mesuré.")


def baseline_undated(facts: IndicatorFacts) -> Iterator[Finding]:
    for one in facts.indicators:
        if one.baseline is not None and one.baseline_on is None:
            yield _of(
                one,
                "La valeur initiale n’est pas datée\u00a0: l’attendu entre deux cibles ne peut pas en partir.",
                printed=formats.number(one.baseline, None),
            )


def target_undated(facts: IndicatorFacts) -> Iterator[Finding]:
    for one in facts.indicators:
        undated = [row for row in one.targets if row.on is None]
        if undated:
            values = [formats.number(row.value, None) for row in undated]
            yield _of(one, "La cible n’est pas datée\u00a0: rien ne dit quand elle sera due.", printed=several(values))


def no_target(facts: IndicatorFacts) -> Iterator[Finding]:
    for one in facts.indicators:
        if one.is_measured and not one.targets:
            yield _of(one, "L’indicateur n’a aucune cible\u00a0: il se suit sans pouvoir être atteint.")


def no_unit(facts: IndicatorFacts) -> Iterator[Finding]:
    """Without unit, or with one that its own label contradicts."""
    for one in facts.indicators:
        words = one.label.lower()
        if not one.unit.strip():
            yield _of(one, "L’indicateur n’a pas d’unité.")
        elif words.startswith("nombre") and one.unit == PERCENT:
            yield _of(one, "L’intitulé annonce un nombre, l’unité est un pourcentage.", printed=one.unit)
        elif words.startswith(("taux", "part ")) and one.unit != PERCENT:
            yield _of(one, "L’intitulé annonce un taux, l’unité n’est pas un pourcentage.", printed=one.unit)


def direction_contradicted(facts: IndicatorFacts) -> Iterator[Finding]:
    """Values that go the other way than the indicator says, from the baseline to the last target."""
    for one in facts.indicators:
        values = [
            row.value for row in one.targets if row.value is not None and row.operator != TargetOperator.REDUCTION
        ]
        known = [one.baseline, *values] if one.baseline is not None else values
        falls = any(after < before for before, after in pairwise(known))
        rises = any(after > before for before, after in pairwise(known))
        wrong = falls and not rises if one.direction == Direction.RISING else rises and not falls
        operators = {row.operator for row in one.targets}
        against = {TargetOperator.AT_MOST, TargetOperator.LESS_THAN, TargetOperator.REDUCTION}
        if one.direction == Direction.FALLING:
            against = {TargetOperator.AT_LEAST, TargetOperator.MORE_THAN}
        if wrong or operators & against:
            yield _of(
                one,
                f"L’indicateur est dit {Direction(one.direction).label.lower()} et ses cibles vont dans l’autre sens.",
                printed=several([formats.number(value, None) for value in known]) if known else "",
            )


def duplicates(facts: IndicatorFacts) -> Iterator[Finding]:
    found: dict[str, list[IndicatorFact]] = defaultdict(list)
    for one in facts.indicators:
        found[one.label.lower()].append(one)
    for alike in found.values():
        if len(alike) > 1:
            yield _of(
                alike[0],
                "Plusieurs indicateurs portent le même intitulé\u00a0: leurs mesures se confondront.",
                printed=f"{len(alike)} indicateurs",
            )


def too_few_results(facts: IndicatorFacts) -> Iterator[Finding]:
    """Article 5.2 asks for two at least on the quality of service or the conditions of work."""
    told = [one for one in facts.indicators if one.is_measured and one.orientation != Orientation.PROGRESS]
    if len(told) < FEWEST_RESULTS:
        yield Finding(
            locus="indicateurs",
            where="Indicateurs de résultat et d’impact",
            printed=str(len(told)),
            computed=f"{FEWEST_RESULTS} au moins",
            explanation="L’article 5.2 en demande deux sur la qualité de service ou les conditions de travail.",
        )


def _of(one: IndicatorFact, told: str, *, printed: str = "") -> Finding:
    return Finding(locus=one.key, where=one.label, explanation=told, article=one.article, printed=printed)


_ARTICLE_5: Final = "Contrat, article 5"
_OURS: Final = "Règle de gestion du suivi"

CHECKS: Final = (
    Check(
        "A50",
        "Cible hors des années du contrat",
        Severity.WARNING,
        "5",
        "La date de chaque cible, comparée aux années de financement.",
        "Une cible antérieure au contrat ne peut plus être atteinte par lui ; une cible postérieure ne sera constatée "
        "par aucun dossier.",
        _ARTICLE_5,
        "Lab MINNOV : le tableau prévoit des cibles à fin 2021, le laboratoire ouvre en 2022.",
        target_outside,
        seen_in="lab-minnov",
    ),
    Check(
        "A51",
        "Indicateur sans valeur initiale",
        Severity.WARNING,
        "5.2",
        "La valeur initiale des indicateurs de résultat et d’impact qui ont une cible.",
        "Sans point de départ, une cible atteinte peut n’être aucun progrès.",
        _ARTICLE_5,
        "Incub-O : le délai de traitement doit baisser de 50 % sans que le délai de départ soit donné.",
        no_baseline,
        seen_in="incub-o",
    ),
    Check(
        "A52",
        "Unité absente ou contraire à l’intitulé",
        Severity.WARNING,
        "5",
        "L’unité de chaque indicateur, et ce que dit son intitulé : un nombre, un taux, une part.",
        "Une mesure saisie en nombre contre une cible en pourcentage ne se compare à rien.",
        _ARTICLE_5,
        "CAP2030 : l’indicateur OSMOSE s’intitule « Nombre d’agents… » et s’exprime en pourcentage.",
        no_unit,
        seen_in="cap2030",
    ),
    Check(
        "A53",
        "Sens contraire aux cibles",
        Severity.ERROR,
        "5",
        "Le sens de chaque indicateur, comparé à la suite de ses valeurs et à la comparaison de ses cibles.",
        "Un indicateur lu à l’envers est dit en retard quand il est atteint.",
        _OURS,
        "Un indicateur dit à la hausse qui part de 80 pour viser 60.",
        direction_contradicted,
    ),
    Check(
        "A54",
        "Indicateur sans cible",
        Severity.WARNING,
        "5.2",
        "La présence d’une cible au moins pour chaque indicateur de résultat ou d’impact, économies à part.",
        "Un indicateur sans cible se suit, mais ne peut être ni tenu ni manqué.",
        _ARTICLE_5,
        "Lean management : les projets qui améliorent la qualité de service se comptent sans cible.",
        no_target,
        seen_in="lean-management",
    ),
    Check(
        "A55",
        "Indicateurs de même intitulé",
        Severity.WARNING,
        "5",
        "Les intitulés des indicateurs du contrat.",
        "Deux indicateurs que rien ne distingue se saisissent à la place l’un de l’autre.",
        _OURS,
        "Deux indicateurs « Taux de satisfaction » sans autre précision.",
        duplicates,
    ),
    Check(
        "A56",
        "Moins de deux indicateurs de résultat",
        Severity.WARNING,
        "5.2",
        "Le nombre d’indicateurs de résultat ou d’impact sur les usagers ou les agents.",
        "Le contrat doit dire ce que la dépense change pour ceux qu’elle sert, pas seulement ce qu’elle achète.",
        "Contrat, article 5.2",
        "Un contrat dont le seul indicateur de résultat est le montant des économies.",
        too_few_results,
    ),
    Check(
        "A57",
        "Cible sans date",
        Severity.WARNING,
        "5",
        "La date de chaque cible.",
        "Une cible sans date n’est due aucun jour : l’attendu ne peut pas être calculé.",
        _ARTICLE_5,
        "Une cible de 1,3 M€ d’économies que l’article 5.2 ne date pas.",
        target_undated,
    ),
    Check(
        "A58",
        "Valeur initiale sans date",
        Severity.INFO,
        "5.2",
        "La date de chaque valeur initiale.",
        "L’attendu entre deux cibles part de la valeur initiale : sans date, il ne peut pas en partir.",
        _ARTICLE_5,
        "Lab MINNOV : les valeurs actuelles du tableau ne sont pas datées.",
        baseline_undated,
        seen_in="lab-minnov",
    ),
)
