"""What does the money bring? Returns of a selection of contracts, and the lines behind those of one."""

from io import BytesIO
from typing import cast

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from accounts.models import User
from contracts.models import Contract
from contracts.pages import contract_page
from contracts.subprojects.selectors import pipelines_of
from figures import formats
from figures.rounding import places_shown
from monitoring.reality import DEMO
from reports.curve import curve, curve_drawing, is_amended, left_out
from reports.curve_selectors import contract_curves
from reports.forms import ReturnsFilters
from reports.returns import CODES, ContractTerms, behind, pooled
from reports.returns_selectors import contract_terms
from reports.returns_tables import tables, umbrellas
from reports.situation import contract_situation
from reports.tables.model import Table
from reports.tables.shown import shown_table
from reports.xlsx.sheet import NOTE, STRONG, Writer, lay_out

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS = ("Ensemble", "Ministères", "Régions", "Contrats", "À trois ans (R4)")


@require_safe
@login_required
def returns(request: HttpRequest) -> HttpResponse:
    """R1 to R4 of the contracts that the person may see, together, by ministry, by region and one by one."""
    form, rows = _asked(request)
    today = timezone.localdate()
    contracts = Contract.objects.filter(code__in=[row.code for row in rows])
    curves = contract_curves(contracts, today)
    context = {
        "form": form,
        "rows": rows,
        "on": today,
        "conclusion": _conclusion(rows),
        "chart": curve_drawing(curve(curves)),
        "without_money": left_out(curves),
        "given_twice": [row for row in rows if row.given_twice],
        "shown": [shown_table(one) for one in (*tables(rows), *_umbrellas(contracts))],
        "left_out": [one for code in CODES if (one := pooled(code, rows)).left_out],
        "query": request.GET.urlencode(),
        "breadcrumbs": [("Accueil", "/"), ("Portefeuille", reverse("reports:portfolio")), ("Retours", "")],
    }
    return render(request, "reports/returns.html", context)


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """The same tables as a workbook, a sheet each; totals and ratios are formulas."""
    _, rows = _asked(request)
    book, today = Workbook(), timezone.localdate()
    book.remove(book.worksheets[0])
    sheets = dict(zip(SHEETS, tables(rows), strict=True))
    contracts = Contract.objects.filter(code__in=[row.code for row in rows])
    sheets |= dict(zip(["Dispositifs"], _umbrellas(contracts), strict=False))
    for title, table in sheets.items():
        sheet = book.create_sheet(title)
        writer = Writer(sheet)
        writer.text(f"Retours sur investissement des contrats FTAP, au {formats.date_fr(today)}", NOTE)
        if any(row.is_demo for row in rows):
            writer.text(DEMO, STRONG)
        for text in _given_twice(rows):
            writer.text(text, NOTE)
        writer.table(table)
        lay_out(writer, [table])
    written = BytesIO()
    book.save(written)
    headers = {"Content-Disposition": f'attachment; filename="retours-ftap-{today:%Y-%m-%d}.xlsx"'}
    return HttpResponse(written.getvalue(), content_type=XLSX, headers=headers)


@require_safe
@login_required
def contract_returns(request: HttpRequest, code: str) -> HttpResponse:
    """The returns of a contract, its curve, and for each term the lines that make it."""
    page = contract_page(request, code, "Retours")
    if page.version is None:
        return render(request, "reports/contract_empty.html", page.context)
    situation = contract_situation(page.contract, page.on, checked=False)
    points = curve(contract_curves([page.contract], situation.on))
    context = page.context | {
        "situation": situation,
        "ftap": situation.ftap_funding,
        "chart": curve_drawing(points, page.contract.first_year),
        "is_amended": is_amended(points),
        "details": [(one, behind(situation, one.code)) for one in situation.returns],
    }
    return render(request, "reports/contract_returns.html", context)


def _umbrellas(contracts: QuerySet[Contract]) -> list[Table]:
    """The consolidated returns of the umbrella contracts among these; no table when none has a sub-project."""
    pipelines = pipelines_of(contracts.values_list("pk", flat=True))
    return [umbrellas(pipelines)] if pipelines else []


def _given_twice(rows: list[ContractTerms]) -> list[str]:
    """By contract and amount, which of two sums counts."""
    return [
        formats.typeset(f"{row.title}, {label} : {formats.euros(amount, places_shown(amount))}, {beside}.")
        for row in rows
        for label, amount, beside in row.given_twice
    ]


def _asked(request: HttpRequest) -> tuple[ReturnsFilters, list[ContractTerms]]:
    user = cast("User", request.user)
    form = ReturnsFilters(request.GET, contracts=Contract.objects.visible_to(user))
    return form, contract_terms(user, timezone.localdate(), form.narrowed())


def _conclusion(rows: list[ContractTerms]) -> str:
    """R1 and R2 of the selection with their terms."""
    if not rows:
        return "Aucun contrat ne répond à ces filtres."
    promised, certified = pooled("R1", rows), pooled("R2", rows)
    if promised.numerator is None:
        return "Aucun contrat de cette sélection ne promet d’économie pérenne chiffrée."
    sentence = (
        f"{formats.exact_euros(promised.numerator)} d’économies pérennes par an sont promis pour "
        f"{formats.exact_euros(promised.denominator)} du fonds, soit {formats.ratio(promised.ratio)} euro par euro"
    )
    if certified.numerator is None:
        return formats.typeset(f"{sentence} ; rien n’est certifié à ce jour.")
    proved, spent = formats.exact_euros(certified.numerator), formats.exact_euros(certified.denominator)
    ratio = formats.ratio(certified.ratio)
    return formats.typeset(f"{sentence} ; {proved} sont certifiés pour {spent} consommés, soit {ratio}.")
