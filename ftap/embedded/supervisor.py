"""Starts services, restarts the one that dies, stops them in order."""

import fcntl
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from ftap.embedded.children import Child


class Service(Protocol):
    """What the supervisor asks of what it supervises."""

    @property
    def name(self) -> str: ...
    @property
    def is_alive(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class Program:
    """A service that is one command; `is_ready` tells whether it answers, which `start` does not wait for."""

    def __init__(
        self, name: str, command: Sequence[str], *, var: Path, cwd: Path, env: Mapping[str, str], grace: float = 15
    ) -> None:
        self.name = name
        self.command, self.cwd, self.env, self.grace = command, cwd, env, grace
        self.log = var / f"{name}.log"
        self.child: Child | None = None

    @property
    def is_alive(self) -> bool:
        return self.child is not None and self.child.is_alive

    def start(self) -> None:
        self.child = Child(self.name, self.command, log=self.log, env=self.env, cwd=self.cwd)

    def stop(self) -> None:
        if self.child:
            self.child.stop(self.grace)


class Supervisor:
    """The services of one instance. Ctrl-C and SIGTERM end `watch`; leaving the `with` block stops everything."""

    # A service that dies at once is started again ever more slowly, up to this many seconds.
    LONGEST_PAUSE = 30.0

    def __init__(self, say: Callable[[str], None], stop_order: Sequence[str]) -> None:
        self.say = say
        self.stop_order = stop_order
        self.started: list[Service] = []
        self.ending = threading.Event()

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.ending.set())
        return self

    def __exit__(self, *_: object) -> None:
        for service in sorted(self.started, key=lambda service: self.stop_order.index(service.name)):
            try:
                service.stop()
            except OSError as error:
                self.say(f"{service.name} : {error}")

    def start(self, service: Service) -> None:
        """Starts a service, unless the end was asked for meanwhile."""
        if self.ending.is_set():
            raise SystemExit(130)
        self.started.append(service)
        service.start()

    def watch(self, on_restart: Callable[[str], None], pause: float = 0.3) -> None:
        """Returns when asked to end; until then starts again what dies."""
        died: dict[str, tuple[float, int]] = {}
        while not self.ending.wait(pause):
            for service in self.started:
                since, times = died.get(service.name, (0.0, 0))
                if service.is_alive or time.monotonic() < since:
                    continue
                wait = min(self.LONGEST_PAUSE, 0.5 * 2**times)
                died[service.name] = (time.monotonic() + wait, times + 1)
                on_restart(service.name)
                service.stop()
                service.start()


class AlreadyRunningError(Exception):
    """Another supervisor holds the instance; the message is what that one told about itself."""


@contextmanager
def only_one(lock: Path) -> Iterator[Callable[[str], None]]:
    """Holds the instance against a second start, whatever ends the first; gives a function to write what it tells.

    AlreadyRunningError when another process holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(os.pread(handle, 1000, 0).decode()) from None

        def tell(text: str) -> None:
            os.ftruncate(handle, 0)
            os.pwrite(handle, text.encode(), 0)

        tell("")
        yield tell
    finally:
        with suppress(OSError):
            os.close(handle)
