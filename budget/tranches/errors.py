"""What may go wrong with a tranche, said in French to the person who tried; nothing was written."""


class TrancheError(Exception):
    """The act is refused; `str(error)` is the sentence to show."""


class NotAllowedError(TrancheError):
    """The act exists, but not for this person."""
