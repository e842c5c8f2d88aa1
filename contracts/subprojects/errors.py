"""What may go wrong with a sub-project, said in French to the person who tried; nothing was written."""

from collections.abc import Mapping, Sequence


class SubProjectError(Exception):
    """The act is refused; `reasons` holds every reason found."""

    def __init__(self, reasons: Sequence[str] | str) -> None:
        self.reasons = (reasons,) if isinstance(reasons, str) else tuple(reasons)
        super().__init__(" ".join(self.reasons))


class NotAllowedError(SubProjectError):
    """The act exists, but not for this person."""


class FieldsRefused(SubProjectError):  # noqa: N818 - says what happened
    """Some fields are wrong; `fields` tells why at each one's place, by name of the form's field."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = dict(fields)
        super().__init__(tuple(fields.values()))


class StaleError(SubProjectError):
    """Somebody else wrote meanwhile; the message says who and when."""
