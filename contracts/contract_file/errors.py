"""What is wrong in a file, where, and the exception that carries it all."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileError:
    """One error: file, path of the value (`credits.lignes[3].annees.2021.ae`, from 1), value, French message."""

    file: str
    path: str
    value: str
    message: str

    def __str__(self) -> str:
        value = f" = {self.value}" if self.value else ""
        return f"{self.file}\u00a0: {self.path}{value}\u00a0: {self.message}"


class ContractFileError(ValueError):
    """A contract file is refused as a whole; `errors` holds every error found."""

    def __init__(self, errors: Sequence[FileError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))
