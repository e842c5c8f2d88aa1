"""What the tranches of a contract contradict: the plan in force, the fund's envelope, the contract's years."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils import timezone

from budget.planned import fund_plan_by_year
from budget.tranches.calc import TrancheYear
from budget.tranches.decided import decided_by_year, decided_of
from budget.tranches.enums import TrancheKind
from budget.tranches.selectors import open_credits
from contracts.checks.frame import last_year
from contracts.checks.registry import Check, Finding, Severity
from contracts.checks.words import amount_text, compared
from contracts.lifecycle.calc import Event, stopped_by
from contracts.lifecycle.selectors import recorded_events
from contracts.models import ContractVersion
from figures.ae_cp import NOTHING, AeCp, minus, total
from figures.formats import short_date_fr

FEWEST_LETTERS: Final = 10


@dataclass(frozen=True, slots=True)
class TrancheFact:
    """A tranche that was decided, in euros; `has_filing`: the decision rests on one.

    `stopped`: the acts done while the contract's funding was stopped, in French with their day and what stopped it.
    """

    year: int
    kind: str
    is_fixed: bool
    given: AeCp
    reason: str
    has_filing: bool
    made_available_on: date | None
    stopped: tuple[tuple[str, date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TrancheFacts:
    """Decided tranches with the plan in force, the fund's envelopes and what the fund gave, by year, in euros."""

    first_year: int
    last_year: int
    tranches: Sequence[TrancheFact]
    planned: Mapping[int, AeCp]
    envelopes: Mapping[int, AeCp]
    given: Mapping[int, AeCp]


def read_tranches(version: ContractVersion, by: date | None = None) -> TrancheFacts | None:
    """What is decided on a day, today without day, the first year fixed by the contract included.

    Three queries, and nothing to say, while no tranche is decided; six otherwise, ten with an envelope recorded.
    """
    contract, on = version.contract, by or timezone.localdate()
    decided = decided_of(contract, on)
    if not decided:
        return None
    plan = fund_plan_by_year([version])[0]
    envelopes = open_credits(decided, on)
    events = recorded_events(contract)
    return TrancheFacts(
        first_year=contract.first_year,
        last_year=last_year(version),
        tranches=tuple(_fact(decided[year], events) for year in sorted(decided)),
        planned={year: pair for (_, year), pair in plan.items()},
        envelopes=envelopes,
        given=decided_by_year(envelopes, on) if envelopes else {},
    )


def _fact(one: TrancheYear, events: Sequence[Event]) -> TrancheFact:
    acts = [("mise à disposition", one.made_available_on)]
    if not one.is_fixed:
        acts.insert(0, ("décision", one.decided_on))
    acts += [("complément", one_more.on) for one_more in one.complements]
    stops = [(word, day, stopped_by(events, day)) for word, day in acts if day is not None]
    return TrancheFact(
        one.year,
        one.kind,
        one.is_fixed,
        one.decided,
        one.reason,
        one.rests_on is not None,
        one.made_available_on,
        tuple((word, day, stop.label) for word, day, stop in stops if stop is not None),
    )


def above_plan(facts: TrancheFacts) -> Iterator[Finding]:
    """A tranche gives more than the plan in force promises in its year."""
    for one in facts.tranches:
        yield from _above(
            one.given,
            facts.planned.get(one.year, NOTHING),
            f"{one.year}",
            f"Tranche {one.year}",
            "Le plan en vigueur promet moins que ce que la tranche donne.",
        )


def above_life(facts: TrancheFacts) -> Iterator[Finding]:
    """All the tranches together give more than the whole plan in force."""
    given = AeCp(total(one.given.ae for one in facts.tranches), total(one.given.cp for one in facts.tranches))
    planned = AeCp(total(one.ae for one in facts.planned.values()), total(one.cp for one in facts.planned.values()))
    told = "Les tranches décidées donnent plus que tout le plan en vigueur."
    yield from _above(given, planned, "total", "Toutes les tranches", told)


def above_envelope(facts: TrancheFacts) -> Iterator[Finding]:
    """The fund gave more in a year than its envelope: the first tranches are due, and an envelope may be lowered."""
    for one in facts.tranches:
        yield from _above(
            facts.given.get(one.year, NOTHING),
            facts.envelopes.get(one.year, NOTHING),
            f"{one.year}",
            f"Tranche {one.year}",
            "La somme des tranches du fonds dépasse son enveloppe de l’année, crédits reportés compris.",
        )


def _above(given: AeCp, limit: AeCp, locus: str, where: str, told: str) -> Iterator[Finding]:
    for word, more, less in (("AE", given.ae, limit.ae), ("CP", given.cp, limit.cp)):
        excess = minus(more, less)
        if more is not None and less is not None and excess is not None and excess > 0:
            yield Finding(f"{locus} {word}", f"{where}, {word}", told, **compared(more, less))


def withheld_without_reason(facts: TrancheFacts) -> Iterator[Finding]:
    """The database asks for a reason; it cannot tell whether « - » is one."""
    for one in facts.tranches:
        if one.kind in (TrancheKind.REDUCED, TrancheKind.WITHHELD):
            letters = sum(letter.isalpha() for letter in one.reason)
            if letters < FEWEST_LETTERS:
                yield Finding(
                    locus=f"{one.year}",
                    where=f"Tranche {one.year}",
                    printed=f"«\u00a0{one.reason}\u00a0»",
                    explanation=f"La tranche est {TrancheKind(one.kind).label.lower()} sans motif lisible\u00a0: le "
                    "porteur ne sait pas ce qui lui manque.",
                )


