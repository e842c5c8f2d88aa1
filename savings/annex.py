"""The sheets of the financial annex for savings (article 3), their posts, and the return that both ledgers give."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from contracts.annex.layout import AnnexColumn, AnnexSheet, sheets_amount
from contracts.annex.writer import Places
from contracts.contract_file.expressions import FTAP
from savings.enums import SavingsMethod

YES_NO: Final = ((True, "Oui"), (False, "Non"))
TITRES: Final = tuple((str(number), f"Titre {number}") for number in range(1, 8))
AE_CP: Final = (AnnexColumn("ae", "AE", "amount"), AnnexColumn("cp", "CP", "amount"))
AFTER_FUNDING: Final = 3

SAVINGS_SHEET: Final = AnnexSheet(
    "economies",
    "Économies",
    "Une ligne par économie, montants par exercice et montant pérenne.",
    ("economies", "lignes"),
    (
        AnnexColumn("libelle", "Économie"),
        AnnexColumn("nature", "Nature"),
        AnnexColumn("titre", "Titre", choices=TITRES),
        AnnexColumn("programme", "Programme"),
        AnnexColumn("methode", "Méthode", choices=SavingsMethod.choices),
        AnnexColumn("recurrente", "Récurrente", choices=YES_NO),
        AnnexColumn("redeployee", "Redéployée", choices=YES_NO),
        AnnexColumn("parametres.base", "Base (€)", "euros"),
        AnnexColumn("parametres.postes", "Postes (ETPT)", "number"),
        AnnexColumn("parametres.taux", "Taux de la part (%)", "number"),
        AnnexColumn("parametres.cout_unitaire", "Coût unitaire (€)", "euros"),
        AnnexColumn("parametres.prix_du_jour", "Prix du jour acheté (€)", "euros"),
        AnnexColumn("parametres.cout_interne", "Coût du jour interne (€)", "euros"),
        AnnexColumn("motif_ecart", "Motif de l’écart à la méthode", moves=True),
        AnnexColumn("perenne.ae", "AE pérennes", "amount"),
        AnnexColumn("perenne.cp", "CP pérennes", "amount"),
    ),
    AE_CP,
    after_funding=AFTER_FUNDING,
    detailed=(
        AnnexColumn("parametres.taux.{year}", "Taux {year} (%)", "number"),
        AnnexColumn("parametres.montee.{year}", "Montée en charge {year} (%)", "number"),
        AnnexColumn("parametres.sans_projet.{year}", "Dépense sans projet {year} (€)", "euros"),
        AnnexColumn("parametres.avec_projet.{year}", "Dépense avec projet {year} (€)", "euros"),
        AnnexColumn("parametres.jours.{year}", "Jours internalisés {year}", "number"),
    ),
)
SAVINGS_POSTS: Final = AnnexSheet(
    "postes",
    "Postes",
    "Emplois supprimés et redéployés (ETPT) par catégorie et par exercice ; coût unitaire en euros.",
    ("economies", "lignes"),
    (AnnexColumn("categorie", "Catégorie"), AnnexColumn("cout_unitaire", "Coût unitaire (€)", "euros")),
    (
        AnnexColumn("supprimes", "Supprimés", "number"),
        AnnexColumn("redeployes", "Redéployés", "number"),
        AnnexColumn("mois", "Mois", "number"),
    ),
    after_funding=AFTER_FUNDING,
    within="postes",
    within_key="categorie",
)


def return_formulas(
    places: Mapping[str, Places], tables: Mapping[str, Any]
) -> tuple[tuple[str, str, str | Decimal, str | Decimal, str], ...]:
    """R1 and R3 as `savings.calc.returns` defines them: recurrent CP of lines not redeployed, over the financing.

    The financing is that of the project sheets where they bear amounts, as on the site (docs/calculs/montant-ftap.md):
    the annex does not write sheets, so these are figures; else it is the sum of the annex's own lines.
    """
    savings, money = places["economies"], places["financement"]
    amounts, moved = savings.range("perenne.cp"), savings.range("redeployee")
    source, granted = money.range("source"), money.range("cp*")
    numerator = f'=IF(COUNT({amounts})=0,"n. c.",SUMIFS({amounts},{moved},"<>Oui")*{savings.scale})'
    ftap = f'=IF(COUNTIF({source},"{FTAP}")=0,"n. c.",SUMIFS({granted},{source},"{FTAP}")*{money.scale})'
    whole = f'=IF(COUNT({granted})=0,"n. c.",SUM({granted})*{money.scale})'
    kept = "Économies pérennes (CP) des lignes non redéployées"
    r1, r3 = sheets_amount(tables, "ftap"), sheets_amount(tables, "cout")
    r1_of = "CP du FTAP de la feuille Financement" if r1 is None else "montant FTAP des fiches projet"
    r3_of = "CP de toutes les sources" if r3 is None else "coût total des fiches projet"
    return (
        ("R1", "Retour contractuel", numerator, ftap if r1 is None else r1, f"{kept} ÷ {r1_of}"),
        ("R3a", "Retour contractuel sur coût total", numerator, whole if r3 is None else r3, f"{kept} ÷ {r3_of}"),
    )
