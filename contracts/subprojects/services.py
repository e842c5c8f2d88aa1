"""Writes of sub-projects: each checks who asks, and that the sub-project is still open; one transaction each.

Errors, in French, nothing written: `NotAllowedError` (wrong person), `StaleError` (written by somebody else meanwhile),
`FieldsRefused` (wrong values, each at its place), `SubProjectError` (state, conditions, suspension, dates). The
database refuses by constraint and by trigger what must never be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pghistory
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from djmoney.money import Money

from accounts.models import User
from contracts.checks.tallies import tally_soon
from contracts.evidence.examination import examine
from contracts.evidence.storage import stored_or_nothing
from contracts.lifecycle.selectors import stop_of
from contracts.models import (
    Contract,
    CriterionAnswer,
    FramingDocument,
    SelectionCriterion,
    SubProject,
    SubProjectMove,
    SubProjectYear,
)
from contracts.subprojects.calc import COUNTED, YearFigures
from contracts.subprojects.enums import GridAnswer
from contracts.subprojects.errors import FieldsRefused, NotAllowedError, StaleError, SubProjectError
from contracts.subprojects.permissions import PROPOSED, can_edit, can_except, can_move, can_propose
from contracts.subprojects.selectors import is_umbrella, missing_of, standing_of
from contracts.subprojects.transitions import Transition, transition
from figures.formats import date_fr, hour_fr

ONLY_UMBRELLA = "Ce contrat n’est pas un dispositif\u00a0: il n’a pas de sous-projets."
KEPT = "Ce sous-projet est retenu\u00a0: ce montant se corrige, il ne se vide pas. Tapez 0 s’il n’y en a plus."
CLOSED = "Ce sous-projet est terminé, refusé ou abandonné\u00a0: il ne change plus."


@dataclass(frozen=True, slots=True)
class Description:
    """What a sub-project is: its title, the administration that bears it, its object, what the fund pays for."""

    title: str
    holder: str
    purpose: str
    services: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to a criterion, by its code: `oui`, `non`, `sans_objet` or blank, and a comment."""

    criterion: str
    answer: str
    comment: str


def identify(*, contract: Contract, given: Description, actor: User, is_demo: bool = False) -> SubProject:
    """Add a sub-project to an umbrella contract, identified, with the next number."""
    if not is_umbrella(contract):
        raise SubProjectError(ONLY_UMBRELLA)
    if not can_propose(actor, contract):
        raise NotAllowedError("Les sous-projets sont proposés par le chef de projet du dispositif.")
    with _written_by(actor):
        held = Contract.objects.select_for_update(of=("self",)).select_related("holder__ministry").get(pk=contract.pk)
        last = held.sub_projects.order_by("-number").values_list("number", flat=True).first()
        row = SubProject(contract=held, number=(last or 0) + 1, updated_by=actor, is_demo=is_demo)
        _describe(row, given)
        row.save()
    return row


def describe(*, sub_project: SubProject, given: Description, revision: int, actor: User) -> SubProject:
    """Change what a sub-project is."""
    with _open(sub_project, actor, revision) as row:
        _describe(row, given)
        _save(row, actor)
    return row


def record_figures(
    *,
    sub_project: SubProject,
    years: Sequence[YearFigures],
    recurrent: Decimal | None,
    basis: str,
    revision: int,
    actor: User,
) -> SubProject:
    """Write the amounts of a sub-project, in euros: these years and no others. Blank is not stated, zero is zero.

    Refused: a year of funding outside the contract, savings later than they are followed, a negative amount, and at
    its place an amount that is blanked while the sub-project is retained.
    """
    _check_years(sub_project.contract, years)
    _check_amounts(years, recurrent)
    with _open(sub_project, actor, revision) as row:
        stored = {one.year: one for one in row.years.all()}
        wanted = {one.year: one for one in years if _says_something(one)}
        _check_kept(row, stored.values(), wanted, recurrent)
        for year, one in wanted.items():
            _write_year(stored.get(year) or SubProjectYear(sub_project=row, year=year), one)
        row.years.exclude(year__in=wanted).delete()
        row.recurrent, row.basis = _money(recurrent), basis.strip()
        _save(row, actor)
    return row


def answer_grid(*, sub_project: SubProject, given: Sequence[Answered], revision: int, actor: User) -> SubProject:
    """Write answers to criteria of the contract; only what changes bears a new author and instant.

    Refused at its place: a negative answer without comment, « sans objet » where the contract admits none, an answer to
    a criterion that is computed.
    """
    criteria = {one.code: one for one in sub_project.contract.criteria.order_by("position", "pk")}
    _check_answers(criteria, given)
    with _open(sub_project, actor, revision) as row:
        stored = {one.criterion_id: one for one in row.answers.all()}
        for one in given:
            _write_answer(row, criteria[one.criterion], stored.get(criteria[one.criterion].pk), one, actor)
        _save(row, actor)
    return row


