"""Tables of the contract's frame, of its anomalies, of what is not reported, and of the sources."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import takewhile

from contracts.frame import SheetFacts
from figures import formats
from figures.ae_cp import share
from monitoring.reality import nature_of_figures
from reports.facts import AnomalyFacts, Situation, StatedComparison
from reports.tables.model import EUROS_NOTE, Column, Derived, Kind, Quantity, Role, Row, Table, Value, band, quantity

READ_LOST = "illisible"
YEAR = re.compile(r"\b(?:première|dernière) année\b")
UNIT = re.compile(r"\s\((?:k|M)?€\)$")
MANY = 6


def identity(situation: Situation) -> Table:
    """What identifies the contract, as labels and values."""
    frame = situation.frame
    holder = " – ".join(part for part in (frame.holder.name, frame.holder.ministry, frame.holder.region) if part)
    signed = ((each.name, each.function, _date(each.signed_on, each.is_unreadable)) for each in frame.signatories)
    facts: list[tuple[str, Value]] = [
        ("Intitulé", frame.long_title or frame.title),
        ("Porteur", holder),
        ("Programme", frame.programme),
        ("Financement", f"{frame.first_year}–{frame.last_year}"),
        ("Économies suivies jusqu’en", frame.savings_followed_until),
        ("Version", f"{frame.version.label}, {_signed(situation)}"),
        ("Périodicité du suivi", f"{frame.frequency_label} ({_article(frame.frequency_article)})"),
        ("Qui tient l’annexe des nomenclatures", frame.nomenclature_authority),
        *(("Partie au contrat", _party(party.name, party.role)) for party in frame.parties),
        *(("Signataire", f"{name}, {function} – {when}") for name, function, when in signed),
        *((code.kind_label, " – ".join(p for p in (code.printed, code.label) if p)) for code in frame.codes),
        *((f"Comité : {each.name}", each.rhythm or _meetings(each.meetings_min, each.meetings_max))
          for each in frame.committees),
    ]  # fmt: skip
    columns = (Column("label", "Rubrique", width=26), Column("value", "Contenu", width=70))
    return Table("identite", "Identité du contrat", columns, tuple(Row(fact) for fact in facts))


def _party(name: str, role: str) -> str:
    """« DITP (porteur) »: the part taken, unless the name says it already."""
    return name if role in name else f"{name} ({formats.lower_first(role)})"


def sheets(situation: Situation) -> Table:
    """Project sheets by axis, with cost, the fund's part and its share."""
    columns = (
        Column("number", "N°", width=5),
        Column("title", "Fiche projet", width=48),
        Column("cost", "Coût total", Kind.EUROS, 13),
        Column("ftap", "FTAP", Kind.EUROS, 13),
        Column("share", "Part FTAP", Kind.SHARE, 9, derived=Derived("over", "ftap", "cost")),
    )
    rows: list[Row] = []
    for axis in situation.frame.axes:
        if axis.sheets:
            rows.append(band(f"Axe {axis.code} – {axis.title}", columns))
            rows += [_sheet(each) for each in axis.sheets]
            total = ("", f"Total axe {axis.code}", axis.cost, axis.ftap, share(axis.ftap, axis.cost))
            rows.append(Row(total, Role.SUBTOTAL))
    rows += [_sheet(each) for each in situation.frame.sheets_without_axis]
    frame = situation.frame
    if rows:
        rows.append(Row(("", "Total", frame.sheets_cost, frame.sheets_ftap, frame.sheets_share), Role.TOTAL))
    return Table("fiches", "Fiches projet", columns, tuple(rows), EUROS_NOTE, "Le contrat n’a pas de fiche projet.")


def stated(situation: Situation) -> Table:
    """Printed figures beside computed ones, in the printed unit."""
    columns = (
        Column("article", "Article", width=7),
        Column("label", "Chiffre affiché", width=42),
        Column("unit", "Unité", width=7),
        Column("printed", "Imprimé", Kind.NUMBER, 13),
        Column("computed", "Calculé", Kind.NUMBER, 13),
        Column("difference", "Écart", Kind.NUMBER, 11),
        Column("verdict", "Constat", width=26),
    )
    rows = tuple(
        Row((one.article, one.label, one.unit, one.printed, one.computed, _gap(one), one.verdict_label))
        for one in situation.stated_figures
    )
    return Table("chiffres-affiches", "Chiffres affichés", columns, rows, empty="Aucun chiffre affiché.")


