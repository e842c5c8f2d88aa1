"""What an amendment may add to a version: a line of a table of the contract file, asked cell by cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from contracts.contract_file.columns import Column


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cells of a new line: under the key `path` of its table, under none when blank.

    With `years` (`contracts.parts.FUNDING` or `SAVINGS`), the cells are asked for each of these years; with `is_list`,
    they are those of the first element of a list.
    """

    model: type[models.Model]
    columns: "tuple[Column, ...]"
    path: str = ""
    years: str = ""
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """A kind of line: the table of the file where it goes, what identifies it, what the draft then promises of it.

    `theme` is what the amendment must be about; `choices` narrows the words of a column; `defaults` are written where
    nothing was typed. A line that needs a figure is refused without any: it would promise nothing. `within` is the
    list of an existing line to which the cells are added: nothing then identifies a new line; `among` says which lines
    may be, by the words that a key of theirs holds.
    """

    code: str
    title: str
    theme: str
    table: tuple[str, ...]
    clusters: tuple[Cluster, ...]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    needs_figure: bool = True
    within: str = ""
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
