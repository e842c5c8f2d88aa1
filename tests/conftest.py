"""Fixtures of all the tests: a mail server, a worker, a browser; and what fails a test by itself."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import LazySettings, settings
from django.db import connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import DjangoDbBlocker

from ftap.embedded.children import Child
from tests.plugin_services import VAR, postgres

ROOT = Path(__file__).parent.parent

# How long examples take to make tells how busy the machine is, and nothing of the code.
hypothesis_settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("shared")

pytest_plugins = ["tests.fixtures_people", "tests.fixtures_contracts"]


# --- What fails a test by itself ---


class UndefinedVariable(str):
    """Put where a template names a variable that does not exist: fails the test unless the template is a library's."""

    def __mod__(self, missing: object) -> str:
        import inspect

        for frame in inspect.stack():
            template = frame.frame.f_locals.get("self")
            origin = getattr(getattr(template, "origin", None), "name", None)
            if isinstance(origin, str):
                if origin.startswith(str(ROOT / ".venv")) or "site-packages" in origin:
                    return ""
                pytest.fail(f"undefined variable {missing} in {origin}")
        return ""

    def __contains__(self, item: object) -> bool:
        return item == "%s"


@pytest.fixture(autouse=True, scope="session")
def undefined_variables_fail() -> None:
    """`{{ no_such_thing }}` in a template of ours is a mistake, not an empty text."""
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")


@pytest.fixture(autouse=True)
def media_in_tmp(settings: LazySettings, tmp_path: Path) -> None:
    """Files that a test stores go away with it. The worker's own are in FTAP_VAR."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def downloads_are_read_to_their_end(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file that a test downloads and does not read is closed with the test: the collector would fail another one."""
    downloads: list[Any] = []
    asked = Client.request

    def request(client: Client, **environ: Any) -> Any:
        answer = asked(client, **environ)
        if answer.streaming:
            downloads.append(answer)
        return answer

    monkeypatch.setattr(Client, "request", request)
    yield
    for answer in downloads:
        assert all(isinstance(part, bytes) for part in answer.streaming_content)


@pytest.fixture(autouse=True, scope="session")
def fast_passwords() -> None:
    """People of the tests sign in thousands of times: a slow hash protects nothing here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# --- Database ---


def schema_signature() -> str:
    """Changes when a migration of ours or a library's version does."""
    files = [ROOT / "requirements.txt", *sorted(ROOT.glob("*/migrations/*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_modify_db_settings: None) -> Iterator[None]:
    """Migrates once for each state of the migrations; later runs copy that empty database, which takes 0,1 s."""
    template = f"template_{schema_signature()}"
    with psycopg.connect(host=str(postgres.sockets), user="ftap", dbname="postgres", autocommit=True) as server:
        known = {name for (name,) in server.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template_%'")}
        fresh = template not in known
        if not fresh:
            settings.DATABASES["default"]["TEST"]["TEMPLATE"] = template
            connections["default"].settings_dict["TEST"]["TEMPLATE"] = template
        with request.getfixturevalue("django_db_blocker").unblock():
            databases = setup_databases(verbosity=0, interactive=False)
            if fresh:
                connections.close_all()
                for old in known - {"template0", "template1"}:
                    server.execute(f"DROP DATABASE {old}")
                server.execute(f"CREATE DATABASE {template} TEMPLATE {connections['default'].settings_dict['NAME']}")
        yield
        # Threads of the live server keep their connection open for the next request, which never comes.
        connections.close_all()
        name = connections["default"].settings_dict["NAME"]
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        with request.getfixturevalue("django_db_blocker").unblock():
            teardown_databases(databases, verbosity=0)


# --- Mail ---


class Mailbox:
    """A real SMTP server's memory. `refusing` makes it answer 451, as a server in trouble does."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.refusing = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusing:
            return "451 try later"
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.messages.append(message)
        return "250 OK"


class _Controller(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture(scope="session")
def _smtp_server() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    controller = _Controller(box, hostname="127.0.0.1", port=0)
    controller.start()
    yield box, controller.port
    controller.stop()


@pytest.fixture
def smtp(_smtp_server: tuple[Mailbox, int], settings: LazySettings) -> Mailbox:
    """The server that Django and the worker send to: an empty mailbox that accepts everything."""
    box, port = _smtp_server
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    box.messages.clear()
    box.refusing = False
    return box


@pytest.fixture
def mailbox(smtp: Mailbox) -> list[EmailMessage]:
    """The messages received since the test began."""
    return smtp.messages


# --- Worker ---


class Worker:
    """A real Celery worker in a process of its own, on the test database and the tests' mail server."""

    def __init__(self, log: Path, env: dict[str, str], cwd: Path = ROOT) -> None:
        self.log, self.env, self.cwd = log, env, cwd
        self.name = f"test{os.getpid()}@localhost"
        self.child: Child | None = None

    def start(self, timeout: float = 30) -> None:
        """Starts the worker and waits until it listens."""
        self.log.unlink(missing_ok=True)
        command = [sys.executable, "-m", "celery", "-A", "ftap", "worker", "--concurrency=2", "--loglevel=INFO"]
        options = [f"--hostname={self.name}", "--without-mingle", "--without-gossip"]
        self.child = Child("worker", [*command, *options], log=self.log, env=self.env, cwd=self.cwd)
        deadline = time.monotonic() + timeout
        while f"{self.name} ready" not in self.log.read_text():
            if not self.child.is_alive or time.monotonic() > deadline:
                raise RuntimeError(self.log.read_text()[-3000:])
            time.sleep(0.05)

    def kill9(self) -> None:
        """Kills the worker and its pool without warning, as a full memory would."""
        assert self.child is not None
        os.kill(self.child.process.pid, signal.SIGKILL)
        self.child.kill()

    def stop(self) -> None:
        if self.child:
            self.child.stop()


@pytest.fixture(scope="module")
def _worker(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, _smtp_server: tuple[Mailbox, int]
) -> Iterator[Worker]:
    """Gone after its module: it would take the tasks of tests that run them themselves."""
    env = dict(os.environ)
    env["DATABASE_URL"] = postgres.url(connections["default"].settings_dict["NAME"])
    env["EMAIL_URL"] = f"smtp://127.0.0.1:{_smtp_server[1]}"
    env["PYTHONUNBUFFERED"] = "1"
    worker = Worker(VAR / "worker.log", env)
    yield worker
    worker.stop()


@pytest.fixture
def worker(_worker: Worker, smtp: Mailbox, settings: LazySettings, transactional_db: None) -> Worker:
    """The worker, running; it reads committed rows only, so the test's database is not in a transaction.

    Files are shared with it: `MEDIA_ROOT` is the one of `FTAP_VAR`.
    """
    settings.MEDIA_ROOT = Path(_worker.env["FTAP_VAR"]) / "media"
    if _worker.child is None or not _worker.child.is_alive:
        _worker.start()
    return _worker


# --- Browser ---

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's own chromium: no browser is downloaded."""
    executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**browser_type_launch_args, "executable_path": executable, "args": CHROMIUM_OPTIONS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "fr-FR", "timezone_id": "Europe/Paris"}


@pytest.fixture(scope="session")
def git_files() -> list[Path]:
    """The files that the repository tracks, outside of which a clone has nothing."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]
