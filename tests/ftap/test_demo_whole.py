"""The demo as a person starts it: what comes up, what it sends, what outlives a stop, a killed worker and a crash."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
import psutil
import psycopg
import pytest
import redis
from django.conf import LazySettings
from django.utils import timezone
from openpyxl import load_workbook

from ftap.demo import STOP_ORDER, free_port
from ftap.embedded.postgres import Postgres
from tests.conftest import ROOT, Mailbox
from tests.ftap.visitor import Visitor
from tests.plugin_services import valkey

pytestmark = [pytest.mark.slow]
OWN = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "EMAIL_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")
# How each program is known in the list of processes.
COMMANDS = {
    "web": "-m gunicorn ftap.wsgi",
    "worker": "-m celery -A ftap worker",
    "beat": "-m celery -A ftap beat",
    "mailbox": "-m ftap.mailbox",
    "valkey": "valkey",
    "postgres": "/bin/postgres",
}
RISK = "Le prestataire retenu se retire"


# --- Starting, stopping, waiting ---


@dataclass
class Demo:
    """A demo that runs, and what it printed: its address, the mailbox's, how many seconds the start took."""

    started: subprocess.Popen[str]
    site: str
    mailbox: str | None
    seconds: int

    def programs(self) -> dict[str, psutil.Process]:
        """What it started, by name."""
        lines = {child: " ".join(child.cmdline()) for child in psutil.Process(self.started.pid).children()}
        return {name: child for child, line in lines.items() for name, part in COMMANDS.items() if part in line}

    def all_processes(self) -> list[psutil.Process]:
        return psutil.Process(self.started.pid).children(recursive=True)

    def interrupt(self) -> str:
        """Ctrl-C: all that it started has ended. Gives what it said since the start."""
        children = self.all_processes()
        self.started.send_signal(signal.SIGINT)
        said, _ = self.started.communicate(timeout=60)
        assert self.started.returncode == 0
        assert [child.pid for child in psutil.wait_procs(children, timeout=10)[1]] == []
        return said


