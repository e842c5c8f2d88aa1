"""The sub-projects of an umbrella contract: by step, one by one, and their consolidated return."""

from decimal import Decimal
from typing import Final

from reports.facts import Situation
from reports.pipeline import PipelineFacts
from reports.tables.model import EUROS_NOTE, Column, Derived, Kind, Row, Table

NOT_KEPT: Final = "Cet instantané est d’un format qui ne garde pas les sous-projets."
_AMOUNTS: Final = (
    Column("ftap", "FTAP", Kind.EUROS, 12, "CP"),
    Column("co_financing", "Cofinancement", Kind.EUROS, 12, "CP"),
)
_RECURRENT: Final = Column("recurrent", "Économies pérennes à 3 ans", Kind.EUROS, 14)


def by_step(situation: Situation) -> Table:
    """How many stand at each step of the pipeline, and their amounts."""
    columns = (Column("step", "Étape", width=20), Column("count", "Nombre", Kind.NUMBER, 8), *_AMOUNTS, _RECURRENT)
    rows = [
        Row(
            (
                f"{one.state_label} (sorti du parcours)" if one.has_left else one.state_label,
                Decimal(one.count),
                *((one.ftap.cp, one.co_financing.cp, one.recurrent) if one.count else ("", "", "")),
            )
        )
        for one in _facts(situation).steps
    ]
    return _table(situation, "sous-projets-etapes", "Sous-projets par étape", columns, rows)


def one_by_one(situation: Situation) -> Table:
    """Each sub-project with its return at three years and the reason of its exception."""
    columns = (
        Column("number", "N°", Kind.NUMBER, 5),
        Column("title", "Sous-projet", width=28),
        Column("holder", "Porteur", width=18),
        Column("step", "Étape", width=14),
        *_AMOUNTS,
        _RECURRENT,
        Column("ratio", "Retour", Kind.RATIO, 8, derived=Derived("over", "recurrent", "ftap")),
        Column("exception", "Motif de l’exception", width=24),
    )
    rows = [
        Row(
            (
                Decimal(one.number),
                f"{one.title} (démonstration)" if one.is_demo else one.title,
                one.holder,
                one.state_label,
                one.own_return.denominator,
                one.co_financing.cp,
                one.own_return.numerator,
                one.own_return.ratio,
                one.exception,
            )
        )
        for one in _facts(situation).sub_projects
    ]
    return _table(
        situation, "sous-projets", "Sous-projets un par un", columns, rows, "Aucun sous-projet n’est encore identifié."
    )


def returns(situation: Situation) -> Table:
    """The consolidated return with both its terms."""
    columns = (
        Column("label", "Retour", width=34),
        Column("recurrent", "Économies pérennes à 3 ans", Kind.EUROS, 14),
        Column("ftap", "CP du FTAP", Kind.EUROS, 14),
        Column("on", "Au", Kind.DATE, 10),
        Column("ratio", "Valeur", Kind.RATIO, 8, derived=Derived("over", "recurrent", "ftap")),
    )
    rows = [Row((one.label, one.numerator, one.denominator, one.on, one.ratio)) for one in _facts(situation).returns]
    return _table(situation, "sous-projets-retours", "Retour consolidé", columns, rows)


def all_tables(situation: Situation) -> list[Table]:
    """The three; none for a contract that is not an umbrella, one that says so when an old snapshot kept none."""
    if situation.sub_projects is None:
        return [by_step(situation)] if situation.is_umbrella else []
    return [by_step(situation), one_by_one(situation), returns(situation)]


def _facts(situation: Situation) -> PipelineFacts:
    return situation.sub_projects or PipelineFacts((), (), (), "", "")


def _table(
    situation: Situation, key: str, title: str, columns: tuple[Column, ...], rows: list[Row], empty: str = ""
) -> Table:
    kept = situation.sub_projects is not None
    return Table(key, title, columns, tuple(rows), EUROS_NOTE if rows else "", empty if kept else NOT_KEPT)
