"""Versions of a contract: their list, the impact of each, the preparation and the signature of an amendment."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from contracts.amendments import services
from contracts.amendments.changed_lines import additions_of, removable
from contracts.amendments.contradictions import contradictions_of
from contracts.amendments.file import import_draft
from contracts.amendments.forms import PrepareForm, SignatureForm, SignForm
from contracts.amendments.grid import GridRefused, editable_parts, grids, write_grid
from contracts.amendments.impact import Impact, impact
from contracts.amendments.prolongation import may_prolong
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.selectors import versions_of
from contracts.annex.selectors import imports_of
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.writer import write_contract_file
from contracts.enums import PartyRole
from contracts.forms import ContractFileForm
from contracts.lifecycle.selectors import corrected_dates
from contracts.models import Contract, ContractVersion
from contracts.pages import ContractPage, contract_page
from contracts.permissions import (
    can_bring_annex_back,
    can_change_nomenclature,
    can_correct_dates,
    can_prepare_amendment,
    can_record_signature,
    can_see_version,
    can_sign_amendment,
)
from figures.formats import date_fr

TITLE = "Avenants"


@require_safe
@login_required
def amendments(request: HttpRequest, code: str) -> HttpResponse:
    """Every version, the last first; what one may do with them."""
    page = contract_page(request, code, TITLE)
    user = cast("User", request.user)
    context = page.context | {
        "versions": versions_of(page.contract, user, timezone.localdate()),
        "may_prepare": can_prepare_amendment(user, page.contract),
        "may_change_codes": can_change_nomenclature(user, page.contract),
        "has_draft": page.contract.versions.filter(state="draft").exists(),
    }
    return render(request, "contracts/amendments/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def prepare(request: HttpRequest, code: str) -> HttpResponse:
    """What the amendment is about; then its page."""
    page = contract_page(request, code, TITLE)
    _require(can_prepare_amendment(request.user, page.contract))
    form = PrepareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kinds, reason = form.cleaned_data["types"], form.cleaned_data["reason"]
        try:
            draft = services.prepare_amendment(page.contract, kinds, cast("User", request.user), reason=reason)
        except AmendmentRefused as refusal:
            form.add_error(None, list(refusal.reasons))
        else:
            messages.success(
                request, f"{draft} est en préparation\u00a0; rien ne change avant sa signature et sa date d’effet."
            )
            return redirect("contracts:amendment", code, draft.number)
    return _form(request, page, form, "Préparer un avenant", "Préparer")


@require_safe
@login_required
def amendment(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A version: its dates, its signatures, its impact on the version before; what remains to be done to a draft."""
    page = contract_page(request, code, TITLE)
    return _amendment_page(request, page, _version(request, page.contract, number))


def _amendment_page(
    request: HttpRequest, page: ContractPage, version: ContractVersion, refused: SignatureForm | None = None
) -> HttpResponse:
    """The page of a version, with the signature that was refused as it was typed."""
    user = cast("User", request.user)
    before = version.based_on or page.contract.versions.filter(number__lt=version.number, state="signed").last()
    parties = services.required_parties(page.contract)
    roles = _roles(request, page)
    signed = {one.role for one in version.signatories.all()}
    context = page.context | {
        "shown": version,
        "impact": impact(before, version) if before else None,
        "parts": editable_parts(version) if version.is_draft else [],
        "signatories": version.signatories.order_by("position", "pk"),
        "missing": [PartyRole(role).label for role in parties if role not in signed] if version.is_draft else [],
        "code_changes": version.code_changes.select_related("replaces", "decided_by").order_by("pk"),
        "may_edit": version.is_draft and can_prepare_amendment(user, page.contract),
        "contradictions": contradictions_of(version) if version.is_draft else None,
        "may_prolong": version.is_draft and may_prolong(version),
        "last_year": version.extends_to or page.contract.last_year,
        "may_bring_annex_back": can_bring_annex_back(user, version),
        "annexes": imports_of(version),
        "may_sign": version.is_draft and can_sign_amendment(user, page.contract),
        "may_correct_dates": can_correct_dates(user, version),
        "corrections": corrected_dates(page.contract, number=version.number),
        "signature_form": refused or (SignatureForm(roles=roles) if version.is_draft and roles else None),
        "is_about_codes": "nomenclature" in version.types,
    }
    return render(request, "contracts/amendments/amendment.html", context, status=422 if refused else 200)


def _roles(request: HttpRequest, page: ContractPage) -> list[str]:
    """The parties whose signature the person may record."""
    parties = services.required_parties(page.contract)
    return [role for role in parties if can_record_signature(request.user, page.contract, role)]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, code: str, number: int, part_code: str) -> HttpResponse:
    """The figures of one part of a draft, as inputs."""
    page, draft = draft_page(request, code, number)
    part = next((one for one in editable_parts(draft) if one.code == part_code), None)
    if part is None:
        raise Http404("the amendment does not touch this part")
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    reasons: tuple[str, ...] = ()
    if request.method == "POST":
        typed = {name: str(value) for name, value in request.POST.items()}
        try:
            count = write_grid(draft, part, typed, cast("User", request.user))
        except GridRefused as refusal:
            errors = dict(refusal.errors)
        except AmendmentRefused as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, _moved(count))
            return redirect("contracts:amendment", code, number)
    context = page.context | {
        "shown": draft,
        "part": part,
        "grids": grids(draft, part, typed, errors),
        "additions": additions_of(draft, part),
        "removable": removable(draft, part),
        "errors": errors,
        "reasons": reasons,
    }
    return render(request, "contracts/amendments/edit.html", context, status=422 if errors or reasons else 200)


