"""Where does the fund stand? The contracts that one may see, filtered and sorted by the address."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from budget.calc import reste_a_payer
from contracts.funding import added, lines_said
from contracts.models import Contract
from contracts.permissions import can_import_contract
from figures import formats
from figures.ae_cp import over_known, share, total, total_ae_cp
from figures.charts import ShareBar, share_bars
from monitoring import tabular
from monitoring.enums import FilingState
from monitoring.selectors import campaigns_visible_to
from reports import selectors
from reports.forms import NO_FILING, PortfolioFilters
from reports.portfolio_columns import sorted_rows, table
from reports.selectors import PortfolioRow


@require_safe
@login_required
def portfolio(request: HttpRequest) -> HttpResponse:
    """Key figures with their dates, the current campaign, filters, and one line a contract."""
    form, rows = _filtered(request)
    user = cast("User", request.user)
    context = {
        "form": form,
        "lines": [(row, _bars(row)) for row in rows],
        "keys": _keys(rows),
        "campaign": campaigns_visible_to(user).filter(opened_at__isnull=False).first(),
        "order": request.GET.get("tri", ""),
        "kept": _without(request, "tri"),
        "query": request.GET.urlencode(),
        "can_import": can_import_contract(user),
        "breadcrumbs": [("Accueil", "/"), ("Portefeuille", "")],
    }
    return render(request, "reports/portfolio.html", context)


@require_safe
@login_required
def export(request: HttpRequest, file_format: str) -> HttpResponse:
    """The same rows, filters and order, as a file."""
    if file_format not in tabular.CONTENT_TYPES:
        raise Http404("no such export")
    content = tabular.written(file_format, "Portefeuille", *table(_filtered(request)[1]))
    name = f"portefeuille-ftap-{timezone.localdate():%Y-%m-%d}.{file_format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=tabular.CONTENT_TYPES[file_format], headers=headers)


def _filtered(request: HttpRequest) -> tuple[PortfolioFilters, list[PortfolioRow]]:
    """The rows that the address asks for, among those that the person may see."""
    user = cast("User", request.user)
    form = PortfolioFilters(request.GET, contracts=Contract.objects.visible_to(user))
    rows = selectors.portfolio(user, contracts=form.narrowed())
    return form, sorted_rows(
        [row for row in rows if _in_state(row, form.state) and form.shows(row.anomalies)], request.GET.get("tri", "")
    )


def _in_state(row: PortfolioRow, state: str) -> bool:
    """Whether the contract's newest filing, open or locked, is in the state asked for."""
    if not state:
        return True
    newest = row.open_filing.state if row.open_filing else row.last_filing.state if row.last_filing else NO_FILING
    return newest == state


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()


def _bars(row: PortfolioRow) -> str:
    bars = [
        ShareBar("AE", row.planned.ae, row.consumed.ae, is_lost="ae" in row.lost),
        ShareBar("CP", row.planned.cp, row.consumed.cp, is_lost="cp" in row.lost),
    ]
    return share_bars(f"barres-{row.contract.code}", f"{row.contract.title}\u00a0: part consommée", bars)


def _keys(rows: Sequence[PortfolioRow]) -> list[dict[str, Any]]:
    """Sums over the rows shown; each says of when, or of what, it is."""
    consumed = total_ae_cp(row.consumed for row in rows)
    promised = total(row.ftap.amount for row in rows)
    recurrent, _ = over_known((row.savings_recurrent.cp, row.ftap_amount) for row in rows)
    certified, _ = over_known((row.certified_recurrent.cp, row.consumed.cp) for row in rows)
    signed, signed_recurrent = (
        total(row.signed.ftap_amount for row in rows),
        total(row.signed.recurrent.cp for row in rows),
    )
    as_of = _as_of(rows)
    shown = (
        ("Contrats", str(len(rows)), "dans votre sélection"),
        (
            "FTAP promis",
            formats.exact_euros(promised),
            f"versions en vigueur{_illegible(rows)}{_given_twice(rows)}{_at_signature(promised, signed)}",
        ),
        ("AE consommées", formats.exact_euros(consumed.ae), as_of),
        ("CP consommés", formats.exact_euros(consumed.cp), as_of),
        ("Reste à payer", formats.exact_euros(reste_a_payer(consumed)), as_of),
        ("Économies certifiées", formats.exact_euros(total(row.savings_certified.cp for row in rows)), "cumul, en CP"),
        ("Anomalies ouvertes", _open_anomalies(rows), _accepted(rows)),
        (
            "Retour contractuel (R1)",
            formats.ratio(share(recurrent, promised)),
            f"{formats.exact_euros(recurrent)} par an ÷ {formats.exact_euros(promised)}"
            + _covered(rows)
            + _at_signature(recurrent, signed_recurrent, " par an"),
        ),
        (
            "Retour certifié (R2)",
            formats.ratio(share(certified, consumed.cp)),
            f"{formats.exact_euros(certified)} certifiés par an ÷ {formats.exact_euros(consumed.cp)} de CP consommés",
        ),
    )
    return [{"label": label, "value": value, "note": note} for label, value, note in shown]


