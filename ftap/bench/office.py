"""The same tables turned to PDF by LibreOffice from the workbook, to compare with."""

import resource
import shutil
import statistics
import subprocess
import time
from pathlib import Path

from ftap.bench.memory import run_watched

SAMPLES, TIMEOUT = 3, 120


def convert(workbook: Path, folder: Path) -> dict[str, float] | None:
    """Median CPU and wall seconds of one conversion, its size, peak memory in MB; None without LibreOffice.

    Each conversion is a process of its own, as it would be in a worker; its user profile is made by a first one, whose
    memory alone is counted.
    """
    soffice = shutil.which("soffice")
    if soffice is None:
        return None
    command = [soffice, "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf"]
    command += ["--outdir", str(folder), str(workbook)]
    most = run_watched(command, timeout=TIMEOUT)
    samples = [_run(command) for _ in range(SAMPLES)]
    return {
        "cpu_s": statistics.median(cpu for cpu, _ in samples),
        "wall_s": statistics.median(wall for _, wall in samples),
        "size": (folder / workbook.with_suffix(".pdf").name).stat().st_size,
        "peak_mb": most,
    }


def _run(command: list[str]) -> tuple[float, float]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT)  # noqa: S603 - the command is ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - began
