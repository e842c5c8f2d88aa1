"""Sub-projects of Lean written through the services: the whole way, and what is refused on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from accounts.models import User
from contracts.evidence.refusals import EvidenceRefused
from contracts.lifecycle.services import record_event
from contracts.models import Contract, SubProject, SubProjectMove
from contracts.services import load_contract_file
from contracts.subprojects.calc import YearFigures
from contracts.subprojects.enums import SubProjectState
from contracts.subprojects.errors import FieldsRefused, NotAllowedError, StaleError, SubProjectError
from contracts.subprojects.selectors import pipeline_of, standing_of
from contracts.subprojects.services import (
    Answered,
    answer_grid,
    describe,
    identify,
    join_document,
    move,
    record_exception,
    record_figures,
)
from tests.contracts.evidence_files import pdf
from tests.contracts.subprojects.rows import (
    TODAY,
    answered,
    both,
    description,
    framed,
    identified,
    make_umbrella,
    moved,
    with_figures,
)
from tests.fixtures_contracts import DATA

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(SubProjectError) as error:
        act()
    return str(error.value)


def test_the_whole_way(lean: Contract, team: User, secretariat: User) -> None:
    row = framed(lean, team, secretariat, "Accueil simplifié", (200_000, 150_000, 250_000))
    assert row.state == SubProjectState.FRAMED
    moved(row, team, "launch")
    row = moved(row, team, "finish", reason="250 000 € économisés")
    assert row.state == SubProjectState.FINISHED
    told = [(one.action, one.to_state, one.actor) for one in SubProjectMove.objects.order_by("pk")]
    assert told == [
        ("preselect", "preselected", team),
        ("frame", "framed", secretariat),
        ("launch", "running", team),
        ("finish", "finished", team),
    ]
    assert standing_of(row).figures.ratio == Decimal("1.25")


def test_what_is_asked_before_a_sub_project_is_retained(lean: Contract, team: User, secretariat: User) -> None:
    row = identified(lean, team)
    said = refused(lambda: moved(row, team, "preselect"))
    assert "un des 4 critères suffit" in said
    assert "cofinancement non renseigné" in said
    with_figures(row, team, 200_000, 150_000, 180_000)
    answered(row, team, [Answered("porteur-etat", "oui", "")])
    moved(row, team, "preselect")
    said = refused(lambda: moved(row, secretariat, "frame"))
    assert "retour de 0,900 à 3 ans" in said
    assert "4 critères de sélection sans réponse" in said
    assert "document de cadrage n’est pas joint" in said
    assert SubProjectMove.objects.count() == 1, "nothing is written"


def test_only_an_umbrella_has_sub_projects(contract: Contract, lead: User) -> None:
    assert "n’est pas un dispositif" in refused(lambda: identified(contract, lead))


def test_the_lead_proposes_and_does_not_decide(lean: Contract, team: User, secretariat: User, reader: User) -> None:
    row = identified(lean, team)
    for act in ("refuse",):
        with pytest.raises(NotAllowedError):
            moved(row, team, act)
    with pytest.raises(NotAllowedError):
        identified(lean, reader, "Autre")
    with pytest.raises(NotAllowedError):
        with_figures(row, reader, 1, 1, 1)
    with pytest.raises(NotAllowedError):
        record_exception(sub_project=row, reason="Parce que", revision=row.revision, actor=team)
    kept = framed(lean, team, secretariat, "Cadré", (200_000, 150_000, 250_000))
    with pytest.raises(NotAllowedError):
        with_figures(kept, team, 1, 1, 1)
    assert with_figures(kept, secretariat, 210_000, 150_000, 250_000).revision > kept.revision


def test_an_exception_has_a_reason_and_a_whole_that_bears_it(lean: Contract, team: User, secretariat: User) -> None:
    framed(lean, team, secretariat, "Fort", (400_000, 100_000, 500_000))
    reason = "Économies proches du niveau requis, service pilote."
    weak = framed(lean, team, secretariat, "Faible", (300_000, 100_000, 240_000), reason)
    whole = pipeline_of(lean).retained
    assert whole.savings == 740_000
    assert whole.ftap == 700_000
    assert whole.is_respected is True
    assert [(one.title, one.exception) for one in whole.below] == [("Faible", reason)]
    weak.refresh_from_db()
    assert "garde un motif" in refused(
        lambda: record_exception(sub_project=weak, reason=" ", revision=weak.revision, actor=secretariat)
    )
    with_figures(weak, secretariat, 600_000, 100_000, 240_000)
    assert pipeline_of(lean).retained.is_respected is False, "shown as a warning, not refused"


def test_no_exception_to_a_return_that_is_high_enough_or_unknown(lean: Contract, team: User, secretariat: User) -> None:
    row = identified(lean, team)
    for recurrent in (None, 200_000):
        with_figures(row, team, 200_000, 150_000, recurrent)
        row.refresh_from_db()
        assert "n’est pas insuffisant" in refused(
            lambda: record_exception(sub_project=row, reason="Motif", revision=row.revision, actor=secretariat)
        )


def test_two_people_at_once(lean: Contract, team: User, secretariat: User) -> None:
    row = identified(lean, team)
    seen = row.revision
    describe(sub_project=row, given=description("Nouveau titre"), revision=seen, actor=secretariat)
    with pytest.raises(StaleError, match="a modifié ce sous-projet"):
        describe(sub_project=row, given=description("Autre titre"), revision=seen, actor=team)
    assert SubProject.objects.get().title == "Nouveau titre"


def test_what_is_wrong_is_told_at_its_place(lean: Contract, team: User) -> None:
    row = identified(lean, team)
    with pytest.raises(FieldsRefused) as error:
        identify(contract=lean, given=replace(description(), purpose=" "), actor=team)
    assert set(error.value.fields) == {"title", "purpose"}
    wrong = [
        Answered("gouvernance", "non", " "),
        Answered("qualite-service", "sans_objet", ""),
        Answered("economies", "oui", ""),
    ]
    with pytest.raises(FieldsRefused) as error:
        answered(row, team, wrong)
    assert set(error.value.fields) == {"comment-gouvernance", "answer-qualite-service", "answer-economies"}
    assert "pas de ce contrat" in refused(lambda: answered(row, team, [Answered("autre", "oui", "")]))


def test_an_answer_keeps_who_gave_it(lean: Contract, team: User, secretariat: User) -> None:
    row = identified(lean, team)
    answered(row, team, [Answered("gouvernance", "oui", ""), Answered("qualite-service", "oui", "")])
    answered(row, secretariat, [Answered("gouvernance", "oui", ""), Answered("qualite-service", "non", "Pas mesurée")])
    told = {one.criterion.code: (one.answer, one.answered_by) for one in row.answers.select_related("criterion")}
    assert told == {"gouvernance": ("oui", team), "qualite-service": ("non", secretariat)}


def test_amounts_stay_within_the_contract(lean: Contract, team: User) -> None:
    row = identified(lean, team)

    def record(*years: YearFigures, recurrent: int = 0) -> SubProject:
        row.refresh_from_db()
        given = {"basis": "", "revision": row.revision, "actor": team}
        return record_figures(sub_project=row, years=years, recurrent=Decimal(recurrent), **given)  # type: ignore[arg-type]

    assert "2026 n’est pas une année de financement du contrat (2023 à 2025)" in refused(
        lambda: record(YearFigures(2026, both(1)))
    )
    assert "de 2023 à 2028" in refused(lambda: record(YearFigures(2029, savings=Decimal(1))))
    assert "négatif" in refused(lambda: record(YearFigures(2023, both(-1))))
    assert "négatif" in refused(lambda: record(recurrent=-1))
    record(YearFigures(2023, both(100)), YearFigures(2028, savings=Decimal(5)))
    record(YearFigures(2024, both(100)), YearFigures(2025))
    assert [one.year for one in row.years.order_by("year")] == [2024], (
        "what is erased is gone, blank years are not kept"
    )


def test_days_follow_one_another(lean: Contract, team: User, secretariat: User) -> None:
    row = identified(lean, team)
    moved(row, team, "abandon", date(2024, 1, 10))

    def fields(on: date, reason: str = "Comité") -> dict[str, str]:
        with pytest.raises(FieldsRefused) as error:
            move(sub_project=row, action="reopen", on=on, reason=reason, actor=secretariat, today=TODAY)
        return error.value.fields

    assert "à venir" in fields(date(2024, 2, 1))["on"]
    assert "10\u00a0janvier\u00a02024" in fields(date(2024, 1, 9))["on"]
    assert set(fields(date(2024, 1, 10), " ")) == {"reason"}
    assert moved(row, secretariat, "reopen").state == SubProjectState.IDENTIFIED
    assert "n’est pas possible" in refused(lambda: moved(row, secretariat, "finish"))


def test_nothing_new_while_funding_is_suspended(lean: Contract, team: User, secretariat: User) -> None:
    row = framed(lean, team, secretariat, "Accueil", (200_000, 150_000, 250_000))
    record_event(lean, "suspension", TODAY, "Comité de pilotage", secretariat, today=TODAY)
    assert "aucun sous-projet nouveau n’est engagé" in refused(lambda: moved(row, team, "launch"))


def test_a_framing_document_is_examined_and_each_is_kept(lean: Contract, team: User) -> None:
    row = identified(lean, team)
    with pytest.raises(EvidenceRefused, match="n’est pas accepté"):
        join_document(sub_project=row, name="cadrage.html", content=b"<script>", actor=team)
    assert standing_of(row).document is None
    join_document(sub_project=row, name="cadrage-1.pdf", content=pdf(), actor=team)
    join_document(sub_project=row, name="cadrage-2.pdf", content=pdf(), actor=team)
    document = standing_of(row).document
    assert document is not None
    assert (document.name, row.documents.count()) == ("cadrage-2.pdf", 2)


def test_what_is_over_is_not_written(lean: Contract, team: User, secretariat: User) -> None:
    row = identified(lean, team)
    moved(row, secretariat, "refuse")
    for act in (
        lambda: with_figures(row, secretariat, 1, 1, 1),
        lambda: join_document(sub_project=row, name="a.pdf", content=pdf(), actor=secretariat),
        lambda: answered(row, secretariat),
    ):
        assert "ne change plus" in refused(act)


def test_the_criteria_are_those_of_each_umbrella(contract: Contract, lead: User, secretariat: User) -> None:
    """Another umbrella, with one criterion of its own: no amount is asked, the holder's status alone."""
    row = identified(make_umbrella(contract), lead)
    answer_grid(sub_project=row, given=[Answered("porteur-etat", "oui", "")], revision=row.revision, actor=lead)
    join_document(sub_project=row, name="cadrage.pdf", content=pdf(), actor=lead)
    moved(row, lead, "preselect")
    assert moved(row, secretariat, "frame").state == SubProjectState.FRAMED


def test_a_contract_file_does_not_replace_criteria_that_bear_answers(lean: Contract, team: User) -> None:
    identified(lean, team)
    content = (DATA / "lean-management.toml").read_bytes().replace(b"seuil = 1\n", b"seuil = 2\n")
    with pytest.raises(ValueError, match="sous-projets"):
        load_contract_file(file_name="lean.toml", content=content, actor=None)


def test_warnings_of_the_amounts(lean: Contract, team: User) -> None:
    row = identified(lean, team)
    years = [YearFigures(2023, replace(both(100), cp=Decimal(90)), both(10)), YearFigures(2026, savings=Decimal(50))]
    record_figures(sub_project=row, years=years, recurrent=Decimal(100), basis="", revision=row.revision, actor=team)
    row.refresh_from_db()
    first, second = standing_of(row).warnings
    assert "FTAP" in first
    assert "n’est pas atteinte en 2026" in second
