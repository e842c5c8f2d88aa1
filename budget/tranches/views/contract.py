"""The tranches of a contract: what each year was promised, given and consumed; the acts of the secretariat."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budget.models import TrancheMove
from budget.tranches.calc import TrancheSituation, TrancheYear, complement_room
from budget.tranches.enums import TrancheAction, TrancheState
from budget.tranches.errors import NotAllowedError, TrancheError
from budget.tranches.forms import ActForm, AffectationForm, ComplementForm, DecisionForm, WithdrawalForm, refuse
from budget.tranches.permissions import can_decide
from budget.tranches.selectors import (
    complement_of,
    envelope_of,
    funding_stop,
    proposal_of,
    standing,
)
from budget.tranches.services import (
    close_tranche,
    complete_tranche,
    decide_tranche,
    make_available,
    withdraw_decision,
)
from budget.tranches.transitions import actions_by_hand
from budget.tranches.views.phases import phases_shown, titre_5_lines
from budget.tranches.words import kind_words, raised_words
from contracts.pages import ContractPage, contract_page
from figures import formats
from figures.ae_cp import NOTHING
from monitoring.models import Filing
from monitoring.reality import COUNTING_STATES
from monitoring.rules import findings
from monitoring.views.access import viewer

TITLE = "Tranches"
REFUSED = 422
RESTING = (TrancheAction.DECIDE, TrancheAction.COMPLETE)
"""The acts that rest on a filing, or say that none was told: those recorded at first bore none."""
ACTS = {
    "mettre-a-disposition": TrancheAction.MAKE_AVAILABLE,
    "clore": TrancheAction.CLOSE,
    "revenir": TrancheAction.WITHDRAW,
}


@require_safe
@login_required
def tranches(request: HttpRequest, code: str) -> HttpResponse:
    """Plan, decided, made available, consumed and reste à engager by year; history; phases of titre 5."""
    page = contract_page(request, code, TITLE)
    return tranches_page(request, page)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decide(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """What a decision rests on, the amount proposed and the form; of a tranche already given, those of a complement."""
    page = decided_page(request, code)
    on = timezone.localdate()
    now = standing(page.contract, on)
    asked = now.situation.year(year)
    if asked is None or year not in page.contract.funding_years:
        raise Http404("not a year of this contract")
    stop, envelope = funding_stop(page.contract, on), envelope_of(year, on)
    is_given = asked.state == TrancheState.AVAILABLE
    most = complement_room(now.situation, year) if is_given else NOTHING
    proposal, weather = (complement_of if is_given else proposal_of)(now, year, stop, envelope)
    filings = _filings(page)
    last = now.last_filing
    initial = {
        "on": on,
        "ae": "" if proposal.amount.ae is None else formats.number(proposal.amount.ae, None),
        "cp": "" if proposal.amount.cp is None else formats.number(proposal.amount.cp, None),
        "filing": last.pk if last else None,
    }
    form = (ComplementForm if is_given else DecisionForm)(request.POST or None, filings=filings, initial=initial)
    if form.is_valid():
        write = complete_tranche if is_given else decide_tranche
        try:
            write(contract=page.contract, year=year, actor=viewer(request), **form.cleaned_data)
        except TrancheError as error:
            refuse(form, error)
        else:
            messages.success(request, f"La tranche {year} est {'complétée' if is_given else 'décidée'}.")
            return redirect("budget:tranches", code)
    context = page.context | {
        "form": form,
        "asked": asked,
        "state_label": TrancheState(asked.state).label,
        "kind": kind_words(asked),
        "raised": raised_words(asked),
        "most": most,
        "may_complete": bool(most.ae or most.cp),
        "is_given": is_given,
        "situation": now.situation,
        "proposal": proposal,
        "weather": weather,
        "last": last,
        "warnings": findings(last) if last else [],
        "envelope": envelope,
        "stop": stop,
        "breadcrumbs": [
            *page.context["breadcrumbs"][:-1],
            (TITLE, reverse("budget:tranches", args=[code])),
            (str(year), ""),
        ],
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "budget/tranche_decide.html", context, status=status)


@require_POST
@login_required
def act(request: HttpRequest, code: str, year: int, action: str) -> HttpResponse:
    """Make available, close, go back on a decision; what is refused comes back at its place, as it was typed."""
    page = decided_page(request, code)
    if action not in ACTS or year not in page.contract.funding_years:
        raise Http404("no such act")
    form = _act_form(year, action, request.POST)
    if form.is_valid():
        try:
            said = _do(page, year, ACTS[action], request, form.cleaned_data)
        except NotAllowedError as error:
            raise PermissionDenied(str(error)) from error
        except TrancheError as error:
            refuse(form, error)
        else:
            messages.success(request, said)
            return redirect("budget:tranches", code)
    return tranches_page(request, page, refused=form, status=REFUSED)


def _do(page: ContractPage, year: int, action: TrancheAction, request: HttpRequest, data: dict[str, Any]) -> str:
    told: dict[str, Any] = {"contract": page.contract, "year": year, "actor": viewer(request), "on": data["on"]}
    if action == TrancheAction.WITHDRAW:
        withdraw_decision(reason=data["reason"], **told)
        return f"La tranche {year} est de nouveau prévisionnelle."
    if action == TrancheAction.CLOSE:
        close_tranche(**told)
        return f"La tranche {year} est close."
    make_available(**told)
    return f"La tranche {year} est mise à disposition."


def decided_page(request: HttpRequest, code: str) -> ContractPage:
    """404 to who does not see the contract, 403 to who sees it without being of the secretariat."""
    page = contract_page(request, code, TITLE)
    if not can_decide(viewer(request), page.contract):
        raise PermissionDenied
    return page


def _act_form(year: int, word: str, data: Any = None, initial: Any = None) -> ActForm:
    return ActForm(data, initial=initial, year=year, word=word, needs_reason=ACTS[word] == TrancheAction.WITHDRAW)


def tranches_page(
    request: HttpRequest,
    page: ContractPage,
    form: Any = None,
    *,
    refused: ActForm | None = None,
    withdrawal: WithdrawalForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of the tranches, with the form that was refused, if one was, as it was typed."""
    on = page.on or timezone.localdate()
    situation = standing(page.contract, on).situation
    stop = funding_stop(page.contract, on)
    may = page.on is None and can_decide(viewer(request), page.contract)
    phases = phases_shown(page, on, withdrawal, may=may)
    context = page.context | {
        "rows": [_row(one, page, on, refused, may=may, is_stopped=bool(stop)) for one in situation.years],
        "situation": situation,
        "conclusion": conclusion(situation),
        "moves": _moves(page),
        "resting": RESTING,
        "phases": phases,
        "form": form or (AffectationForm(lines=titre_5_lines(page.contract)) if may and phases and not stop else None),
        "may_decide": may,
        "stop": stop,
    }
    return render(request, "budget/tranches.html", context, status=status)


