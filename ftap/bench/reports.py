"""CPU and memory of a heavy report, in a warm process of its own.

`python -m ftap.bench.reports SNAPSHOT LARGER WORKBOOK COUNT` prints one JSON object. SNAPSHOT and LARGER are files
with a snapshot's content: no database is asked for anything. The workbook is left in WORKBOOK, its PDF by
LibreOffice beside it.
"""

import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

from ftap.bench.memory import forget_peak, peak, resident
from ftap.bench.office import convert

SAMPLES, WARM_UP = 5, 2


def main() -> None:
    """Measures the heavy report in both formats, the larger one, then the memory over so many reports."""
    source, larger, target = (Path(each) for each in sys.argv[1:4])
    django.setup()
    heavy, memory = _renderers(source), list[float]()
    found: dict[str, Any] = {"xlsx": cost(heavy.xlsx, []), "pdf": cost(heavy.pdf, memory) | shape(heavy.pdf())}
    while len(memory) < int(sys.argv[4]):
        heavy.pdf()
        memory.append(resident())
    found["memory"] = milestones(memory)
    large = _renderers(larger)
    found["larger"] = cost(large.pdf, []) | shape(large.pdf())
    target.write_bytes(heavy.xlsx())
    found["office"] = convert(target, target.parent)
    sys.stdout.write(json.dumps(found))


@dataclass(frozen=True)
class Renderers:
    """The two documents of one snapshot."""

    pdf: Callable[[], bytes]
    xlsx: Callable[[], bytes]


def _renderers(snapshot: Path) -> Renderers:
    from reports.enums import ReportKind
    from reports.pdf.render import render_pdf
    from reports.snapshots import fingerprint, read
    from reports.xlsx.workbook import render_xlsx

    content, kind = snapshot.read_text(), ReportKind.YEARLY
    situation, sha256 = read(content), fingerprint(content)
    attached = ("classeur.xlsx", render_xlsx(situation, sha256, kind))
    return Renderers(
        lambda: render_pdf(situation, sha256, kind, attached), lambda: render_xlsx(situation, sha256, kind)
    )


def cost(render: Callable[[], bytes], memory: list[float]) -> dict[str, float]:
    """Median CPU and wall seconds of one document in a warm process, its size, and the most memory held meanwhile."""
    cpu, wall, size = [], [], 0
    forget_peak()
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
        "peak_mb": peak(),
    }


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
