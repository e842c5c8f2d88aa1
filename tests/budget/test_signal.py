"""CP paid on plan: the worked example of docs/calculs/meteo-calculee.md."""

import re
from datetime import date
from decimal import Decimal

import pytest

from budget.calc import due_by
from figures.ae_cp import share, total
from monitoring.enums import Weather
from monitoring.signal import SignalFacts, computed_weather
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "calculs" / "meteo-calculee.md"
JUNE = date(2021, 6, 30)


@pytest.mark.parametrize(
    ("on", "due"),
    [
        ("2020-12-31", 0),
        ("2021-03-31", 37_500),
        ("2021-09-30", 112_500),
        ("2021-12-31", 150_000),
        ("2022-03-31", 150_000),
    ],
)
def test_a_plan_is_due_quarter_after_quarter(on: str, due: int) -> None:
    assert due_by(Decimal(150_000), 2021, date.fromisoformat(on)) == due


def test_what_is_not_planned_is_not_due() -> None:
    assert due_by(None, 2021, JUNE) is None


def test_the_page_on_the_computed_weather() -> None:
    lines = [line for line in PAGE.read_text().splitlines() if re.match(r"\| \d{4}", line)]
    rows = [[Decimal(re.sub(r"\D", "", cell)) for cell in line.strip("|").split("|")] for line in lines]
    assert [due_by(planned, int(year), JUNE) for year, planned, *_ in rows] == [due for *_, due, _ in rows]
    consumed, due = total(row[4] for row in rows), total(row[3] for row in rows)
    assert (consumed, due) == (Decimal(130_000), Decimal(175_000))
    assert round(share(consumed, due) or Decimal(0), 3) == Decimal("0.743")
    computed = computed_weather(SignalFacts(consumed, due, measured=3, behind=1, milestones=4))
    assert computed.weather is Weather.SUPPORT
    assert computed.reasons[0] == "CP FTAP consommés à 74,3\u00a0% de la prévision due à la fin de la période"
