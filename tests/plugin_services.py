"""pytest plugin: real PostgreSQL and Valkey, started before pytest-django reads the settings.

`FTAP_VAR` is the folder of the services (default var/test): two runs at the same time need one each, and so does each
process of a run that pytest-xdist parts.
"""

import os
from pathlib import Path

import pytest
import redis

from ftap.embedded.children import stop_orphans
from ftap.embedded.postgres import Postgres
from ftap.embedded.valkey import Valkey

PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")
VAR = Path(os.environ.get("FTAP_VAR") or Path(__file__).parent.parent / "var" / "test").resolve() / PROCESS
postgres, valkey = Postgres(VAR, durable=False), Valkey(VAR)

# A setting of the developer's shell must not reach the tests.
for name in ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "EMAIL_URL", "FTAP_DEMO", "DEBUG", "HTTPS", "STATIC_MANIFEST"):
    os.environ.pop(name, None)
os.environ.update(
    FTAP_VAR=str(VAR),
    SECRET_KEY="for the tests only, and long enough for the checks of the framework",
    DATABASE_URL=postgres.url(),
    REDIS_URL=valkey.url(),
    HTTPS="0",
    LOG_AS_JSON="0",
    # The static files are looked up when asked for: scanning them all would cost each test client half a second.
    STATIC_AUTOREFRESH="1",
    # The browser's fixtures run an event loop in the test's thread; the ORM is not called from it.
    DJANGO_ALLOW_ASYNC_UNSAFE="true",
)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Starts the services, after stopping what a killed run may have left; not in a process that only deals out."""
    if session.config.option.collectonly or (session.config.getoption("numprocesses", None) and not PROCESS):
        return
    (VAR / "static").mkdir(parents=True, exist_ok=True)
    stop_orphans(VAR, ["worker", valkey.name, postgres.name])
    postgres.start()
    valkey.start()
    with redis.Redis(unix_socket_path=str(valkey.socket)) as client:
        client.flushall()


def pytest_unconfigure() -> None:
    """Stops the services, whatever the tests' outcome."""
    valkey.stop()
    postgres.stop()


def pytest_report_header(config: pytest.Config) -> str:
    processes = config.getoption("numprocesses", None)
    return f"services: PostgreSQL and Valkey in {VAR}{f', one of each for {processes} processes' if processes else ''}"
