"""Creates a contract from its file, and gives the file of a contract back."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.writer import write_contract_file
from contracts.forms import ContractFileForm
from contracts.models import Contract
from contracts.permissions import can_import_contract
from contracts.selectors import version_in_force
from contracts.services import LoadResult, load_contract_file


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """The form; then the contract's page, or the table of every error of the file."""
    if not can_import_contract(request.user):
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = ContractFileForm(request.POST, request.FILES) if is_sent else ContractFileForm()
    context: dict[str, Any] = {"form": form, "errors": (), "breadcrumbs": _trail()}
    if not is_sent or not form.is_valid():
        return render(request, "contracts/upload.html", context, status=422 if is_sent else 200)
    file = form.cleaned_data["file"]
    try:
        result = load_contract_file(file_name=file.name, content=file.read(), actor=request.user)  # type: ignore[arg-type]
    except ContractFileError as error:
        context |= {"errors": error.errors, "file_name": file.name}
        return render(request, "contracts/upload.html", context, status=422)
    messages.success(request, _told(result))
    return redirect("reports:contract", result.contract.code)


@require_safe
@login_required
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The file of the version in force, which loads back into the same contract."""
    contract = get_object_or_404(Contract.objects.visible_to(request.user), code=code)  # type: ignore[arg-type]
    version = version_in_force(contract)
    response = HttpResponse(write_contract_file(version), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{contract.code}.toml"'
    return response


def _trail() -> list[tuple[str, str]]:
    return [("Accueil", "/"), ("Portefeuille", reverse("reports:portfolio")), ("Importer un contrat", "")]


def _told(result: LoadResult) -> str:
    title = f"«\u00a0{result.contract.title}\u00a0»"
    if result.is_new:
        return f"Le contrat {title} est enregistré."
    return f"Le contrat {title} est mis à jour." if result.changes else f"Le contrat {title} était déjà à jour."
