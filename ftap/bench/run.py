"""One run of all the measures: the four contracts, then 150 more, then the heavy report."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from ftap.bench.database import load_real_contracts, settle, triggers_off
from ftap.bench.pages import Timing, Visit, measure, visits
from ftap.bench.promise import LARGE_RANK, lines_of
from ftap.bench.synthetic import Synthetic, build
from ftap.demonstration.scene import set_scene
from ftap.loaded import set_aside
from monitoring.enums import FilingState
from monitoring.models import Filing
from reports.situation import contract_situation
from reports.snapshots import canonical

REAL_CONTRACT, REAL_LEAD = "cap2030", "cap2030@demo.example"
REAL_SECRETARIAT = "secretariat@demo.example"
Say = Callable[[str], None]


@dataclass(frozen=True)
class PageResult:
    """One page with the four contracts, with all of them, and of two synthetic contracts of one shape.

    `large` is of contract 001, `middle` of contract 002, which has a third of its lines: only their sizes differ.
    """

    label: str
    few: Timing | None
    many: Timing | None
    large: Timing | None
    middle: Timing | None = None

    @property
    def ratio(self) -> float | None:
        """Time with all the contracts ÷ time with four."""
        return self.many.median_ms / self.few.median_ms if self.few and self.many else None

    @property
    def depends_on_contracts(self) -> bool:
        """Whether the number of queries changes with the number of contracts."""
        return bool(self.few and self.many and self.few.queries != self.many.queries)

    @property
    def depends_on_lines(self) -> bool:
        """Whether a contract costs other queries than one of the same shape with a third of its lines."""
        return bool(self.middle and self.large and self.large.queries != self.middle.queries)


@dataclass(frozen=True)
class Measures:
    """Everything that a run found. `lines` are those of the large contract.

    `load` is the highest load of the machine seen between two measures: above the number of cores, times are those of
    a busy machine. `report` is what `ftap.bench.reports` printed, if it was asked.
    """

    contracts: int
    requests: int
    lines: int
    load: float
    pages: list[PageResult]
    report: dict[str, Any] | None


def run(
    *, contracts: int = 150, requests: int = 30, reports: int = 20, lines: int = 40, say: Say = lambda _: None
) -> Measures:
    """Fills the empty database that it is given, in steps, and measures after each."""
    say("Chargement des quatre contrats…")
    load_real_contracts()
    set_scene(on=timezone.localdate())
    set_aside()  # as a web process does
    load = [os.getloadavg()[0]]
    few = _measure("4 contrats", _real_visits(), requests, say)
    began = time.perf_counter()
    with triggers_off():
        synthetic = build(contracts, lines=lines)
    settle()
    say(f"{contracts} contrats synthétiques en {time.perf_counter() - began:.0f} s")
    many = _measure(f"{contracts + 4} contrats", _real_visits(), requests, say)
    large = _measure("un grand contrat", visits(synthetic.draft, synthetic.lead, synthetic.secretariat), requests, say)
    middle = _measure(
        "le même, au tiers", visits(synthetic.middle, synthetic.lead, synthetic.secretariat), requests, say
    )
    load.append(os.getloadavg()[0])
    labels = dict.fromkeys([*few, *many, *large])
    pages = [PageResult(one, few.get(one), many.get(one), large.get(one), middle.get(one)) for one in labels]
    report = _report(synthetic, reports, say) if reports else None
    return Measures(contracts, requests, lines_of(LARGE_RANK, lines), max(load), pages, report)


def _real_visits() -> Iterable[Visit]:
    filing = Filing.objects.filter(contract__code=REAL_CONTRACT, state=FilingState.DRAFT).order_by("-due_on").first()
    if filing is None:
        raise RuntimeError(f"no draft filing of {REAL_CONTRACT} in the demo")
    return visits(filing, User.objects.get(email=REAL_LEAD), User.objects.get(email=REAL_SECRETARIAT))


def _measure(what: str, wanted: Iterable[Visit], requests: int, say: Say) -> Mapping[str, Timing]:
    say(f"Pages, {what}…")
    return {visit.label: measure(visit, requests) for visit in wanted}


def _report(synthetic: Synthetic, count: int, say: Say) -> dict[str, Any]:
    """The reports of contracts 002 (the heavy one) and 001 (larger still), in another process."""
    say(f"{count} rapports…")
    with tempfile.TemporaryDirectory(prefix="ftap-bench-") as folder:
        snapshot, larger = Path(folder) / "instantane.json", Path(folder) / "grand.json"
        snapshot.write_text(_snapshot(synthetic, synthetic.contracts[1]))
        larger.write_text(_snapshot(synthetic, synthetic.contracts[0]))
        files = [str(snapshot), str(larger), str(snapshot.with_name("classeur.xlsx"))]
        command = [sys.executable, "-m", "ftap.bench.reports", *files, str(count)]
        quiet = {**os.environ, "LOG_LEVEL": "WARNING"}
        done = subprocess.run(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, env=quiet, check=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _snapshot(synthetic: Synthetic, contract: Contract) -> str:
    """What is frozen of the contract's last filing but one, a locked one that closes no year."""
    filing = synthetic.filings[contract.pk][-2]
    filing.refresh_from_db()
    return canonical(contract_situation(contract, filing=filing))
