"""What the secretariat does with titre 5: an affectation to a phase, its withdrawal. Each comes back when refused."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from budget.models import TrancheFonctionnelle
from budget.tranches.affectations import affect, withdraw_affectation
from budget.tranches.errors import TrancheError
from budget.tranches.forms import AffectationForm, WithdrawalForm, refuse
from budget.tranches.views.contract import REFUSED, decided_page, tranches_page
from budget.tranches.views.phases import titre_5_lines
from monitoring.views.access import viewer


@require_POST
@login_required
def affectation(request: HttpRequest, code: str) -> HttpResponse:
    """Records an affectation on a titre 5 line."""
    page = decided_page(request, code)
    form = AffectationForm(request.POST, lines=titre_5_lines(page.contract))
    if form.is_valid():
        try:
            affect(actor=viewer(request), **form.cleaned_data)
        except TrancheError as error:
            refuse(form, error)
        else:
            messages.success(request, "L’affectation est enregistrée.")
            return redirect("budget:tranches", code)
    return tranches_page(request, page, form, status=REFUSED)


@require_POST
@login_required
def withdrawal(request: HttpRequest, code: str, phase: int) -> HttpResponse:
    """Takes AE back from a phase."""
    page = decided_page(request, code)
    rows = TrancheFonctionnelle.objects.select_related("line__contract__holder__ministry")
    row: TrancheFonctionnelle = get_object_or_404(rows, pk=phase, line__contract=page.contract)
    form = WithdrawalForm(request.POST, phase=phase)
    if form.is_valid():
        try:
            withdraw_affectation(phase=row, actor=viewer(request), **form.cleaned_data)
        except TrancheError as error:
            refuse(form, error)
        else:
            messages.success(request, "Le retrait est enregistré.")
            return redirect("budget:tranches", code)
    return tranches_page(request, page, withdrawal=form, status=REFUSED)
