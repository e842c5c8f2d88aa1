"""`manage.py bench`: the measures of the application, in one table and one run, on a database of their own."""

import dataclasses
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ftap.bench.database import bench_database
from ftap.bench.pages import PageFailedError
from ftap.bench.run import Measures, run
from ftap.bench.table import lines, targets


class Command(BaseCommand):
    help = "Mesure les pages et les rapports, sur les quatre contrats puis sur 150 contrats synthétiques."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--contracts", type=int, default=150, help="nombre de contrats synthétiques")
        parser.add_argument("--requests", type=int, default=30, help="nombre de demandes de chaque page")
        parser.add_argument("--reports", type=int, default=100, help="nombre de rapports de suite (0\u00a0: aucun)")
        parser.add_argument("--json", action="store_true", help="les mêmes résultats, en JSON")

    def handle(self, *, contracts: int, requests: int, reports: int, **options: Any) -> None:
        """Makes `ftap_bench`, measures, prints, drops it."""
        try:
            with bench_database():
                measures = run(contracts=contracts, requests=requests, reports=reports, say=self._say)
        except PageFailedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_as_json(measures) if options["json"] else "\n".join(lines(measures)))

    def _say(self, text: str) -> None:
        """Progress, apart from the results."""
        self.stderr.write(text)


def _as_json(measures: Measures) -> str:
    reached = [dataclasses.asdict(one) for one in targets(measures)]
    return json.dumps(dataclasses.asdict(measures) | {"targets": reached}, ensure_ascii=False, indent=2)
