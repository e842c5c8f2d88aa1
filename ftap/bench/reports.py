"""CPU and memory of a heavy report, in a warm process of its own.

`python -m ftap.bench.reports SNAPSHOT WORKBOOK COUNT` prints one JSON object. SNAPSHOT is a file with a snapshot's
content: no database is asked for anything. WORKBOOK is where the workbook is left, its PDF by LibreOffice beside it.
"""

import io
import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import psutil

from ftap.bench.office import convert

SAMPLES, WARM_UP = 5, 2
MEGABYTE = 1024 * 1024


def main() -> None:
    """Measures both formats, then the memory over so many reports."""
    source, target, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    django.setup()
    from reports.enums import ReportKind
    from reports.pdf.render import render_pdf
    from reports.snapshots import fingerprint, read
    from reports.xlsx.workbook import render_xlsx

    kind = ReportKind.YEARLY
    content = source.read_text()
    situation, sha256 = read(content), fingerprint(content)
    workbook = render_xlsx(situation, sha256, kind)

    def make_pdf() -> bytes:
        return render_pdf(situation, sha256, kind, ("classeur.xlsx", workbook))

    found: dict[str, Any] = {"xlsx": cost(lambda: render_xlsx(situation, sha256, kind), [])}
    memory: list[float] = []
    found["pdf"] = cost(make_pdf, memory)
    target.write_bytes(workbook)
    found["pdf"] |= shape(make_pdf())
    while len(memory) < count:
        make_pdf()
        memory.append(resident())
    found["memory"] = milestones(memory)
    found["office"] = convert(target, target.parent)
    sys.stdout.write(json.dumps(found))


def cost(render: Callable[[], bytes], memory: list[float]) -> dict[str, float]:
    """Median CPU and wall seconds of one document in a warm process, its size, and the most memory ever held."""
    cpu, wall, size = [], [], 0
    for rank in range(WARM_UP + SAMPLES):
        began_cpu, began = time.process_time(), time.perf_counter()
        size = len(render())
        memory.append(resident())
        if rank >= WARM_UP:
            cpu.append(time.process_time() - began_cpu)
            wall.append(time.perf_counter() - began)
    return {
        "cpu_s": statistics.median(cpu),
        "wall_s": statistics.median(wall),
        "size": size,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def resident() -> float:
    """Memory of this process, in MB."""
    return float(psutil.Process(os.getpid()).memory_info().rss / MEGABYTE)


def milestones(memory: list[float]) -> dict[str, float]:
    """Memory after 10, 50, 100… reports and after the last."""
    marks = sorted({mark for mark in (10, 20, 50, 100, 200) if mark <= len(memory)} | {len(memory)})
    return {str(mark): memory[mark - 1] for mark in marks}


def shape(pdf: bytes) -> dict[str, Any]:
    """What makes the report heavy, read in the PDF itself: pages, cells and figures of its structure, attachments."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        kinds = [str(one.S) for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one]
        return {
            "pages": len(document.pages),
            "cells": kinds.count("/TD") + kinds.count("/TH"),
            "drawings": kinds.count("/Figure"),
            "is_tagged": "/StructTreeRoot" in document.Root,
            "attachments": len(document.attachments),
        }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftap.settings")
    main()
