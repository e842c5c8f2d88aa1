"""What the plan of credits of a version contradicts: T2, AE against CP over a line's life, sheets against lines."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from budget.enums import Titre
from budget.models import PlannedCredit
from contracts.anomalies import Anomaly, Severity, amount_text, compared
from contracts.fields import amount
from contracts.models import ContractVersion, PlannedSheet
from figures.ae_cp import total


def budget_anomalies(version: ContractVersion) -> Iterator[Anomaly]:
    """Two queries: the planned credits with their lines, and the project sheets."""
    rows = list(PlannedCredit.objects.filter(version=version).select_related("line").order_by("line__position", "year"))
    lines: defaultdict[int, list[PlannedCredit]] = defaultdict(list)
    for row in rows:
        lines[row.line_id].append(row)
    for years in lines.values():
        yield from _staff(years)
        yield from _life(years)
    yield from _sheets(version, rows)


def _staff(years: Sequence[PlannedCredit]) -> Iterator[Anomaly]:
    """Titre 2: what is committed in a year is paid in the year (domain § 4)."""
    for row in years:
        ae, cp = amount(row.ae), amount(row.cp)
        if row.line.titre == Titre.T2 and ae is not None and cp is not None and ae != cp:
            yield Anomaly(
                code="t2_ae_cp",
                title="Titre 2\u00a0: AE différentes des CP",
                article="2",
                where=f"{row.line}, {row.year}",
                difference=amount_text(ae - cp),
                explanation=f"{amount_text(ae)} d’AE pour {amount_text(cp)} de CP, égaux par règle en titre\u00a02.",
                severity=Severity.ERROR,
            )


def _life(years: Sequence[PlannedCredit]) -> Iterator[Anomaly]:
    """Planned AE and CP agree at the end of a contract; not judged when a figure is missing."""
    ae, cp = [amount(row.ae) for row in years], [amount(row.cp) for row in years]
    if None in ae or None in cp:
        return
    committed, paid = total(ae), total(cp)
    if committed is not None and paid is not None and committed != paid:
        yield Anomaly(
            code="line_ae_cp",
            title="AE et CP différents sur la durée",
            article="2",
            where=str(years[0].line),
            difference=amount_text(committed - paid),
            explanation=f"{amount_text(committed)} d’AE pour {amount_text(paid)} de CP sur la durée de la ligne.",
        )


def _sheets(version: ContractVersion, rows: Sequence[PlannedCredit]) -> Iterator[Anomaly]:
    """What project sheets add up to against what the lines of article 2 add up to, in AE and in CP."""
    sheets = list(PlannedSheet.objects.filter(version=version))
    if not sheets:
        return
    own = [row for row in rows if row.line.is_ftap]
    for label, money, kept in (("coût total", "cost", rows), ("financement FTAP", "ftap", own)):
        promised = total(amount(getattr(sheet, money)) for sheet in sheets)
        for measure in ("ae", "cp"):
            planned = total(amount(getattr(row, measure)) for row in kept)
            if promised is not None and planned is not None and promised != planned:
                yield Anomaly(
                    code="sheets_budget",
                    title="Fiches projet différentes du plan de financement",
                    article="2",
                    where=f"Fiches projet, {label}, contre les lignes en {measure.upper()}",
                    explanation="La somme des fiches devrait être celle des lignes de financement.",
                    severity=Severity.ERROR,
                    **compared(promised, planned),
                )
