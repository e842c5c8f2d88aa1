"""The reader of tagged PDF that the tests use, against poppler's."""

import re
import subprocess
from pathlib import Path

import pytest

from contracts.models import ContractVersion
from reports.enums import ReportKind
from reports.pdf.render import render_pdf
from reports.situation import contract_situation
from tests.reports.reading import tight
from tests.reports.tagged import structure


@pytest.mark.slow
def test_the_text_read_by_marks_is_the_one_that_poppler_reads(lab_minnov: ContractVersion, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(render_pdf(contract_situation(lab_minnov.contract), "0" * 64, ReportKind.QUARTERLY))
    told = subprocess.run(["pdfinfo", "-struct-text", str(path)], capture_output=True, check=True).stdout.decode()
    by_poppler = "".join(re.findall(r'^ *"(.*)"$', told, re.MULTILINE))
    assert len(by_poppler) > 10_000
    assert tight(structure(path.read_bytes()).all_text()) == tight(by_poppler)