def withheld_without_filing(facts: TrancheFacts) -> Iterator[Finding]:
    for one in facts.tranches:
        if one.kind in (TrancheKind.REDUCED, TrancheKind.WITHHELD) and not one.has_filing:
            yield Finding(
                locus=f"{one.year}",
                where=f"Tranche {one.year}",
                printed=amount_text(one.given.ae or Decimal(0)),
                explanation="La décision ne renvoie à aucun dossier de suivi\u00a0: rien ne dit sur quel avancement "
                "elle repose.",
            )


def tranche_outside(facts: TrancheFacts) -> Iterator[Finding]:
    """A tranche of a year without funding, or made available after the contract's last year."""
    for one in facts.tranches:
        late = one.made_available_on is not None and one.made_available_on.year > facts.last_year
        if late or not facts.first_year <= one.year <= facts.last_year:
            day = one.made_available_on
            yield Finding(
                locus=f"{one.year}",
                where=f"Tranche {one.year}",
                printed=f"mise à disposition le {short_date_fr(day)}" if late else str(one.year),
                explanation=f"Le contrat est financé de {facts.first_year} à {facts.last_year}.",
            )


def given_while_stopped(facts: TrancheFacts) -> Iterator[Finding]:
    """An act that a suspension or an end recorded since, at an earlier day, makes impossible."""
    for one in facts.tranches:
        for word, day, stop in one.stopped:
            yield Finding(
                locus=f"{one.year} {word}",
                where=f"Tranche {one.year}",
                printed=f"{word} le {short_date_fr(day)}",
                explanation=f"Le financement du contrat était arrêté ce jour-là ({stop.lower()})\u00a0: rien de "
                "nouveau ne pouvait être accordé.",
            )


_ARTICLE_6: Final = "Contrat, article 6"
_OURS: Final = "Règle de gestion du suivi"

CHECKS: Final = (
    Check(
        "A60",
        "Tranche supérieure au plan de l’année",
        Severity.WARNING,
        "6",
        "Les AE et les CP de chaque tranche décidée, comparés au plan en vigueur du FTAP pour la même année.",
        "Donner plus que le plan demande un avenant ; après une révision à la baisse, la tranche est à reprendre.",
        _ARTICLE_6,
        "Une tranche 2021 de 200 000 € d’AE quand le plan en vigueur en prévoit 150 000 : l’excédent est de 50 000 €.",
        above_plan,
    ),
    Check(
        "A61",
        "Enveloppe du fonds dépassée",
        Severity.ERROR,
        "6",
        "La somme des tranches de tous les contrats, année par année, comparée à l’enveloppe votée et reportée.",
        "La base de données refuse une décision au-delà de l’enveloppe ; les premières tranches, dues par les "
        "contrats, peuvent encore la dépasser.",
        "Loi de finances ; contrat, article 6 (« dans la limite des crédits disponibles »)",
        "Une enveloppe de 1 000 000 € d’AE pour 1 050 000 € de tranches fixées à la signature.",
        above_envelope,
    ),
    Check(
        "A62",
        "Montant retenu sans motif lisible",
        Severity.WARNING,
        "6",
        f"Le motif des tranches réduites ou retenues : {FEWEST_LETTERS} lettres au moins.",
        "Le porteur doit savoir ce qui lui est retenu et ce qu’il doit faire pour l’obtenir.",
        _OURS,
        "Une tranche retenue dont le motif est « - ».",
        withheld_without_reason,
    ),
    Check(
        "A63",
        "Tranches supérieures au contrat",
        Severity.ERROR,
        "6",
        "La somme des tranches décidées, comparée au total du plan en vigueur.",
        "Le fonds aurait donné plus qu’il n’a promis sur toute la durée.",
        _ARTICLE_6,
        "Trois tranches de 200 000 € pour un plan de 450 000 €.",
        above_life,
    ),
    Check(
        "A64",
        "Tranche réduite sans dossier de suivi",
        Severity.WARNING,
        "6",
        "Le dossier de suivi sur lequel repose chaque tranche réduite ou retenue.",
        "L’article 6 fait dépendre les tranches de l’avancement et des indicateurs, que seul un dossier constate.",
        _ARTICLE_6,
        "Une tranche réduite à 80 000 € sans dossier cité.",
        withheld_without_filing,
    ),
    Check(
        "A65",
        "Tranche hors des années du contrat",
        Severity.WARNING,
        "6",
        "L’année de chaque tranche et sa mise à disposition, comparées aux années de financement.",
        "Des crédits mis à disposition après la fin du contrat ne peuvent plus servir à ce qu’il promet.",
        _ARTICLE_6,
        "Un contrat financé de 2020 à 2022 dont une tranche est mise à disposition le 15 janvier 2023.",
        tranche_outside,
    ),
    Check(
        "A66",
        "Tranche accordée pendant un arrêt du financement",
        Severity.WARNING,
        "6",
        "Le jour de chaque décision et de chaque mise à disposition, comparé aux suspensions et à la fin du contrat.",
        "Rien de nouveau ne s’accorde pendant une suspension : l’une des deux dates est fausse, ou la suspension a été "
        "enregistrée après coup.",
        "Contrat, articles 6 et 8",
        "Une tranche mise à disposition le 15 mars, pour un contrat suspendu du 1er mars au 1er avril.",
        given_while_stopped,
    ),
)
