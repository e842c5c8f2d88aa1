"""Writing sub-projects: each form on a page of its own, what was typed kept when it is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from contracts.evidence.refusals import EvidenceRefused
from contracts.evidence.storage import sent
from contracts.models import SubProject
from contracts.pages import SUB_PROJECTS, ContractPage, contract_page
from contracts.subprojects import services
from contracts.subprojects.enums import SubProjectAction
from contracts.subprojects.errors import FieldsRefused, NotAllowedError, StaleError, SubProjectError
from contracts.subprojects.forms import (
    DescriptionForm,
    DocumentForm,
    ExceptionForm,
    FiguresForm,
    GridForm,
    move_form,
    refuse_fields,
)
from contracts.subprojects.permissions import can_edit, can_except, can_move, can_propose
from contracts.subprojects.selectors import is_umbrella, missing_of, pipeline_of, standing_of
from contracts.subprojects.transitions import transition

REFUSED = 422
write = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Asked:
    """A sub-project that the person may write, with the page of its contract."""

    page: ContractPage
    row: SubProject
    actor: User


@write
@login_required
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A new sub-project, identified."""
    page = umbrella_page(request, code)
    actor = cast("User", request.user)
    if not can_propose(actor, page.contract):
        raise PermissionDenied
    form = DescriptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _try(form, lambda: services.identify(contract=page.contract, given=form.description(), actor=actor))
        if made is not None:
            messages.success(
                request, f"Le sous-projet {made.number} est identifié. Chiffrez-le, puis répondez à la grille."
            )
            return redirect(made)
    return _form_page(request, page, form, "Identifier un sous-projet", "Identifier le sous-projet")


