"""The savings of a version (article 3) in a contract file: read, written back, compared, summed for stated figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from contracts.additions import Addition, Cluster
from contracts.amendments.calc import TOTAL
from contracts.annex.writer import Places
from contracts.contract_file.columns import Cells, Column, plain, read_row, write_row
from contracts.contract_file.document import Document, scale_of
from contracts.contract_file.nodes import Node
from contracts.enums import AmountUnit
from contracts.fields import amount
from contracts.models import ContractVersion
from contracts.parts import (
    SAVINGS,
    Calculator,
    Computed,
    Detail,
    Expression,
    Filter,
    Misfit,
    Part,
    Promise,
    Total,
    standing,
)
from figures.ae_cp import total
from figures.codes import PROGRAMME_FORM, is_programme
from savings.annex import AFTER_FUNDING, SAVINGS_POSTS, SAVINGS_SHEET, return_formulas
from savings.counting import counted
from savings.enums import SavingsMethod
from savings.methods import MONTHS
from savings.models import PlannedPost, PlannedSaving, SavingsLine, SavingsTerms
from savings.overrides import misfits, refused_amounts, told
from savings.parameters import BY_YEAR, CATEGORY, PARAMETERS, details
from savings.schedules import Schedule, by_category, category_schedule

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
YEARS: Final = "exercices"
BASE: Final = "base"
"""The measure of what shares of a base are taken of, in euros: the parameter `base` of the lines."""
"""The measure of how many years have a saving."""
AMOUNTS: Final = ("ae", "cp", "perenne_ae", "perenne_cp", "valeur_postes")
POST_MEASURES: Final = {"postes": "removed_etpt", "postes_redeployes": "redeployed_etpt"}

POST_FIGURES: Final = ("unit_cost", "removed_etpt", "redeployed_etpt", "month")
RECURRENT_FIGURES: Final = {"AE": "recurrent_ae", "CP": "recurrent_cp"}
TERMS_FIGURES: Final = ("recurrent_ae", "recurrent_cp", "parameters", "override_reason")


def _details(draft: ContractVersion, line: SavingsLine) -> list[Detail]:
    contract = draft.contract
    last = max(contract.last_year, draft.extends_to or 0) + AFTER_FUNDING
    return details(line.method, range(contract.first_year, last + 1))


class SavingsPart(Part):
    """Lines of savings with their amounts by year, their method and its posts."""

    code = "savings"
    title = "Économies (article\u00a03)"
    promises = (
        Promise(PlannedSaving, "line", ("year",), ("ae", "cp"), theme="savings", years=SAVINGS),
        Promise(
            SavingsTerms,
            "line",
            (),
            TERMS_FIGURES,
            theme="savings",
            texts=("override_reason",),
            detailed="parameters",
            details=_details,
        ),
        Promise(
            PlannedPost,
            "line",
            ("category", "year"),
            POST_FIGURES,
            theme="savings",
            years=SAVINGS,
            shared=("unit_cost",),
        ),
    )
    additions = (
        Addition(
            "economie",
            "une économie",
            "savings",
            ("economies", "lignes"),
            (
                Cluster(SavingsLine, LINE[1:]),
                Cluster(SavingsTerms, RECURRENT, "perenne"),
                Cluster(PlannedSaving, YEAR, "annees", years=SAVINGS),
            ),
            needs_figure=False,
        ),
        Addition(
            "categorie",
            "une catégorie d’emplois",
            "savings",
            ("economies", "lignes"),
            (Cluster(PlannedPost, CATEGORY_OF_POSTS), Cluster(PlannedPost, POSTS, "annees", years=SAVINGS)),
            within="postes",
            among={"methode": (SavingsMethod.POSTS.value,)},
        ),
    )
    annex = (SAVINGS_SHEET, SAVINGS_POSTS)
    measures = {"economies": (*AMOUNTS, *POST_MEASURES, YEARS, BASE)}
    filters = {
        "ligne": Filter("reference", "economies"),
        "categorie": Filter("reference", "categories"),
        "titre": Filter("word"),
        "programme": Filter("word"),
        "annee": Filter("year"),
        "annees": Filter("interval"),
    }

    def misfits(self, version: ContractVersion) -> list[Misfit]:
        return misfits(version)

    def annex_results(
        self, places: Mapping[str, Places], tables: Mapping[str, Any]
    ) -> tuple[tuple[str, str, str | Decimal, str | Decimal, str], ...]:
        return return_formulas(places, tables)

    def read(self, document: Document) -> None:
        for name in ("economies", "categories"):
            document.known.setdefault(name, {})
        lines: list[SavingsLine] = []
        terms: list[SavingsTerms] = []
        planned: list[PlannedSaving] = []
        posts: list[PlannedPost] = []
        table = document.with_unit("economies")
        for rank, node in enumerate(table.tables("lignes") if table else (), start=1):
            node.label = node.told("libelle", f"Économie {rank}")
            line = _read_line(node, document)
            line.position = rank
            lines.append(line)
            terms.append(_read_terms(node, line, document))
            own = (_read_years(node, line, document), _read_posts(node, line, document))
            planned.extend(own[0])
            posts.extend(own[1])
            _ask_reason(node, terms[-1], *own)
        document.of_contract(lines, SavingsLine, "key", is_referred_to=True)
        document.of_version(terms, SavingsTerms, "line")
        document.of_version(planned, PlannedSaving, "line", "year")
        document.of_version(posts, PlannedPost, "line", "category", "year")

    def write(self, version: ContractVersion, cells: Cells) -> dict[str, Any]:
        unit = version.table_units.get("economies", AmountUnit.EUR)
        rows = _rows_of(version)
        lines = standing(version.contract.savings_lines.all(), version, "terms", "planned").order_by("position", "pk")
        return {
            "economies": {
                "unite": unit,
                "lignes": [
                    _written_line(line, rows[line.pk], cells, f"economies.lignes[{rank}]", scale_of(unit))
                    for rank, line in enumerate(lines, start=1)
                ],
            }
        }

    def calculator(self, version: ContractVersion) -> Calculator:
        planned = list(PlannedSaving.objects.filter(version=version).select_related("line"))
        terms = list(SavingsTerms.objects.filter(version=version).select_related("line"))
        posts = list(PlannedPost.objects.filter(version=version).select_related("line"))

        def compute(expression: Expression) -> Computed:
            measure = expression["mesure"]
            if measure in ("ae", "cp"):
                return _summed(getattr(row, measure) for row in planned if _is_kept(row, expression))
            if measure in ("perenne_ae", "perenne_cp"):
                kept = [row for row in terms if _is_kept(row, expression) and row.line.method != SavingsMethod.UNVALUED]
                return _summed(getattr(row, f"recurrent_{measure[-2:]}") for row in kept)
            if measure == YEARS:
                years = {row.year for row in planned if _is_kept(row, expression) and (row.ae or row.cp)}
                return Computed(Decimal(len(years)), is_amount=False)
            if measure == BASE:
                return _bases(row.parameters for row in terms if _is_kept(row, expression))
            if measure == "valeur_postes":
                return _value_of_posts(posts, expression)
            return _number_of_posts(posts, terms, expression)

        return compute

    def totals(self, version: ContractVersion) -> tuple[Total, ...]:
        """Savings by year, then what is saved every year once all is deployed, over the lines that count."""
        rows = list(PlannedSaving.objects.filter(counted(), version=version).order_by("year"))
        terms = list(SavingsTerms.objects.filter(counted(), version=version))
        years = list(dict.fromkeys(row.year for row in rows))
        by_year = tuple(
            Total(
                kind,
                f"Économies en {kind.upper()}",
                {str(year): total(amount(getattr(row, kind)) for row in rows if row.year == year) for year in years},
                {TOTAL: kind},
                {row.line_id for row in rows},
            )
            for kind in ("ae", "cp")
        )
        recurrent = {
            label: total(amount(getattr(row, name)) for row in terms) for label, name in RECURRENT_FIGURES.items()
        }
        title, lines = "Économies pérennes, par an après déploiement", {row.line_id for row in terms}
        return (*by_year, Total("perenne", title, recurrent, RECURRENT_FIGURES, lines, is_summed=False))


class _Rows:
    """Everything that a version promises of one line."""

    def __init__(self) -> None:
        self.terms: SavingsTerms | None = None
        self.planned: list[PlannedSaving] = []
        self.posts: defaultdict[str, list[PlannedPost]] = defaultdict(list)


def _rows_of(version: ContractVersion) -> defaultdict[int, _Rows]:
    rows: defaultdict[int, _Rows] = defaultdict(_Rows)
    for terms in SavingsTerms.objects.filter(version=version):
        rows[terms.line_id].terms = terms
    for planned in PlannedSaving.objects.filter(version=version).order_by("year"):
        rows[planned.line_id].planned.append(planned)
    for post in PlannedPost.objects.filter(version=version).order_by("category", "year"):
        rows[post.line_id].posts[post.category].append(post)
    return rows


def _read_line(node: Node, document: Document) -> SavingsLine:
    line = read_row(node, SavingsLine, LINE, document.known)
    if line.titre and line.titre not in "1234567":
        node.refuse("titre", "Titre inconnu\u00a0: il va de 1 à 7 (LOLF, article\u00a05).")
    if line.programme and not is_programme(line.programme):
        node.refuse("programme", PROGRAMME_FORM)
    document.define("economies", node, "cle", line)
    return line


def _read_terms(node: Node, line: SavingsLine, document: Document) -> SavingsTerms:
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


def _ask_reason(node: Node, terms: SavingsTerms, planned: list[PlannedSaving], posts: list[PlannedPost]) -> None:
    """Refuse, at its place, an amount that the line's method does not give when nothing says why."""
    for one in refused_amounts(terms, planned, by_category(posts), node.scale):
        place = "perenne" if one.year is None else f"annees.{one.year}"
        node.source.refuse(node.at(f"{place}.{one.kind}"), plain(one.printed, node.scale), told(one))


