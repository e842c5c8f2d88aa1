"""The page of a campaign as a workbook or as CSV: who owes what, in the order of the page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.timezone import localdate

from monitoring.reality import nature_of_figures
from monitoring.selectors import CampaignRow, names
from monitoring.tabular import Cell


@dataclass(frozen=True)
class Column:
    """A column: its title with its unit, and the value of a row."""

    title: str
    value: Callable[[CampaignRow], Cell]


COLUMNS: Final = (
    Column("Contrat", lambda row: row.filing.contract.title),
    Column("Porteur", lambda row: row.filing.contract.holder.name),
    Column("État", lambda row: row.filing.get_state_display()),
    Column("Échéance", lambda row: row.filing.due_on),
    Column("Retard (jours)", lambda row: row.days_late),
    Column("Attendu de nouveau depuis", lambda row: row.standing.again.on if row.standing.again else None),
    Column("Rempli (%)", lambda row: row.completeness.percent),
    Column("Dernier rappel", lambda row: row.reminded_on),
    Column("Soumis le", lambda row: localdate(row.filing.submitted_at) if row.filing.submitted_at else None),
    Column("Nature des chiffres", lambda row: nature_of_figures(is_demo=row.filing.is_demo)),
    Column("Chefs de projet", lambda row: names(row.leads)),
)
ADDRESSES: Final = Column("Adresses", lambda row: ", ".join(lead.email for lead in row.leads))
"""For whoever writes to them: the secretariat."""


def table(rows: Sequence[CampaignRow], *, with_addresses: bool) -> tuple[list[str], list[list[Cell]]]:
    """The headings, and the rows of the page as values."""
    columns = (*COLUMNS, ADDRESSES) if with_addresses else COLUMNS
    return [column.title for column in columns], [[column.value(row) for column in columns] for row in rows]
