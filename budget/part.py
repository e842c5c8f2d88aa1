"""The credits of a version (article 2) in a contract file: read, written back, compared, summed for stated figures."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from budget.annex import FINANCING
from budget.models import BudgetLine, PlannedCredit
from contracts.additions import Addition, Cluster
from contracts.amendments.calc import TOTAL
from contracts.contract_file.columns import Cells, Column, read_row, write_row
from contracts.contract_file.document import Document, scale_of
from contracts.contract_file.expressions import CO_FINANCING, FTAP
from contracts.contract_file.nodes import Node
from contracts.enums import AmountUnit
from contracts.fields import amount
from contracts.models import ContractVersion
from contracts.parts import FUNDING, Calculator, Computed, Expression, Filter, Part, Promise, Total, standing
from figures import formats
from figures.ae_cp import total
from figures.codes import PROGRAMME_FORM, is_programme

COUNT: Final = "nombre"
"""The measure of how many lines there are."""
YEARS: Final = "exercices"
"""The measure of how many years the plan has a column for, zero included."""
PROGRAMME: Final = "programme"
"""The measure of which programme the lines name."""
LINE: Final = (
    Column("cle", "key", required=True),
    Column("libelle", "label", required=True),
    Column("nature", "nature", required=True),
    Column("titre", "titre"),
    Column("programme", "programme"),
    Column("axe", "axis", refers_to="axes", what="cet axe"),
    Column("fiche", "sheet", refers_to="fiches", by="number", what="cette fiche"),
    Column("lot", "lot"),
    Column("groupe", "group"),
    Column("etp", "etp"),
)
YEAR: Final = (Column("ae", "ae"), Column("cp", "cp"))
SOURCE: Final = Column("source", "co_financer", refers_to="organisations", what="cette organisation (ou FTAP)")
ASKED: Final = ("libelle", "nature", "titre", "programme", "axe", "fiche", "lot")


class BudgetPart(Part):
    """Lines of expense by source, with AE and CP by year."""

    code = "budget"
    title = "Crédits (article\u00a02)"
    promises = (
        Promise(
            PlannedCredit,
            "line",
            ("year",),
            ("ae", "cp"),
            theme="budget",
            years=FUNDING,
            reads=("axis", "sheet__axis", "co_financer"),
        ),
    )
    additions = (
        Addition(
            "ligne",
            "une ligne de crédits",
            "budget",
            ("credits", "lignes"),
            (
                Cluster(BudgetLine, (*(one for one in LINE if one.key in ASKED), SOURCE)),
                Cluster(PlannedCredit, YEAR, "annees", years=FUNDING),
            ),
            defaults={"source": FTAP},
        ),
    )
    annex = (FINANCING,)
    measures = {"credits": ("ae", "cp", COUNT, YEARS, PROGRAMME)}
    filters = {
        "source": Filter("source", "organisations"),
        "axe": Filter("reference", "axes"),
        "fiche": Filter("reference", "fiches"),
        "titre": Filter("word"),
        "programme": Filter("word"),
        "lot": Filter("reference", "lots"),
        "groupe": Filter("reference", "groupes"),
        "lignes": Filter("references", "credits"),
        "annee": Filter("year"),
        "annees": Filter("interval"),
    }

    def read(self, document: Document) -> None:
        for name in ("credits", "lots", "groupes"):
            document.known.setdefault(name, {})
        lines: list[BudgetLine] = []
        planned: list[PlannedCredit] = []
        table = document.with_unit("credits")
        for rank, node in enumerate(table.tables("lignes") if table else (), start=1):
            node.label = node.told("libelle", f"Ligne {rank}")
            line = _read_line(node, document)
            line.position = rank
            years = _read_years(node, line, document)
            _check_life(node, years)
            lines.append(line)
            planned.extend(years)
        document.of_contract(lines, BudgetLine, "key", is_referred_to=True)
        document.of_version(planned, PlannedCredit, "line", "year")

    def write(self, version: ContractVersion, cells: Cells) -> dict[str, Any]:
        unit = version.table_units.get("credits", AmountUnit.EUR)
        rows = PlannedCredit.objects.filter(version=version).order_by("year")
        by_line: defaultdict[int, list[PlannedCredit]] = defaultdict(list)
        for row in rows:
            by_line[row.line_id].append(row)
        known = standing(version.contract.budget_lines.all(), version, "planned")
        lines = known.select_related("axis", "sheet", "co_financer").order_by("position", "pk")
        return {
            "credits": {
                "unite": unit,
                "lignes": [
                    _written_line(line, by_line[line.pk], cells, f"credits.lignes[{rank}]", scale_of(unit))
                    for rank, line in enumerate(lines, start=1)
                ],
            }
        }

    def calculator(self, version: ContractVersion) -> Calculator:
        rows = list(
            PlannedCredit.objects.filter(version=version).select_related(
                "line__axis", "line__sheet", "line__co_financer"
            )
        )

        def compute(expression: Expression) -> Computed:
            kept = [row for row in rows if _is_kept(row, expression)]
            if expression["mesure"] == COUNT:
                return Computed(Decimal(len({row.line_id for row in kept})), is_amount=False)
            if expression["mesure"] == YEARS:
                return Computed(Decimal(len({row.year for row in kept})), is_amount=False)
            if expression["mesure"] == PROGRAMME:
                return _programme({row.line.programme for row in kept if row.line.programme})
            return summed(getattr(row, expression["mesure"]) for row in kept)

        return compute

    def totals(self, version: ContractVersion) -> tuple[Total, ...]:
        """AE and CP of all sources by year, then the fund's own."""
        rows = list(PlannedCredit.objects.filter(version=version).select_related("line").order_by("year"))
        ftap = [row for row in rows if row.line.is_ftap]
        return tuple(
            Total(
                f"{name}-{kind}", f"{title} {label}", by_year(kept, kind), {TOTAL: kind}, {row.line_id for row in kept}
            )
            for name, label, kept in (("total", "tous financements", rows), ("ftap", "du FTAP", ftap))
            for kind, title in (("ae", "AE"), ("cp", "CP"))
        )


