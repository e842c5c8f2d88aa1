"""The synthetic contracts, and the measures on a few of them."""

import re
from decimal import Decimal

import pytest

from budget.models import Consumption, PlannedCredit
from contracts.models import Contract
from ftap.bench.pages import GRID, PASTING, SAVING, PageFailedError, Timing, Visit, measure, percentile, visits
from ftap.bench.promise import lines_of
from ftap.bench.run import Measures, PageResult
from ftap.bench.synthetic import Synthetic, build
from ftap.bench.table import lines, targets
from monitoring.enums import FilingState
from reports.situation import contract_situation

pytestmark = pytest.mark.django_db


@pytest.fixture
def synthetic() -> Synthetic:
    return build(2, lines=5, filings=5)


def test_synthetic_contracts_say_so(synthetic: Synthetic) -> None:
    assert [one.title for one in synthetic.contracts] == ["Contrat synthétique 001", "Contrat synthétique 002"]
    assert all(one.is_demo for one in synthetic.contracts)


def test_sizes_are_those_asked_for(synthetic: Synthetic) -> None:
    first, second = Contract.objects.order_by("code")
    assert [first.sheets.count(), second.sheets.count()] == [11, 12]
    assert first.axes.count() == 4
    assert [first.budget_lines.count(), second.budget_lines.count()] == [9, 1]  # five thirds, and a third
    assert PlannedCredit.objects.count() == (9 + 1) * 5 * 2  # lines × years × versions
    assert Consumption.objects.count() == (9 + 1) * 5  # lines × filings


def test_what_is_committed_is_paid_in_the_end(synthetic: Synthetic) -> None:
    situation = contract_situation(synthetic.contracts[0])
    assert situation.credits.total.planned.ae == situation.credits.total.planned.cp


def test_the_first_contract_takes_a_block_of_200_cells() -> None:
    assert [lines_of(rank, 40) for rank in (1, 2, 3, 150)] == [67, 13, 40, 40]


def test_the_contracts_compared_are_both_to_be_filled(synthetic: Synthetic) -> None:
    assert [one.state for one in (synthetic.draft, synthetic.middle)] == [FilingState.DRAFT, FilingState.DRAFT]
    large, middle = (
        [one.label for one in visits(filing, synthetic.lead, synthetic.secretariat)]
        for filing in (synthetic.draft, synthetic.middle)
    )
    assert large == middle


@pytest.mark.parametrize(("large", "depends"), [(14, False), (15, True)])
def test_queries_are_compared_between_two_sizes_of_one_contract(large: int, depends: bool) -> None:
    page = PageResult(GRID, None, Timing(1, 1, 9, 1, 1), Timing(1, 1, large, 1, 1), Timing(1, 1, 14, 1, 1))
    assert page.depends_on_lines is depends


def test_the_last_filing_of_the_first_contract_is_to_be_filled(synthetic: Synthetic) -> None:
    filings = synthetic.contracts[0].filings.order_by("campaign__ends_on")
    states = list(filings.values_list("state", flat=True))
    assert states == [FilingState.LOCKED] * 4 + [FilingState.DRAFT]
    assert synthetic.draft.state == FilingState.DRAFT


def test_figures_depend_on_the_number_alone(synthetic: Synthetic) -> None:
    situation = contract_situation(synthetic.contracts[0])
    assert situation.credits.total.planned.ae == Decimal("1056000.00")


def test_saving_a_row_is_measured_by_saving_it(synthetic: Synthetic) -> None:
    saving = next(one for one in visits(synthetic.draft, synthetic.lead, synthetic.secretariat) if one.label == SAVING)
    row = Consumption.objects.filter(filing=synthetic.draft).earliest("line__position")
    timing = measure(saving, 2)
    assert Consumption.objects.get(pk=row.pk).revision == 3 + 1 + 2  # warm-up, counting, timing
    assert timing.queries > 0
    assert timing.median_ms > 0
    assert timing.yardstick_ms > 0


def test_a_block_and_a_workbook_are_measured_by_writing_them(synthetic: Synthetic) -> None:
    rows = Consumption.objects.filter(filing=synthetic.draft)
    measured = {one.label: one for one in visits(synthetic.draft, synthetic.lead, synthetic.secretariat)}
    measure(measured[PASTING], 1)
    assert set(rows.values_list("revision", flat=True)) == {3 + 1 + 1}
    for step in ("télécharger", "déposer et comparer"):
        measure(measured[f"Classeur, {step}"], 1)
    assert set(rows.values_list("revision", flat=True)) == {5}
    measure(measured["Classeur, confirmer"], 1)
    assert set(rows.values_list("revision", flat=True)) == {10}


def test_an_error_page_is_not_a_measure(synthetic: Synthetic) -> None:
    with pytest.raises(PageFailedError, match="répond 404"):
        measure(Visit("Inconnue", "/contrats/inconnu/", synthetic.lead), 1)


@pytest.mark.parametrize(("percent", "expected"), [(50, 2), (75, 3), (95, 4), (100, 4)])
def test_percentile(percent: int, expected: float) -> None:
    assert percentile([1, 2, 3, 4], percent) == expected


def test_table_says_what_is_reached_and_what_is_missed() -> None:
    page = PageResult("Portefeuille", Timing(20, 25, 19, 1, 8), Timing(60, 70, 23, 1, 12), None)
    saving = PageResult(SAVING, Timing(9, 11, 12, 1, 8), Timing(10.04, 12, 12, 1, 8.4), None)
    measures = Measures(contracts=150, requests=30, lines=40, load=0.5, pages=[page, saving], report=None)
    assert [(one.measured, one.is_reached) for one in targets(measures)] == [
        ("Portefeuille", False),
        ("aucune", True),
        ("10,0 ms", True),
    ]
    text = "\n".join(lines(measures))
    assert "154 ÷ 4" in text
    assert "3,00" in text
    assert "manqué" in text
    assert re.search(r"Portefeuille .* 1,0 / 1,5 / –\n", text), (
        "the machine was half as slow again beside the second measure"
    )


@pytest.mark.parametrize(
    ("cpu_s", "cells", "attachments", "reached"),
    [(2.4, 1811, 1, True), (2.6, 1811, 1, False), (1.0, 1700, 1, False), (1.0, 1811, 0, False)],
)
def test_a_light_report_does_not_reach_the_target_of_a_heavy_one(
    cpu_s: float, cells: int, attachments: int, reached: bool
) -> None:
    pdf = {"cpu_s": cpu_s, "cells": cells, "drawings": 7, "is_tagged": True, "attachments": attachments}
    measures = Measures(150, 30, 67, 0.1, [], {"pdf": pdf, "memory": {"10": 200.0, "100": 201.0}})
    assert [one.is_reached for one in targets(measures) if one.label.startswith("Rapport")] == [reached]
