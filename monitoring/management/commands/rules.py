"""`manage.py rules [--json]`: the whole catalogue, from the code."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from monitoring import rules
from monitoring.rules import Rule


class Command(BaseCommand):
    help = "Affiche le catalogue des règles de contrôle des dossiers de suivi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="au format JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line, or an object, a rule; in the order of codes."""
        catalogue = rules.catalogue()
        if options["json"]:
            self.stdout.write(json.dumps([_facts(rule) for rule in catalogue], ensure_ascii=False, indent=2))
            return
        for rule in catalogue:
            article = f"article {rule.article}" if rule.article else "–"
            self.stdout.write(f"{rule.code:6} {rule.severity.label:14} {article:14} {rule.title} ({rule.source})")
        self.stdout.write(f"{len(catalogue)} règles")


def _facts(rule: Rule) -> dict[str, str]:
    return {
        "code": rule.code,
        "titre": rule.title,
        "gravite": rule.severity.value,
        "article": rule.article,
        "source": rule.source,
        "rubrique": rule.section,
    }
