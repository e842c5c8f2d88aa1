"""Child processes that are reaped, and found again after the program that started them was killed."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

# Creation times are computed from the clock: a small correction of the clock moves them.
CREATION_TOLERANCE = 1.5
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Record:
    """What is kept on disk about a running child: enough to know it again, and never to take another for it."""

    name: str
    pid: int
    created: float
    boot: str
    stop_signal: int

    @classmethod
    def of(cls, name: str, pid: int, stop_signal: int) -> Self:
        return cls(name, pid, psutil.Process(pid).create_time(), boot_id(), stop_signal)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """The record in the file, None when it is missing, unreadable or from before the last boot."""
        try:
            record = cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            return None
        return record if record.boot == boot_id() else None

    def process(self) -> psutil.Process | None:
        """The very process recorded, None when it has ended, even when its number was given to another."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.created) < CREATION_TOLERANCE and runs(process):
                return process
        return None


class Child:
    """A process in a session of its own, so that the terminal's Ctrl-C does not reach it before its turn."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path = Path("/"),
        user: tuple[int, int] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Starts `command`. `user`: uid and gid to run as; `log` receives both outputs; the record lies beside it."""
        self.name = name
        self.stop_signal = stop_signal
        self.record_path = record_folder(log.parent) / f"{name}.json"
        uid, gid = user or (None, None)
        with log.open("ab") as output:
            self.process = subprocess.Popen(  # noqa: S603 - the commands are ours
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,
                user=uid,
                group=gid,
                extra_groups=None if user is None else [],
            )
        with suppress(psutil.NoSuchProcess):
            record = Record.of(name, self.process.pid, stop_signal)
            self.record_path.write_text(json.dumps(asdict(record)))

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def stop(self, grace: float = 20) -> None:
        """Asks the child to end, then after `grace` seconds ends it and all that it started."""
        if self.is_alive:
            self.process.send_signal(self.stop_signal)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(grace)
        self.kill()

    def kill(self) -> None:
        """Ends the child and all that it started, without asking."""
        kill_session(self.process.pid)
        self.process.wait()
        self.record_path.unlink(missing_ok=True)


def record_folder(var: Path) -> Path:
    """Where the records of this instance's children lie; made when missing."""
    folder = var / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def stop_orphans(var: Path, order: Sequence[str], grace: float = 20) -> list[str]:
    """Stops what a killed supervisor left behind, in the order given; returns the names of what was still there.

    Two servers on the same files would corrupt them, so this comes before any start.
    """
    records = [(path, Record.read(path)) for path in record_folder(var).glob("*.json")]
    rank = {name: position for position, name in enumerate(order)}
    stopped = []
    for path, record in sorted(records, key=lambda pair: rank.get(pair[0].stem, len(rank))):
        if record and stop_recorded(record, grace):
            stopped.append(record.name)
        path.unlink(missing_ok=True)
    return stopped


def stop_recorded(record: Record, grace: float) -> bool:
    """Stops the recorded process and what it started; False when nothing of it was left."""
    process = record.process()
    if process is None:
        # Its number may lead a session still, while children of the dead process live on in it.
        return not psutil.pid_exists(record.pid) and kill_session(record.pid)
    session = os.getsid(record.pid)
    process.send_signal(record.stop_signal)
    # Not psutil's wait: an orphan that nobody reaps stays a zombie, which that one takes for alive.
    deadline = time.monotonic() + grace
    while record.process() and time.monotonic() < deadline:
        time.sleep(0.02)
    if session == record.pid:
        kill_session(session)
    return True


def kill_session(leader: int, timeout: float = 5) -> bool:
    """Ends every process of the session that `leader` opened, and returns once they are dead; False when none was."""
    members = [process for process in psutil.process_iter() if session_of(process.pid) == leader]
    for process in members:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    deadline = time.monotonic() + timeout
    while any(runs(process) for process in members) and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(members)


def runs(process: psutil.Process) -> bool:
    """Whether it still runs; a zombie, dead and not reaped, does not."""
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def session_of(pid: int) -> int | None:
    """The session of a process, None when it has ended or may not be asked."""
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def boot_id() -> str:
    """Changes at each boot: a process number from before says nothing any more. Empty where the system has none."""
    try:
        return BOOT_ID.read_text().strip()
    except OSError:
        return ""
