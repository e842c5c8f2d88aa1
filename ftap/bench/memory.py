"""Memory as the kernel counts it. `ru_maxrss` will not do: a process inherits at its start the peak of its parent."""

import os
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

MEGABYTE = 1024 * 1024
SELF = Path("/proc/self")


def resident() -> float:
    """Memory of this process, in MB."""
    return float(psutil.Process(os.getpid()).memory_info().rss / MEGABYTE)


def forget_peak() -> None:
    """From now on `peak` counts what this process holds from now on. `OSError` where the kernel does not allow it."""
    (SELF / "clear_refs").write_text("5")


def peak() -> float:
    """The most memory that this process held, since it began or since `forget_peak`, in MB."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", (SELF / "status").read_text(), re.MULTILINE)
    if found is None:
        raise OSError("no VmHWM in /proc/self/status")
    return int(found[1]) / 1024


def run_watched(command: Sequence[str], *, timeout: float, every: float = 0.02) -> float:
    """Runs a command and gives the most memory that it and its children were seen to hold together, in MB.

    Looked at so many times a second: what lives shorter is not seen. Pages that they share count once for each.
    Errors: `subprocess.CalledProcessError`, `subprocess.TimeoutExpired`.
    """
    most, ends = 0.0, time.monotonic() + timeout
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        watched = psutil.Process(process.pid)
        while (code := process.poll()) is None:
            if time.monotonic() > ends:
                process.kill()
                raise subprocess.TimeoutExpired(command, timeout)
            most = max(most, _held(watched))
            time.sleep(every)
    if code:
        raise subprocess.CalledProcessError(code, command)
    return most / MEGABYTE


def _held(process: psutil.Process) -> float:
    """Octets that a process and its children hold now; one that ends meanwhile holds nothing."""
    found = 0.0
    try:
        for one in (process, *process.children(recursive=True)):
            found += one.memory_info().rss
    except psutil.NoSuchProcess:
        return found
    return found
