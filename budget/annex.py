"""The sheet of the financial annex for credits (article 2): one row a line, AE and CP by year."""

from typing import Final

from budget.enums import Nature, Titre
from contracts.annex.layout import AnnexColumn, AnnexSheet
from contracts.contract_file.expressions import FTAP

FINANCING: Final = AnnexSheet(
    "financement",
    "Financement",
    "Une ligne par dépense et par source, AE et CP par exercice.",
    ("credits", "lignes"),
    (
        AnnexColumn("libelle", "Dépense"),
        AnnexColumn("lot", "Lot"),
        AnnexColumn("axe", "Axe", refers_to="axes"),
        AnnexColumn("fiche", "Fiche", refers_to="fiches"),
        AnnexColumn("nature", "Nature", choices=Nature.choices),
        AnnexColumn("titre", "Titre", choices=Titre.choices),
        AnnexColumn("programme", "Programme"),
        AnnexColumn("source", "Source", refers_to="organisations", also=FTAP),
    ),
    (AnnexColumn("ae", "AE", "amount"), AnnexColumn("cp", "CP", "amount")),
)
