"""The embedded services start, survive crashes and never take another process for their own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from ftap.embedded.children import Child, Record, record_folder, stop_orphans
from ftap.embedded.places import SOCKET_PATH_LIMIT, open_private, socket_folder
from ftap.embedded.postgres import Postgres
from ftap.embedded.valkey import Valkey

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose name has a space and an accent; open, as PostgreSQL's user has to walk through it."""
    base = tmp_path_factory.mktemp("services")
    return base / "données d’essai"


@pytest.fixture
def postgres(var: Path) -> Iterator[Postgres]:
    server = Postgres(var)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.stop()


def rows(server: Postgres) -> list[int]:
    with psycopg.connect(host=str(server.sockets), user="ftap", dbname="ftap") as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept SELECT count(*) FROM kept")
        return [n for (n,) in connection.execute("SELECT n FROM kept ORDER BY n")]


def test_a_killed_postgres_starts_again_with_its_data(postgres: Postgres) -> None:
    assert rows(postgres) == [0]
    assert postgres.child
    os.kill(postgres.child.process.pid, signal.SIGKILL)
    postgres.child.process.wait()
    assert not postgres.is_alive
    postgres.start()
    assert rows(postgres) == [0, 1]


def test_a_recycled_process_number_does_not_keep_postgres_from_starting(postgres: Postgres) -> None:
    postgres.stop()
    lock = postgres.data / "postmaster.pid"
    lock.write_text(f"{os.getpid()}\n{postgres.data}\n")
    postgres.start()
    assert postgres.is_alive


def test_an_interrupted_initdb_leaves_no_half_cluster(tmp_path_factory: pytest.TempPathFactory) -> None:
    var = tmp_path_factory.mktemp("draft")
    server = Postgres(var, durable=False)
    draft = server.data.with_name("pg18.draft")
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("half")
    server.start()
    server.stop()
    assert not draft.exists()


def test_postgres_listens_on_no_port(postgres: Postgres) -> None:
    assert postgres.child
    connections = psutil.Process(postgres.child.process.pid).net_connections(kind="inet")
    assert connections == []
    assert postgres.sockets.stat().st_mode & 0o077 == 0


def test_a_killed_valkey_keeps_what_was_queued(valkey: Valkey) -> None:
    with redis.Redis(unix_socket_path=str(valkey.socket)) as client:
        client.lpush("queue", "task")
        client.config_set("appendfsync", "always")
        client.lpush("queue", "task")
    assert valkey.child
    os.kill(valkey.child.process.pid, signal.SIGKILL)
    valkey.child.process.wait()
    valkey.start()
    with redis.Redis(unix_socket_path=str(valkey.socket)) as client:
        assert client.llen("queue") == 2


# --- Orphans ---


def test_an_orphan_is_stopped_with_its_own_children(tmp_path: Path) -> None:
    script = f"import subprocess, time; subprocess.Popen({SLEEP!r}); print('up', flush=True); time.sleep(60)"
    child = Child("worker", [sys.executable, "-c", script], log=tmp_path / "worker.log")
    while "up" not in (tmp_path / "worker.log").read_text():
        assert child.is_alive
    (grandchild,) = psutil.Process(child.process.pid).children()
    assert stop_orphans(tmp_path, ["web", "worker"]) == ["worker"]
    child.process.wait(5)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE
    assert list(record_folder(tmp_path).iterdir()) == []


@pytest.mark.parametrize("change", [{"created": 1.0}, {"boot": "another"}])
def test_another_process_of_the_same_number_is_left_alone(tmp_path: Path, change: dict[str, object]) -> None:
    with subprocess.Popen(SLEEP) as stranger:
        record = replace(Record.of("web", stranger.pid, signal.SIGTERM), **change)  # type: ignore[arg-type]
        (record_folder(tmp_path) / "web.json").write_text(json.dumps(asdict(record)))
        assert stop_orphans(tmp_path, ["web"]) == []
        assert stranger.poll() is None
        stranger.kill()


def test_an_unreadable_record_is_forgotten(tmp_path: Path) -> None:
    (record_folder(tmp_path) / "web.json").write_text("{")
    assert stop_orphans(tmp_path, ["web"]) == []


def test_a_child_that_ignores_the_request_is_ended(tmp_path: Path) -> None:
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
    )
    child = Child("web", [sys.executable, "-c", script], log=tmp_path / "web.log")
    while "up" not in (tmp_path / "web.log").read_text():
        assert child.is_alive
    child.stop(grace=0.1)
    assert child.process.returncode == -signal.SIGKILL


# --- Places ---


def test_a_socket_s_path_is_short_whatever_the_project_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/tmp/" + "long/" * 30)
    folder = socket_folder(Path("/" + "x" * 250), "pg")
    assert len(f"{folder}/.s.PGSQL.5432.lock") <= SOCKET_PATH_LIMIT


def test_a_folder_made_by_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(RuntimeError, match="someone else"):
        open_private(tmp_path / "taken", os.getuid() + 1)


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(RuntimeError, match="someone else"):
        open_private(tmp_path / "link", os.getuid())
