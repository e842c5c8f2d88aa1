"""What the scan lost of a version that an amendment modifies: a figure stated now was not left blank before."""

from collections.abc import Iterable
from typing import Any

from contracts.contract_file.columns import Cells
from contracts.models import ContractVersion
from contracts.parts import Part, promised

Figure = tuple[str, str, tuple[Any, ...]]
"""A figure of a part: the part's code, the figure's name, the line and the keys of its row."""


def lost_figures(version: ContractVersion, parts: Iterable[Part]) -> frozenset[Figure]:
    """The figures of these parts that nobody can read. One query where nothing was lost."""
    readings = list(version.readings.filter(retained=""))
    return frozenset(_lost(version, parts, Cells(readings))) if readings else frozenset()


def _lost(version: ContractVersion, parts: Iterable[Part], cells: Cells) -> Iterable[Figure]:
    for part in parts:
        part.write(version, cells)
        for promise in part.promises:
            for key, row in promised(promise, version).items():
                for figure in promise.figures:
                    if (type(row), row.pk, figure) in cells.lost:
                        yield part.code, figure, key
