"""The savings of a version (article 3) in a contract file: read, written back, compared, summed for stated figures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from contracts.additions import Addition, Cluster
from contracts.amendments.calc import TOTAL
from contracts.annex.writer import Places
from contracts.contract_file.columns import Cells
from contracts.contract_file.document import Document, scale_of
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
from savings.annex import AFTER_FUNDING, SAVINGS_POSTS, SAVINGS_SHEET, return_formulas
from savings.contract_file import (
    CATEGORY_OF_POSTS,
    LINE,
    POSTS,
    RECURRENT,
    YEAR,
    ask_reason,
    read_line,
    read_posts,
    read_terms,
    read_years,
    rows_of,
    written_line,
)
from savings.counting import counted
from savings.enums import SavingsMethod
from savings.models import PlannedPost, PlannedSaving, SavingsLine, SavingsTerms
from savings.overrides import misfits
from savings.parameters import details
from savings.stated import AMOUNTS, BASE, POST_MEASURES, YEARS, bases, is_kept, number_of_posts, summed, value_of_posts

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
            line = read_line(node, document)
            line.position = rank
            lines.append(line)
            terms.append(read_terms(node, line, document))
            own = (read_years(node, line, document), read_posts(node, line, document))
            planned.extend(own[0])
            posts.extend(own[1])
            ask_reason(node, terms[-1], *own)
        document.of_contract(lines, SavingsLine, "key", is_referred_to=True)
        document.of_version(terms, SavingsTerms, "line")
        document.of_version(planned, PlannedSaving, "line", "year")
        document.of_version(posts, PlannedPost, "line", "category", "year")

    def write(self, version: ContractVersion, cells: Cells) -> dict[str, Any]:
        unit = version.table_units.get("economies", AmountUnit.EUR)
        rows = rows_of(version)
        lines = standing(version.contract.savings_lines.all(), version, "terms", "planned").order_by("position", "pk")
        return {
            "economies": {
                "unite": unit,
                "lignes": [
                    written_line(line, rows[line.pk], cells, f"economies.lignes[{rank}]", scale_of(unit))
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
                return summed(getattr(row, measure) for row in planned if is_kept(row, expression))
            if measure in ("perenne_ae", "perenne_cp"):
                kept = [row for row in terms if is_kept(row, expression) and row.line.method != SavingsMethod.UNVALUED]
                return summed(getattr(row, f"recurrent_{measure[-2:]}") for row in kept)
            if measure == YEARS:
                years = {row.year for row in planned if is_kept(row, expression) and (row.ae or row.cp)}
                return Computed(Decimal(len(years)), is_amount=False)
            if measure == BASE:
                return bases(row.parameters for row in terms if is_kept(row, expression))
            if measure == "valeur_postes":
                return value_of_posts(posts, expression)
            return number_of_posts(posts, terms, expression)

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
