"""`manage.py rules [--json]`: the checks of contracts and the rules of filings, from the code."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contracts.checks import registry as checks
from contracts.checks.registry import Check
from ftap.rule_words import WORDS
from monitoring import rules
from monitoring.rules import Rule

CONTRACT, FILING = "contrat", "dossier"


class Command(BaseCommand):
    help = "Affiche les contrôles des contrats et les règles des dossiers de suivi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="au format JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line, or an object, each: checks of contracts, then rules of filings, in the order of codes."""
        known: list[Check | Rule] = [*checks.catalogue(), *rules.catalogue()]
        if options["json"]:
            self.stdout.write(json.dumps([_facts(one) for one in known], ensure_ascii=False, indent=2))
            return
        for one in known:
            article = f"article {one.article}" if one.article else "–"
            self.stdout.write(f"{one.code:6} {one.severity.label:14} {article:18} {one.title} ({one.source})")
        self.stdout.write(f"{len(checks.catalogue())} contrôles de contrat, {len(rules.catalogue())} règles de dossier")


def _facts(one: Check | Rule) -> dict[str, str]:
    shared = {
        "code": one.code,
        "titre": one.title,
        "gravite": one.severity.value,
        "article": one.article,
        "source": one.source,
    }
    if isinstance(one, Check):
        return shared | {
            "famille": CONTRACT,
            "porte_sur": one.looks_at,
            "pourquoi": one.why,
            "exemple": one.example,
        }
    words = WORDS[one.code]
    return shared | {"famille": FILING, "rubrique": one.section, "pourquoi": words.why, "exemple": words.example}
