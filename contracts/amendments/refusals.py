"""Why an amendment is refused: every reason, in French."""

from collections.abc import Sequence


class AmendmentRefused(ValueError):  # noqa: N818 - says what happened
    """Nothing was written; `reasons` holds every reason found, in French."""

    def __init__(self, reasons: Sequence[str] | str) -> None:
        self.reasons = (reasons,) if isinstance(reasons, str) else tuple(reasons)
        super().__init__(" ".join(self.reasons))
