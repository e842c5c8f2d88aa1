"""The first sheet: which filing this is, how to fill the workbook, and what was refused when it comes back."""

from collections.abc import Sequence

from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from figures import formats
from figures.workbook import styles
from figures.workbook.styles import put, style
from monitoring.models import Filing
from monitoring.workbook.errors import Refusal
from monitoring.workbook.layout import Sheet

RULES = (
    "Remplissez les cases teintées des feuilles suivantes ; les autres sont verrouillées.",
    "Une case vide veut dire « non renseigné » ; 0 est une valeur.",
    "Tapez des valeurs et non des formules : une formule est refusée.",
    "Les montants sont en euros, au centime près ; « 12,5 k€ » est compris.",
    "N’ajoutez pas de ligne ; une ligne supprimée laisse le dossier inchangé pour cette ligne.",
    "Enregistrez au format .xlsx, sans macro ni mot de passe, puis déposez le fichier sur la page du dossier.",
    "Vous verrez alors chaque différence avant de confirmer ; rien n’est enregistré auparavant.",
)
TEXTS_ONLY = "Seuls les commentaires sont rouverts : les cases de chiffres et de dates restent verrouillées."
READ_ONLY = "Ce dossier n’est pas ouvert à votre saisie : ce classeur est une copie à lire."
COLUMNS = ("Feuille", "Ligne", "Colonne", "Valeur déposée", "À corriger")


def write(
    target: Worksheet,
    filing: Filing,
    sheets: Sequence[Sheet],
    *,
    editable: frozenset[str] | None,
    refusals: Sequence[Refusal],
) -> None:
    """Fills the sheet from top to bottom."""
    target.title = "Mode d’emploi"
    for letter, width in zip("ABCDE", (26, 44, 30, 24, 70), strict=True):
        target.column_dimensions[letter].width = width
    line = _identity(target, filing)
    if refusals:
        line = _refusals(target, line, refusals)
    is_open = any(editable is None or row.sheet in editable for sheet in sheets for row in sheet.rows)
    rules = (TEXTS_ONLY, *RULES) if filing.takes_texts_only else RULES
    for number, text in enumerate(rules if is_open else (READ_ONLY,), start=1):
        _text(target, line, f"{number}. {text}" if is_open else text, styles.BODY)
        line += 1


def _identity(target: Worksheet, filing: Filing) -> int:
    _text(target, 1, str(filing), styles.TITLE)
    facts = [
        ("Contrat", filing.contract.title),
        ("Version suivie", str(filing.version)),
        ("Campagne", str(filing.campaign)),
        ("Échéance", formats.date_fr(filing.due_on)),
    ]
    if filing.is_demo:
        facts.append(("Attention", "Chiffres de démonstration, inventés"))
    for line, (label, text) in enumerate(facts, start=3):
        _text(target, line, label, styles.STRONG)
        put(target.cell(line, 2), text)
        target.cell(line, 2).font = styles.BODY
    return 4 + len(facts)


def _refusals(target: Worksheet, line: int, refusals: Sequence[Refusal]) -> int:
    """The list of what is wrong; each cell is also marked in red on its sheet."""
    count = "1 correction demandée" if len(refusals) == 1 else f"{len(refusals)} corrections demandées"
    said = f"{count} : rien n’a été enregistré. Les cases sont en rouge, avec un commentaire."
    _text(target, line, said, styles.STRONG)
    for place, label in enumerate(COLUMNS, start=1):
        put(target.cell(line + 1, place), label)
        style(target.cell(line + 1, place), styles.HEADER, styles.BOTTOM, fill=styles.GREY, border=styles.UNDER)
    for at, one in enumerate(refusals, start=line + 2):
        for place, text in enumerate((one.sheet, one.row_label, one.column_label, one.typed, one.message), start=1):
            put(target.cell(at, place), text)
            style(target.cell(at, place), styles.BODY, styles.TOP)
    return line + len(refusals) + 3


def _text(target: Worksheet, line: int, text: str, font: Font) -> None:
    cell = target.cell(line, 1)
    put(cell, formats.typeset(text))
    cell.font = font
