"""The demo's own decisions; `test_demo_whole` starts all of it."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ftap.demo import announcement, environment, free_port, refuse_busy, start_mailbox, start_servers, wanted_port
from ftap.embedded.supervisor import Supervisor, only_one
from tests.conftest import ROOT


def test_a_port_is_a_number_from_1_to_65535(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)
    assert wanted_port("PORT", 8000) == 8000
    monkeypatch.setenv("PORT", "8080")
    assert wanted_port("PORT", 8000) == 8080
    for wrong in ("0", "65536", "http", "-1"):
        monkeypatch.setenv("PORT", wrong)
        with pytest.raises(SystemExit, match="n’est pas un numéro de port"):
            wanted_port("PORT", 8000)


def test_a_busy_port_is_refused_with_another_to_take() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(RuntimeError, match=f"PORT={port + 1} bin/demo"):
            refuse_busy(port)
        assert free_port(port) != port


def test_servers_of_one_s_own_are_not_doubled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        monkeypatch.setenv(name, "somewhere://else")
    env = environment(tmp_path, 8000)
    with Supervisor(print, []) as supervisor:
        start_servers(supervisor, tmp_path, env)
        assert start_mailbox(supervisor, tmp_path, env) is None
        assert supervisor.started == []
    assert env["DATABASE_URL"] == "somewhere://else"
    assert env["FTAP_DEMO"] == "1"


def test_what_is_printed_has_address_mailbox_and_accounts() -> None:
    text = announcement("http://127.0.0.1:8000/", "http://127.0.0.1:8025/", "claire / mot-de-passe", Path("/data"), 3.4)
    for part in ("http://127.0.0.1:8000/", "http://127.0.0.1:8025/", "claire / mot-de-passe", "/data", "3\xa0s"):
        assert part in text


def test_a_second_start_says_where_the_first_one_is(tmp_path: Path) -> None:
    with only_one(tmp_path / "run" / "demo.lock") as tell:
        tell("http://127.0.0.1:8000/")
        command = [sys.executable, "-m", "ftap.demo"]
        env = {"FTAP_VAR": str(tmp_path), "PYTHONUTF8": "1"}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "La démonstration tourne déjà\xa0: http://127.0.0.1:8000/" in done.stderr
