from datetime import date

from figures.gantt import GanttFrame, GanttGroup, GanttMilestone, GanttPhase, GanttRow, gantt
from figures.periods import Quarter
from tests.figures.drawings import assert_is_sound, texts

FRAME = GanttFrame("calendrier", "Calendrier du contrat", as_of=date(2020, 6, 30))
PHASE = GanttPhase(Quarter(2019, 1), Quarter(2020, 4), "Conception", Quarter(2019, 2), None)


def rows(count: int) -> tuple[GanttRow, ...]:
    return tuple(GanttRow(f"Action {rank}", (PHASE,)) for rank in range(1, count + 1))


def test_draws_phases_milestones_late_and_unreadable_rows() -> None:
    late = GanttPhase(Quarter(2018, 4), Quarter(2019, 2), "", Quarter(2018, 4), Quarter(2019, 4), is_late=True)
    milestones = (
        GanttMilestone(Quarter(2019, 2), "Prototype", is_done=True, done_in=Quarter(2019, 2)),
        GanttMilestone(Quarter(2020, 4), "Bilan", is_late=True),
    )
    group = GanttGroup(
        "Axe 1 & suite",
        (
            GanttRow("Flux <externe>", (PHASE, late), milestones),
            GanttRow("Visio", is_unreadable=True),
            GanttRow("Forum"),
        ),
    )
    [drawn] = gantt(FRAME, [group])
    assert_is_sound(drawn, "calendrier")
    written = texts(drawn)
    assert {"2018", "2019", "2020", "T1", "T4", "Axe 1 & suite", "Flux <externe>", "Prototype"} <= set(written)
    assert {"retard", "Bilan – retard", "illisible dans l’original", "n.\u00a0r.", "30\u00a0juin\u00a02020"} <= set(
        written
    )
    assert (
        "jalon Prototype prévu T2\u00a02019, atteint T2\u00a02019, jalon Bilan T4\u00a02020 prévu en retard." in drawn
    )
    assert "#B34000" in drawn


def test_a_milestone_stands_where_it_was_planned_and_where_it_was_reached() -> None:
    reached = GanttMilestone(Quarter(2019, 2), "Prototype", is_done=True, done_in=Quarter(2020, 1))
    undated = GanttMilestone(Quarter(2019, 2), "", is_done=True)
    told = GanttRow("A", milestones=(reached,)), GanttRow("B", milestones=(undated,))
    [drawn] = gantt(FRAME, [GanttGroup("Axe 1", told)])
    assert_is_sound(drawn, "calendrier")
    assert "jalon Prototype prévu T2\u00a02019, atteint T1\u00a02020." in drawn
    assert "jalon prévu T2\u00a02019, atteint, date non renseignée." in drawn
    assert "atteint, date non renseignée" in texts(drawn)


def test_a_milestone_reached_that_nobody_had_dated_is_drawn_where_it_was_reached() -> None:
    alone = GanttMilestone(None, is_done=True, done_in=Quarter(2020, 1), note="date prévue absente du contrat")
    [drawn] = gantt(FRAME, [GanttGroup("Axe 1", (GanttRow("A", (PHASE,)), GanttRow("B", milestones=(alone,))))])
    assert_is_sound(drawn, "calendrier")
    assert "date prévue absente du contrat" in texts(drawn)
    assert "B\u00a0: jalon atteint T1\u00a02020, date prévue absente du contrat." in drawn
    of_the_legend = 2
    assert drawn.count("l5 5l-5 5l-5 -5z") == of_the_legend + 1, "solid, and nothing hollow: no date was promised"


def test_a_phase_says_in_words_what_was_done_without_a_date() -> None:
    one = GanttPhase(Quarter(2019, 1), Quarter(2019, 4), note="terminé, date non renseignée")
    [drawn] = gantt(FRAME, [GanttGroup("Axe 1", (GanttRow("A", (one,)),))])
    assert "terminé, date non renseignée" in texts(drawn)
    assert "A\u00a0: T1\u00a02019 à T4\u00a02019, terminé, date non renseignée." in drawn


def test_what_is_not_late_has_no_accent() -> None:
    [drawn] = gantt(FRAME, [GanttGroup("Axe 1", rows(2))])
    assert "#B34000" not in drawn
    assert "retard" not in drawn


def test_a_long_calendar_is_split_and_no_heading_stands_alone() -> None:
    drawn = gantt(FRAME, [GanttGroup("Axe 1", rows(5)), GanttGroup("Axe 2", rows(3))], rows_per_drawing=4)
    headings = [[text for text in texts(page) if text.startswith(("Axe", "Action"))] for page in drawn]
    assert headings == [
        ["Axe 1", "Action 1", "Action 2", "Action 3"],
        ["Axe 1 (suite)", "Action 4", "Action 5"],
        ["Axe 2", "Action 1", "Action 2", "Action 3"],
    ]
    assert "Calendrier du contrat (2/3)" in drawn[1]
    for rank, page in enumerate(drawn, 1):
        assert_is_sound(page, f"calendrier-{rank}")


def test_an_empty_calendar_says_so() -> None:
    for groups in ([], [GanttGroup("Axe 1", (GanttRow("Visio", is_unreadable=True),))]):
        [drawn] = gantt(FRAME, groups)
        assert_is_sound(drawn, "calendrier")
        assert texts(drawn) == ["Aucune donnée"]


def test_a_day_outside_the_calendar_is_not_drawn() -> None:
    [drawn] = gantt(GanttFrame("k", "t", as_of=date(2030, 1, 1)), [GanttGroup("Axe 1", rows(1))])
    assert "1er\u00a0janvier\u00a02030" not in texts(drawn)
    assert_is_sound(drawn, "k")
