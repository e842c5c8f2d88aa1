"""The returns of a selection of contracts as tables, for the page and for the workbook."""

from collections.abc import Mapping, Sequence
from typing import Final

from contracts.models import Contract
from contracts.subprojects.calc import Consolidated
from contracts.subprojects.selectors import Pipeline
from figures import formats
from reports.returns import CODES, ContractTerms, Group, by_ministry, by_region
from reports.tables.model import EUROS_NOTE, Column, Derived, Kind, Role, Row, Table, Value, band

LABELS: Final = {
    "R1": ("Retour contractuel", "Économies pérennes promises", "Montant FTAP des contrats"),
    "R2": ("Retour certifié", "Économies récurrentes certifiées", "CP FTAP consommés"),
    "R3a": ("Retour contractuel sur coût total", "Économies pérennes promises", "Coût total prévu"),
    "R3b": (
        "Retour certifié sur coût total",
        "Économies récurrentes certifiées",
        "CP consommés, cofinancement compris",
    ),
    "R4": (
        "Retour certifié à trois ans",
        "Économies récurrentes certifiées à l’échéance",
        "CP FTAP consommés, contrats échus",
    ),
}
NOT_DUE: Final = "non échu"
_COLUMNS: Final = (
    Column("count", "Contrats", Kind.NUMBER, 8),
    Column("promised", "Promises", Kind.EUROS, 11, "Économies par an"),
    Column("certified", "Certifiées", Kind.EUROS, 11, "Économies par an"),
    Column("certified_year", "Certifiées en", width=8, group="Économies par an"),
    Column("ftap", "Promis", Kind.EUROS, 12, "FTAP"),
    Column("ftap_paid", "CP consommés", Kind.EUROS, 11, "FTAP"),
    Column("cost", "Prévu", Kind.EUROS, 12, "Coût total"),
    Column("paid", "CP consommés", Kind.EUROS, 11, "Coût total"),
    Column("R1", "R1", Kind.RATIO, 7, derived=Derived("over", "promised", "ftap")),
    Column("R2", "R2", Kind.RATIO, 7, derived=Derived("over", "certified", "ftap_paid")),
    Column("R3a", "R3a", Kind.RATIO, 7, derived=Derived("over", "promised", "cost")),
    Column("R3b", "R3b", Kind.RATIO, 7, derived=Derived("over", "certified", "paid")),
    Column("R4", "R4", Kind.RATIO, 7),
)
_AT_TERM: Final = (
    Column("label", "Contrats", width=26),
    Column("due", "Contrats échus", Kind.NUMBER, 8),
    Column("on", "Mesuré le", Kind.DATE, 10),
    Column("certified", "Économies certifiées", Kind.EUROS, 14),
    Column("certified_year", "Certifiées en", width=8),
    Column("ftap_paid", "CP FTAP consommés", Kind.EUROS, 14),
    Column("R4", "R4", Kind.RATIO, 7, derived=Derived("over", "certified", "ftap_paid")),
)


def tables(rows: Sequence[ContractTerms]) -> tuple[Table, ...]:
    """All together, then by ministry, by region and by contract, each ending on the same total; then their R4."""
    everything = Group("Total", tuple(rows))
    contracts = [Group(row.title, (row,)) for row in rows]
    return (
        _whole(everything),
        _groups("retours-ministeres", "Retours par ministère", "Ministère", by_ministry(rows), everything),
        _groups("retours-regions", "Retours par région", "Région", by_region(rows), everything),
        _groups("retours-contrats", "Retours par contrat", "Contrat", contracts, everything),
        _at_term(rows, everything),
    )


def umbrellas(pipelines: Mapping[Contract, Pipeline]) -> Table:
    """The consolidated return of each umbrella contract: its retained sub-projects, not the lines of its own plan."""
    columns = (
        Column("label", "Dispositif", width=26),
        Column("count", "Sous-projets retenus", Kind.NUMBER, 10),
        Column("recurrent", "Économies pérennes à 3 ans", Kind.EUROS, 14),
        Column("ftap", "CP du FTAP", Kind.EUROS, 12),
        Column("ratio", "Retour consolidé", Kind.RATIO, 10, derived=Derived("over", "recurrent", "ftap")),
        Column("exceptions", "Exceptions", Kind.NUMBER, 9),
        Column("rule", "Règle du fonds", width=16),
    )
    rows = [_umbrella(contract.title, pipeline.retained) for contract, pipeline in pipelines.items()]
    return Table("retours-dispositifs", "Retours consolidés des dispositifs", columns, tuple(rows), EUROS_NOTE)


