"""The secretariat's own: what is to be decided this year, and the fund's envelope."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from budget.models import FundEnvelope
from budget.tranches.calc import EnvelopeYear, above_envelope
from budget.tranches.enums import TrancheState
from budget.tranches.envelopes import acts_of
from budget.tranches.errors import TrancheError
from budget.tranches.forms import EnvelopeForm, refuse
from budget.tranches.permissions import can_run_tranches
from budget.tranches.proposal import complement_proposed
from budget.tranches.selectors import Standing, envelope_of, funding_stop, proposal_of, standings
from budget.tranches.services import record_envelope
from contracts.fields import amount
from contracts.lifecycle.selectors import over
from contracts.models import Contract
from figures import formats
from figures.ae_cp import NOTHING, AeCp, total_ae_cp
from monitoring.rules import findings
from monitoring.views.access import viewer

BY_PAGE = 20
"""Each contract is read with its signal and warnings: some thirty queries."""

FIRST, LAST = 2017, 2100
REFUSED = 422


@require_safe
@login_required
def to_decide(request: HttpRequest) -> HttpResponse:
    """Contracts whose tranche of the year is provisional, with what the decision rests on and the amount proposed.

    Those whose execution has ended or whose funding is interrupted wait for nothing.
    """
    _secretariat(request)
    on = timezone.localdate()
    year = _year(request.GET.get("exercice", ""), on.year)
    funded = Contract.objects.visible_to(viewer(request)).filter(first_year__lte=year, last_year__gte=year)
    asked = standings(funded.select_related("holder__ministry"), on)
    closed = over([one.contract for one in asked], on)
    waiting = [one for one in asked if _waits(one, year) and one.contract.pk not in closed]
    outgrown = [one for one in asked if _outgrown(one, year) and one.contract.pk not in closed]
    page = Paginator(waiting, BY_PAGE).get_page(request.GET.get("page"))
    envelope = envelope_of(year, on)
    rows = [_row(one, year, envelope) for one in page]
    proposed = total_ae_cp(row["proposal"].amount for row in rows)
    context = {
        "year": year,
        "years": _offered(on.year, year),
        "page": page,
        "rows": rows,
        "raised": [_raised(one, year, envelope) for one in outgrown],
        "proposed": proposed,
        "missing": above_envelope(envelope, proposed) if envelope else NOTHING,
        "envelope": envelope,
        "breadcrumbs": [("Accueil", "/"), ("Fonds", "/fonds/"), ("Tranches à décider", "")],
    }
    return render(request, "budget/tranche_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def envelope(request: HttpRequest, year: int) -> HttpResponse:
    """The credits voted and carried over for a year."""
    _secretariat(request)
    if not FIRST <= year <= LAST:
        raise Http404("not a plausible year")
    on = timezone.localdate()
    form = EnvelopeForm(request.POST or None, initial=_initial(year))
    if form.is_valid():
        data = form.cleaned_data
        try:
            record_envelope(
                year=year,
                voted=AeCp(data["voted_ae"], data["voted_cp"]),
                carried=AeCp(data["carried_ae"], data["carried_cp"]),
                source=data["source"],
                dated_on=data["dated_on"],
                actor=viewer(request),
                on=on,
            )
        except TrancheError as error:
            refuse(form, error)
        else:
            messages.success(request, f"L’enveloppe {year} est enregistrée.")
            return redirect("budget:tranche_list")
    now: EnvelopeYear | None = envelope_of(year, on)
    trail = [("Accueil", "/"), ("Fonds", "/fonds/"), (f"Enveloppe {year}", "")]
    acts = acts_of([year]).get(year, [])
    people = User.objects.in_bulk({one.recorded_by for one in acts if one.recorded_by})
    context = {
        "year": year,
        "form": form,
        "envelope": now,
        "acts": [(one, people.get(one.recorded_by)) for one in acts],
        "breadcrumbs": trail,
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "budget/tranche_envelope.html", context, status=status)


def _secretariat(request: HttpRequest) -> None:
    if not can_run_tranches(viewer(request)):
        raise PermissionDenied


def _year(text: str, default: int) -> int:
    """The year of the address, if it is one."""
    return int(text) if text.isdecimal() and len(text) == 4 and FIRST <= int(text) <= LAST else default


def _offered(now: int, asked: int) -> list[int]:
    """The years to choose from: those around the day, those around the one asked for."""
    return sorted({*range(now - 1, now + 2), *range(max(asked - 1, FIRST), min(asked + 1, LAST) + 1)})


def _waits(one: Standing, year: int) -> bool:
    """Before the first tranche for instance, the plan may leave a year at zero."""
    found = one.situation.year(year)
    return found is not None and found.is_awaited


def _outgrown(one: Standing, year: int) -> bool:
    """An amendment raised the plan above a tranche already decided."""
    found = one.situation.year(year)
    return found is not None and found.is_outgrown


def _raised(one: Standing, year: int, envelope: EnvelopeYear | None) -> dict[str, Any]:
    """A contract whose tranche is below the plan raised since: the complement proposed, once something was given."""
    stop = funding_stop(one.contract, timezone.localdate())
    asked = one.situation.year(year)
    is_given = asked is not None and asked.state == TrancheState.AVAILABLE
    return {
        "contract": one.contract,
        "asked": asked,
        "stop": stop,
        "is_given": is_given,
        "proposal": complement_proposed(
            one.situation, year, stop.told if stop else "", envelope.left if envelope else NOTHING
        ),
    }


def _row(one: Standing, year: int, envelope: EnvelopeYear | None) -> dict[str, Any]:
    """A contract of the list; its warnings are those of its last filing."""
    stop = funding_stop(one.contract, timezone.localdate())
    proposal, weather = proposal_of(one, year, stop, envelope)
    last = one.last_filing
    return {
        "contract": one.contract,
        "asked": one.situation.year(year),
        "situation": one.situation,
        "proposal": proposal,
        "weather": weather,
        "last": last,
        "warnings": len(findings(last)) if last else None,
        "stop": stop,
    }


def _initial(year: int) -> dict[str, Any]:
    row = FundEnvelope.objects.filter(year=year).first()
    if row is None:
        return {}
    names = ("voted_ae", "voted_cp", "carried_ae", "carried_cp")
    return {name: formats.number(amount(getattr(row, name)), None) for name in names} | {
        "source": row.source,
        "dated_on": row.dated_on,
    }
