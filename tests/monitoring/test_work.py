"""Who has filled what in a filing: by section and project sheet, as the lead reads it on the recap."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from budget.models import Consumption
from budget.services import record_consumptions
from contracts.models import Contract
from monitoring.enums import FilingState
from monitoring.models import Filing
from monitoring.sections import Completeness
from monitoring.selectors import steps_of
from monitoring.services.progress import record_texts
from monitoring.work import work_on
from tests.budget.rows import add_lines, close, entry
from tests.monitoring.workbook.books import annual_filing, fresh
from tests.reading import words

SignedIn = Callable[[User], Client]


@pytest.fixture
def annual(contract: Contract) -> Filing:
    """The fourth quarter of 2021: Études of no sheet, Outil of sheet 1, which the contributor fills."""
    return annual_filing(contract)


def table(filing: Filing) -> dict[tuple[str, str], tuple[int, int, list[str]]]:
    """Filled, asked and by whom, by section and sheet."""
    return {
        (line.section.code, line.work.sheet): (
            line.work.filled.done,
            line.work.filled.total,
            [f"{name} {count}" for name, count in line.work.people],
        )
        for line in work_on(filing)
    }


def fill(filing: Filing, lead: User, contributor: User) -> None:
    study, tool = Consumption.objects.filter(filing=filing).order_by("line__position")
    record_consumptions(filing=filing, entries=[entry(study, 10, None)], actor=lead)
    record_consumptions(filing=filing, entries=[entry(tool, 10, 4)], actor=contributor)


def test_each_sheet_says_how_much_is_filled_and_by_whom(annual: Filing, lead: User, contributor: User) -> None:
    assert {people for *_, people in ((*one[:2], tuple(one[2])) for one in table(annual).values())} == {()}
    fill(annual, lead, contributor)
    found = table(annual)
    assert found["credits", "1"] == (1, 1, ["Camille Contributeur 1"])
    assert found["credits", ""] == (0, 1, [f"{lead.get_full_name()} 0"])
    assert found["calendrier", "1"] == (0, 1, [])
    assert found["calendrier", ""] == (0, 1, [])
    assert ("risques", "") not in found
    record_texts(filing=annual, actor=lead, revision=0, values={"weather": "secured"})
    assert table(fresh(annual))["meteo", ""] == (1, 2, [f"{lead.get_full_name()} 1"])


def test_sheets_of_a_section_add_up_to_its_step(annual: Filing, lead: User, contributor: User) -> None:
    fill(annual, lead, contributor)
    for step in steps_of(annual):
        mine = [line.work.filled for line in work_on(annual) if line.section == step.section]
        assert sum(mine, Completeness(0, 0)) == step.completeness


def test_the_lead_reads_it_on_the_recap(
    annual: Filing, lead: User, contributor: User, reader: User, signed_in: SignedIn
) -> None:
    fill(annual, lead, contributor)
    html = signed_in(lead).get(f"/dossiers/{annual.pk}/").content.decode()
    assert "Qui a rempli quoi" in html
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)]
    [mine] = [" ".join(row.split()) for row in rows if "Crédits consommés 1 " in " ".join(row.split())]
    assert "Crédits consommés 1 Camille Contributeur 1 sur 1 complet Camille Contributeur" in mine
    assert "Votre part" not in html
    close(annual, FilingState.SUBMITTED, lead)
    assert "Qui a rempli quoi" not in signed_in(reader).get(f"/dossiers/{annual.pk}/").content.decode()


def test_queries_do_not_grow_with_lines(annual: Filing, lead: User, signed_in: SignedIn) -> None:
    counts = []
    for lines in (2, 20):
        add_lines(annual.contract, lines)
        with CaptureQueriesContext(connection) as queries:
            work_on(fresh(annual))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_a_contributor_reads_first_what_is_theirs(
    annual: Filing, lead: User, contributor: User, signed_in: SignedIn
) -> None:
    fill(annual, lead, contributor)
    page = words(signed_in(contributor).get(f"/dossiers/{annual.pk}/"))
    mine = page.split("Votre part")[1].split("Le reste du dossier, et sa soumission, reviennent au chef de projet.")[0]
    assert "Crédits consommés , fiche 1 : 1 ligne complète sur 1" in mine
    assert "Calendrier , fiche 1 : 0 ligne complète sur 1" in mine
    assert "Météo" not in mine
    assert "Avant de soumettre" not in page
