"""A savings line as a contract file writes it: its columns, its method's parameters, its years and its posts."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from contracts.contract_file.columns import Cells, Column, plain, read_row, write_row
from contracts.contract_file.document import Document
from contracts.contract_file.nodes import Node
from contracts.fields import amount
from contracts.models import ContractVersion
from figures.codes import PROGRAMME_FORM, is_programme
from savings.enums import SavingsMethod
from savings.methods import MONTHS
from savings.models import PlannedPost, PlannedSaving, SavingsLine, SavingsTerms
from savings.overrides import refused_amounts, told
from savings.parameters import BY_YEAR, CATEGORY, PARAMETERS
from savings.schedules import by_category

LINE: Final = (
    Column("cle", "key", required=True),
    Column("libelle", "label", required=True),
    Column("nature", "nature"),
    Column("titre", "titre"),
    Column("programme", "programme"),
    Column("methode", "method", required=True),
    Column("recurrente", "is_recurrent"),
    Column("redeployee", "is_redeployed"),
)
RECURRENT: Final = (Column("ae", "recurrent_ae"), Column("cp", "recurrent_cp"))
YEAR: Final = (Column("ae", "ae"), Column("cp", "cp"))
POSTS: Final = (Column("supprimes", "removed_etpt"), Column("redeployes", "redeployed_etpt"), Column("mois", "month"))
CATEGORY_OF_POSTS: Final = (
    Column("categorie", "category", required=True),
    Column("cout_unitaire", "unit_cost", in_euros=True),
)
REASON: Final = "motif_ecart"
REASON_LENGTH: Final = 500


class Rows:
    """Everything that a version promises of one line."""

    def __init__(self) -> None:
        self.terms: SavingsTerms | None = None
        self.planned: list[PlannedSaving] = []
        self.posts: defaultdict[str, list[PlannedPost]] = defaultdict(list)


def rows_of(version: ContractVersion) -> defaultdict[int, Rows]:
    """What a version promises of each line, by its number, years and categories in order. Three queries."""
    rows: defaultdict[int, Rows] = defaultdict(Rows)
    for terms in SavingsTerms.objects.filter(version=version):
        rows[terms.line_id].terms = terms
    for planned in PlannedSaving.objects.filter(version=version).order_by("year"):
        rows[planned.line_id].planned.append(planned)
    for post in PlannedPost.objects.filter(version=version).order_by("category", "year"):
        rows[post.line_id].posts[post.category].append(post)
    return rows


def read_line(node: Node, document: Document) -> SavingsLine:
    """The line itself; an unknown titre or programme is refused at its place."""
    line = read_row(node, SavingsLine, LINE, document.known)
    if line.titre and line.titre not in "1234567":
        node.refuse("titre", "Titre inconnu\u00a0: il va de 1 à 7 (LOLF, article\u00a05).")
    if line.programme and not is_programme(line.programme):
        node.refuse("programme", PROGRAMME_FORM)
    document.define("economies", node, "cle", line)
    return line


def read_terms(node: Node, line: SavingsLine, document: Document) -> SavingsTerms:
    """What recurs once all is deployed, the method's parameters and the reason of an amount that is not its own."""
    recurrent = node.table("perenne", label=f"{node.label}, montant pérenne")
    terms = read_row(recurrent, SavingsTerms, RECURRENT, document.known) if recurrent else SavingsTerms()
    terms.line = line
    terms.override_reason = node.text(REASON, max_length=REASON_LENGTH)
    if parameters := node.table("parametres", label=f"{node.label}, paramètres"):
        terms.parameters = _read_parameters(parameters, line, document)
    return terms


def _read_parameters(node: Node, line: SavingsLine, document: Document) -> dict[str, Any]:
    """The method's parameters as exact decimal texts, in euros, ETPT or percent; and the category of a ramp's posts."""
    names = PARAMETERS.get(SavingsMethod(line.method), ()) if line.method else ()
    read: dict[str, Any] = {}
    for name in names:
        read[name] = _text(node.number(name, places=4, label=name, required=True))
    if line.method == SavingsMethod.RAMP and (category := node.text(CATEGORY, max_length=20)):
        read[CATEGORY] = category
    for name in BY_YEAR.get(SavingsMethod(line.method), ()) if line.method else ():
        if table := node.table(name, label=f"{node.label}, {name}"):
            years = [year for year in table.data if year.isdecimal() and int(year) in document.savings_years]
            read[name] = {year: _text(table.number(year, places=4, label=year)) for year in years}
    return read