@write
@login_required
def edit(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What the sub-project is."""
    asked = _asked(request, code, number, can_edit)
    names = ("title", "holder", "purpose", "services", "revision")
    form = DescriptionForm(request.POST or None, initial={name: getattr(asked.row, name) for name in names})

    def save() -> SubProject:
        given, revision = form.description(), form.cleaned_data["revision"] or 0
        return services.describe(sub_project=asked.row, given=given, revision=revision, actor=asked.actor)

    return _saved(request, asked, form, save, "Modifier la description", "Enregistrer")


@write
@login_required
def figures(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Its amounts by year, and its recurrent saving."""
    asked = _asked(request, code, number, can_edit)
    stored = FiguresForm.initial_of(standing_of(asked.row).figures, asked.row.basis)
    initial = stored | {"revision": asked.row.revision}
    form = FiguresForm(request.POST or None, contract=asked.page.contract, initial=initial)

    def save() -> SubProject:
        return services.record_figures(
            sub_project=asked.row,
            years=form.years(),
            recurrent=form.cleaned_data["recurrent"],
            basis=form.cleaned_data["basis"],
            revision=form.cleaned_data["revision"],
            actor=asked.actor,
        )

    template = "contracts/subprojects/figures.html"
    return _saved(request, asked, form, save, "Montants et économies", "Enregistrer les montants", template)


@write
@login_required
def grid(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The answers to the eligibility and selection grid."""
    asked = _asked(request, code, number, can_edit)
    known = standing_of(asked.row).grid
    initial = GridForm.initial_of(known) | {"revision": asked.row.revision}
    form = GridForm(request.POST or None, grid=known, initial=initial)

    def save() -> SubProject:
        revision = form.cleaned_data["revision"]
        return services.answer_grid(sub_project=asked.row, given=form.answers(), revision=revision, actor=asked.actor)

    template = "contracts/subprojects/grid.html"
    return _saved(request, asked, form, save, "Grille de sélection", "Enregistrer la grille", template)


@write
@login_required
def document(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Joins the framing document."""
    asked = _asked(request, code, number, can_edit)
    form = DocumentForm(request.POST or None, request.FILES or None)

    def save() -> SubProject:
        file = form.cleaned_data["file"]
        try:
            services.join_document(sub_project=asked.row, name=file.name or "", content=file.read(), actor=asked.actor)
        except EvidenceRefused as refused:
            raise FieldsRefused({"file": str(refused)}) from refused
        return asked.row

    return _saved(request, asked, form, save, "Document de cadrage", "Joindre le document")


@require_safe
@login_required
def document_file(request: HttpRequest, code: str, number: int, pk: int) -> FileResponse:
    """A framing document, to be saved and never shown, by whoever sees the contract."""
    page = umbrella_page(request, code)
    return sent(get_object_or_404(sub_project_of(page, number).documents, pk=pk))


@write
@login_required
def exception(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Why the sub-project is taken although its return is too low."""
    asked = _asked(request, code, number, can_except)
    initial = {"reason": asked.row.exception, "revision": asked.row.revision}
    form = ExceptionForm(request.POST or None, initial=initial)

    def save() -> SubProject:
        given = form.cleaned_data
        return services.record_exception(
            sub_project=asked.row, reason=given["reason"], revision=given["revision"], actor=asked.actor
        )

    pipeline = pipeline_of(asked.page.contract)
    standing = next(one for one in pipeline.standings if one.row.pk == asked.row.pk)
    extra = {"standing": standing, "whole": pipeline.retained.with_member(standing.member)}
    template = "contracts/subprojects/exception.html"
    return _saved(request, asked, form, save, "Exception au retour", "Enregistrer l’exception", template, extra)


@write
@login_required
def move(request: HttpRequest, code: str, number: int, action: str) -> HttpResponse:
    """An act on the sub-project: its day, its reason, and what it still lacks."""
    asked = _asked(request, code, number, lambda user, row: True)
    line = transition(action, asked.row.state)
    if line is None and action not in SubProjectAction.values:
        raise Http404("no such act")
    if line is None:
        typed = request.POST.get("reason", "").strip()
        kept = f" Votre motif, qui n’est pas enregistré\u00a0: «\u00a0{typed}\u00a0»." if typed else ""
        messages.error(request, f"Cet acte n’est plus possible\u00a0: le sous-projet est {_state(asked.row)}.{kept}")
        return redirect(asked.row)
    if not can_move(asked.actor, asked.row, line):
        raise PermissionDenied
    today = timezone.localdate()
    form = move_form(line)(request.POST or None, initial={"on": today})

    def save() -> SubProject:
        return services.move(sub_project=asked.row, action=action, actor=asked.actor, today=today, **form.cleaned_data)

    extra = {"line": line, "missing": missing_of(asked.row, line)}
    template = "contracts/subprojects/move.html"
    return _saved(request, asked, form, save, line.action.label, line.action.label, template, extra)


def umbrella_page(request: HttpRequest, code: str) -> ContractPage:
    """Fetch and authorise: 404 for a contract that is no umbrella, as for one that the person does not see."""
    page = contract_page(request, code, SUB_PROJECTS)
    if not is_umbrella(page.contract):
        raise Http404("not an umbrella contract")
    return page


def sub_project_of(page: ContractPage, number: int) -> SubProject:
    """A sub-project of the page's contract; 404 for a number that it has not."""
    row = get_object_or_404(page.contract.sub_projects.select_related("updated_by"), number=number)
    row.contract = page.contract
    return row


# --- What every form goes through ---


def _asked(request: HttpRequest, code: str, number: int, allowed: Callable[[User, SubProject], bool]) -> Asked:
    """404 to who does not see the contract, 403 to who sees it without being allowed to write the sub-project."""
    page = umbrella_page(request, code)
    row, actor = sub_project_of(page, number), cast("User", request.user)
    if not allowed(actor, row):
        raise PermissionDenied
    return Asked(page, row, actor)


def _saved(
    request: HttpRequest,
    asked: Asked,
    form: Any,
    save: Callable[[], SubProject],
    heading: str,
    action: str,
    template: str = "contracts/subprojects/form.html",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Back to the sub-project once it is saved; the form again, with what was typed, otherwise."""
    if request.method == "POST" and form.is_valid() and _try(form, save) is not None:
        messages.success(request, f"{heading}\u00a0: c’est enregistré.")
        return redirect(asked.row)
    return _form_page(request, asked.page, form, heading, action, template, {"row": asked.row} | (extra or {}))


def _try(form: Any, save: Callable[[], SubProject]) -> SubProject | None:
    """What the service gave; None, and its words on the form, when it refused."""
    try:
        return save()
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except FieldsRefused as error:
        refuse_fields(form, list(error.fields.items()))
    except StaleError as error:
        form.add_error(None, str(error))
        _see_again(form)
    except SubProjectError as error:
        form.add_error(None, forms.ValidationError(list(error.reasons)))
    return None


def _see_again(form: Any) -> None:
    """The form keeps what was typed, tells beside it what is stored, and takes its revision for the next save."""
    data = form.data.copy()
    data["revision"] = str(form.initial["revision"])
    form.data = data
    for name in form.changed_data:
        if name != "revision":
            form.add_error(name, f"Valeur enregistrée\u00a0: {form.initial.get(name) or 'aucune'}.")


def _form_page(
    request: HttpRequest,
    page: ContractPage,
    form: Any,
    heading: str,
    action: str,
    template: str = "contracts/subprojects/form.html",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    row: SubProject | None = (extra or {}).get("row")
    trail = [
        *page.context["breadcrumbs"][:-1],
        (SUB_PROJECTS, reverse("reports:sub_projects", args=[page.contract.code])),
    ]
    if row is not None:
        trail.append((row.title, row.get_absolute_url()))
    context = page.context | {
        "form": form,
        "form_heading": heading,
        "action": action,
        "breadcrumbs": [*trail, (heading, "")],
        **(extra or {}),
    }
    return render(request, template, context, status=REFUSED if request.method == "POST" else 200)


def _state(row: SubProject) -> str:
    return str(row.get_state_display()).lower()