def _gap(one: StatedComparison) -> Value:
    """The difference of two percentages is in points."""
    is_share = one.unit == "%" and one.difference is not None
    return Quantity(one.difference, "point") if is_share and one.difference is not None else one.difference


def readings(situation: Situation, *, is_brief: bool = False) -> Table:
    """Figures and dates that the scan got wrong or lost, with what forces the value kept.

    `is_brief` leaves out those that nothing settles, and says once what is read the same way for the same reason: the
    workbook lists them all.
    """
    columns = (
        Column("label", "Donnée", width=34),
        Column("printed", "Imprimé", Kind.NUMBER, 13),
        Column("retained", "Retenu", Kind.NUMBER, 13),
        Column("evidence", "Preuve", width=52),
    )
    rows = tuple(
        Row((label, _printed(label, printed, retained), read_value(label, retained or READ_LOST), evidence))
        for label, printed, retained, evidence in _read(situation, is_brief=is_brief, in_words=False)
    )
    return Table("lectures", "Lectures du document numérisé", columns, rows, empty="Aucune correction de lecture.")


def read_value(label: str, text: str) -> Value:
    """What is read of a figure: a number, or its own text; a year is no quantity, and has no thousands."""
    return text if YEAR.search(label) else quantity(text)


def _printed(label: str, printed: str, retained: str) -> Value:
    """What the act prints; « n. r. » where it prints nothing and a value was retained all the same, else lost."""
    if not printed and retained:
        return None
    return read_value(label, printed or READ_LOST)


def wordings(situation: Situation, *, is_brief: bool = False) -> Table:
    """Labels that the scan misread, with what forces the words kept; the same words are told once when `is_brief`."""
    columns = (
        Column("label", "Donnée", width=24),
        Column("printed", "Imprimé", width=32),
        Column("retained", "Retenu", width=32),
        Column("evidence", "Preuve", width=32),
    )
    rows = tuple(Row(found) for found in _read(situation, is_brief=is_brief, in_words=True))
    return Table("libelles", "Libellés du document numérisé", columns, rows, empty="Aucun libellé corrigé.")


def _read(situation: Situation, *, is_brief: bool, in_words: bool) -> Iterator[tuple[str, str, str, str]]:
    """Label, printed, retained and evidence of the readings of words, or of the others."""
    found: dict[tuple[str, ...], list[str]] = {}
    for rank, one in enumerate(situation.readings):
        if one.is_wording is in_words and (one.retained or not is_brief):
            alike = (one.printed, one.retained, one.evidence, "" if is_brief else str(rank))
            found.setdefault(alike, []).append(one.label or one.path)
    for (printed, retained, evidence, _), labels in found.items():
        yield _several(labels), printed, retained, evidence


def _several(labels: Sequence[str]) -> str:
    """The label, or what begins all of them, and how many they are."""
    if len(labels) == 1:
        return labels[0]
    columns = zip(*(label.split(", ") for label in labels), strict=False)
    shared = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, columns)]
    return f"{', '.join(shared) or labels[0]}{_unit(labels)} ({len(labels)} valeurs)"


def _unit(labels: Sequence[str]) -> str:
    """« (k€) », where all the labels end with it."""
    found = {match[0] if (match := UNIT.search(label)) else "" for label in labels}
    return found.pop() if len(found) == 1 else ""


def contradicted(situation: Situation) -> Table:
    """Figures that the contract prints and that its own lines contradict."""
    columns = (
        Column("article", "Article", width=8),
        Column("kind", "Nature", width=24),
        Column("where", "Chiffre", width=38),
        Column("printed", "Imprimé", Kind.NUMBER, 12),
        Column("computed", "Calculé", Kind.NUMBER, 12),
        Column("difference", "Écart", Kind.NUMBER, 11),
        Column("text", "Explication", width=30),
    )
    rows = tuple(
        Row((one.article, one.title, one.where, *_figures(one), _with_standing(one, one.explanation)))
        for one in situation.anomalies
        if not one.is_reading and not one.is_note and (one.computed or one.difference)
    )
    return Table("chiffres-contredits", "Chiffres contredits", columns, rows, empty="Aucun chiffre contredit.")