def _row(
    one: TrancheYear, page: ContractPage, on: date, refused: ActForm | None, *, may: bool, is_stopped: bool
) -> dict[str, Any]:
    """A year with the words of its state and what the secretariat may do with it: nothing new while funding stops.

    The act that was just refused keeps its place, whether it is still possible or not.
    """
    allowed = actions_by_hand(one.state, one.kind, is_stopped=is_stopped)
    is_own = one.year in page.contract.funding_years
    words = [
        word
        for word, action in ACTS.items()
        if may and is_own and action in allowed and not (one.is_fixed and action == TrancheAction.WITHDRAW)
    ]
    forms = {word: _act_form(one.year, word, initial={"on": on}) for word in words}
    if refused is not None and refused.year == one.year:
        forms[refused.word] = refused
    return {
        "year": one,
        "state": TrancheState(one.state).label,
        "kind": kind_words(one),
        "raised": raised_words(one),
        "may_decide": may and is_own and one.is_awaited and not is_stopped,
        "may_complete": may and is_own and TrancheAction.COMPLETE in allowed and any(_above(one)),
        "acts": [(ACTS[word].label, form) for word, form in forms.items()],
    }


def _above(one: TrancheYear) -> tuple[bool, bool]:
    """Whether the plan in force is above the tranche, in AE and in CP."""
    over = one.planned - one.decided
    return (over.ae or 0) > 0, (over.cp or 0) > 0


def _moves(page: ContractPage) -> Any:
    """The acts on the contract's tranches, the last first; those done by the day asked for."""
    rows = TrancheMove.objects.filter(tranche__contract=page.contract).select_related("tranche", "actor")
    if page.on:
        rows = rows.filter(on__lte=page.on)
    return rows.order_by("-at", "-pk")


def conclusion(facts: TrancheSituation) -> str:
    """One sentence: how many years are decided, for how much, and what is left to commit."""
    decided = [one for one in facts.years if one.is_decided]
    if not decided:
        return "Aucune tranche n’est décidée : tous les montants annuels sont prévisionnels."
    words = "une tranche est décidée" if len(decided) == 1 else f"{len(decided)} tranches sont décidées"
    plan = f"sur {formats.exact_euros(facts.planned.ae)} d’AE prévues"
    left = facts.reste_a_engager
    rest = f" ; il reste {formats.exact_euros(left)} à engager sur {_told(facts)}" if left is not None else ""
    return formats.typeset(
        f"{words[:1].upper()}{words[1:]} pour {formats.exact_euros(facts.decided.ae)} d’AE, {plan}{rest}."
    )


def _told(facts: TrancheSituation) -> str:
    """The tranches that the amount to commit counts."""
    if facts.untold:
        return "celles dont la consommation est renseignée"
    return "cette tranche" if sum(one.is_decided for one in facts.years) == 1 else "ces tranches"


def _filings(page: ContractPage) -> Any:
    rows = Filing.objects.filter(contract=page.contract, state__in=COUNTING_STATES).select_related("campaign")
    return rows.order_by("-campaign__ends_on", "-pk")
