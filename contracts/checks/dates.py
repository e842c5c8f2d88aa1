"""Checks of dates, signatures and governance: what a version must bear to be held to."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from contracts.checks.frame import FrameFacts, PhaseFact
from contracts.checks.registry import Check, Finding, Severity
from contracts.checks.words import several
from contracts.enums import PartyRole
from figures.formats import short_date_fr

_WHO: Final = {
    PartyRole.HOLDER: "le porteur",
    PartyRole.DITP: "la direction interministérielle de la transformation publique",
    PartyRole.DB: "la direction du budget",
}


def undated_signature(facts: FrameFacts) -> Iterator[Finding]:
    undated = [one.name for one in facts.signatories if one.signed_on is None]
    if undated:
        yield Finding(
            locus="signataires",
            where=", ".join(undated),
            explanation="L’acte ne porte pas de date lisible pour ces signataires.",
            judged=tuple(undated),
        )


def undated_version(facts: FrameFacts) -> Iterator[Finding]:
    if facts.signed_on is None:
        yield Finding(
            locus="contrat",
            where=facts.name,
            explanation="L’acte ne porte pas de date lisible\u00a0: il vaut depuis la première année du contrat.",
        )


def missing_signature(facts: FrameFacts) -> Iterator[Finding]:
    """Nobody signed for a party; an organisation that is party in two qualities signs once for both."""
    signed = {one.role for one in facts.signatories}
    bound = {organisation for role, organisation in facts.parties if role in signed}
    for role in PartyRole:
        organisations = {organisation for one, organisation in facts.parties if one == role}
        if role not in signed and not organisations & bound:
            yield Finding(
                locus=role.value,
                where=facts.name,
                explanation=f"Aucune signature ne figure à l’acte pour {_WHO[role]}.",
                judged=tuple(one.name for one in facts.signatories),
            )


def contract_date_not_last(facts: FrameFacts) -> Iterator[Finding]:
    """The date of an act is its last signature's."""
    last = max((one.signed_on for one in facts.signatories if one.signed_on), default=None)
    if last is not None and facts.signed_on is not None and last != facts.signed_on:
        yield Finding(
            locus="contrat",
            where=facts.name,
            printed=short_date_fr(facts.signed_on),
            computed=short_date_fr(last),
            explanation="La date d’un acte est celle de sa dernière signature.",
        )


def effect_before_signature(facts: FrameFacts) -> Iterator[Finding]:
    if facts.signed_on and facts.in_force_from and facts.in_force_from < facts.signed_on:
        yield Finding(
            locus="contrat",
            where=facts.name,
            printed=short_date_fr(facts.in_force_from),
            computed=short_date_fr(facts.signed_on),
            explanation="L’acte prend effet avant d’avoir été signé.",
        )


def milestone_outside(facts: FrameFacts) -> Iterator[Finding]:
    """A milestone before the first year of funding, or after the last one."""
    for one in facts.phases:
        out = [day for day in (one.starts_on, one.ends_on) if day and not _within(facts, day)]
        if out:
            days = several([short_date_fr(day) for day in out])
            yield Finding(
                locus=one.key,
                where=one.label,
                printed=days,
                explanation=f"Le contrat est financé de {facts.first_year} à {facts.last_year}.",
                judged=(str(facts.first_year), str(facts.last_year)),
            )


def milestone_dates_inverted(facts: FrameFacts) -> Iterator[Finding]:
    """The database refuses it within a milestone; the calendar may still begin a phase after the contract's end."""
    for one in facts.phases:
        if _is_inverted(one):
            yield Finding(
                locus=one.key,
                where=one.label,
                printed=f"{short_date_fr(one.starts_on)} – {short_date_fr(one.ends_on)}",
                explanation="La fin précède le début.",
            )


def milestone_before_signature(facts: FrameFacts) -> Iterator[Finding]:
    """What was over when the contract was signed is no promise; an amendment keeps what is past."""
    if not facts.is_signature or facts.signed_on is None:
        return
    for one in facts.phases:
        if one.ends_on is not None and one.ends_on < facts.signed_on:
            yield Finding(
                locus=one.key,
                where=one.label,
                printed=short_date_fr(one.ends_on),
                computed=f"signé le {short_date_fr(facts.signed_on)}",
                explanation="L’étape était échue avant la signature\u00a0: le contrat ne pouvait plus la promettre.",
            )


def tranche_decided_from_first(facts: FrameFacts) -> Iterator[Finding]:
    fixed = facts.first_tranche_year or facts.first_year
    if facts.tranches_decided_from is not None and facts.tranches_decided_from <= fixed:
        yield Finding(
            locus="tranches",
            where=f"Tranche {fixed}",
            printed=f"décidée à partir de {facts.tranches_decided_from}",
            computed=f"fixée à la signature pour {fixed}",
            explanation="Le contrat fait fixer la même tranche par son plan et par le secrétariat du fonds.",
        )


def no_steering_committee(facts: FrameFacts) -> Iterator[Finding]:
    if not any("pilotage" in name.lower() or "copil" in name.lower() for name in facts.committees):
        known = several(list(facts.committees)) if facts.committees else "aucun comité n’est nommé"
        yield Finding(
            locus="comites",
            where="Gouvernance",
            printed=known,
            explanation="Aucun comité de pilotage n’est prévu\u00a0; l’article 8 lui confie pourtant la suspension des "
            "financements.",
        )


