"""Reads a whole contract file: a document without error, or the list of all the errors."""

import re

from contracts.contract_file import frame
from contracts.contract_file.document import FORMAT, Document, parse
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.nodes import Node, ReadingNote
from contracts.enums import ReadingKind
from contracts.models import Contract, ContractVersion, Organisation, Reading
from contracts.parts import PARTS

REFERENCE_TABLES = ("organisations", "axes", "fiches", "credits", "economies", "indicateurs")


def read_contract_file(file_name: str, content: bytes) -> Document:
    """The rows that the file describes, unsaved and checked. Raises `ContractFileError` with every error found.

    Reads the organisations already known, writes nothing.
    """
    source, data, digest = parse(file_name, content)
    root = Node(source, "", data)
    if root.integer("format", required=True) not in (FORMAT, None):
        root.refuse("format", f"Version du format inconnue\u00a0: {FORMAT} attendu.")
    document = Document(source, root, digest, Contract(), ContractVersion(number=0, source_sha256=digest))
    for table in REFERENCE_TABLES:
        document.known[table] = {}
    frame.read_identity(document)
    if not document.funding_years[:1] or not document.contract.first_year:
        # Without its years nothing else can be judged.
        raise ContractFileError(source.errors)
    frame.read_people(document)
    frame.read_clauses(document)
    for part in PARTS:
        part.read(document)
    frame.read_stated(document)
    source.refuse_unknown_keys()
    _check_known_organisations(document)
    if source.errors:
        raise ContractFileError(source.errors)
    document.of_version(_readings(source.readings), Reading, "path")
    return document


def _readings(notes: list[ReadingNote]) -> list[Reading]:
    return [
        Reading(
            path=note.path,
            label=note.label[:300],
            kind=ReadingKind.CORRECTED if note.retained else ReadingKind.UNREADABLE,
            printed=note.printed,
            retained=note.retained,
            evidence=note.evidence,
            position=rank,
        )
        for rank, note in enumerate(_in_order(notes), start=1)
    ]


def _in_order(notes: list[ReadingNote]) -> list[ReadingNote]:
    """By table in the order of the file, then by rank: `lignes[2]` before `lignes[10]`."""
    tables = list(dict.fromkeys(_table(note) for note in notes))
    return sorted(notes, key=lambda note: (tables.index(_table(note)), _natural(note.path)))


def _table(note: ReadingNote) -> str:
    return re.split(r"[.\[]", note.path, maxsplit=1)[0]


def _natural(path: str) -> list[tuple[int, str]]:
    return [(int(piece), "") if piece.isdigit() else (0, piece) for piece in re.split(r"(\d+)", path)]


def _check_known_organisations(document: Document) -> None:
    """An organisation is shared by all contracts: a file may complete it, not rename it."""
    named = document.known["organisations"]
    for stored in Organisation.objects.filter(code__in=named).select_related("ministry"):
        row = named[stored.code]
        for name, key in (("name", "nom"), ("kind", "type"), ("region", "region")):
            there, here = getattr(stored, name), getattr(row, name)
            if there and here and there != here:
                message = f"L’organisation «\u00a0{stored.code}\u00a0» est déjà enregistrée avec «\u00a0{there}\u00a0»."
                document.source.refuse(f"organisations[{_rank(document, stored.code)}].{key}", here, message)
            setattr(row, name, here or there)
        if stored.ministry and row.ministry is None and stored.ministry.code not in named:
            row.ministry = stored.ministry


def _rank(document: Document, code: str) -> int:
    return list(document.known["organisations"]).index(code) + 1
