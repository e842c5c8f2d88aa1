"""A PDF taken as evidence opens without a password and does nothing by itself."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from contracts.evidence.refusals import EvidenceRefused

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

MAX_OBJECTS: Final = 500_000
MAX_DEPTH: Final = 50
_SUSPECT: Final = re.compile(rb"/(JavaScript|JS|Launch|RichMedia|EF)\b")
_ACTIONS: Final = ("/JavaScript", "/Launch")
# An electronic invoice carries its own figures as XML (Factur-X).
_JOINED: Final = (".xml",)


def refuse_active_pdf(content: bytes) -> None:
    """Raises `EvidenceRefused`: password, damaged, script, program to launch, file joined inside other than XML."""
    import pikepdf

    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as document:
            if document.is_encrypted:
                raise EvidenceRefused(
                    "Ce PDF est protégé (mot de passe ou restrictions)\u00a0: enregistrez-le sans protection."
                )
            _refuse_content(document)
    except pikepdf.PasswordError as error:
        raise EvidenceRefused("Ce PDF demande un mot de passe\u00a0: enregistrez-le sans protection.") from error
    except pikepdf.PdfError as error:
        raise EvidenceRefused("Ce PDF est abîmé\u00a0: produisez-le de nouveau et recommencez l’envoi.") from error


def _refuse_content(document: "Pdf") -> None:
    if len(document.objects) > MAX_OBJECTS:
        raise EvidenceRefused("Ce PDF est trop complexe\u00a0: imprimez-le en PDF et joignez le résultat.")
    if not len(document.pages):
        raise EvidenceRefused("Ce PDF n’a aucune page.")
    for one in document.objects:
        if _SUSPECT.search(one.unparse(resolved=True) if not _is_stream(one) else _head(one)):
            for part in _dictionaries(one):
                _refuse_part(part)


def _refuse_part(part: Any) -> None:
    if "/JS" in part or str(part.get("/S", "")) in _ACTIONS or str(part.get("/Subtype", "")) == "/RichMedia":
        raise EvidenceRefused("Ce PDF contient un script ou une action\u00a0: imprimez-le en PDF, joignez le résultat.")
    if "/EF" in part and not str(part.get("/UF", part.get("/F", ""))).lower().endswith(_JOINED):
        raise EvidenceRefused("Ce PDF contient un autre fichier\u00a0: joignez les deux séparément.")


def _is_stream(one: "Object") -> bool:
    import pikepdf

    return isinstance(one, pikepdf.Stream)


def _head(stream: Any) -> bytes:
    """What a stream says of itself, without its data."""
    return bytes(stream.stream_dict.unparse(resolved=True))


def _dictionaries(one: Any, depth: int = 0) -> Iterator[Any]:
    """The dictionary and those written inside it; what is merely referred to is an object of its own."""
    import pikepdf

    if depth > MAX_DEPTH:
        raise EvidenceRefused("Ce PDF est trop complexe\u00a0: imprimez-le en PDF et joignez le résultat.")
    if isinstance(one, pikepdf.Stream):
        one = one.stream_dict
    if isinstance(one, pikepdf.Dictionary):
        yield one
    inner = one.values() if isinstance(one, pikepdf.Dictionary) else one if isinstance(one, pikepdf.Array) else ()
    for part in inner:
        # Numbers and texts come out of a dictionary as Python's own.
        if not getattr(part, "is_indirect", True):
            yield from _dictionaries(part, depth + 1)
