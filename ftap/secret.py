"""The secret key of an instance on trial, kept so that sessions outlive a restart."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def local_secret_key(var: Path) -> str:
    """The key stored in `var`, made on the first call; safe when web, worker and beat start at the same time."""
    path = var / "secret-key"
    with suppress(FileNotFoundError):
        return path.read_text()
    var.mkdir(parents=True, exist_ok=True)
    draft = var / f"secret-key.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(64))
    with suppress(FileExistsError):
        os.link(draft, path)  # the first one wins, whole
    draft.unlink()
    return path.read_text()
