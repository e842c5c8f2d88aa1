import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
RUN_TABLE = """
const numbers = require(process.argv[1]);
const cases = require(process.argv[2]);
const read = ({ text, unit }) =>
  unit === undefined ? numbers.parseNumber(text)
    : unit === "%" ? numbers.parseRate(text) : numbers.parseAmount(text, unit);
const answers = cases.map((given) => {
  try { return { result: read(given) }; }
  catch (error) {
    if (!(error instanceof numbers.NumberError)) throw error;
    return { error: error.kind, readings: error.readings, message: error.message };
  }
});
const shown = [["1234.5", 2], ["-0.005", 2], ["-0.004", 2], ["999.995", 2], ["1234567", 0], ["0.5", 0], ["-2", 3]];
console.log(JSON.stringify({ answers, formats: shown.map(([value, places]) => numbers.format(value, places)) }));
"""

pytestmark = pytest.mark.skipif(
    shutil.which("node") is None, reason="node is not installed; Chromium runs this table too"
)


@pytest.fixture(scope="module")
def output() -> Any:
    paths = [str(ROOT / "static/js/numbers.js"), str(ROOT / "figures/number_cases.json")]
    done = subprocess.run(["node", "-e", RUN_TABLE, *paths], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def test_the_mirror_reads_the_same_table(output: Any) -> None:
    cases = json.loads((ROOT / "figures/number_cases.json").read_text("utf-8"))
    for case, answer in zip(cases, output["answers"], strict=True):
        expected = {key: case[key] for key in ("result", "error", "readings") if key in case}
        assert {key: answer.get(key) for key in expected} == expected, case


def test_the_mirror_says_the_same_words(output: Any) -> None:
    from figures.numbers import NumberError
    from tests.figures.test_numbers import CASES, read

    for case, answer in zip(CASES, output["answers"], strict=True):
        if "error" in case:
            with pytest.raises(NumberError) as caught:
                read(case)
            assert answer["message"] == caught.value.message


def test_the_mirror_formats_half_up(output: Any) -> None:
    assert output["formats"] == [
        "1\u202f234,50", "\u22120,01", "0,00", "1\u202f000,00", "1\u202f234\u202f567", "1", "\u22122,000",
    ]  # fmt: skip
