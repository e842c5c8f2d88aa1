"""Why a row is not written: somebody else wrote it, the filing is closed, or it is not this person's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from monitoring.errors import FilingError, NotAllowedError
from monitoring.locks import MESSAGE

FIGURES_CLOSED: Final = "Seuls les commentaires sont rouverts\u00a0: les chiffres ne changent plus."


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that changed since it was read: my values, theirs (who, when), and those that both started from."""

    row: int
    revision: int
    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]
    before: Mapping[str, Any] | None
    who: str
    when: datetime | None


class StaleRows(FilingError):  # noqa: N818 - says what the rows are
    """Rows were changed by others since they were read; nothing was written. `conflicts` tells of each."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__(
            "Des lignes ont été modifiées entre-temps par une autre personne\u00a0: rien n’est enregistré."
        )
        self.conflicts = list(conflicts)


class FilingClosed(FilingError):  # noqa: N818 - says what the filing is
    """The filing is not open for entry; nothing was written."""

    def __init__(self) -> None:
        super().__init__(MESSAGE)


class FiguresClosed(FilingError):  # noqa: N818 - says what the figures are
    """The texts alone were reopened and something else would change; nothing was written."""

    def __init__(self) -> None:
        super().__init__(FIGURES_CLOSED)


class UnknownRow(FilingError):  # noqa: N818 - says what the row is
    """The filing has no such row; nothing was written."""


class NotYourRow(NotAllowedError):  # noqa: N818 - says what the row is
    """The row is of a project sheet that was not given to this person; nothing was written."""

    def __init__(self) -> None:
        super().__init__("Cette ligne relève d’une fiche qui ne vous est pas confiée.")
