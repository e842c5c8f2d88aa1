"""Where evidence is kept, and how it is given back."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.http import FileResponse, Http404


def random_name() -> str:
    """A random name without extension, that says nothing and that nobody guesses."""
    return f"evidence/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


@contextmanager
def stored_or_nothing(row: Any) -> Iterator[None]:
    """The storage keeps no file whose row was refused; saving the row gives its `file` the name that it has there."""
    unsaved = row.file.name
    try:
        yield
    except BaseException:
        name = row.file.name
        if name and name != unsaved:
            row.file.storage.delete(name)
        raise


def sent(row: Any) -> FileResponse:
    """The file of a row (`file`, `name`, `content_type`), to be saved and never shown. 404 when the storage lost it."""
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Ce fichier n’est plus dans le stockage.") from error
    response = FileResponse(content, as_attachment=True, filename=row.name, content_type=row.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