def _within(facts: FrameFacts, day: date) -> bool:
    return facts.first_year <= day.year <= facts.last_year


def _is_inverted(one: PhaseFact) -> bool:
    return one.starts_on is not None and one.ends_on is not None and one.ends_on < one.starts_on


_SIGNED: Final = "signatures"
_OURS: Final = "Règle de gestion du suivi"

DATES: Final = (
    Check(
        "A40",
        "Signature sans date",
        Severity.WARNING,
        _SIGNED,
        "La date de chaque signature de l’acte.",
        "Sans date, on ne sait ni quand l’engagement a été pris, ni si le délai d’instruction a été tenu.",
        "Contrat, signatures ; indicateurs de performance du programme 349",
        "Incub-O : aucune des trois signatures n’est datée.",
        undated_signature,
        seen_in="incub-o",
    ),
    Check(
        "A41",
        "Acte sans date",
        Severity.WARNING,
        _SIGNED,
        "La date du contrat ou de l’avenant, qui est celle de sa dernière signature.",
        "Une promesse sans date n’a pas de commencement : elle est réputée valoir depuis la première année.",
        "Contrat, signatures",
        "Incub-O : l’acte ne porte aucune date ; le texte annonce comme à venir un comité du 13 décembre 2018.",
        undated_version,
        seen_in="incub-o",
    ),
    Check(
        "A42",
        "Partie sans signature",
        Severity.WARNING,
        _SIGNED,
        "La présence d’une signature au moins pour le porteur, la DITP et la direction du budget.",
        "Un contrat de transformation engage trois parties ; celle qui n’a pas signé n’est pas tenue.",
        "Contrats de transformation, préambule et signatures",
        "Lean management : une seule signature, celle du délégué interministériel, porteur et contrepartie ; aucune "
        "pour la direction du budget.",
        missing_signature,
        seen_in="lean-management",
    ),
    Check(
        "A43",
        "Date de l’acte différente de la dernière signature",
        Severity.WARNING,
        _SIGNED,
        "La date de l’acte, comparée à la plus tardive de ses signatures.",
        "L’engagement commence quand la dernière partie a signé, pas avant.",
        "Contrat, signatures",
        "Un contrat daté du 6 mai 2021 dont la dernière signature est du 31 mai 2021.",
        contract_date_not_last,
    ),
    Check(
        "A44",
        "Effet antérieur à la signature",
        Severity.WARNING,
        "8",
        "La date d’effet d’une version, comparée à celle de sa signature.",
        "Un avenant qui prend effet avant d’être signé change une promesse déjà suivie.",
        "Contrat, article 8",
        "Un avenant signé le 10 mars 2022 qui prend effet le 1er janvier 2022.",
        effect_before_signature,
    ),
    Check(
        "A45",
        "Jalon hors des années du contrat",
        Severity.WARNING,
        "4.1",
        "Le début et la fin de chaque phase ou jalon, comparés aux années de financement.",
        "Un jalon après la dernière année n’est plus financé ; un jalon avant la première ne l’est pas encore.",
        "Contrat, article 4.1 et article 2",
        "Un contrat financé de 2020 à 2022 dont la généralisation finit au premier trimestre 2023.",
        milestone_outside,
    ),
    Check(
        "A46",
        "Phase qui finit avant de commencer",
        Severity.ERROR,
        "4.1",
        "Le début et la fin de chaque phase.",
        "La base de données refuse une telle saisie ; le contrôle relit ce qui y serait entré autrement.",
        "Contrat, article 4.1",
        "Une phase qui commence le 1er juillet 2021 et finit le 30 juin 2021.",
        milestone_dates_inverted,
    ),
    Check(
        "A47",
        "Tranche fixée deux fois",
        Severity.WARNING,
        "6",
        "L’année de la tranche que la signature fixe, comparée à celle d’où le secrétariat décide.",
        "La première tranche est fixée par le plan ; si le secrétariat décide aussi la même année, deux montants "
        "peuvent valoir à la fois.",
        "Contrat, article 6",
        "Lab MINNOV : la première année de financement est 2022, et le secrétariat décide « en 2022, et les années "
        "suivantes ».",
        tranche_decided_from_first,
        seen_in="lab-minnov",
    ),
    Check(
        "A48",
        "Contrat sans comité de pilotage",
        Severity.WARNING,
        "4.2",
        "La présence d’un comité de pilotage parmi les instances de l’article 4.2.",
        "L’article 8 donne à ce comité le pouvoir de suspendre ou d’interrompre les financements.",
        "Contrat, articles 4.2 et 8",
        "Lab MINNOV : la gouvernance ne nomme qu’un comité stratégique.",
        no_steering_committee,
        seen_in="lab-minnov",
    ),
    Check(
        "A49",
        "Étape échue avant la signature",
        Severity.WARNING,
        "4.1",
        "La fin de chaque phase ou jalon, comparée à la date du contrat signé.",
        "Une étape déjà passée compte comme tenue d’avance dans le suivi du calendrier.",
        "Contrat, article 4.1 et signatures",
        "Lab MINNOV : le laboratoire ouvre au premier trimestre 2022, le contrat est signé le 10 mai 2022.",
        milestone_before_signature,
        seen_in="lab-minnov",
    ),
)
