"""Checks of the sub-projects of an umbrella contract: pairs of facts, then Lean with dated acts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import User
from contracts.checks.registry import anomalies_of
from contracts.lifecycle.services import correct_event, record_event
from contracts.models import Contract, ContractVersion, SubProjectYear
from contracts.subprojects.calc import Consolidated, Figures, Member, YearFigures
from contracts.subprojects.checks import Act, Run, SubProjectFact, SubProjectFacts, read_sub_projects, runs_of
from figures.ae_cp import AeCp
from reports.situation import contract_situation
from tests.contracts.checks.examples import Pair, assert_pair, findings
from tests.contracts.subprojects.rows import framed, identified, moved, with_figures
from tests.reading import words


def member(number: int, ftap: int, recurrent: int) -> Member:
    year = YearFigures(2023, AeCp(Decimal(ftap), Decimal(ftap)))
    return Member(number, f"N° {number}", Figures((year,), Decimal(recurrent)))


def fact(number: int = 1, launched_on: date | None = None, ended_on: date | None = None) -> SubProjectFact:
    runs = ((launched_on, ended_on),) if launched_on else ()
    return SubProjectFact(number, "Accueil", runs, is_retained=True, broken=())


RIGHT = SubProjectFacts(
    on=date(2024, 12, 31),
    months=6,
    a_year=1,
    first_year=2023,
    last_year=2025,
    rows=(fact(1, date(2023, 10, 16), date(2024, 4, 16)),),
    retained=Consolidated((member(1, 700_000, 720_000),)),
)
CEILING = ("Montant total", "2 100 000 € au total, pour moins de 2 000 000 € admis")
PAIRS = {
    "A70": Pair(
        replace(RIGHT, rows=(fact(1, date(2023, 10, 16), date(2024, 4, 17)),)),
        RIGHT,
        "1 2023-10-16",
        "6 mois au plus du 16/10/2023 au 17/04/2024",
    ),
    "A71": Pair(
        replace(RIGHT, a_year=2),
        RIGHT,
        "2023",
        "2 sous-projets 1 sous-projet −1",
    ),
    "A72": Pair(
        replace(RIGHT, retained=Consolidated((member(1, 400_000, 480_000), member(2, 300_000, 200_000)))),
        RIGHT,
        "ensemble",
        "1 demandé 0,971 Il manque 20 000 €",
    ),
    "A73": Pair(
        replace(RIGHT, rows=(replace(RIGHT.rows[0], broken=(CEILING,)),)),
        replace(RIGHT, rows=(replace(RIGHT.rows[0], broken=(CEILING,), is_retained=False),)),
        "1 Montant total",
        "2 100 000 € au total",
    ),
    "A74": Pair(
        replace(RIGHT, rows=(replace(RIGHT.rows[0], stopped=(("lancement", date(2023, 10, 16), "Suspension"),)),)),
        RIGHT,
        "1 lancement 2023-10-16",
        "lancement le 16/10/2023",
    ),
}


@pytest.mark.parametrize("code", PAIRS)
def test_pair(code: str) -> None:
    assert_pair(code, PAIRS)


def test_what_the_contract_does_not_write_is_not_checked() -> None:
    silent = replace(PAIRS["A70"].wrong, months=None, a_year=None)
    assert [findings(code, silent) for code in PAIRS] == [[], [], [], [], []]


def test_one_that_still_runs_is_looked_at_on_the_day() -> None:
    running = replace(RIGHT, rows=(fact(1, date(2024, 7, 1)),))
    assert findings("A70", replace(running, on=date(2025, 1, 1))) == []
    (late,) = findings("A70", replace(running, on=date(2025, 1, 2)))
    assert late.computed == "en cours"


def test_the_year_that_is_not_over_is_not_counted() -> None:
    empty = replace(RIGHT, rows=(fact(1),))
    assert [one.locus for one in findings("A71", empty)] == ["2023"]
    assert [one.locus for one in findings("A71", replace(empty, on=date(2030, 1, 1)))] == ["2023", "2024", "2025"]


FIRST = [("running", date(2023, 2, 1)), ("abandoned", date(2023, 10, 1))]
AGAIN = [("identified", date(2024, 4, 1)), ("running", date(2025, 1, 1))]


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        ([], ()),
        ([("framed", date(2023, 1, 1))], ()),
        ([("running", date(2023, 2, 1))], ((date(2023, 2, 1), None),)),
        (FIRST, ((date(2023, 2, 1), date(2023, 10, 1)),)),
        ([*FIRST, *AGAIN], ((date(2023, 2, 1), date(2023, 10, 1)), (date(2025, 1, 1), None))),
    ],
)
def test_each_time_that_it_ran(acts: list[Act], found: tuple[Run, ...]) -> None:
    assert runs_of(acts) == found


def test_a_first_run_is_not_forgotten_when_there_is_a_second() -> None:
    twice = SubProjectFact(1, "Accueil", runs_of([*FIRST, *AGAIN]), is_retained=True, broken=())
    facts = replace(RIGHT, rows=(twice,), on=date(2026, 1, 1))
    assert [one.computed for one in findings("A70", facts)] == ["du 01/02/2023 au 01/10/2023", "en cours"]
    assert [one.locus for one in findings("A71", facts)] == ["2024"]


# --- Lean ---


def found(version: ContractVersion) -> dict[str, list[str]]:
    """Where the checks of sub-projects speak, by code."""
    told: dict[str, list[str]] = {}
    for one in anomalies_of(version):
        if one.code in PAIRS:
            told.setdefault(one.code, []).append(one.where)
    return told


def test_lean_writes_six_months_and_ten_a_year_and_says_nothing_before_a_sub_project(
    lean_management: ContractVersion, lean: Contract
) -> None:
    assert (lean.accompaniment_months, lean.sub_projects_a_year) == (6, 10)
    assert read_sub_projects(lean_management) is None
    assert found(lean_management) == {}


def test_the_sub_projects_of_lean(
    lean_management: ContractVersion, lean: Contract, team: User, secretariat: User
) -> None:
    row = framed(lean, team, secretariat, "Fort", (400_000, 100_000, 500_000))
    assert list(found(lean_management)) == ["A71"], "none ran in the years that are over"
    moved(row, team, "launch")
    weak = framed(lean, team, secretariat, "Faible", (300_000, 100_000, 240_000), "Proche du niveau requis.")
    assert "A72" not in found(lean_management), "740 000 € for 700 000 €"
    with_figures(weak, secretariat, 300_000, 100_000, 180_000)
    assert found(lean_management)["A72"] == ["Ensemble des sous-projets retenus"]
    SubProjectYear.objects.filter(sub_project=weak).update(co_financing_ae=1_800_000, co_financing_cp=1_800_000)
    assert found(lean_management)["A73"] == ["Sous-projet 2, Faible"]


def test_as_of_a_day_before_them_they_say_nothing(lean: Contract, team: User, secretariat: User) -> None:
    framed(lean, team, secretariat, "Fort", (400_000, 100_000, 500_000))
    codes = {one.code for one in contract_situation(lean).anomalies}
    before = {one.code for one in contract_situation(lean, date(2024, 1, 1)).anomalies}
    assert ("A71" in codes, "A71" in before) == (True, False)


def test_writing_a_sub_project_asks_for_the_tally(
    lean: Contract, team: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    row = identified(lean, team)
    with django_capture_on_commit_callbacks() as asked:
        with_figures(row, team, 100_000, 50_000, 120_000)
    tasks = [one for one in asked if isinstance(one, partial) and "contracts.tally_anomalies" in one.args]
    assert [one.keywords["args"] for one in tasks] == [[lean.pk]]


def test_queries(
    lean_management: ContractVersion,
    cap2030: ContractVersion,
    team: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        assert read_sub_projects(cap2030) is None
    for title in ("Un", "Deux", "Trois"):
        identified(lean_management.contract, team, title)
        with django_assert_num_queries(7):
            read_sub_projects(lean_management)


def test_the_page_of_a_check_tells_its_source(client: Client, db: None) -> None:
    page = words(client.get("/aide/regles/A70/"))
    assert "Accompagnement plus long que prévu" in page
    assert "article 4.1" in page


def test_a_suspension_recorded_since_over_a_sub_project_is_told(
    lean: Contract, team: User, secretariat: User, lean_management: ContractVersion
) -> None:
    """Framed on 31 January 2024; the suspension of 15 January is recorded afterwards, or its end put later."""
    framed(lean, team, secretariat, "Accueil", (200_000, 150_000, 260_000))
    assert "A74" not in found(lean_management)
    record_event(lean, "suspension", date(2024, 1, 15), "Comité", secretariat, today=date(2024, 3, 1))
    assert found(lean_management)["A74"] == ["Sous-projet 1, Accueil"]
    resumed = record_event(lean, "reprise", date(2024, 1, 20), "", secretariat, today=date(2024, 3, 1))
    assert "A74" not in found(lean_management)
    correct_event(resumed, date(2024, 2, 1), "", "Mal lue.", secretariat, today=date(2024, 3, 1))
    assert found(lean_management)["A74"] == ["Sous-projet 1, Accueil"]
