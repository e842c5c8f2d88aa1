"""The indicators of a version (article 5) in a contract file: read, written back, compared, read for stated figures."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from contracts.additions import Addition, Cluster
from contracts.contract_file.columns import Cells, Column, read_row, write_row
from contracts.contract_file.document import Document
from contracts.contract_file.nodes import Node
from contracts.models import ContractVersion
from contracts.parts import Calculator, Computed, Expression, Filter, Part, Promise, standing
from figures.formats import short_date_fr
from indicators.models import Indicator, Target

INDICATOR: Final = (
    Column("cle", "key", required=True),
    Column("libelle", "label", required=True),
    Column("article", "article"),
    Column("type", "kind", required=True),
    Column("orientation", "orientation", required=True),
    Column("axe", "axis", refers_to="axes", what="cet axe"),
    Column("fiche", "sheet", refers_to="fiches", by="number", what="cette fiche"),
    Column("unite", "unit", required=True),
    Column("suivi", "followed_in"),
    Column("sens", "direction"),
    Column("cumul", "accumulation"),
    Column("composantes", "components"),
    Column("perimetre", "scope"),
)
BASELINE: Final = (
    Column("valeur", "baseline"),
    Column("date", "baseline_on"),
    Column("operateur", "baseline_operator"),
    Column("composantes", "baseline_components"),
    Column("imprime", "baseline_printed"),
)
TARGET: Final = (
    Column("date", "on"),
    Column("operateur", "operator", required=True),
    Column("valeur", "value", required=False),
    Column("composantes", "components"),
    Column("imprime", "printed"),
)

AIM: Final = TARGET[:3]
NO_BASELINE: Final = "Aucune valeur initiale lisible."
FIGURES: Final = ("operator", "value", "components", "printed")


class IndicatorsPart(Part):
    """Indicators with their baseline and targets."""

    code = "indicators"
    title = "Indicateurs (article\u00a05)"
    promises = (
        Promise(
            Target,
            "indicator",
            ("on",),
            FIGURES,
            theme="targets",
            printed="printed",
            told_whole=("operator", "value", "components"),
        ),
    )
    additions = (
        Addition(
            "indicateur",
            "un indicateur",
            "targets",
            ("indicateurs",),
            (
                Cluster(Indicator, tuple(one for one in INDICATOR if one.key not in ("cle", "composantes"))),
                Cluster(Indicator, BASELINE[:2], "valeur_initiale"),
                Cluster(Target, AIM, "cibles", is_list=True),
            ),
        ),
        Addition("cible", "une cible", "targets", ("indicateurs",), (Cluster(Target, AIM),), within="cibles"),
    )
    measures = {"indicateurs": ("cible", "valeur_initiale")}
    filters = {"indicateur": Filter("reference", "indicateurs"), "date": Filter("day")}

    def read(self, document: Document) -> None:
        document.known.setdefault("indicateurs", {})
        indicators: list[Indicator] = []
        targets: list[Target] = []
        for rank, node in enumerate(document.root.tables("indicateurs"), start=1):
            node.label = node.told("libelle", f"Indicateur {rank}")
            indicator = read_row(node, Indicator, INDICATOR, document.known)
            indicator.position = rank
            _read_baseline(node, indicator, document)
            document.define("indicateurs", node, "cle", indicator)
            indicators.append(indicator)
            targets.extend(_read_targets(node, indicator, document))
        document.of_contract(indicators, Indicator, "key", is_referred_to=True)
        document.of_version(targets, Target, "indicator", "on")

    def write(self, version: ContractVersion, cells: Cells) -> dict[str, Any]:
        targets: defaultdict[int, list[Target]] = defaultdict(list)
        for target in Target.objects.filter(version=version).order_by("on"):
            targets[target.indicator_id].append(target)
        known = standing(version.contract.indicators.all(), version, "targets")
        indicators = known.select_related("axis", "sheet").order_by("position", "pk")
        return {
            "indicateurs": [
                _written(indicator, targets[indicator.pk], cells, f"indicateurs[{rank}]")
                for rank, indicator in enumerate(indicators, start=1)
            ]
        }

    def calculator(self, version: ContractVersion) -> Calculator:
        rows = Target.objects.filter(version=version).select_related("indicator")
        values = {(row.indicator.key, row.on.isoformat() if row.on else ""): row.value for row in rows}
        starts = dict(version.contract.indicators.values_list("key", "baseline"))

        def compute(expression: Expression) -> Computed:
            if expression["mesure"] == "valeur_initiale":
                start = starts.get(expression["indicateur"])
                return Computed(start, is_amount=False, why="" if start is not None else NO_BASELINE)
            value = values.get((expression["indicateur"], expression.get("date", "")))
            why = "" if value is not None else "Aucune cible lisible à cette date."
            return Computed(value, is_amount=False, why=why)

        return compute


def _read_baseline(node: Node, indicator: Indicator, document: Document) -> None:
    if baseline := node.table("valeur_initiale", label=node.label):
        read = read_row(baseline, Indicator, BASELINE, document.known)
        for column in BASELINE:
            setattr(indicator, column.field, getattr(read, column.field))
        _check_components(baseline, indicator.baseline_components, indicator)


def _read_targets(node: Node, indicator: Indicator, document: Document) -> list[Target]:
    rows: list[Target] = []
    seen: set[date | None] = set()
    for table in node.tables("cibles"):
        day = table.data.get("date")
        table.label = f"{node.label}, au {short_date_fr(day)}" if isinstance(day, date) else node.label
        target = read_row(table, Target, TARGET, document.known)
        target.indicator = indicator
        if target.on in seen:
            table.refuse("date", f"Doublon\u00a0: cet indicateur a déjà une cible {_when(target.on)}.")
        seen.add(target.on)
        _check_components(table, target.components, indicator)
        rows.append(target)
    ranks = sorted(range(1, len(rows) + 1), key=lambda rank: rows[rank - 1].on or date.max)
    node.source.renumber(node.at("cibles"), ranks)
    return rows


def _when(day: date | None) -> str:
    return "à cette date" if day else "sans date"


def _check_components(node: Node, components: Sequence[object], indicator: Indicator) -> None:
    if components and len(components) != len(indicator.components):
        expected = len(indicator.components)
        node.refuse("composantes", f"{len(components)} valeurs pour {expected} composantes de l’indicateur.")


def _written(indicator: Indicator, targets: Sequence[Target], cells: Cells, path: str) -> dict[str, Any]:
    one = Decimal(1)
    written = write_row(indicator, INDICATOR, cells, path, one)
    if baseline := write_row(indicator, BASELINE, cells, f"{path}.valeur_initiale", one):
        written["valeur_initiale"] = baseline
    if targets:
        written["cibles"] = [
            write_row(target, TARGET, cells, f"{path}.cibles[{rank}]", one)
            for rank, target in enumerate(targets, start=1)
        ]
    return written
