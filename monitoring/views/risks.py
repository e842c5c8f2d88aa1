"""Typing the risks of a filing: the list, declaring one, changing one, saying that it is over."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.resuming import signed_in_or_kept
from monitoring import rules
from monitoring.enums import RiskState
from monitoring.errors import FilingError
from monitoring.filing_sections import RISKS
from monitoring.forms import RiskChangeForm, RiskForm
from monitoring.models import FiledRisk, Filing
from monitoring.models.progress import RISK_TEXTS
from monitoring.permissions import can_edit_whole_filing, can_write_comments
from monitoring.rules import FilingFinding
from monitoring.selectors import worst_first
from monitoring.services.progress import add_risk, close_risk, record_risk
from monitoring.views import checking
from monitoring.views.access import risk_of, seen_filing, trail, typed_filing, viewer
from monitoring.views.writing import differences, labels, status_of, write_form


@require_safe
@login_required
def risks(request: HttpRequest, pk: int) -> HttpResponse:
    """The risks of the filing, open first, the most critical first."""
    shown = seen_filing(request, pk)
    context = {
        "filing": shown,
        "section": RISKS,
        "risks": [(one, RiskChangeForm.initial_of(one).items()) for one in worst_first(shown)],
        "can_edit": can_edit_whole_filing(viewer(request), shown),
        "can_reword": can_write_comments(viewer(request), shown),
        "findings": rules.findings(shown, within=[RISKS.code]),
        **trail(shown, (RISKS.title, request.path)),
    }
    return render(request, "monitoring/risks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a new risk."""
    shown = typed_filing(request, pk, whole=True)
    form = RiskForm(request.POST or None)

    def write() -> FiledRisk:
        return add_risk(filing=shown, actor=viewer(request), values=form.cleaned_data)

    if checking.is_asked(request):
        return _check(request, shown, form, write)
    if form.is_valid() and write_form(form, write):
        messages.success(request, "Le risque est enregistré.")
        return redirect("monitoring:risks", pk)
    return _risk_page(request, shown, form, "Déclarer un risque")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_or_kept
def risk(request: HttpRequest, pk: int, risk_pk: int) -> HttpResponse:
    """The form of a risk already declared."""
    shown = typed_filing(request, pk, whole=True)
    known = risk_of(shown, risk_pk)
    form = RiskChangeForm(request.POST or None, initial=RiskChangeForm.initial_of(known))
    if shown.takes_texts_only:
        form.close_all_but(RISK_TEXTS)

    def write(revision: int) -> FiledRisk:
        values = {name: form.cleaned_data[name] for name in form.VALUES}
        return record_risk(filing=shown, risk=known, actor=viewer(request), revision=revision, values=values)

    if checking.is_asked(request):
        return _check(request, shown, form, lambda: write(known.revision))
    if form.is_valid() and write_form(form, lambda: write(form.cleaned_data["revision"])):
        messages.success(request, "Le risque est enregistré.")
        return redirect("monitoring:risks", pk)
    return _risk_page(request, shown, form, "Modifier un risque", known)


@require_POST
@signed_in_or_kept
def close(request: HttpRequest, pk: int, risk_pk: int) -> HttpResponse:
    """Says that a risk is over."""
    shown = typed_filing(request, pk, whole=True)
    known = risk_of(shown, risk_pk)
    revision = request.POST.get("revision", "")
    try:
        seen = int(revision) if revision.isdecimal() else known.revision
        close_risk(filing=shown, risk=known, actor=viewer(request), revision=seen)
    except FilingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Le risque est clos.")
    return redirect("monitoring:risks", pk)


def _check(request: HttpRequest, shown: Filing, form: RiskForm, write: Callable[[], FiledRisk]) -> HttpResponse:
    """What the rules would say of this risk alone."""
    if not form.is_valid():
        return checking.refused()
    return checking.answer(request, shown, write, within=[RISKS.code], here=_place)


def _place(risk: FiledRisk | None, found: Sequence[FilingFinding]) -> checking.Place:
    """What is said of this risk; the links lead to the list, where what is typed here is not."""
    mine = checking.at(found, f"risque-{risk.pk}") if risk else []
    return checking.Place("risque", findings=mine, has_links=False)


def _risk_page(
    request: HttpRequest, shown: Filing, form: RiskForm, title: str, known: FiledRisk | None = None
) -> HttpResponse:
    context = {
        "filing": shown,
        "section": RISKS,
        "form": form,
        "page_title": title,
        "place": _place(known, rules.findings(shown, within=[RISKS.code])),
        "stale": getattr(form, "stale", None),
        "differences": differences(getattr(form, "stale", None), labels(form), RiskState),
        **trail(shown, (RISKS.title, RISKS.url(shown)), (title, request.path)),
    }
    return render(request, "monitoring/risk_form.html", context, status=status_of(form))
