"""The page of a report is well-formed, and whatever a person typed is text in it."""

from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.template.loader import render_to_string
from weasyprint import HTML

from contracts.amendments.impact import impact
from contracts.models import Contract, ContractVersion
from reports.enums import ReportKind
from reports.impact import impact_context
from reports.pdf.chapters import report
from reports.pdf.document import Markup, draw
from reports.pdf.render import render_html
from reports.situation import contract_situation
from tests.reports.tagged import structure

TYPED = "AE < CP & « 5 > 3 » <b>gras</b>\x0b\x1f\ufffe 😀"


def elements(root: Any) -> list[tuple[str, dict[str, str], str, str]]:
    return [(one.tag, dict(one.attrib), (one.text or "").strip(), (one.tail or "").strip()) for one in root.iter()]


def as_a_browser_reads(markup: str) -> list[tuple[str, dict[str, str], str, str]]:
    return elements(HTML(string=markup).etree_element)


@pytest.mark.django_db
def test_a_report_read_as_xml_is_what_a_browser_reads(incub_o: ContractVersion) -> None:
    situation = contract_situation(incub_o.contract)
    markup = render_html(situation, report(situation, ReportKind.YEARLY), "0" * 64, ReportKind.YEARLY)
    read = elements(Markup(markup, {}).etree_element)
    assert len(read) > 1000
    assert read == as_a_browser_reads(markup)


@pytest.mark.django_db
def test_so_is_an_impact_sheet(contract: Contract) -> None:
    version = contract.versions.get()
    markup = render_to_string("reports/pdf/impact.html", impact_context(impact(version, version), date(2022, 1, 1)))
    assert elements(Markup(markup, {}).etree_element) == as_a_browser_reads(markup)


def test_what_a_person_typed_is_text_without_what_no_page_can_hold() -> None:
    typed = render_to_string("reports/pdf/_block.html", {"block": {"paragraphs": [TYPED]}})
    content = draw(f"<html lang='fr'><head><title>Essai</title></head><body>{typed}</body></html>", {})
    with pikepdf.open(BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
    assert "AE < CP & «\u00a05 > 3\u00a0» <b>gras</b> 😀" in structure(content).all_text()