def _lines(rows: Iterable[PlannedCredit]) -> set[int]:
    return {row.line_id for row in rows}


def _programme(found: set[str]) -> Computed:
    """The programme that lines name, as a number (349); None when they name none, or several."""
    if len(found) == 1:
        return Computed(Decimal(found.pop()), is_amount=False)
    why = f"Les lignes nomment plusieurs programmes\u00a0: {', '.join(sorted(found))}." if found else ""
    return Computed(None, is_amount=False, why=why or "Aucune ligne ne nomme de programme.")


def summed(values: Iterable[Any]) -> Computed:
    """The sum of money columns: 0 for no row at all, None when none of the rows says anything."""
    cells = list(values)
    terms = tuple(Decimal(value.amount) for value in cells if value is not None)
    value = sum(terms, Decimal(0)) if terms or not cells else None
    return Computed(value, terms, len(cells) - len(terms), why="" if value is not None else "Aucun montant lisible.")


def by_year(rows: Iterable[PlannedCredit], kind: str) -> dict[str, Decimal | None]:
    """The sum of one measure in each year, in euros; None for a year of which nothing is known."""
    found: defaultdict[str, list[Decimal | None]] = defaultdict(list)
    for row in rows:
        found[str(row.year)].append(amount(getattr(row, kind)))
    return {year: total(values) for year, values in found.items()}


def _read_line(node: Node, document: Document) -> BudgetLine:
    line = read_row(node, BudgetLine, LINE, document.known)
    source = node.text("source", required=True)
    if source and source != FTAP:
        financer = node.reference("source", document.known["organisations"], "cette organisation (ou FTAP)")
        line.co_financer = financer
    check_programme(node, line.programme)
    document.define("credits", node, "cle", line)
    for table, word in (("lots", line.lot), ("groupes", line.group)):
        if word:
            document.known[table].setdefault(word, word)
    return line


def check_programme(node: Node, programme: str) -> None:
    """Refuses what is no programme of the State."""
    if programme and not is_programme(programme):
        node.refuse("programme", PROGRAMME_FORM)


def _read_years(node: Node, line: BudgetLine, document: Document) -> list[PlannedCredit]:
    rows = []
    allowed = document.funding_years
    for year, cells in node.years("annees", document.savings_years):
        row = read_row(cells, PlannedCredit, YEAR, document.known)
        # A contract may print a column of zeros after its last year of funding.
        if year not in allowed and any(amount(value) for value in (row.ae, row.cp)):
            message = f"Année hors du contrat\u00a0: de {allowed[0]} à {allowed[-1]}."
            node.source.refuse(cells.path, cells.data, message)
        row.line, row.year = line, year
        rows.append(row)
    return rows


def _check_life(node: Node, years: list[PlannedCredit]) -> None:
    """Over the life of a line, CP never exceed AE; not judged when a figure is missing."""
    pairs = [(amount(row.ae), amount(row.cp)) for row in years]
    if any(None in pair for pair in pairs):
        return
    ae, cp = (sum((pair[rank] or Decimal(0) for pair in pairs), Decimal(0)) for rank in (0, 1))
    if cp > ae:
        shown = f"{formats.euros(cp)} de CP pour {formats.euros(ae)} d’AE"
        node.refuse("annees", f"Sur la durée de la ligne, les CP dépassent les AE\u00a0: {shown}.")


def _written_line(
    line: BudgetLine, years: list[PlannedCredit], cells: Cells, path: str, scale: Decimal
) -> dict[str, Any]:
    written = write_row(line, LINE, cells, path, scale)
    written["source"] = FTAP if line.co_financer is None else line.co_financer.code
    written["annees"] = {
        str(row.year): write_row(row, YEAR, cells, f"{path}.annees.{row.year}", scale) for row in years
    }
    return written


def _is_kept(row: PlannedCredit, expression: Expression) -> bool:
    line = row.line
    found = {
        "axe": line.axis.code if line.axis else "",
        "fiche": line.sheet.number if line.sheet else "",
        "titre": line.titre,
        "programme": line.programme,
        "lot": line.lot,
        "groupe": line.group,
        "annee": row.year,
    }
    return (
        all(expression[key] == value for key, value in found.items() if key in expression)
        and ("lignes" not in expression or line.key in expression["lignes"])
        and ("source" not in expression or _is_source(line, expression["source"]))
        and ("annees" not in expression or expression["annees"][0] <= row.year <= expression["annees"][1])
    )


def _is_source(line: BudgetLine, source: str) -> bool:
    if source == CO_FINANCING:
        return line.co_financer is not None
    return source == (FTAP if line.co_financer is None else line.co_financer.code)
