"""The JSON bears the figures of the tables, totals are formulas, another process gives the same bytes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from openpyxl.worksheet.worksheet import Worksheet

from budget.tranches.calc import Complement
from contracts.models import Contract, ContractVersion
from contracts.stated import Verdict
from reports.enums import ReportKind
from reports.facts import Situation
from reports.pipeline import PipelineFacts, StepFacts, SubProjectFacts
from reports.promise import SignedMilestone, SignedPromise
from reports.situation import contract_situation
from reports.snapshots import canonical
from reports.tables.model import Kind, Role, Table
from reports.xlsx.workbook import render_xlsx, sheets
from tests.conftest import ROOT
from tests.factories import CampaignFactory
from tests.reports.filed import file
from tests.reports.reading import first_row


@pytest.fixture
def contract(incub_o: ContractVersion) -> Contract:
    """Incub-O with a year filed, every amount different; it takes the place of the small contract of the people."""
    lines = incub_o.contract.budget_lines.order_by("position", "pk")
    rows: dict[str, Any] = {line.key: (f"{1000 + rank}.25", f"{700 + rank}.5") for rank, line in enumerate(lines)}
    file(incub_o.contract, campaign=CampaignFactory(whole_year=True), **rows)
    return incub_o.contract


@pytest.fixture
def situation(contract: Contract) -> Situation:
    return contract_situation(contract)


def amounts(tables: Mapping[str, list[Table]]) -> Iterator[tuple[str, Decimal]]:
    """Every amount in euros of the tables, with the table's key."""
    for table in (table for each in tables.values() for table in each):
        for row in table.rows:
            for column, value in zip(table.columns, row.values, strict=True):
                if column.kind is not Kind.EUROS or row.role is Role.BAND:
                    continue
                if isinstance(value, Decimal):
                    yield table.key, abs(value)


def test_every_amount_of_the_report_is_in_the_json(contract: Contract, situation: Situation) -> None:
    """Those that follow from two others (what remains, gaps) are computed by the reader of the JSON too."""
    wanted = {value for key, value in amounts(sheets(situation)) if key in ("credits-prevus", "credits-consommes")}
    assert len(wanted) > 140
    assert wanted <= {abs(Decimal(text)) for text in re.findall(r'"(-?\d+\.\d+)"', as_json("incub-o"))}


def test_totals_and_what_follows_are_formulas(situation: Situation) -> None:
    book = openpyxl.load_workbook(BytesIO(render_xlsx(situation, "0" * 64, ReportKind.YEARLY)))
    formulas = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert sum(formula.startswith("=SUBTOTAL(9,") for formula in formulas) > 40
    for title, tables in sheets(situation).items():
        for table in tables:
            typed = [cell for cell in totals_of(book[title], table) if cell.data_type != "f"]
            assert [(title, table.key, cell.coordinate) for cell in typed] == []


def totals_of(sheet: Worksheet, table: Table) -> Iterator[Any]:
    """The cells of the total and subtotal rows that bear a figure in the situation, after at least one line."""
    line = first_row(sheet, table)
    for rank, row in enumerate(table.rows):
        for place, (column, value) in enumerate(zip(table.columns, row.values, strict=True), start=1):
            is_sum = row.role in (Role.TOTAL, Role.SUBTOTAL) and (column.is_additive or column.derived is not None)
            if rank and is_sum and isinstance(value, Decimal):
                yield sheet.cell(line + rank, place)


def as_json(code: str) -> str:
    """What `manage.py situation CODE --json` writes."""
    out = StringIO()
    call_command("situation", code, "--json", stdout=out)
    return out.getvalue()


def test_the_json_holds_what_its_documentation_names(contract: Contract, cap2030: ContractVersion) -> None:
    """Incub-O has a filing, CAP2030 has sheets."""
    plain, other = (json.loads(as_json(code)) for code in ("incub-o", "cap2030"))
    rows = re.findall(r"^\| (`.*?`) \| (.*) \|$", (ROOT / "docs/situation-json.md").read_text(), re.MULTILINE)
    named = {key: what for keys, what in rows for key in re.findall(r"`(\w+)`", keys)}
    assert set(named) == set(plain) == set(other)
    for key, what in named.items():
        known = {"null", key, *keys_of(plain[key]), *keys_of(other[key]), *Verdict}
        if key == "signature":  # no amendment is in force
            known |= {one.name for each in (SignedPromise, SignedMilestone) for one in fields(each)}
        if key == "tranches":  # none was completed
            known |= {one.name for one in fields(Complement)}
        if key == "sub_projects":  # neither is an umbrella
            known |= {one.name for each in (PipelineFacts, StepFacts, SubProjectFacts) for one in fields(each)}
        assert set(re.findall(r"`([a-z_]+)`", what)) <= known, key


def keys_of(plain: Any) -> Iterator[str]:
    """Every key of an object and of what it holds."""
    if isinstance(plain, dict):
        yield from plain
        plain = list(plain.values())
    if isinstance(plain, list):
        for each in plain:
            yield from keys_of(each)


def test_the_json_of_cap2030(cap2030: ContractVersion) -> None:
    plain = json.loads(as_json("cap2030"))
    assert (plain["total_cost"], plain["ftap_amount"], plain["is_demo"]) == ("4070775.00", "1800200.00", False)
    assert len(plain["frame"]["axes"]) == 3
    assert sum(len(axis["sheets"]) for axis in plain["frame"]["axes"]) == 17
    assert plain["savings"]["total"]["recurrent"]["cp"] == "1757500.00"
    assert (plain["returns"][0]["code"], plain["returns"][0]["ratio"]) == ("R1", "0.9762804133")
    assert sum(one["verdict"] == "difference" for one in plain["stated_figures"]) == 5


@pytest.mark.slow
def test_another_process_gives_the_same_bytes(situation: Situation, tmp_path: Path) -> None:
    """Neither the hour nor the order in which a process keeps its sets is in the files."""
    content, source = canonical(situation), tmp_path / "snapshot.json"
    source.write_text(content)
    script = (
        "import django, sys; django.setup(); from pathlib import Path;"
        "from reports.enums import ReportKind; from reports.pdf.render import render_pdf;"
        "from reports.snapshots import fingerprint, fingerprint_of_bytes, read;"
        "from reports.xlsx.workbook import render_xlsx;"
        "text = Path(sys.argv[1]).read_text(); made = read(text), fingerprint(text), ReportKind.YEARLY;"
        "book = render_xlsx(*made); pdf = render_pdf(*made, ('classeur.xlsx', book));"
        "print(fingerprint_of_bytes(book), fingerprint_of_bytes(pdf))"
    )
    found = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "ftap.settings"}
        command = [sys.executable, "-c", script, str(source)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        found.add(done.stdout.strip())
    assert len(found) == 1