def _read_years(node: Node, line: SavingsLine, document: Document) -> list[PlannedSaving]:
    rows = []
    for year, cells in node.years("annees", document.savings_years):
        row = read_row(cells, PlannedSaving, YEAR, document.known)
        row.line, row.year = line, year
        rows.append(row)
    return rows


def _read_posts(node: Node, line: SavingsLine, document: Document) -> list[PlannedPost]:
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


def _written_line(line: SavingsLine, rows: _Rows, cells: Cells, path: str, scale: Decimal) -> dict[str, Any]:
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


def _is_kept(row: Any, expression: Expression, *, whatever_the_year: bool = False) -> bool:
    line, year = row.line, getattr(row, "year", None)
    found = {"ligne": line.key, "titre": line.titre, "programme": line.programme}
    if category := getattr(row, "category", ""):
        found["categorie"] = category
    if any(expression[key] != value for key, value in found.items() if key in expression):
        return False
    return whatever_the_year or year is None or _is_in(year, expression)


def _is_in(year: int, expression: Expression) -> bool:
    first, last = expression.get("annees", (year, year))
    return bool(expression.get("annee", year) == year and first <= year <= last)


def _summed(values: Iterable[Any]) -> Computed:
    cells = list(values)
    terms = tuple(Decimal(value.amount) for value in cells if value is not None)
    value = sum(terms, Decimal(0)) if terms or not cells else None
    return Computed(value, terms, len(cells) - len(terms), why="" if value is not None else "Aucun montant lisible.")


