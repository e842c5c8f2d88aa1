"""The name under which a piece of evidence is shown and given back."""

import re
import unicodedata
from typing import Final

from contracts.evidence.kinds import Kind
from contracts.evidence.refusals import EvidenceRefused

MAX_NAME: Final = 120
_RESERVED: Final = re.compile(r'[<>:"|?*]')


def clean_name(name: str, kind: Kind) -> str:
    """The name without folders, invisible or reserved characters, with the extension of what the file really is.

    Raises `EvidenceRefused` when the name bears the extension of something else: a file that lies about its type.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = _RESERVED.sub("_", "".join(sign for sign in last if unicodedata.category(sign)[0] != "C"))
    stem, dot, extension = kept.strip(" .").rpartition(".")
    if not dot:
        stem, extension = extension, kind.extension
    if extension.lower() not in kind.extensions:
        raise EvidenceRefused(
            f"Ce fichier se nomme «\u00a0.{extension[:12]}\u00a0» mais son contenu est celui d’un fichier "
            f"«\u00a0.{kind.extension}\u00a0» ({kind.label})\u00a0: renommez-le ou vérifiez son origine."
        )
    return f"{stem[:MAX_NAME].strip(' .') or 'piece'}.{extension.lower()}"
