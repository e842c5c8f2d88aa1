"""The part of a version that belongs to the frame itself: amounts of project sheets, dates of the calendar."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from contracts.additions import Addition, Cluster
from contracts.amendments.calc import TOTAL
from contracts.contract_file.columns import Cells, Column, end_of_quarter, read_row, start_of_quarter, write_row
from contracts.contract_file.document import Document, scale_of
from contracts.fields import amount
from contracts.models import ContractVersion, Milestone, PlannedMilestone, PlannedSheet, ProjectSheet
from contracts.parts import Calculator, Computed, Expression, Filter, Part, Promise, Total, standing
from figures.ae_cp import total

SHEET: Final = (
    Column("numero", "number", required=True),
    Column("axe", "axis", refers_to="axes", what="cet axe"),
    Column("intitule", "title", required=True),
    Column("thematique", "theme"),
    Column("item", "item"),
    Column("actions", "actions"),
)
SHEET_AMOUNTS: Final = (Column("cout", "cost"), Column("ftap", "ftap"), Column("part_ftap", "printed_share"))
MILESTONE: Final = (
    Column("cle", "key", required=True),
    Column("libelle", "label", required=True),
    Column("type", "kind", required=True),
    Column("axe", "axis", refers_to="axes", what="cet axe"),
    Column("fiche", "sheet", refers_to="fiches", by="number", what="cette fiche"),
)
MILESTONE_DATES: Final = (
    Column("debut", "starts_on", quarter=start_of_quarter),
    Column("fin", "ends_on", quarter=end_of_quarter),
)


class FramePart(Part):
    """Project sheets (article 1 and 2) and calendar (article 4.1)."""

    code = "frame"
    title = "Fiches projet et calendrier"
    promises = (
        Promise(PlannedSheet, "sheet", (), ("cost", "ftap"), theme="budget", printed="printed_share"),
        Promise(PlannedMilestone, "milestone", (), ("starts_on", "ends_on"), theme="calendar"),
    )
    additions = (
        Addition(
            "fiche",
            "une fiche projet",
            "budget",
            ("fiches",),
            (
                Cluster(ProjectSheet, tuple(one for one in SHEET if one.key != "actions")),
                Cluster(PlannedSheet, SHEET_AMOUNTS[:2]),
            ),
        ),
        Addition(
            "jalon",
            "un jalon ou une phase",
            "calendar",
            ("calendrier",),
            (Cluster(Milestone, MILESTONE[1:]), Cluster(PlannedMilestone, MILESTONE_DATES)),
        ),
    )
    measures = {"fiches": ("cout", "ftap", "part_ftap", "nombre")}
    filters = {"fiche": Filter("reference", "fiches"), "axe": Filter("reference", "axes")}

    def read(self, document: Document) -> None:
        """Sheets first: other tables refer to them."""
        document.known.setdefault("fiches", {})
        self._read_sheets(document)
        self._read_calendar(document)

    def write(self, version: ContractVersion, cells: Cells) -> dict[str, Any]:
        amounts = {row.sheet_id: row for row in version.planned_sheets.all()}
        known = standing(version.contract.sheets.all(), version, "planned").select_related("axis")
        sheets = known.order_by("position", "pk")
        milestones = version.planned_milestones.select_related("milestone__axis", "milestone__sheet")
        return {
            "fiches": [
                _write_pair(
                    sheet,
                    SHEET,
                    amounts.get(sheet.pk) or PlannedSheet(),
                    SHEET_AMOUNTS,
                    cells,
                    f"fiches[{rank}]",
                    scale_of(version.contract.unit),
                )
                for rank, sheet in enumerate(sheets, start=1)
            ],
            "calendrier": [
                _write_pair(row.milestone, MILESTONE, row, MILESTONE_DATES, cells, f"calendrier[{rank}]", Decimal(1))
                for rank, row in enumerate(milestones.order_by("milestone__position", "milestone_id"), start=1)
            ],
        }

    def calculator(self, version: ContractVersion) -> Calculator:
        rows = list(PlannedSheet.objects.filter(version=version).select_related("sheet__axis"))

        def compute(expression: Expression) -> Computed:
            kept = [row for row in rows if _is_kept(row, expression)]
            return _measure(expression["mesure"], kept)

        return compute

    def totals(self, version: ContractVersion) -> tuple[Total, ...]:
        """What the sheets cost, and what the fund brings to them."""
        rows = list(PlannedSheet.objects.filter(version=version))
        if not rows:
            return ()
        costs, parts = _known(row.cost for row in rows), _known(row.ftap for row in rows)
        sheets = frozenset(row.sheet_id for row in rows)
        return (
            Total("cout", "Coût total des fiches projet", {"Toutes fiches": total(costs)}, {TOTAL: "cost"}, sheets),
            Total(
                "ftap", "Part du FTAP dans les fiches projet", {"Toutes fiches": total(parts)}, {TOTAL: "ftap"}, sheets
            ),
        )

    def _read_sheets(self, document: Document) -> None:
        sheets, amounts = [], []
        for rank, node in enumerate(document.root.tables("fiches"), start=1):
            node.label, node.scale = f"Fiche {node.data.get('numero', rank)}", scale_of(document.contract.unit)
            sheet = read_row(node, ProjectSheet, SHEET, document.known)
            planned = read_row(node, PlannedSheet, SHEET_AMOUNTS, document.known)
            sheet.position, planned.sheet = rank, sheet
            cost, ftap = amount(planned.cost), amount(planned.ftap)
            if cost is not None and ftap is not None and ftap > cost:
                node.refuse(
                    "ftap", f"La part du FTAP ({ftap}\u00a0€) dépasse le coût total de la fiche ({cost}\u00a0€)."
                )
            document.define("fiches", node, "numero", sheet)
            sheets.append(sheet)
            amounts.append(planned)
        document.of_contract(sheets, ProjectSheet, "number", is_referred_to=True)
        document.of_version(amounts, PlannedSheet, "sheet")

    def _read_calendar(self, document: Document) -> None:
        milestones, dates = [], []
        for rank, node in enumerate(document.root.tables("calendrier"), start=1):
            node.label = node.told("libelle", f"Jalon {rank}")
            milestone = read_row(node, Milestone, MILESTONE, document.known)
            planned = read_row(node, PlannedMilestone, MILESTONE_DATES, document.known)
            milestone.position, planned.milestone = rank, milestone
            if planned.starts_on and planned.ends_on and planned.ends_on < planned.starts_on:
                node.refuse("fin", "La fin précède le début.")
            document.define("calendrier", node, "cle", milestone)
            milestones.append(milestone)
            dates.append(planned)
        document.of_contract(milestones, Milestone, "key", is_referred_to=True)
        document.of_version(dates, PlannedMilestone, "milestone")


def _write_pair(
    identity: Any,
    identity_columns: Sequence[Column],
    promise: Any,
    promise_columns: Sequence[Column],
    cells: Cells,
    path: str,
    scale: Decimal,
) -> dict[str, Any]:
    return write_row(identity, identity_columns, cells, path, scale) | write_row(
        promise, promise_columns, cells, path, scale
    )


def _is_kept(row: PlannedSheet, expression: Expression) -> bool:
    axis = row.sheet.axis.code if row.sheet.axis else None
    found = {"fiche": row.sheet.number, "axe": axis}
    return all(expression[key] == value for key, value in found.items() if key in expression)


def _measure(measure: str, rows: Sequence[PlannedSheet]) -> Computed:
    if measure == "nombre":
        return Computed(Decimal(len(rows)), is_amount=False)
    costs, parts = _known(row.cost for row in rows), _known(row.ftap for row in rows)
    if measure == "part_ftap":
        whole = sum(costs, Decimal(0))
        if not whole:
            return Computed(None, is_amount=False, why="Le coût total n’est pas renseigné.")
        return Computed(100 * sum(parts, Decimal(0)) / whole, is_amount=False)
    terms = costs if measure == "cout" else parts
    missing = len(rows) - len(terms)
    return Computed(sum(terms, Decimal(0)) if terms or not rows else None, tuple(terms), missing)


def _known(values: Any) -> list[Decimal]:
    return [Decimal(value.amount) for value in values if value is not None]
