import threading
import time
from pathlib import Path

import pytest

from ftap.embedded.supervisor import AlreadyRunningError, Supervisor, only_one


class Recorded:
    """A service that notes what is asked of it."""

    def __init__(self, name: str, calls: list[str]) -> None:
        self.name, self.calls, self.is_alive = name, calls, False

    def start(self) -> None:
        self.calls.append(f"start {self.name}")
        self.is_alive = True

    def stop(self) -> None:
        self.calls.append(f"stop {self.name}")
        self.is_alive = False


def test_services_stop_in_the_order_given_whatever_the_start() -> None:
    calls: list[str] = []
    with Supervisor(calls.append, ["web", "worker", "postgres"]) as supervisor:
        for name in ("postgres", "web", "worker"):
            supervisor.start(Recorded(name, calls))
    assert calls[3:] == ["stop web", "stop worker", "stop postgres"]


def test_a_service_that_dies_is_started_again() -> None:
    calls: list[str] = []
    web = Recorded("web", calls)
    with Supervisor(calls.append, ["web"]) as supervisor:
        supervisor.start(web)
        web.is_alive = False
        watching = threading.Thread(target=supervisor.watch, args=(lambda name: calls.append(f"died {name}"), 0.01))
        watching.start()
        deadline = time.monotonic() + 5
        while not web.is_alive and time.monotonic() < deadline:
            time.sleep(0.01)
        supervisor.ending.set()
        watching.join()
    assert calls == ["start web", "died web", "stop web", "start web", "stop web"]


def test_nothing_starts_after_the_end_was_asked_for() -> None:
    with Supervisor(print, []) as supervisor:
        supervisor.ending.set()
        with pytest.raises(SystemExit):
            supervisor.start(Recorded("web", []))


def test_a_second_start_is_told_where_the_first_one_is(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock") as tell:
        tell("http://127.0.0.1:8000/")
        with pytest.raises(AlreadyRunningError, match="8000"), only_one(tmp_path / "lock"):
            pass
    with only_one(tmp_path / "lock"):
        pass
