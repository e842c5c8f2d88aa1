"""The demo as a person starts it: everything comes up, Ctrl-C stops all of it, a second start keeps the data."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from ftap.demo import free_port
from ftap.demonstration.people import PASSWORD
from tests.conftest import ROOT

pytestmark = [pytest.mark.slow]
OWN = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "EMAIL_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")


@contextmanager
def demo(var: Path) -> Iterator[tuple[str, psutil.Process, subprocess.Popen[str]]]:
    """The demo started on `var`: its address, its process and what it prints; killed when the test forgets it."""
    environment = {name: value for name, value in os.environ.items() if name not in OWN}
    environment |= {"FTAP_VAR": str(var), "PORT": str(free_port(0)), "MAILBOX_PORT": str(free_port(0))}
    command = [sys.executable, "-m", "ftap.demo"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as started:
        try:
            yield announced(started), psutil.Process(started.pid), started
        finally:
            if started.poll() is None:
                started.send_signal(signal.SIGTERM)
                started.wait(60)


def announced(started: subprocess.Popen[str]) -> str:
    """The address that it prints; fails with what it said when it ends before."""
    said = []
    assert started.stdout
    for line in started.stdout:
        said.append(line)
        if found := re.search(r"Suivi des contrats FTAP\s?:\s+(http\S+)", line):
            return found[1]
    pytest.fail("".join(said))


def portfolio(address: str) -> str:
    """What the secretariat of the demo sees of the portfolio, after signing in by the form."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def read(path: str, form: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(form).encode() if form else None
        with browser.open(f"{address}{path}", data, timeout=30) as answer:
            return str(answer.read().decode())

    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', read("connexion/"))
    assert token
    form = {"csrfmiddlewaretoken": token[1], "username": "secretariat@demo.example", "password": PASSWORD}
    read("connexion/", form)
    return read("portefeuille/")


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """Where the demo keeps its data: empty before the first test, kept from one to the next."""
    with tempfile.TemporaryDirectory(prefix="ftap-demo-") as folder:
        yield Path(folder)


def test_it_starts_shows_the_four_contracts_and_stops_all_it_started(var: Path) -> None:
    for _ in range(2):
        with demo(var) as (address, process, started):
            page = portfolio(address)
            assert all(title in page for title in ("CAP2030", "Incub-O", "Lean management", "Lab Minnov"))
            assert "invent" in page
            children = process.children(recursive=True)
            assert len(children) >= 6  # postgres, valkey, mailbox, web, worker, beat
            started.send_signal(signal.SIGINT)
            assert started.wait(60) == 0
        assert [child.pid for child in psutil.wait_procs(children, timeout=10)[1]] == []


def test_a_start_after_a_crash_cleans_up(var: Path) -> None:
    with demo(var) as (_, process, started):
        orphans = process.children(recursive=True)
        started.kill()
        started.wait(10)
        assert any(child.is_running() for child in orphans)
    with demo(var) as (address, _, _):
        gone = {child.pid for child in orphans if not child.is_running() or child.status() == "zombie"}
        assert gone == {child.pid for child in orphans}
        assert "CAP2030" in portfolio(address)
