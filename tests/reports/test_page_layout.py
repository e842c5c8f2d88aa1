"""Where things stand on the pages of a report: titles, drawings, dates."""

import re
import subprocess
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from contracts.models import ContractVersion
from reports import charts
from reports.enums import ReportKind
from reports.pdf.chapters import report
from reports.pdf.render import render_pdf
from reports.situation import contract_situation
from reports.tables.results import calendar
from tests.reports.filed import filed

XHTML: Final = "{http://www.w3.org/1999/xhtml}"
LANDSCAPE: Final = 840
UNDER_THE_RULE: Final = 58
"""Points from the top of a page: running titles and their rule stand above."""
TITLE: Final = re.compile(r"\d+\.")


def titles_at_the_top(content: bytes, folder: Path) -> list[float]:
    """How far from the top the title of a chapter stands, on each landscape page that begins with one."""
    (folder / "report.pdf").write_bytes(content)
    done = subprocess.run(["pdftotext", "-bbox", str(folder / "report.pdf"), "-"], capture_output=True, check=True)
    found = []
    for page in ET.fromstring(done.stdout).iter(f"{XHTML}page"):
        words = [(float(word.attrib["yMin"]), word.text or "") for word in page.iter(f"{XHTML}word")]
        first = min((word for word in words if word[0] > UNDER_THE_RULE), default=(0.0, ""))
        if float(page.attrib["width"]) > LANDSCAPE and TITLE.fullmatch(first[1]):
            found.append(first[0])
    return found


def test_every_chapter_that_begins_a_page_begins_at_its_top(incub_o: ContractVersion, tmp_path: Path) -> None:
    heights = titles_at_the_top(render_pdf(filed(incub_o), "0" * 64, ReportKind.YEARLY), tmp_path)
    assert len(heights) > 4
    assert max(heights) - min(heights) < 1


def test_no_name_is_cut_short_under_the_bars_of_a_small_drawing(incub_o: ContractVersion) -> None:
    """Seven natures of expense, « Communication » and « Déplacements » among them."""
    (drawn,) = charts.credits_by_nature(filed(incub_o)).svgs
    assert ">Communication</text>" in drawn
    assert "…" not in drawn


def test_the_steps_are_named_where_a_drawing_parts_them_from_their_chapter(
    incub_o: ContractVersion, lean_management: ContractVersion
) -> None:
    """Incub-O has a Gantt; Lean management dates nothing, and its table follows the title of its chapter."""
    for version, title in ((incub_o, "Étapes du calendrier"), (lean_management, "")):
        chapters = report(contract_situation(version.contract), ReportKind.YEARLY).chapters
        [chapter] = [each for each in chapters if each.title == "Calendrier"]
        assert [block.table.table.title for block in chapter.blocks if block.table] == [title]


def test_a_step_without_date_has_a_dash_as_on_its_page(lean_management: ContractVersion) -> None:
    assert {row.values[2:4] for row in calendar(contract_situation(lean_management.contract)).rows} == {("–", "–")}