def join_document(*, sub_project: SubProject, name: str, content: bytes, actor: User) -> FramingDocument:
    """Join the framing document, which replaces the one before; the file is examined before anything is stored.

    Errors besides: `EvidenceRefused` (the file).
    """
    with _open(sub_project, actor) as row:
        examined = examine(name, content)
        document = FramingDocument(
            sub_project=row,
            name=examined.name,
            content_type=examined.kind.content_type,
            size=examined.size,
            sha256=examined.sha256,
            uploaded_by=actor,
            file=ContentFile(content, name="document"),
        )
        with stored_or_nothing(document):
            document.save(force_insert=True)
    return document


def record_exception(*, sub_project: SubProject, reason: str, revision: int, actor: User) -> SubProject:
    """Take a sub-project although its return is too low, and say why; a blank reason takes the exception back.

    Refused: a reason when the contract admits no exception or when the return is not too low, and no reason once a
    sub-project with too low a return is retained.
    """
    with _open(sub_project, actor, revision, allowed=can_except) as row:
        excepted = standing_of(row).grid.refused_return
        if reason.strip() and excepted is None:
            raise SubProjectError("Aucune exception à motiver\u00a0: ce retour n’est pas insuffisant.")
        if not reason.strip() and excepted is not None and row.state not in PROPOSED:
            raise FieldsRefused({"reason": "Ce sous-projet est retenu\u00a0: son exception garde un motif."})
        row.exception = reason.strip()
        _save(row, actor)
    return row


def move(*, sub_project: SubProject, action: str, on: date, reason: str, actor: User, today: date) -> SubProject:
    """Move a sub-project along the table of transitions, on a day, with a reason where the table asks for one.

    Refused: an act that the table does not know from there, conditions not met, funding stopped, a day to come or
    earlier than the move before.
    """
    with _written_by(actor):
        # One decision at a time: two exceptions must not each lean on a whole that the other is about to join.
        Contract.objects.select_for_update(of=("self",)).get(pk=sub_project.contract_id)
        row = _held(sub_project)
        line = transition(action, row.state)
        if line is None:
            raise SubProjectError(f"Cet acte n’est pas possible pour un sous-projet {row.get_state_display().lower()}.")
        if not can_move(actor, row, line):
            raise NotAllowedError("Cet acte ne vous revient pas.")
        _check_move(row, line, on, reason, today)
        SubProjectMove.objects.create(
            sub_project=row,
            action=line.action,
            from_state=line.from_state,
            to_state=line.to_state,
            on=on,
            reason=reason.strip(),
            actor=actor,
        )
        row.state = line.to_state
        _save(row, actor)
    return row


# --- What every act goes through ---


@contextmanager
def _written_by(actor: User) -> Iterator[None]:
    with transaction.atomic(), pghistory.context(user=actor.pk):
        yield


@contextmanager
def _open(
    sub_project: SubProject,
    actor: User,
    revision: int | None = None,
    allowed: Callable[[User, SubProject], bool] = can_edit,
) -> Iterator[SubProject]:
    """The row held until the commit, once it is known open, writable by the actor, and as the actor saw it."""
    with _written_by(actor):
        row = _held(sub_project)
        if row.is_closed:
            raise SubProjectError(CLOSED)
        if not allowed(actor, row):
            raise NotAllowedError("Ce sous-projet ne vous revient pas à cette étape.")
        if revision is not None and revision != row.revision:
            when = timezone.localtime(row.updated_at)
            raise StaleError(
                f"{row.updated_by} a modifié ce sous-projet le {date_fr(when.date())} à {hour_fr(when)}, "
                "après que vous avez ouvert cette page. Rien n’est enregistré\u00a0: relisez vos valeurs, gardées ici, "
                "puis enregistrez de nouveau."
            )
        yield row


def _held(sub_project: SubProject) -> SubProject:
    rows = SubProject.objects.select_for_update(of=("self",))
    return rows.select_related("contract__holder__ministry", "updated_by").get(pk=sub_project.pk)


def _save(row: SubProject, actor: User) -> None:
    row.revision, row.updated_by = row.revision + 1, actor
    row.save()
    tally_soon(row.contract)


def _describe(row: SubProject, given: Description) -> None:
    for name in ("title", "holder", "purpose", "services"):
        setattr(row, name, getattr(given, name).strip())
    wrong = {
        name: "Ce champ est obligatoire." for name in ("title", "holder", "purpose") if not getattr(row, name).strip()
    }
    same = SubProject.objects.filter(contract=row.contract_id, title=row.title).exclude(pk=row.pk)
    if same.exists():
        wrong["title"] = "Un sous-projet du contrat porte déjà cet intitulé."
    if wrong:
        raise FieldsRefused(wrong)


