"""What may go wrong with a tranche, said in French to the person who tried; nothing was written."""


class TrancheError(Exception):
    """The act is refused; `str(error)` is the sentence to show, at the field of this name if the form has one."""

    def __init__(self, told: str, field: str = "") -> None:
        self.field = field
        super().__init__(told)


class NotAllowedError(TrancheError):
    """The act exists, but not for this person."""