def ask_reason(node: Node, terms: SavingsTerms, planned: list[PlannedSaving], posts: list[PlannedPost]) -> None:
    """Refuse, at its place, an amount that the line's method does not give when nothing says why."""
    for one in refused_amounts(terms, planned, by_category(posts), node.scale):
        place = "perenne" if one.year is None else f"annees.{one.year}"
        node.source.refuse(node.at(f"{place}.{one.kind}"), plain(one.printed, node.scale), told(one))


def read_years(node: Node, line: SavingsLine, document: Document) -> list[PlannedSaving]:
    """The amounts of each year, AE and CP, in the unit of the table."""
    rows = []
    for year, cells in node.years("annees", document.savings_years):
        row = read_row(cells, PlannedSaving, YEAR, document.known)
        row.line, row.year = line, year
        rows.append(row)
    return rows


def read_posts(node: Node, line: SavingsLine, document: Document) -> list[PlannedPost]:
    """The posts removed and redeployed by category and year, with the unit cost; a category twice is refused."""
    rows: list[PlannedPost] = []
    seen: set[str] = set()
    for table in node.tables("postes"):
        category = table.text("categorie", required=True, max_length=20)
        table.label = f"{node.label}, catégorie {category}"
        if category in seen:
            table.refuse("categorie", "Doublon\u00a0: cette catégorie figure déjà pour cette ligne.")
        seen.add(category)
        document.known["categories"].setdefault(category, category)
        cost = table.amount("cout_unitaire", label="coût unitaire", in_euros=True)
        for year, cells in table.years("annees", document.savings_years):
            row = read_row(cells, PlannedPost, POSTS, document.known)
            row.line, row.category, row.year, row.unit_cost = line, category, year, cost
            _check_posts(cells, row)
            rows.append(row)
    categories = [str(table.get("categorie", "")) for table in node.data.get("postes", ()) if isinstance(table, dict)]
    node.source.renumber(node.at("postes"), _sorted_ranks(categories))
    return rows


def _sorted_ranks(keys: Sequence[Any]) -> list[int]:
    return sorted(range(1, len(keys) + 1), key=lambda rank: keys[rank - 1])


def _check_posts(cells: Node, row: PlannedPost) -> None:
    for key, number in (("supprimes", row.removed_etpt), ("redeployes", row.redeployed_etpt)):
        if number is not None and number < 0:
            cells.refuse(key, "Un nombre d’emplois économisés n’est pas négatif.")
    if row.month is not None and not 1 <= row.month <= MONTHS:
        cells.refuse("mois", "Le mois de départ va de 1 à 12.")


def written_line(line: SavingsLine, rows: Rows, cells: Cells, path: str, scale: Decimal) -> dict[str, Any]:
    """The line as the file reads it: what `read_line` and the others would read back, nothing that is blank."""
    written = write_row(line, LINE, cells, path, scale)
    if rows.terms is not None:
        written["parametres"] = _written_parameters(rows.terms.parameters, cells, f"{path}.parametres")
        written["perenne"] = write_row(rows.terms, RECURRENT, cells, f"{path}.perenne", scale)
        written[REASON] = rows.terms.override_reason
    written["annees"] = {
        str(row.year): write_row(row, YEAR, cells, f"{path}.annees.{row.year}", scale) for row in rows.planned
    }
    written["postes"] = [
        _written_posts(posts, cells, f"{path}.postes[{rank}]")
        for rank, posts in enumerate(rows.posts.values(), start=1)
    ]
    return {key: value for key, value in written.items() if value not in ({}, [], "")}


def _written_parameters(parameters: dict[str, Any], cells: Cells, path: str) -> dict[str, Any]:
    return {
        key: _written_parameters(value, cells, f"{path}.{key}")
        if isinstance(value, dict)
        else cells.write(f"{path}.{key}", value if value is None or key == CATEGORY else plain(Decimal(value)))
        for key, value in parameters.items()
    }


def _written_posts(posts: Sequence[PlannedPost], cells: Cells, path: str) -> dict[str, Any]:
    cost = cells.write(f"{path}.cout_unitaire", plain(amount(posts[0].unit_cost)))
    written = {"categorie": posts[0].category, "cout_unitaire": cost}
    years = {str(row.year): write_row(row, POSTS, cells, f"{path}.annees.{row.year}", Decimal(1)) for row in posts}
    return {key: value for key, value in {**written, "annees": years}.items() if value is not None}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{plain(value)}"