def _at_signature(now: Decimal | None, signed: Decimal | None, by: str = "") -> str:
    """What the signatures promised, where the versions in force promise something else."""
    return "" if now == signed else f"\u00a0; {formats.exact_euros(signed)}{by} à la signature"


def _illegible(rows: Sequence[PortfolioRow]) -> str:
    """The contracts whose promise is in no sum, for nobody can read it."""
    lost = [row.contract.title for row in rows if row.ftap_amount is None and "cp" in row.lost]
    if not lost:
        return ""
    return f"\u00a0; sans {lost[0]}, illisible" if len(lost) == 1 else f"\u00a0; sans {len(lost)} contrats, illisibles"


def _given_twice(rows: Sequence[PortfolioRow]) -> str:
    """What the lines of credits give, where it is not what counts, and the contracts in which the two differ."""
    apart, whole = [row.contract.title for row in rows if row.ftap.differs], added(row.ftap for row in rows)
    if not apart or whole.difference is None:
        return ""
    lines = lines_said(whole.by_lines, whole.difference)
    return f", somme des fiches projet quand il y en a\u202f; les lignes de crédits font {lines} ({', '.join(apart)})"


def _open_anomalies(rows: Sequence[PortfolioRow]) -> str:
    known = [len(row.anomalies.open) for row in rows if row.anomalies is not None]
    return str(sum(known)) if known else formats.NOT_COMPUTABLE


def _accepted(rows: Sequence[PortfolioRow]) -> str:
    """How many were accepted, and of how many contracts both numbers are when not of all."""
    known = [len(row.anomalies.accepted) for row in rows if row.anomalies is not None]
    accepted = f"{sum(known)} acceptée{'s' if sum(known) > 1 else ''}"
    return accepted if len(known) == len(rows) else f"{accepted}\u00a0; {len(known)} contrats contrôlés sur {len(rows)}"


def _covered(rows: Sequence[PortfolioRow]) -> str:
    """How many contracts state a recurrent saving, when some do not: their amount still weighs on the return."""
    stated = sum(row.savings_recurrent.cp is not None for row in rows)
    if stated == len(rows):
        return ""
    return f"\u00a0; économies chiffrées par {stated} contrat{'s' if stated > 1 else ''} sur {len(rows)}"


def _as_of(rows: Sequence[PortfolioRow]) -> str:
    """The days that the data are of, from the oldest to the newest, and of how many contracts nobody validated them."""
    days = sorted({row.last_filing.period_end for row in rows if row.last_filing})
    if not days:
        return "aucun dossier soumis"
    if len(days) == 1:
        return f"au {formats.short_date_fr(days[0])}{_not_validated(rows)}"
    span = f"entre le {formats.short_date_fr(days[0])} et le {formats.short_date_fr(days[-1])}"
    return f"selon les contrats, {span}{_not_validated(rows)}"


def _not_validated(rows: Sequence[PortfolioRow]) -> str:
    """How many contracts count by a filing that is submitted and no more."""
    count = sum(row.last_filing is not None and row.last_filing.state == FilingState.SUBMITTED for row in rows)
    if not count:
        return ""
    return f"\u00a0; {count} contrat{'s' if count > 1 else ''} d’après un dossier soumis, non encore validé"
