"""Why an act on a tranche is refused: its day, its amounts, the filing it rests on, the fund's envelope.

Each raises `TrancheError`, in French, at the field that is wrong; `services` asks them before it writes.
"""

from datetime import date
from decimal import Decimal

from django.utils.timezone import localdate

from budget.models import FundEnvelope, FundingTranche
from budget.tranches.calc import (
    EnvelopeYear,
    TrancheYear,
    above_envelope,
    above_open,
    below_decisions,
    complement_room,
    room,
)
from budget.tranches.envelopes import acts_of
from budget.tranches.errors import TrancheError
from budget.tranches.proposal import without_plan
from budget.tranches.selectors import Standing, envelope_of
from contracts.fields import amount
from contracts.models import Contract
from figures.ae_cp import AeCp
from figures.formats import date_fr, euros
from monitoring.models import Filing
from monitoring.reality import COUNTING_STATES


def require_past(on: date) -> None:
    """Refuses an act that is to come."""
    if on > localdate():
        raise TrancheError("Cette date est à venir\u00a0: un acte s’enregistre quand il a eu lieu.", "on")


def check_after_decision(row: FundingTranche, on: date, act: str) -> None:
    """No act upon a decision before its day: as of a day between the two, it would not have been taken."""
    if row.decided_on is not None and on < row.decided_on:
        raise TrancheError(f"{act} ne peut pas précéder la décision du {date_fr(row.decided_on)}.", "on")


def check_after_last_move(row: FundingTranche, on: date, act: str) -> None:
    """No act before what was last done with the tranche: the withdrawal of a decision, a complement."""
    last = row.moves.order_by("-at", "-pk").values_list("on", flat=True).first()
    if last is not None and on < last:
        raise TrancheError(f"{act} ne peut pas précéder l’acte du {date_fr(last)}.", "on")


def check_amounts(now: Standing, year: int, wanted: AeCp) -> None:
    """The plan prints the year, and what is asked fits in what the other tranches leave of it."""
    asked = now.situation.year(year)
    if asked is None or not asked.is_planned:
        raise TrancheError(_without_plan(asked, year))
    left = room(now.situation, year)
    for word, of, one, most in (("AE", "d’AE", wanted.ae, left.ae), ("CP", "de CP", wanted.cp, left.cp)):
        if one is None or one < 0:
            raise TrancheError(
                f"Le montant des {word} manque ou est négatif\u00a0; écrivez 0 pour ne rien accorder.", word.lower()
            )
        if most is not None and one > most:
            raise TrancheError(
                f"{euros(one)} {of}\u00a0: le plan de financement n’en laisse que {euros(max(most, Decimal(0)))}, "
                "les autres tranches décidées déduites.",
                word.lower(),
            )


def _without_plan(asked: TrancheYear | None, year: int) -> str:
    told = without_plan(asked, year)
    return f"{told[0].upper()}{told[1:]}\u00a0: complétez-le d’abord."


def check_complement(now: Standing, year: int, added: AeCp) -> TrancheYear:
    """Something is added, none of it negative, within what the plan leaves; gives back the year as it stands."""
    asked, most = now.situation.year(year), complement_room(now.situation, year)
    if asked is None or most.ae is None or most.cp is None:
        raise TrancheError(_without_plan(asked, year))
    for word, of, one, limit in (("AE", "d’AE", added.ae, most.ae), ("CP", "de CP", added.cp, most.cp)):
        if one is None or one < 0:
            told = f"Le montant des {word} manque ou est négatif\u00a0; écrivez 0 pour ne rien ajouter."
            raise TrancheError(told, word.lower())
        if one > limit:
            raise TrancheError(
                f"{euros(one)} {of} de complément\u00a0: le plan en vigueur n’en laisse que {euros(limit)}, "
                "ce qui est déjà décidé déduit.",
                word.lower(),
            )
    if not added.ae and not added.cp:
        raise TrancheError("Un complément ajoute des AE ou des CP.", "ae")
    return asked


def check_filing(contract: Contract, filing: Filing | None) -> None:
    """A decision rests on a filing of its own contract, submitted at least."""
    if filing is None:
        return
    if filing.contract_id != contract.pk:
        raise TrancheError("Ce dossier de suivi est celui d’un autre contrat.", "filing")
    if filing.state not in COUNTING_STATES:
        raise TrancheError("Une décision s’appuie sur un dossier de suivi soumis.", "filing")


def check_envelope(year: int, wanted: AeCp, on: date) -> EnvelopeYear:
    """The envelope's row is held, so that two decisions at once cannot both fit; later decisions count too."""
    FundEnvelope.objects.select_for_update().filter(year=year).first()
    envelope = envelope_of(year, on, with_later=True)
    if envelope is None:
        raise TrancheError(_without_envelope(year))
    gap = above_envelope(envelope, wanted)
    for field, words, one, missing, left in (
        ("ae", "d’AE", wanted.ae, gap.ae, envelope.left.ae),
        ("cp", "de CP", wanted.cp, gap.cp, envelope.left.cp),
    ):
        if missing is not None:
            raise TrancheError(
                f"{euros(one)} {words} pour {euros(left)} restant dans l’enveloppe {year}\u00a0: "
                f"il manque {euros(missing)}.",
                field,
            )
    return envelope


def _without_envelope(year: int) -> str:
    """Nothing is recorded, or nothing of that day or before."""
    acts = acts_of([year]).get(year)
    if not acts:
        return f"L’enveloppe du fonds pour {year} n’est pas enregistrée\u00a0: commencez par elle."
    first = date_fr(min(one.dated_on for one in acts))
    return (
        f"L’enveloppe du fonds pour {year} date du {first}\u00a0: rien ne se décide ni ne se met à disposition avant."
    )


def check_open(row: FundingTranche, on: date) -> None:
    """All that was made available stays within what is voted and carried over."""
    FundEnvelope.objects.select_for_update().filter(year=row.year).first()
    envelope = envelope_of(row.year, on, with_later=True)
    if envelope is None:
        raise TrancheError(_without_envelope(row.year), "on")
    gap = above_open(envelope, AeCp(amount(row.ae), amount(row.cp)))
    for words, missing in (("d’AE", gap.ae), ("de CP", gap.cp)):
        if missing is not None:
            told = f"il manque {euros(missing)} {words} dans l’enveloppe {row.year}"
            raise TrancheError(f"La mise à disposition dépasse les crédits du fonds\u00a0: {told}.")


def check_not_below(year: int, now: EnvelopeYear | None) -> None:
    """An envelope is not set below what was decided upon it."""
    gap = below_decisions(now) if now else AeCp()
    for word, missing in (("AE", gap.ae), ("CP", gap.cp)):
        if missing is not None:
            told = f"Les tranches décidées pour {year} dépassent cette enveloppe de {euros(missing)} en {word}"
            raise TrancheError(f"{told}\u00a0: revenez d’abord sur une décision.")