def _with_standing(one: AnomalyFacts, text: str) -> str:
    """The words followed by what was said of the anomaly, when something was."""
    return f"{text} {one.standing.capitalize()} par {one.said}" if one.said else text


def _figures(one: AnomalyFacts) -> tuple[Value, Value, Value]:
    return quantity(one.printed), quantity(one.computed), quantity(one.difference)


def anomalies(situation: Situation) -> Table:
    """What stays wrong in the contract's own text and codes."""
    columns = (
        Column("article", "Article", width=7),
        Column("kind", "Nature", width=20),
        Column("text", "Constat", width=80),
    )
    rows = tuple(
        Row((one.article, one.title, _with_standing(one, one.text)))
        for one in situation.anomalies
        if not one.is_reading and not one.is_note and not (one.computed or one.difference)
    )
    return Table("anomalies", "Anomalies du texte et des codes", columns, rows, empty="Aucune anomalie ouverte.")


def notes(situation: Situation) -> Table:
    """What the person who read the act noted: no check can find it."""
    columns = (
        Column("article", "Article", width=7),
        Column("kind", "Nature", width=20),
        Column("text", "Note", width=80),
    )
    rows = tuple(Row((one.article, one.kind_label, one.text)) for one in situation.frame.observations)
    return Table("notes-de-lecture", "Notes de lecture", columns, rows, empty="Aucune note de lecture.")


def missing(situation: Situation, *, is_brief: bool = False) -> Table:
    """What nobody reported: a row for each subject, with all that is missing of it.

    `is_brief` counts the subjects that lack the same thing when they are many: the workbook lists them.
    """
    columns = (
        Column("section", "Rubrique", width=14),
        Column("subject", "Objet", width=56),
        Column("detail", "Constat", width=44),
    )
    found: dict[tuple[str, str], list[str]] = {}
    for one in situation.not_reported:
        found.setdefault((one.section, one.subject), []).append(one.detail)
    facts = [(section, subject, " ; ".join(details)) for (section, subject), details in found.items()]
    rows = tuple(Row(fact) for fact in (_counted(facts) if is_brief else facts))
    return Table("non-renseigne", "Ce qui n’est pas renseigné", columns, rows, empty="Tout est renseigné.")


def _counted(facts: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The same facts, those that more than `MANY` subjects share said once with their number."""
    count = Counter((section, detail) for section, _, detail in facts)
    told = dict.fromkeys(
        (section, _subjects(count[section, detail], subject), detail) for section, subject, detail in facts
    )
    return list(told)


def _subjects(number: int, subject: str) -> str:
    return f"{number} lignes, listées dans le classeur" if number > MANY else subject


def sources(situation: Situation) -> Table:
    """The filings that the figures come from."""
    columns = (
        Column("label", "Dossier", width=20),
        Column("start", "Début de la période", Kind.DATE, 16),
        Column("end", "Fin de la période", Kind.DATE, 16),
        Column("state", "État", width=24),
        Column("demo", "Nature des chiffres", width=30),
    )
    rows = tuple(
        Row((one.label, one.period_start, one.period_end, one.state_label, nature_of_figures(is_demo=one.is_demo)))
        for one in situation.filings
    )
    return Table("sources", "Sources", columns, rows, empty="Aucun dossier de suivi.")


def _sheet(each: SheetFacts) -> Row:
    values: Sequence[Value] = (each.number, each.title, each.cost, each.ftap, share(each.ftap, each.cost))
    return Row(tuple(values))


def _signed(situation: Situation) -> str:
    day = situation.frame.version.signed_on
    return f"daté du {formats.date_fr(day)}" if day else "sans date"


def _article(number: str) -> str:
    return f"article {number}" if number else "sans article"


def _date(day: object, is_unreadable: bool) -> str:

    if isinstance(day, date):
        return f"signé le {formats.date_fr(day)}"
    return "date illisible" if is_unreadable else "sans date"


def _meetings(least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return "rythme absent du contrat"
    number = f"au plus {most}" if least is None else f"{least}" if most in (None, least) else f"{least} à {most}"
    return f"{number} réunion{'s' if max(least or 0, most or 0) > 1 else ''} par an"