@contextmanager
def demo(var: Path, **servers: str) -> Iterator[Demo]:
    """The demo on `var`, and on `servers` of one's own; stopped when the test forgets it."""
    environment = {name: value for name, value in os.environ.items() if name not in OWN}
    environment |= {"FTAP_VAR": str(var), "PORT": str(free_port(0)), "MAILBOX_PORT": str(free_port(0)), **servers}
    command = [sys.executable, "-m", "ftap.demo"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as started:
        try:
            yield announced(started)
        finally:
            if started.poll() is None:
                started.send_signal(signal.SIGTERM)
                started.wait(60)


def announced(started: subprocess.Popen[str]) -> Demo:
    """What it prints once it is ready; fails with what it said when it ends before."""
    said = ""
    assert started.stdout
    for line in started.stdout:
        said += line
        if seconds := re.search(r"Prêt en (\d+)\s", said):
            site = re.search(r"Suivi des contrats FTAP\s?:\s+(http\S+)", said)
            mailbox = re.search(r"Messagerie\s?:\s+(http\S+)", said)
            assert site, said
            return Demo(started, site[1], mailbox[1] if mailbox else None, int(seconds[1]))
    pytest.fail(said)


def wait_for(condition: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@contextmanager
def database(postgres: Postgres) -> Iterator[psycopg.Connection]:
    with psycopg.connect(host=str(postgres.sockets), user="ftap", dbname="ftap", autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """Where the demo keeps its data: empty before the first test, kept from one to the next.

    Others may walk into it: from a closed folder root's PostgreSQL would move to one that outlives the test.
    """
    with tempfile.TemporaryDirectory(prefix="ftap-demo-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


# --- What a person does and sees ---


def shows_the_four_contracts(site: str) -> None:
    page = Visitor(site, "secretariat").read("portefeuille/")
    assert all(title in page for title in ("CAP2030", "Incub-O", "Lean management", "Lab Minnov"))
    assert "invent" in page


def declares_a_risk(lead: Visitor) -> str:
    """In the first filing that waits for this lead; gives the address of its risks."""
    filing = re.search(r'href="/(dossiers/\d+/)', lead.read(""))
    assert filing
    page = f"{filing[1]}risques/ajouter/"
    risks, text = lead.send(page, page, title=RISK, probability="4", severity="3", description="", mitigation="")
    assert RISK in text
    return risks


def remind_the_late(secretariat: Visitor) -> None:
    """The nudge, from the campaign's page, to the leads of all its filings that are late."""
    campaign = re.search(r'href="/(campagnes/\d+/)">[^<]*2024', secretariat.read("campagnes/"))
    assert campaign
    filings = re.findall(r'name="dossier" value="(\d+)"', secretariat.read(campaign[1]))
    _, text = secretariat.send(campaign[1], f"{campaign[1]}relancer/", dossier=filings)
    assert "Message envoyé à" in text


def plans_a_campaign_of_today(secretariat: Visitor) -> str:
    """Created and not opened; gives its address."""
    today = timezone.localdate()
    page, form = "campagnes/nouvelle/", {"kind": "quarter", "year": "2021", "quarter": "1"}
    due = today + timedelta(days=30)
    campaign, text = secretariat.send(page, page, **form, opens_on=today.isoformat(), due_on=due.isoformat())
    assert "pas encore ouverte" in text
    return campaign


def reports_in(mailbox: str | None) -> list[tuple[str, str]]:
    """Key and subject of each message with two attached files, as the mailbox's page lists them."""
    assert mailbox
    row = re.compile(r'<td>([^<]*)</td><th scope="row"><a href="/message/([^"]+)">([^<]+)</a></th><td>2</td>')
    with urllib.request.urlopen(mailbox, timeout=10) as page:
        found = row.findall(page.read().decode())
    assert {recipients for recipients, _, _ in found} <= {"secretariat@demo.example"}
    return [(key, subject) for _, key, subject in found]


def can_be_opened(mailbox: str | None, key: str) -> None:
    """The two files of a report, taken from the page of its message."""
    files = []
    for number in range(2):
        with urllib.request.urlopen(f"{mailbox}message/{key}/{number}", timeout=10) as answer:
            files.append(answer.read())
    with pikepdf.open(BytesIO(files[0])) as pdf:
        assert len(pdf.pages) > 3
    assert "Crédits par ligne" in load_workbook(BytesIO(files[1])).sheetnames


# --- The jobs ---


def jobs(data: psycopg.Connection, state: str) -> set[int]:
    return {pk for (pk,) in data.execute("SELECT id FROM reports_job WHERE state = %s", [state])}


def attempts(data: psycopg.Connection) -> dict[int, int]:
    return dict(data.execute("SELECT id, attempts FROM reports_job").fetchall())


def kill_in_the_middle(worker: psutil.Process, data: psycopg.Connection) -> set[int]:
    """Kills the worker and its pool without warning while they make reports; gives the reports left in the middle."""
    wait_for(lambda: jobs(data, "running"))
    for process in [worker, *worker.children(recursive=True)]:
        process.kill()
    wait_for(lambda: not writing(data))  # the server ends what it had received of them
    return jobs(data, "running")


def writing(data: psycopg.Connection) -> list[tuple[str]]:
    """What other connections to the database are doing at this instant."""
    asked = "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return data.execute(f"{asked} AND state <> 'idle'").fetchall()


# --- The tests ---


def test_nothing_is_lost_by_a_killed_worker_a_stop_and_a_crash(var: Path) -> None:
    """Three starts on the same data. What is resumed, opened and sent is so by beat and the worker alone."""
    with demo(var) as first, database(Postgres(var)) as data:
        left = kill_in_the_middle(first.programs()["worker"], data)
        assert left
        shows_the_four_contracts(first.site)
        risks = declares_a_risk(Visitor(first.site, "cap2030"))
        secretariat = Visitor(first.site, "secretariat")
        campaign = plans_a_campaign_of_today(secretariat)
        wait_for(lambda: not jobs(data, "queued") and jobs(data, "running") <= left)
        assert set(first.programs()) == set(STOP_ORDER)
        wait_for(lambda: "Incub-O" in secretariat.read(campaign))
        data.close()
        assert "worker\xa0: s’est arrêté, redémarré" in first.interrupt()

    with demo(var) as second, database(Postgres(var)) as data:
        assert second.seconds < first.seconds
        assert RISK in Visitor(second.site, "cap2030").read(risks)
        assert "Incub-O" in Visitor(second.site, "secretariat").read(campaign)
        wait_for(lambda: jobs(data, "done") == set(attempts(data)))
        # One that beat resumed just before Ctrl-C may have been stopped once more.
        assert {pk for pk, many in attempts(data).items() if many > 1} == left
        wait_for(lambda: len(reports_in(second.mailbox)) >= len(attempts(data)))
        received = reports_in(second.mailbox)
        assert len({subject for _, subject in received}) == len(received) == len(attempts(data))
        can_be_opened(second.mailbox, received[0][0])
        orphans = second.all_processes()
        second.started.kill()
        second.started.wait(10)
        assert any(child.is_running() for child in orphans)

    with demo(var) as third:
        gone = {child.pid for child in orphans if not child.is_running() or child.status() == "zombie"}
        assert gone == {child.pid for child in orphans}
        assert RISK in Visitor(third.site, "cap2030").read(risks)
        assert set(third.programs()) == set(STOP_ORDER)
        third.interrupt()


def test_on_servers_of_one_s_own_it_starts_none(
    var: Path, tmp_path: Path, smtp: Mailbox, settings: LazySettings
) -> None:
    """The database that the demo above filled, served by the test; the tests' broker and mail server."""
    own = Postgres(var)
    own.start()
    broker = f"{valkey.url()}?db=8"
    servers = {
        "DATABASE_URL": own.url(),
        "REDIS_URL": broker,
        "EMAIL_URL": f"smtp://127.0.0.1:{settings.EMAIL_PORT}",
    }
    try:
        with database(own) as data, redis.Redis.from_url(broker) as queue, demo(tmp_path, **servers) as running:
            assert set(running.programs()) == {"web", "worker", "beat"}
            assert running.mailbox is None
            assert not {"postgres.log", "valkey.log", "mailbox.log"} & {path.name for path in tmp_path.iterdir()}
            risks = declares_a_risk(Visitor(running.site, "incub-o"))
            number = risks.split("/")[1]
            typed = data.execute("SELECT title FROM monitoring_filedrisk WHERE filing_id = %s", [number]).fetchall()
            assert (RISK,) in typed
            remind_the_late(Visitor(running.site, "secretariat"))
            wait_for(lambda: "cap2030@demo.example" in {message["To"] for message in smtp.messages})
            assert queue.keys("ftap:*")
            running.interrupt()
            assert data.execute("SELECT 1").fetchone() == (1,)
            assert queue.ping()
            queue.flushdb()
    finally:
        own.stop()
