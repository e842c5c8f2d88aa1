"""`manage.py situation CONTRACT [--on DATE] [--json]`: what the contract's page shows, amounts in euros."""

import json
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contracts.models import Contract, ContractVersion
from reports.codec import to_plain
from reports.situation import contract_situation
from reports.terminal import as_text


class Command(BaseCommand):
    help = "Affiche la situation d’un contrat, en euros : celle que montre sa page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("contract", metavar="CONTRAT", help="code du contrat, par exemple cap2030")
        parser.add_argument("--on", type=_day, metavar="AAAA-MM-JJ", help="jour de la situation")
        parser.add_argument("--json", action="store_true", help="en JSON (docs/situation-json.md)")

    def handle(self, *, contract: str, on: date | None, json: bool, **options: Any) -> None:
        """Writes the situation. Raises `CommandError` for a contract that does not exist or was never loaded."""
        found = Contract.objects.select_related("holder__ministry").filter(code=contract).first()
        if found is None:
            known = ", ".join(Contract.objects.order_by("code").values_list("code", flat=True)) or "aucun"
            raise CommandError(f"Aucun contrat «\u00a0{contract}\u00a0». Contrats connus\u00a0: {known}.")
        try:
            situation = contract_situation(found, on=on)
        except ContractVersion.DoesNotExist as error:
            raise CommandError(f"Le contrat «\u00a0{contract}\u00a0» n’a pas encore été chargé.") from error
        self.stdout.write(_as_json(to_plain(situation)) if json else as_text(situation), ending="")


def _day(text: str) -> date:
    """The day meant by `--on`. Raises `ArgumentTypeError`, which the command line prints."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"«\u00a0{text}\u00a0» n’est pas une date de la forme AAAA-MM-JJ.") from None


def _as_json(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
