"""Loads contract files; without argument, those that come with the software."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contracts.contract_file.errors import ContractFileError
from contracts.services import LoadResult, load_contract_file

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    """`manage.py load_contracts [files…]`: each file is loaded whole or not at all."""

    help = "Charge des fichiers de contrat (par défaut ceux livrés avec le logiciel)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="fichier")

    def handle(self, *, paths: list[Path], **options: Any) -> None:
        """Load each file, tell what changed; every error of every file, then a failure, when there is one."""
        refused = [path for path in paths or sorted(DATA.glob("*.toml")) if not self._load(path)]
        if refused:
            mark = "s" if len(refused) > 1 else ""
            raise CommandError(f"{len(refused)} fichier{mark} refusé{mark}\u00a0: rien n’en a été enregistré.")

    def _load(self, path: Path) -> bool:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}\u00a0: ce fichier ne se lit pas ({error.strerror}).") from error
        try:
            result = load_contract_file(file_name=path.name, content=content, actor=None)
        except ContractFileError as error:
            for each in error.errors:
                self.stderr.write(str(each))
            return False
        self.stdout.write(f"{path.name}\u00a0: {_told(result)}")
        return True


def _told(result: LoadResult) -> str:
    """What a load did, in a line."""
    if result.is_new:
        count = sum(result.changes.added.values())
        return f"contrat {result.contract.code} créé ({count} enregistrements)."
    if not result.changes:
        return f"contrat {result.contract.code} inchangé."
    verbs = (("ajouté", result.changes.added), ("modifié", result.changes.changed), ("retiré", result.changes.removed))
    told = [f"{verb}\u00a0: {number} {name}" for verb, counts in verbs for name, number in counts.items()]
    return f"contrat {result.contract.code} mis à jour ({', '.join(told)})."
