"""The columns of the portfolio, described once for the page's sort, the workbook and the CSV."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from figures.formats import ILLEGIBLE, legible
from monitoring.reality import nature_of_figures
from reports.selectors import PortfolioRow, Signed

Cell = Decimal | str | date | None


@dataclass(frozen=True)
class Column:
    """A column: its word in the address when one may sort by it, its title with unit, and the value of a row."""

    word: str
    title: str
    value: Callable[[PortfolioRow], Cell]


def _ministry(row: PortfolioRow) -> str:
    ministry = row.contract.holder.ministry
    return ministry.name if ministry else ""


def _planned(row: PortfolioRow | Signed, kind: str) -> Cell:
    """The AE or CP planned; « illisible » where the scan lost them."""
    return legible(getattr(row.planned, kind), is_lost=kind in row.lost)


def _money(row: PortfolioRow | Signed, amount: Decimal | None) -> Cell:
    """The FTAP amount, likewise."""
    return legible(amount, is_lost="cp" in row.lost)


def _saved(row: PortfolioRow | Signed, amount: Decimal | None) -> Cell:
    """What is to be saved each year, likewise."""
    return legible(amount, is_lost=row.is_lost)


def _count(rows: Sequence[object]) -> Decimal:
    return Decimal(len(rows))


COLUMNS = (
    Column("contrat", "Contrat", lambda row: row.contract.title),
    Column("porteur", "Porteur", lambda row: row.contract.holder.name),
    Column("ministere", "Ministère", _ministry),
    Column("region", "Région", lambda row: row.contract.holder.region),
    Column("sous-projets", "Sous-projets", lambda row: Decimal(row.sub_projects[0]) if row.sub_projects else None),
    Column("retenus", "Sous-projets retenus", lambda row: Decimal(row.sub_projects[1]) if row.sub_projects else None),
    Column("debut", "Première année", lambda row: Decimal(row.contract.first_year)),
    Column("fin", "Dernière année", lambda row: Decimal(row.contract.last_year)),
    Column("ftap", "FTAP promis (€)", lambda row: _money(row, row.ftap_amount)),
    Column("ftap-lignes", "CP prévus moins FTAP promis (€)", lambda row: row.ftap.difference),
    Column("ftap-signature", "FTAP promis à la signature (€)", lambda row: _money(row.signed, row.signed.ftap_amount)),
    Column("ae-prevues", "AE prévues (€)", lambda row: _planned(row, "ae")),
    Column("ae-signature", "AE prévues à la signature (€)", lambda row: _planned(row.signed, "ae")),
    Column("ae", "AE consommées (€)", lambda row: row.consumed.ae),
    Column("cp-prevus", "CP prévus (€)", lambda row: _planned(row, "cp")),
    Column("cp-signature", "CP prévus à la signature (€)", lambda row: _planned(row.signed, "cp")),
    Column("cp", "CP consommés (€)", lambda row: row.consumed.cp),
    Column("reste-a-payer", "Reste à payer (€)", lambda row: row.reste_a_payer),
    Column("economies", "Économies pérennes promises (€ par an)", lambda row: _saved(row, row.savings_recurrent.cp)),
    Column(
        "economies-signature",
        "Économies pérennes promises à la signature (€ par an)",
        lambda row: _saved(row.signed, row.signed.recurrent.cp),
    ),
    Column("declarees", "Économies déclarées (€)", lambda row: row.savings_declared.cp),
    Column("certifiees", "Économies certifiées (€)", lambda row: row.savings_certified.cp),
    Column("retour", "Retour contractuel", lambda row: row.contractual_return),
    Column("donnees", "Données au", lambda row: row.last_filing.period_end if row.last_filing else None),
    Column("dossier", "Dossier en cours", lambda row: str(row.open_filing.campaign) if row.open_filing else ""),
    Column("etat", "État du dossier", lambda row: row.open_filing.get_state_display() if row.open_filing else ""),
    Column("meteo", "Météo déclarée", lambda row: row.weather_label),
    Column("signal", "Signal calculé", lambda row: row.signal.label if row.signal.code else ""),
    Column("anomalies", "Anomalies ouvertes", lambda row: _count(row.anomalies.open) if row.anomalies else None),
    Column("acceptees", "Anomalies acceptées", lambda row: _count(row.anomalies.accepted) if row.anomalies else None),
    Column("nature", "Nature des chiffres", lambda row: nature_of_figures(is_demo=row.is_demo)),
)


def table(rows: Sequence[PortfolioRow]) -> tuple[list[str], list[list[Cell]]]:
    """The headings, and the rows of the page as values, for a file."""
    return [column.title for column in COLUMNS], [[column.value(row) for column in COLUMNS] for row in rows]


def sorted_rows(rows: list[PortfolioRow], order: str) -> list[PortfolioRow]:
    """By the column whose word is `order`, the largest first with `-`.

    Rows without value, or with one that nobody can read, come last either way.
    """
    column = next((one for one in COLUMNS if one.word == order.removeprefix("-")), None)
    if column is None:
        return rows
    unsorted = (None, "", ILLEGIBLE)
    known = [row for row in rows if column.value(row) not in unsorted]
    unknown = [row for row in rows if column.value(row) in unsorted]
    return sorted(known, key=lambda row: _key(column.value(row)), reverse=order.startswith("-")) + unknown


def _key(value: Cell) -> tuple[bool, Decimal, str]:
    """Numbers by value, words in lower case, days by their number."""
    if isinstance(value, date):
        return False, Decimal(value.toordinal()), ""
    return (True, Decimal(0), value.lower()) if isinstance(value, str) else (False, value or Decimal(0), "")