def _check_years(contract: Contract, years: Sequence[YearFigures]) -> None:
    first, last, followed = contract.first_year, contract.last_year, contract.savings_followed_until
    for one in years:
        is_funded = one.ftap.is_reported or one.co_financing.is_reported
        if is_funded and not first <= one.year <= last:
            raise SubProjectError(f"{one.year} n’est pas une année de financement du contrat ({first} à {last}).")
        if one.savings is not None and not first <= one.year <= followed:
            raise SubProjectError(f"Les économies d’un sous-projet se suivent de {first} à {followed}.")


def _check_amounts(years: Sequence[YearFigures], recurrent: Decimal | None) -> None:
    given = [amount for one in years for amount in (*_pair(one.ftap), *_pair(one.co_financing), one.savings)]
    if any(amount is not None and amount < 0 for amount in (*given, recurrent)):
        raise SubProjectError("Un montant prévu n’est pas négatif.")


def _check_kept(
    row: SubProject, stored: Iterable[SubProjectYear], wanted: Mapping[int, YearFigures], recurrent: Decimal | None
) -> None:
    """What a sub-project was retained upon is corrected, never blanked."""
    if row.state not in COUNTED:
        return
    blanked = [
        f"{name}-{kept.year}"
        for kept in stored
        for name, given in _by_name(wanted.get(kept.year, YearFigures(kept.year))).items()
        if given is None and getattr(kept, name) is not None
    ]
    if recurrent is None and row.recurrent is not None:
        blanked.append("recurrent")
    if blanked:
        raise FieldsRefused(dict.fromkeys(blanked, KEPT))


def _by_name(one: YearFigures) -> dict[str, Decimal | None]:
    """The amounts of a year by the name of their column."""
    return {
        "ftap_ae": one.ftap.ae,
        "ftap_cp": one.ftap.cp,
        "co_financing_ae": one.co_financing.ae,
        "co_financing_cp": one.co_financing.cp,
        "savings": one.savings,
    }


def _pair(pair: Any) -> tuple[Decimal | None, Decimal | None]:
    return pair.ae, pair.cp


def _says_something(one: YearFigures) -> bool:
    return one.ftap.is_reported or one.co_financing.is_reported or one.savings is not None


def _write_year(row: SubProjectYear, given: YearFigures) -> None:
    for name, euros in _by_name(given).items():
        setattr(row, name, _money(euros))
    row.save()


def _check_answers(criteria: Mapping[str, SelectionCriterion], given: Sequence[Answered]) -> None:
    wrong = {}
    for one in given:
        criterion = criteria.get(one.criterion)
        if criterion is None:
            raise SubProjectError("Ce critère n’est pas de ce contrat.")
        if one.answer and criterion.computed_check:
            wrong[f"answer-{one.criterion}"] = "Ce critère se contrôle sur les montants\u00a0: rien à répondre."
        if one.answer == GridAnswer.NOT_APPLICABLE and not criterion.may_not_apply:
            wrong[f"answer-{one.criterion}"] = "Le contrat n’admet pas «\u00a0sans objet\u00a0» pour ce critère."
        if one.answer == GridAnswer.NO and not one.comment.strip():
            wrong[f"comment-{one.criterion}"] = "Une réponse négative s’explique ici."
    if wrong:
        raise FieldsRefused(wrong)


def _write_answer(
    row: SubProject, criterion: SelectionCriterion, stored: CriterionAnswer | None, given: Answered, actor: User
) -> None:
    answer, comment = given.answer, given.comment.strip()
    if stored is None and not answer and not comment:
        return
    kept = stored or CriterionAnswer(sub_project=row, criterion=criterion)
    if stored is not None and (stored.answer, stored.comment) == (answer, comment):
        return
    kept.answer, kept.comment, kept.answered_by, kept.answered_at = answer, comment, actor, timezone.now()
    kept.save()


def _check_move(row: SubProject, line: Transition, on: date, reason: str, today: date) -> None:
    wrong = {}
    last = row.moves.order_by("-on").values_list("on", flat=True).first()
    if on > today:
        wrong["on"] = "Cette date est à venir\u00a0: un acte s’enregistre quand il a eu lieu."
    elif last is not None and on < last:
        wrong["on"] = f"Le mouvement précédent est du {date_fr(last)}\u00a0: celui-ci ne peut pas venir avant."
    if line.needs_reason and not reason.strip():
        wrong["reason"] = "Donnez le motif\u00a0: il reste attaché au sous-projet."
    if wrong:
        raise FieldsRefused(wrong)
    stop = stop_of(row.contract, on) if line.stops_when_suspended else None
    if stop is not None:
        raise SubProjectError(f"{stop.label} le {date_fr(stop.on)}\u00a0: aucun sous-projet nouveau n’est engagé.")
    if missing := missing_of(row, line):
        raise SubProjectError(missing)


def _money(euros: Decimal | None) -> Any:
    """The column's type, which its library does not state."""
    return None if euros is None else Money(euros, "EUR")
