"""Tables of article 3: planned, declared and certified side by side, reasons of gaps, posts, returns."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from figures.formats import legible
from reports.facts import Situation
from reports.tables.credits import titre_number
from reports.tables.model import EUROS_NOTE, Column, Derived, Kind, Role, Row, Table, Value, band
from savings.calc import Post, SavingGroup, SavingLine, SavingYear

RECURRING_NOTE: Final = f"{EUROS_NOTE} Après les exercices que le contrat imprime, le prévu est le montant pérenne."


def by_line(situation: Situation) -> Table:
    """One row for each savings line over the years, in CP; lines that do not count are said so.

    Where an amount was declared without any plan, a column says how much of the declared is held against the plan.
    """
    savings = situation.savings
    is_apart = any(row.compared.cp != row.declared.cp for row in (*savings.lines, savings.total))
    apart = (Column("compared", "dont années prévues", Kind.EUROS, 11),) if is_apart else ()
    held = "compared" if is_apart else "declared"
    columns = (
        Column("label", "Économie", width=30),
        Column("titre", "Titre", width=5),
        Column("method", "Méthode", width=16),
        Column("recurrent", "Pérenne, par an", Kind.EUROS, 11),
        Column("planned", "Prévu", Kind.EUROS, 11),
        Column("due", "Prévu, années déclarées", Kind.EUROS, 11),
        Column("declared", "Déclaré", Kind.EUROS, 11),
        *apart,
        Column("gap", "Écart", Kind.EUROS, 11, derived=Derived("minus", held, "due")),
        Column("certified", "Certifié", Kind.EUROS, 11),
    )
    counted, others = [[line for line in savings.lines if line.counts is one] for one in (True, False)]
    rows = [_line(line, is_apart=is_apart) for line in counted]
    if counted:
        rows.append(Row(("Total", "", "", *_amounts(savings.total, is_apart=is_apart)), Role.TOTAL))
    if others:
        rows.append(band("Emplois redéployés et économies non valorisées, hors total", columns))
        rows += [_line(line, is_apart=is_apart) for line in others]
    return Table("economies", "Économies par ligne (CP)", columns, tuple(rows), RECURRING_NOTE, is_wide=True)


def by_year(situation: Situation) -> Table:
    """One row for each line and year, with the reason of the gap and the evidence, in CP."""
    columns = (
        Column("label", "Économie", width=40),
        Column("planned_ae", "AE", Kind.EUROS, 10, "Prévu"),
        Column("planned_cp", "CP", Kind.EUROS, 10, "Prévu"),
        Column("declared_ae", "AE", Kind.EUROS, 10, "Déclaré"),
        Column("declared_cp", "CP", Kind.EUROS, 10, "Déclaré"),
        Column("gap_cp", "CP", Kind.EUROS, 10, "Écart", derived=Derived("minus", "declared_cp", "planned_cp")),
        Column("certified_ae", "AE", Kind.EUROS, 10, "Certifié"),
        Column("certified_cp", "CP", Kind.EUROS, 10, "Certifié"),
        Column("reason", "Motif ou constat", width=24),
        Column("evidence", "Preuve", width=24),
    )
    rows: list[Row] = []
    for rank, year in enumerate(situation.savings.years):
        cells = [(line, line.years[rank]) for line in situation.savings.lines]
        known = [(line, cell) for line, cell in cells if _says_something(cell)]
        if not known:
            continue
        rows.append(band(str(year), columns))
        for line, cell in known:
            evidence = " – ".join(part for part in (cell.evidence_level_label, cell.evidence) if part)
            promised = (promised_saving(amount, line) for amount in (cell.expected.ae, cell.expected.cp))
            figures = (*promised, cell.declared.ae, cell.declared.cp, cell.gap.cp)
            certified = (cell.certified.ae, cell.certified.cp)
            rows.append(Row((line.label, *figures, *certified, cell.reason, evidence)))
    title = "Économies par exercice, motifs et preuves"
    empty = "Aucune économie n’est valorisée par exercice, ni déclarée."
    return Table("economies-annees", title, columns, tuple(rows), RECURRING_NOTE, empty, is_wide=True)


def _says_something(cell: SavingYear) -> bool:
    return cell.expected.is_reported or cell.declared.is_reported or bool(cell.reason)


def posts(situation: Situation) -> Table:
    """Posts removed, and redeployed among them, by category and year, with the yearly cost of one."""
    years = sorted({post.year for line in situation.savings.lines for post in line.posts})
    columns: list[Column] = [
        Column("line", "Ligne", width=30),
        Column("category", "Catégorie", width=10),
        Column("cost", "Coût annuel (€)", Kind.EUROS, 12),
    ]
    for year in years:
        columns.append(Column(f"{year}_removed", "supprimés", Kind.NUMBER, 9, str(year)))
        columns.append(Column(f"{year}_redeployed", "redéployés", Kind.NUMBER, 9, str(year)))
    found: dict[tuple[str, str, Value], dict[int, Post]] = {}
    for line in situation.savings.lines:
        for post in line.posts:
            key = (line.label, post.category, promised_saving(post.unit_cost, line))
            found.setdefault(key, {})[post.year] = post
    rows = tuple(Row((*key, *_etpt(by_year, years))) for key, by_year in found.items())
    note = "Emplois en ETPT. La moitié de l’économie d’un emploi compte l’année de sa suppression, "
    note += "ou la part qui reste de l’année quand le contrat donne le mois du départ."
    return Table("emplois", "Emplois économisés", tuple(columns), rows, note, "Aucun emploi au contrat.")


def returns(situation: Situation) -> Table:
    """R1, R2, R3 with what they are made of and the day that they are of."""
    columns = (
        Column("code", "Ratio", width=6),
        Column("label", "Libellé", width=24),
        Column("numerator", "Numérateur", width=26),
        Column("over", "Montant (€)", Kind.EUROS, 12),
        Column("denominator", "Dénominateur", width=26),
        Column("under", "Montant (€)", Kind.EUROS, 12),
        Column("on", "Au", Kind.DATE, 9),
        Column("ratio", "Valeur", Kind.RATIO, 8, derived=Derived("over", "over", "under")),
    )
    rows = tuple(
        Row(
            (
                one.code,
                one.label,
                one.numerator_label,
                legible(one.numerator, is_lost="numerator" in one.lost),
                one.denominator_label,
                legible(one.denominator, is_lost="denominator" in one.lost),
                one.on,
                one.ratio,
            )
        )
        for one in situation.returns
    )
    return Table("retours", "Retour sur investissement", columns, rows)


def promised_saving(amount: Decimal | None, row: SavingLine | SavingGroup) -> Value:
    """An amount that the contract promises; « illisible » where the scan lost it."""
    return legible(amount, is_lost=row.is_lost)


def _etpt(by_year: Mapping[int, Post], years: Sequence[int]) -> Iterator[Value]:
    for year in years:
        post = by_year.get(year)
        yield post.removed_etpt if post else None
        yield post.redeployed_etpt if post else None


def _line(line: SavingLine, *, is_apart: bool) -> Row:
    return Row((line.label, titre_number(line.titre), line.method_label, *_amounts(line, is_apart=is_apart)))


def _amounts(row: SavingLine | SavingGroup, *, is_apart: bool) -> tuple[Value, ...]:
    declared = (row.declared.cp, row.compared.cp) if is_apart else (row.declared.cp,)
    recurrent, expected = (promised_saving(amount, row) for amount in (row.recurrent.cp, row.expected.cp))
    return recurrent, expected, row.planned_to_date.cp, *declared, row.gap.cp, row.certified.cp