def _umbrella(title: str, whole: Consolidated) -> Row:
    rule = {True: "respectée", False: "non respectée", None: "n. c."}[whole.is_respected]
    figures = (len(whole.members), whole.savings, whole.ftap, whole.ratio, len(whole.below))
    return Row((title, *figures, rule))


def _whole(everything: Group) -> Table:
    columns = (
        Column("code", "Retour", width=5),
        Column("label", "Libellé", width=22),
        Column("numerator", "Numérateur", width=24),
        Column("over", "Montant", Kind.EUROS, 12),
        Column("denominator", "Dénominateur", width=24),
        Column("under", "Montant", Kind.EUROS, 12),
        Column("ratio", "Valeur", Kind.RATIO, 7, derived=Derived("over", "over", "under")),
        Column("both", "Contrats ayant les deux termes", width=12),
        Column("alone", "Valeur pour ceux-là", Kind.RATIO, 9),
    )
    rows = []
    for code in CODES:
        one, (label, numerator, denominator) = everything.pooled(code), LABELS[code]
        told = f"{one.both} sur {one.count}"
        figures = (numerator, one.numerator, denominator, one.denominator, one.ratio, told, one.ratio_of_both)
        rows.append(Row((code, label, *figures)))
    return Table("retours", "Retours de l’ensemble", columns, tuple(rows), EUROS_NOTE, is_wide=True)


def _groups(key: str, title: str, head: str, groups: Sequence[Group], everything: Group) -> Table:
    rows = [_row(group) for group in groups]
    total = _row(everything, Role.TOTAL)
    note = f"{EUROS_NOTE} CP. Le retour d’un total est celui de ses termes, non la moyenne des lignes."
    return Table(key, title, (Column("label", head, width=26), *_COLUMNS), (*rows, total), note, is_wide=True)


def _at_term(rows: Sequence[ContractTerms], everything: Group) -> Table:
    """Both terms of R4 by ministry, by region and by contract, with the day from which it is measured."""
    levels = (
        ("Par ministère", by_ministry(rows)),
        ("Par région", by_region(rows)),
        ("Par contrat", tuple(Group(row.title, (row,)) for row in rows)),
    )
    found: list[Row] = []
    for title, groups in levels:
        found += [band(title, _AT_TERM), *(_due_row(group) for group in groups), _due_row(everything, Role.SUBTOTAL)]
    note = f"{EUROS_NOTE} R4 se mesure trois ans après la fin du financement, sur les seuls contrats échus."
    return Table("retours-a-trois-ans", "Retour certifié à trois ans (R4)", _AT_TERM, tuple(found), note)


def _due_row(group: Group, role: Role = Role.LINE) -> Row:
    r4, days = group.pooled("R4"), [one.due_on for one in group.members]
    above, below = (r4.numerator, r4.denominator) if group.due else (NOT_DUE, NOT_DUE)
    year = group.years_of("certified_when_due")
    return Row((group.label, group.due, days[0] if len(days) == 1 else "", above, year, below, r4.ratio), role)


def _row(group: Group, role: Role = Role.LINE) -> Row:
    savings = (_sum(group, "promised"), _sum(group, "certified"), group.years_of("certified"))
    money = (_sum(group, term) for term in ("ftap", "ftap_paid", "cost", "paid"))
    ratios = (group.pooled(code).ratio for code in CODES)
    return Row((group.label, len(group.members), *savings, *money, *ratios), role)


def _sum(group: Group, term: str) -> Value:
    """A term of these contracts; « illisible » where the scans lost it."""
    return formats.legible(group.sum_of(term), is_lost=group.is_lost(term))
