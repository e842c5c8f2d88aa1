"""What the report says, chapter by chapter: blocks that the template knows how to set. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from figures import formats
from reports import charts
from reports.charts import Drawing
from reports.drawings import key_figures
from reports.enums import ReportKind
from reports.facts import Situation
from reports.tables import credits as credit_tables
from reports.tables import frame as frame_tables
from reports.tables import results as result_tables
from reports.tables import savings as savings_tables
from reports.tables import series as series_tables
from reports.tables import subprojects as subproject_tables
from reports.tables import tranches as tranche_tables
from reports.tables.model import Role, Table
from reports.tables.shown import ShownTable, shown_table

BESIDE: Final = 6
"""Up to so many risks stand beside their matrix."""
LINES_AND_YEARS: Final = (
    "Le classeur joint donne les crédits prévus et consommés de chaque ligne, exercice par exercice."
)
CREDITS_LOST: Final = (
    "Le tableau de l’article 2 est illisible sur le document numérisé : rien n’est inventé pour le remplir, et ni les "
    "crédits prévus, ni ce qu’il en reste, ni les retours ne se calculent."
)


@dataclass(frozen=True)
class Picture:
    """A drawing as the template sets it: one image after another, each by the address that the fetcher knows.

    `size` is `small` (a third of a landscape page), `medium` (two thirds), or empty (its whole width).
    """

    title: str
    conclusion: str
    addresses: tuple[str, ...]
    size: str = ""


@dataclass(frozen=True)
class Block:
    """One of: a table, a picture, tiles, paragraphs with their title; or a table and a picture side by side."""

    table: ShownTable | None = None
    picture: Picture | None = None
    tiles: tuple[dict[str, str], ...] = ()
    title: str = ""
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Chapter:
    """`anchor` is its address in the document; a wide chapter stands on landscape pages."""

    number: int
    anchor: str
    title: str
    blocks: tuple[Block, ...]
    is_wide: bool = False


@dataclass
class Report:
    """Chapters, with the drawings that they show by name."""

    chapters: list[Chapter] = field(default_factory=list)
    drawings: dict[str, str] = field(default_factory=dict)

    def add(self, title: str, blocks: Sequence[Block], *, is_wide: bool = False) -> None:
        """The next chapter; without blocks it is left out."""
        if blocks:
            number = len(self.chapters) + 1
            blocks = [replace(block, table=_untitled(block.table, title)) for block in blocks]
            self.chapters.append(Chapter(number, f"chapitre-{number}", title, tuple(blocks), is_wide))

    def picture(self, name: str, drawing: Drawing, size: str = "") -> list[Block]:
        """The drawing as a block; none when there is nothing to draw."""
        if not drawing.svgs:
            return []
        names = [f"{name}-{rank}" for rank in range(len(drawing.svgs))]
        self.drawings.update(zip(names, drawing.svgs, strict=True))
        addresses = tuple(f"report:drawings/{one}.svg" for one in names)
        return [Block(picture=Picture(drawing.title, drawing.conclusion, addresses, size))]


def report(situation: Situation, kind: ReportKind) -> Report:
    """The quarterly report, or the annual one that adds savings with their reasons, and returns."""
    made = Report()
    made.add("Synthèse", _summary(situation, made))
    made.add("Identité du contrat", _identity(situation), is_wide=True)
    made.add("Sous-projets", _sub_projects(situation), is_wide=True)
    made.add("Crédits", _credits(situation, made), is_wide=True)
    if kind == ReportKind.YEARLY:
        made.add("Économies et retour sur investissement", _savings(situation, made), is_wide=True)
    indicators = _tables(result_tables.indicators(situation), *_series(situation, series_tables.indicators))
    made.add("Indicateurs", list(indicators), is_wide=True)
    is_dated = not all(map(charts.is_undrawn, situation.calendar))
    calendar = made.picture("calendrier", charts.calendar(situation)) if is_dated else []
    steps = result_tables.calendar(situation)
    planned = _tables(
        steps if calendar else replace(steps, title=""),
        *_series(situation, partial(series_tables.milestones, is_brief=True)),
    )
    made.add("Calendrier", [*calendar, *planned], is_wide=True)
    made.add("Risques et difficultés", _risks(situation, made), is_wide=True)
    made.add("Détail des crédits par ligne", _credit_lines(situation), is_wide=True)
    made.add("Anomalies", _anomalies(situation), is_wide=True)
    made.add("Sources", list(_tables(frame_tables.sources(situation))), is_wide=True)
    made.add("Ce qui n’est pas renseigné", list(_tables(frame_tables.missing(situation, is_brief=True))), is_wide=True)
    return made


def _untitled(shown: ShownTable | None, title: str) -> ShownTable | None:
    """A table named like its chapter does not repeat the name."""
    if shown is None or shown.table.title != title:
        return shown
    return replace(shown, table=replace(shown.table, title=""))


def _tables(*tables: Table) -> Iterator[Block]:
    for table in tables:
        yield Block(table=shown_table(table))


def _known(*tables: Table) -> Iterator[Table]:
    """The tables that bear at least one amount: one that bears none tells nothing that the synthesis does not."""
    for table in tables:
        places = [place for place, column in enumerate(table.columns) if column.is_figure]
        figures = [row.values[place] for row in table.rows for place in places if row.role is not Role.BAND]
        if any(not isinstance(value, str) and value is not None for value in figures):
            yield table


def _series(situation: Situation, *makers: Callable[[Situation], Table]) -> Iterator[Table]:
    """Tables of three series, where there are three: the synthesis says once when no amendment was made."""
    if situation.signature is not None:
        yield from (make(situation) for make in makers)


def _summary(situation: Situation, made: Report) -> list[Block]:
    blocks = [
        Block(tiles=tuple(key_figures(situation))),
        Block(title="Promesse", paragraphs=(series_tables.promise_words(situation), *_unreadable_credits(situation))),
        Block(title="Météo", facts=_weather(situation)),
        *_told(situation),
    ]
    blocks += made.picture("cp-annees", charts.credits_by_year(situation))
    return blocks


def _unreadable_credits(situation: Situation) -> tuple[str, ...]:
    """Said once of a contract whose credits the scan lost, rather than by every table."""
    is_lost = any(one.path.startswith("credits.") and not one.retained for one in situation.readings)
    if not is_lost or situation.credits.total.planned.is_reported:
        return ()
    return (CREDITS_LOST,)


def _told(situation: Situation) -> list[Block]:
    """What the holder writes: beside its name while it is short, under it when it has paragraphs."""
    weather = situation.weather
    told = [
        ("Avancement", weather.progress),
        ("Difficultés rencontrées", weather.difficulties),
        ("Commentaire de la météo", weather.comment),
    ]
    known = [(title, text.splitlines()) for title, text in told if text.strip()]
    if all(len(lines) == 1 for _, lines in known):
        facts = tuple((title, lines[0]) for title, lines in known)
        return [Block(title="Ce que dit le porteur", facts=facts)] if facts else []
    return [Block(title=title, paragraphs=tuple(lines)) for title, lines in known]


def _weather(situation: Situation) -> tuple[tuple[str, str], ...]:
    weather = situation.weather
    age = "aucune donnée" if weather.as_of is None else f"au {formats.date_fr(weather.as_of)}"
    return (
        ("Déclarée par le porteur", weather.declared_label or formats.NOT_REPORTED),
        ("Calculée", f"{weather.signal.label} (définition {weather.signal.definition})"),
        ("Ce qui la fonde", " ; ".join(weather.signal.reasons) or formats.NOT_REPORTED),
        ("Données", age),
    )


def _identity(situation: Situation) -> list[Block]:
    sheets = (frame_tables.sheets(situation),) if situation.frame.sheets else ()
    return list(_tables(frame_tables.identity(situation), *sheets))


def _sub_projects(situation: Situation) -> list[Block]:
    """Those of an umbrella contract; nothing for another."""
    facts = situation.sub_projects
    told = tuple(sentence for sentence in (facts.conclusion, facts.warning) if sentence) if facts else ()
    paragraphs = [Block(paragraphs=told)] if told else []
    return [*paragraphs, *_tables(*subproject_tables.all_tables(situation))]


def _credits(situation: Situation, made: Report) -> list[Block]:
    """The divisions that the contract makes; those that it does not make are told in one sentence."""
    divisions = [
        credit_tables.by_source(situation),
        credit_tables.by_titre(situation),
        credit_tables.by_nature(situation),
        *((credit_tables.by_axis(situation),) if situation.frame.axes else ()),
    ]
    is_divided = len(situation.credits.by_nature) > 1
    undivided = [table.title.removeprefix("Crédits ") for table in divisions if not table.rows]
    sentence = f"Le contrat ne ventile pas ses crédits {_either(undivided)}."
    tables = [
        credit_tables.by_year(situation),
        *_series(situation, series_tables.credits_by_year),
        tranche_tables.by_year(situation),
        *(table for table in divisions if table.rows),
    ]
    lost = _unreadable_credits(situation)
    is_lost = bool(lost)
    return [
        *([Block(paragraphs=lost)] if lost else []),
        *_tables(*(_known(*tables) if is_lost else tables)),
        *(made.picture("ae-natures", charts.credits_by_nature(situation), "medium") if is_divided else []),
        *([Block(paragraphs=(sentence,))] if undivided else []),
    ]


def _either(words: Sequence[str]) -> str:
    """« par titre, par nature ni par axe »."""
    return " ni ".join(part for part in (", ".join(words[:-1]), words[-1]) if part) if words else ""


def _risks(situation: Situation, made: Report) -> list[Block]:
    """The matrix beside the table while both hold on a page, below it otherwise."""
    (table,) = _tables(result_tables.risks(situation))
    drawn = made.picture("risques", charts.risks(situation), "small")
    if drawn and len(situation.risks) <= BESIDE:
        return [replace(table, picture=drawn[0].picture)]
    return [table, *drawn]


def _credit_lines(situation: Situation) -> list[Block]:
    """Each line over the life of the contract; its years are columns by the dozen, which a workbook holds better."""
    tables = [
        *((credit_tables.by_period(situation),) if situation.credits.period else ()),
        credit_tables.by_line(situation),
        *_series(situation, partial(series_tables.credits_by_line, is_brief=True)),
    ]
    shown = list(_tables(*(_known(*tables) if _unreadable_credits(situation) else tables)))
    return [*shown, Block(paragraphs=(LINES_AND_YEARS,))] if shown else []


def _savings(situation: Situation, made: Report) -> list[Block]:
    compensation = situation.savings.net_compensation.cp
    sentence = (
        f"Toutes lignes compensées, l’écart entre déclaré et prévu est de {formats.exact_euros(compensation)} de CP."
    )
    return [
        *made.picture("economies", charts.savings_by_year(situation), "medium"),
        *_tables(
            *_series(situation, series_tables.savings_by_year),
            savings_tables.by_line(situation),
            *_series(situation, series_tables.savings_by_line),
        ),
        *([Block(paragraphs=(sentence,))] if compensation is not None else []),
        *_tables(savings_tables.by_year(situation)),
        *(_tables(savings_tables.posts(situation)) if any(line.posts for line in situation.savings.lines) else ()),
        *_tables(savings_tables.returns(situation)),
    ]


def _anomalies(situation: Situation) -> list[Block]:
    count = len(situation.stated_figures)
    sentence = f"{count} chiffres affichés au contrat sont comparés à ceux de ses lignes ; le classeur les liste tous."
    corrected = frame_tables.readings(situation, is_brief=True)
    lost = sum(not one.retained for one in situation.readings)
    if lost:
        sentence += f" {lost} valeurs sont illisibles sur le document numérisé ; rien n’est inventé pour les remplir."
    words = frame_tables.wordings(situation, is_brief=True)
    found = frame_tables.contradicted(situation), frame_tables.anomalies(situation)
    blocks = list(_tables(*found, corrected))
    blocks += _tables(words) if words.rows else ()
    blocks += _tables(frame_tables.notes(situation)) if situation.frame.observations else ()
    return [Block(paragraphs=(sentence,)), *blocks]
