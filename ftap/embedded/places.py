"""Where the embedded services keep their sockets and, when they may not stay under the project, their files."""

import hashlib
import os
import pwd
import stat
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

# A unix socket's whole path fits in 103 characters (macOS) to 107 (Linux).
SOCKET_PATH_LIMIT = 103
# Root's own copy of the binaries and, where the project's folder is closed to others, the data.
ROOT_FOLDER = Path("/var/lib/ftap-embedded")


def signature(var: Path) -> str:
    """Ten characters that stand for this folder and this user, the same on every start."""
    return hashlib.sha256(f"{var.resolve()}|{os.getuid()}".encode()).hexdigest()[:10]


def socket_folder(var: Path, name: str) -> Path:
    """The folder of a service's socket: short whatever the project's path, found again by `var` alone."""
    folder = Path(tempfile.gettempdir()) / f"ftap-{signature(var)}-{name}"
    if len(str(folder)) + len("/.s.PGSQL.5432.lock") > SOCKET_PATH_LIMIT:
        folder = Path("/tmp") / folder.name  # noqa: S108 - owner and mode are checked by open_private
    return folder


def open_private(folder: Path, owner: int) -> None:
    """Makes `folder` for `owner` alone. RuntimeError when somebody else made it first: they could listen in."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner, -1)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise RuntimeError(f"{folder} belongs to someone else: remove it or set TMPDIR")
    folder.chmod(0o700)


@cache
def unprivileged_user() -> pwd.struct_passwd | None:
    """Whom PostgreSQL runs as when this program is root, which it refuses to be; None when it is not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("running as root needs a user named postgres or nobody")


def is_open_to_all(folder: Path) -> bool:
    """Whether any user may walk down to `folder`, of which the last parts may not exist yet."""
    existing = [parent for parent in (folder, *folder.parents) if parent.exists()]
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in existing)
