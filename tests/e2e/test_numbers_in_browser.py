"""The browser's own engine reads the table of numbers as the server does."""

import json
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
RUN_TABLE = """(cases) => cases.map(({ text, unit }) => {
  const { parseNumber, parseAmount, parseRate } = window.FtapNumbers;
  try {
    if (unit === undefined) return { result: parseNumber(text) };
    return { result: unit === "%" ? parseRate(text) : parseAmount(text, unit) };
  } catch (error) { return { error: error.kind, readings: error.readings }; }
})"""


def test_the_browser_reads_the_same_table(page: Page) -> None:
    cases = json.loads((ROOT / "figures/number_cases.json").read_text("utf-8"))
    page.goto("about:blank")
    page.evaluate((ROOT / "static/js/numbers.js").read_text("utf-8"))
    answers = page.evaluate(RUN_TABLE, cases)
    for case, answer in zip(cases, answers, strict=True):
        expected = {key: case[key] for key in ("result", "error", "readings") if key in case}
        assert {key: answer.get(key) for key in expected} == expected, case
