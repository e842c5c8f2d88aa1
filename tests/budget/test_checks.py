"""Checks of the plan of credits: each on a plan that is wrong in one place, and on one that is right."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from budget.checks import LineFact, PlanFacts, SheetFact, YearFact
from tests.contracts.checks.examples import Pair, assert_pair, findings


def line(key: str, *years: tuple[int, int | None, int | None], **changes: Any) -> LineFact:
    """A line of the fund, titre 3, with (year, AE, CP) in euros."""
    sound = LineFact(
        key=key,
        label=key.capitalize(),
        titre="3",
        programme="0349",
        is_ftap=True,
        sheet="",
        axis="I",
        etp=None,
        group="",
        likeness=(key,),
        years=tuple(YearFact(year, _exact(ae), _exact(cp)) for year, ae, cp in years),
    )
    return replace(sound, **changes)


def plan(*lines: LineFact, sheets: tuple[SheetFact, ...] = (), unit: str = "eur") -> PlanFacts:
    return PlanFacts("0349", 2020, 2022, unit, lines, sheets)


def sheet(number: str, cost: int, ftap: int) -> SheetFact:
    return SheetFact(number, f"Fiche {number}", Decimal(cost), Decimal(ftap))


def _exact(euros: int | None) -> Decimal | None:
    return None if euros is None else Decimal(euros)


STUDY = line("etudes", (2020, 100_000, 80_000), (2021, 80_000, 100_000))
RIGHT = plan(STUDY)
POSTS = {"label": "0,8 ETP de coordination", "etp": Decimal("0.80"), "titre": "2", "programme": "0354"}
FINANCED = line("etudes", (2020, 90_000, 90_000), sheet="1")

PAIRS = {
    "A10": Pair(
        plan(line("agents", (2020, 70_000, 60_000), titre="2")),
        plan(line("agents", (2020, 70_000, 70_000), titre="2"), STUDY),
        "agents 2020",
        "70 000 € d’AE pour 60 000 € de CP",
    ),
    "A11": Pair(plan(line("ftap", (2021, 1_860_200, 1_800_200))), RIGHT, "ftap", "60 000 € 1 860 200 € d’AE pour"),
    "A12": Pair(
        plan(line("ftap", (2020, 200_001, 200_000)), sheets=(SheetFact("1", "Fiche 1", Decimal(200_000), None),)),
        plan(line("ftap", (2020, 200_000, 200_000)), sheets=(SheetFact("1", "Fiche 1", Decimal(200_000), None),)),
        "cost ae",
        "200 000 € 200 001 € −1 €",
    ),
    "A13": Pair(
        plan(line("chef", (2020, 50_000, 50_000), titre="2")),
        plan(line("chef", (2020, 50_000, 50_000), titre="2", programme="0354")),
        "chef",
        "n’a pas d’emplois",
    ),
    "A14": Pair(plan(line("outil", (2022, -5000, -5000))), RIGHT, "outil 2022", "−5 000 € d’AE et −5 000 € de CP"),
    "A15": Pair(plan(line("salle", (2020, 40_000, None))), RIGHT, "salle", "40 000 € d’AE et aucun CP."),
    "A16": Pair(plan(line("outil", (2023, 10_000, 10_000))), RIGHT, "outil 2023", "financé de 2020 à 2022"),
    "A17": Pair(
        plan(STUDY, replace(STUDY, key="etudes-bis")),
        plan(STUDY, replace(STUDY, key="etudes-bis", likeness=("autre",))),
        "etudes",
        "2 lignes",
    ),
    "A18": Pair(
        plan(line("a", (2020, 9, 9), axis="1", **POSTS), line("b", (2020, 9, 9), axis="2", **POSTS)),
        plan(line("a", (2020, 9, 9), axis="1", **POSTS), line("b", (2020, 9, 9), axis="1", **POSTS)),
        "a",
        "2 × 0,8 ETP",
    ),
    "A19": Pair(
        plan(FINANCED, sheets=(sheet("1", 90_000, 90_000), sheet("2", 50_000, 0))),
        plan(STUDY, sheets=(sheet("1", 90_000, 90_000), sheet("2", 50_000, 0))),
        "fiche 2",
        "50 000 €",
    ),
    "A28": Pair(
        plan(line("etudes", (2020, 120_000_000, 80_000_000)), unit="keur"), RIGHT, "credits", "ressemblent à des euros"
    ),
}


@pytest.mark.parametrize("code", PAIRS)
def test_pair(code: str) -> None:
    assert_pair(code, PAIRS)


def test_a_missing_figure_is_not_judged() -> None:
    """AE lost by the scan: neither their sum nor their absence can be held against the CP."""
    lost = plan(line("etudes", (2020, None, 80_000), (2021, None, 100_000), is_partly_lost=True))
    assert findings("A11", lost) == findings("A15", lost) == []


def test_one_sided_is_told_once() -> None:
    """Zero CP for 40 000 € of AE: « AE sans CP » alone, not « AE et CP différents » besides."""
    zero = plan(line("salle", (2020, 40_000, 0)))
    assert [one.locus for one in findings("A15", zero)] == ["salle"]
    assert findings("A11", zero) == []


def test_sheets_are_held_against_lines_in_ae_and_in_cp() -> None:
    facts = plan(line("ftap", (2020, 100, 90)), sheets=(sheet("1", 80, 80),))
    assert [one.locus for one in findings("A12", facts)] == ["cost ae", "cost cp", "ftap ae", "ftap cp"]


def test_posts_of_a_group_are_repeated_too() -> None:
    """Incub-O: « 1,8 ETP des référents » is the group of two lines on each of four axes."""
    group = {"group": "1,8 ETP des référents"}
    lines = [line(f"r{axis}{rank}", (2020, 9, 9), axis=axis, **group) for axis in "1234" for rank in "ab"]
    (found,) = findings("A18", plan(*lines))
    assert (found.locus, found.printed) == ("r1a", "4 × l’effectif")