@require_safe
@login_required
def file(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The file of a version, to edit and to bring back when it is a draft."""
    page = contract_page(request, code, TITLE)
    version = _version(request, page.contract, number)
    response = HttpResponse(write_contract_file(version), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{code}-version-{number}.toml"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def bring_back(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The edited file of a draft; or every reason why it is refused."""
    page, draft = draft_page(request, code, number)
    is_sent = request.method == "POST"
    form = ContractFileForm(request.POST, request.FILES) if is_sent else ContractFileForm()
    context: dict[str, Any] = page.context | {"form": form, "shown": draft, "errors": (), "reasons": ()}
    if not is_sent or not form.is_valid():
        return render(request, "contracts/amendments/import.html", context)
    sent = form.cleaned_data["file"]
    try:
        changes = import_draft(draft, sent.name, sent.read(), cast("User", request.user))
    except ContractFileError as error:
        return render(request, "contracts/amendments/import.html", context | {"errors": error.errors}, status=422)
    except AmendmentRefused as refusal:
        return render(request, "contracts/amendments/import.html", context | {"reasons": refusal.reasons}, status=422)
    messages.success(request, "Le fichier est repris dans l’avenant." if changes else "Ce fichier ne change rien.")
    return redirect("contracts:amendment", code, number)


@require_POST
@login_required
def signature(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One party's signature, by itself or by the secretariat; what is refused comes back as it was typed."""
    page = contract_page(request, code, TITLE)
    version = _version(request, page.contract, number)
    roles = _roles(request, page)
    _require(bool(roles))
    form = SignatureForm(request.POST, roles=roles)
    if form.is_valid():
        try:
            services.record_signature(version, actor=cast("User", request.user), **form.cleaned_data)
        except AmendmentRefused as refusal:
            form.add_error(None, list(refusal.reasons))
        else:
            messages.success(request, "La signature est enregistrée.")
            return redirect("contracts:amendment", code, number)
    return _amendment_page(request, page, version, form)


@require_POST
@login_required
def withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Drop the signatures of a draft, to change its figures."""
    _, draft = draft_page(request, code, number)
    services.withdraw_signatures(draft, cast("User", request.user))
    messages.success(
        request, "Les signatures sont retirées\u00a0; l’historique les garde, et chaque partie signe de nouveau."
    )
    return redirect("contracts:amendment", code, number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Put a draft among the signed versions."""
    page = contract_page(request, code, TITLE)
    version = _version(request, page.contract, number)
    _require(can_sign_amendment(request.user, page.contract))
    last = version.signatories.order_by("-signed_on").first()
    first = {"number": version.number, "reason": version.reason, "signed_on": last.signed_on if last else None}
    form = SignForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            signed = services.sign_amendment(version, actor=cast("User", request.user), **form.cleaned_data)
        except AmendmentRefused as refusal:
            form.add_error(None, list(refusal.reasons))
        else:
            messages.success(request, f"{signed} est signé et prend effet le {date_fr(signed.effective_on)}.")
            return redirect("contracts:amendment", code, number)
    return _form(request, page, form, f"Signer l’avenant n°\u00a0{number}", "Enregistrer la signature de l’avenant")


@require_POST
@login_required
def abandon(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Drop a draft."""
    _, draft = draft_page(request, code, number)
    services.abandon_amendment(draft, cast("User", request.user))
    messages.success(request, "L’avenant en préparation est abandonné\u00a0; l’historique en garde les chiffres.")
    return redirect("contracts:amendments", code)


@require_safe
@login_required
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Any two versions side by side: `?de=0&a=1`; by default the last two that the person may see."""
    page = contract_page(request, code, TITLE)
    user = cast("User", request.user)
    versions = {one.version.number: one.version for one in versions_of(page.contract, user, timezone.localdate())}
    *earlier, last = sorted(versions) or [0]
    pair = (_number(request, "de", earlier[-1] if earlier else last), _number(request, "a", last))
    if any(number not in versions for number in pair):
        raise Http404("no such version for this person")
    before, after = (versions[number] for number in pair)
    found: Impact = impact(before, after)
    context = page.context | {
        "impact": found,
        "before": before,
        "after": after,
        "numbers": [(number, str(versions[number])) for number in sorted(versions)],
        "choices": [("de", "De la version", before.number), ("a", "À la version", after.number)],
    }
    return render(request, "contracts/amendments/compare.html", context)


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, str(default))
    return int(text) if text.isdecimal() and len(text) < 5 else -1


def _version(request: HttpRequest, contract: Contract, number: int) -> ContractVersion:
    """A version that the person may see. 404 as for one that does not exist."""
    rows = contract.versions.select_related("based_on", "prepared_by", "contract__holder__ministry")
    version = rows.filter(number=number).first()
    if version is None or not can_see_version(request.user, version):
        raise Http404("no such version for this person")
    return version


def draft_page(request: HttpRequest, code: str, number: int) -> tuple[ContractPage, ContractVersion]:
    """A draft that the person may edit: 404 when it is not seen, 403 when it may not be touched."""
    page = contract_page(request, code, TITLE)
    version = _version(request, page.contract, number)
    _require(version.is_draft and can_prepare_amendment(request.user, page.contract))
    return page, version


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied


def _form(request: HttpRequest, page: ContractPage, form: Any, heading: str, action: str) -> HttpResponse:
    context = page.context | {"form": form, "form_heading": heading, "action": action}
    status = 422 if request.method == "POST" else 200
    return render(request, "contracts/amendments/form.html", context, status=status)


def _moved(count: int) -> str:
    if not count:
        return "Aucun chiffre n’a changé."
    return "Un chiffre est modifié dans l’avenant." if count == 1 else f"{count} chiffres sont modifiés dans l’avenant."
