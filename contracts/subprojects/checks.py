"""What the sub-projects of an umbrella contract contradict: how long each runs, how many a year, the fund's rule."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils import timezone

from contracts.checks.registry import Check, Finding, Severity
from contracts.checks.words import amount_text
from contracts.lifecycle.calc import Event, stopped_by
from contracts.lifecycle.selectors import recorded_events
from contracts.models import ContractVersion, SubProjectMove
from contracts.subprojects.calc import COUNTED, Consolidated, numbered
from contracts.subprojects.criteria import Grid, Verdict
from contracts.subprojects.enums import SubProjectState
from contracts.subprojects.selectors import is_umbrella, pipeline_of
from figures import formats
from figures.periods import months_after

Act = tuple[str, date]
"""The state that an act gave, and its day."""
Run = tuple[date, date | None]
"""From when to when it ran; None while it does."""


@dataclass(frozen=True, slots=True)
class SubProjectFact:
    """A sub-project: each time that it ran; the counted criteria that it breaks, those that are untold, in words.

    `stopped`: the acts done while the contract's funding was stopped, in French with their day and what stopped it.
    """

    number: int
    title: str
    runs: Sequence[Run]
    is_retained: bool
    broken: Sequence[tuple[str, str]]
    untold: Sequence[tuple[str, str]] = ()
    stopped: Sequence[tuple[str, date, str]] = ()


@dataclass(frozen=True, slots=True)
class SubProjectFacts:
    """What the contract writes of its sub-projects (None: nothing), those that are known on the day `on`, and the
    retained ones taken together.
    """

    on: date
    months: int | None
    a_year: int | None
    first_year: int
    last_year: int
    rows: Sequence[SubProjectFact]
    retained: Consolidated


def read_sub_projects(version: ContractVersion, by: date | None = None) -> SubProjectFacts | None:
    """Seven queries, nine with a day; none for a contract that is no umbrella, nothing to say before a sub-project."""
    contract = version.contract
    if not is_umbrella(contract):
        return None
    on = by or timezone.localdate()
    pipeline = pipeline_of(contract, by)
    if not pipeline.standings:
        return None
    acts: dict[int, list[Act]] = {}
    moves = SubProjectMove.objects.filter(sub_project__contract=contract, on__lte=on).order_by("on", "at", "pk")
    for pk, state, day in moves.values_list("sub_project_id", "to_state", "on"):
        acts.setdefault(pk, []).append((state, day))
    events = recorded_events(contract)
    return SubProjectFacts(
        on=on,
        months=contract.accompaniment_months,
        a_year=contract.sub_projects_a_year,
        first_year=contract.first_year,
        last_year=contract.last_year,
        rows=tuple(
            SubProjectFact(
                one.row.number,
                one.row.title,
                runs_of(acts.get(one.row.pk, ())),
                is_retained=one.row.state in COUNTED,
                broken=_counted(one.grid, Verdict.NOT_MET),
                untold=_counted(one.grid, Verdict.UNKNOWN),
                stopped=_stopped(acts.get(one.row.pk, ()), events),
            )
            for one in pipeline.standings
        ),
        retained=pipeline.retained,
    )


def _counted(found: Grid, verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """The criteria counted on the amounts that have this verdict, with what was computed."""
    return tuple(
        (row.criterion.label, row.detail) for row in found.rows if row.criterion.check and row.verdict == verdict
    )


GRANTING: Final = {SubProjectState.FRAMED: "cadrage", SubProjectState.RUNNING: "lancement"}
"""The acts that a stopped funding forbids, by the state that each gives."""


def _stopped(acts: Iterable[Act], events: Sequence[Event]) -> tuple[tuple[str, date, str], ...]:
    granted = [(GRANTING[SubProjectState(state)], day) for state, day in acts if state in GRANTING]
    stops = [(word, day, stopped_by(events, day)) for word, day in granted]
    return tuple((word, day, stop.label) for word, day, stop in stops if stop is not None)


def runs_of(acts: Iterable[Act]) -> tuple[Run, ...]:
    """Each launch with the day on which it ended; a sub-project that was abandoned may be launched again."""
    runs: list[Run] = []
    for state, day in acts:
        if state == SubProjectState.RUNNING:
            runs.append((day, None))
        elif runs and runs[-1][1] is None:
            runs[-1] = (runs[-1][0], day)
    return tuple(runs)


def too_long(facts: SubProjectFacts) -> Iterator[Finding]:
    """A sub-project accompanied for longer than the contract says, over or not, each time that it was."""
    if facts.months is None:
        return
    for one in facts.rows:
        for launched, ended in one.runs:
            limit = months_after(launched, facts.months)
            if (ended or facts.on) > limit:
                began, until = formats.short_date_fr(launched), formats.short_date_fr(ended) if ended else "en cours"
                yield Finding(
                    locus=f"{one.number} {launched}",
                    where=f"Sous-projet {one.number}, {one.title}",
                    printed=f"{facts.months} mois au plus",
                    computed=f"du {began} au {until}" if ended else until,
                    explanation=f"Lancé le {began}, le sous-projet devait finir au plus tard le "
                    f"{formats.short_date_fr(limit)}.",
                )


def too_few(facts: SubProjectFacts) -> Iterator[Finding]:
    """A year that is over, in which fewer sub-projects ran than the contract counts on."""
    for year in range(facts.first_year, min(facts.last_year + 1, facts.on.year)):
        if facts.a_year is None:
            return
        count = sum(_ran_in(one, year) for one in facts.rows)
        if count < facts.a_year:
            yield Finding(
                locus=f"{year}",
                where=f"{year}",
                printed=f"{facts.a_year} sous-projets",
                computed=f"{count} sous-projet{'s' if count > 1 else ''}",
                difference=formats.number(Decimal(count - facts.a_year), 0),
                explanation="Sont comptés les sous-projets en cours à un moment de l’année, d’après leurs actes datés.",
            )


def _ran_in(one: SubProjectFact, year: int) -> bool:
    return any(launched.year <= year and (ended is None or ended.year >= year) for launched, ended in one.runs)


def below_rule(facts: SubProjectFacts) -> Iterator[Finding]:
    """The retained sub-projects, taken together, give back less than the rule asks, or it cannot be told."""
    whole = facts.retained
    if whole.unpriced:
        yield Finding(
            locus="ensemble",
            where="Ensemble des sous-projets retenus",
            printed=f"{formats.number(whole.threshold, None)} demandé",
            computed=formats.NOT_COMPUTABLE,
            explanation=f"Aucun montant du fonds n’est renseigné pour {numbered(whole.unpriced)}\u00a0: le retour de "
            "l’ensemble ne peut pas être calculé.",
        )
    if whole.is_respected is False and whole.shortfall is not None:
        yield Finding(
            locus="ensemble",
            where="Ensemble des sous-projets retenus",
            printed=f"{formats.number(whole.threshold, None)} demandé",
            computed=formats.ratio(whole.ratio),
            explanation=f"Il manque {amount_text(whole.shortfall)} d’économies pérennes par an\u00a0: les exceptions "
            "ne sont admises que si l’ensemble respecte la règle.",
        )


def broken_criterion(facts: SubProjectFacts) -> Iterator[Finding]:
    """A retained sub-project whose amounts changed since, and break a criterion that is counted or leave it untold."""
    for one in (each for each in facts.rows if each.is_retained):
        for found, says in ((one.broken, "ne respectent plus"), (one.untold, "ne permettent plus de contrôler")):
            for label, detail in found:
                yield Finding(
                    locus=f"{one.number} {label}",
                    where=f"Sous-projet {one.number}, {one.title}",
                    printed=label,
                    computed=detail,
                    explanation=f"Le sous-projet est retenu, et ses montants d’aujourd’hui {says} ce critère.",
                )


def granted_while_stopped(facts: SubProjectFacts) -> Iterator[Finding]:
    """An act that a suspension or an end recorded since, at an earlier day, makes impossible."""
    for one in facts.rows:
        for word, day, stop in one.stopped:
            yield Finding(
                locus=f"{one.number} {word} {day}",
                where=f"Sous-projet {one.number}, {one.title}",
                printed=f"{word} le {formats.short_date_fr(day)}",
                explanation=f"Le financement du contrat était arrêté ce jour-là ({formats.lower_first(stop)})\u00a0: "
                "aucun sous-projet ne pouvait être retenu ni lancé.",
            )


_LEAN_4_1: Final = "Contrat Lean management, article 4.1"

CHECKS: Final = (
    Check(
        "A70",
        "Accompagnement plus long que prévu",
        Severity.WARNING,
        "4.1",
        "Le lancement et la fin de chaque sous-projet d’un dispositif, comparés à la durée que le contrat écrit.",
        "Au-delà, l’équipe du dispositif n’est plus disponible pour le sous-projet suivant.",
        f"{_LEAN_4_1} : l’accompagnement « ne devrait pas excéder six mois par projet »",
        "Un sous-projet lancé le 16 octobre 2023 et terminé le 30 avril 2024 : les six mois finissaient le 16 avril.",
        too_long,
    ),
    Check(
        "A71",
        "Moins de sous-projets accompagnés que prévu",
        Severity.WARNING,
        "5.1",
        "Le nombre de sous-projets en cours à un moment de chaque année achevée, comparé à l’objectif du contrat.",
        "Le plan de financement est établi pour ce nombre : en accompagner moins laisse des crédits sans emploi.",
        "Contrat Lean management, articles 4.1 et 5.1 : dix projets par an",
        "Deux sous-projets lancés en 2024 pour un objectif de dix : il en manque huit.",
        too_few,
    ),
    Check(
        "A72",
        "Retour consolidé sous la règle",
        Severity.ERROR,
        "3",
        "Les économies pérennes à trois ans des sous-projets retenus, rapportées aux CP du fonds.",
        "Une exception n’est admise que si l’ensemble respecte la règle ; un montant modifié depuis l’y fait manquer.",
        "Contrat Lean management, article 3",
        "Avec 680 000 € d’économies pour 700 000 € de CP, le retour est de 0,971 : il manque 20 000 € par an.",
        below_rule,
        formula="retour-consolide",
    ),
    Check(
        "A73",
        "Sous-projet retenu hors d’un critère chiffré",
        Severity.ERROR,
        "4.3",
        "Les trois critères qui se contrôlent sur les montants (cofinancement, plafond, retour), pour chaque "
        "sous-projet cadré, en cours ou terminé ; un critère que ses montants ne permettent pas de contrôler compte.",
        "Le critère était respecté quand le comité a décidé ; un montant modifié depuis peut rendre la décision sans "
        "fondement.",
        "Contrat Lean management, article 4.3",
        "Un sous-projet cadré à 1 900 000 €, porté ensuite à 2 100 000 € : le plafond est de 2 M€.",
        broken_criterion,
    ),
    Check(
        "A74",
        "Sous-projet retenu pendant un arrêt du financement",
        Severity.WARNING,
        "4.3",
        "Le jour du cadrage et du lancement de chaque sous-projet, comparé aux suspensions et à la fin du contrat.",
        "Rien de nouveau ne s’accorde pendant une suspension : l’une des deux dates est fausse, ou la suspension a été "
        "enregistrée après coup.",
        "Contrat Lean management, articles 4.3, 6 et 8",
        "Un sous-projet lancé le 15 mars 2024, pour un contrat suspendu du 1er mars au 1er avril.",
        granted_while_stopped,
    ),
)