def _bases(parameters: Iterable[Mapping[str, Any]]) -> Computed:
    """The bases of which lines take a share, added; None when no line states one."""
    terms = tuple(Decimal(str(one[BASE])) for one in parameters if one.get(BASE) is not None)
    return Computed(total(terms), terms, why="" if terms else "Aucune ligne ne donne de base.")


def _number_of_posts(posts: Sequence[PlannedPost], terms: Sequence[SavingsTerms], expression: Expression) -> Computed:
    """Posts by category and year, and those that a ramp takes as its parameter."""
    name = POST_MEASURES[expression["mesure"]]
    cells = [getattr(row, name) for row in posts if _is_kept(row, expression)]
    known = [value for value in cells if value is not None]
    if name == "removed_etpt" and "categorie" not in expression:
        ramps = [row for row in terms if row.line.method == SavingsMethod.RAMP and _is_kept(row, expression)]
        known += [Decimal(row.parameters["postes"]) for row in ramps if row.parameters.get("postes")]
    value = sum(known, Decimal(0)) if known or not cells else None
    return Computed(
        value, tuple(known), len(cells) - len([value for value in cells if value is not None]), is_amount=False
    )


def _value_of_posts(posts: Sequence[PlannedPost], expression: Expression) -> Computed:
    """What the posts method gives for the years asked for, category by category."""
    terms: list[Decimal] = []
    missing = 0
    for schedule in _schedules(row for row in posts if _is_kept(row, expression, whatever_the_year=True)):
        values = [value for year, value in schedule.items() if _is_in(year, expression)]
        terms += [value for value in values if value is not None]
        missing += values.count(None)
    if not terms and missing:
        return Computed(None, missing=missing, why="Un nombre de postes ou un coût unitaire n’est pas lisible.")
    return Computed(sum(terms, Decimal(0)), tuple(terms), missing)


def _schedules(posts: Iterable[PlannedPost]) -> list[Schedule]:
    """The posts method applied to each line and category, in euros by year."""
    groups: defaultdict[tuple[int, str], list[PlannedPost]] = defaultdict(list)
    for post in posts:
        groups[post.line_id, post.category].append(post)
    return [category_schedule(rows) for rows in groups.values()]
