"""Triggers by which the database itself refuses to write into a filing that is not open for entry."""

from collections.abc import Sequence

import pgtrigger

from monitoring.enums import FilingState

MESSAGE = "Ce dossier n’est plus ouvert à la saisie : il a été soumis, validé ou verrouillé."

_READ = "SELECT state INTO filing_state FROM monitoring_filing WHERE id = {row}.filing_id FOR SHARE;"
_REFUSE = f"""
    RAISE EXCEPTION USING MESSAGE = '{MESSAGE}', ERRCODE = 'restrict_violation', CONSTRAINT = 'filing_is_open';
"""
OPEN_STATES = ", ".join(f"'{state.value}'" for state in FilingState.editable())
"""The states in which figures may be written, for SQL."""
WRITTEN = ("revision", "updated_by_id", "updated_at")
"""What every write of a row of entry changes besides what was typed."""


def filing_lock(texts: Sequence[str] = (), name: str = "filing_lock") -> pgtrigger.Trigger:
    """A trigger for a table with a `filing` column: no insert, update or delete unless the filing is open for entry.

    `texts` are the columns that may also be written when the texts alone were reopened; every other column keeps still.
    Errors: the statement fails with SQLSTATE 23001 and the French message above, whatever the path (form, import, SQL).
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("filing_state", "text")],
        func=f"""
            IF TG_OP <> 'INSERT' THEN
                {_READ.format(row="OLD")}
                IF filing_state NOT IN ({OPEN_STATES}){_unless_texts(texts)} THEN {_REFUSE} END IF;
            END IF;
            IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.filing_id IS DISTINCT FROM OLD.filing_id) THEN
                {_READ.format(row="NEW")}
                IF filing_state NOT IN ({OPEN_STATES}) THEN {_REFUSE} END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def _unless_texts(texts: Sequence[str]) -> str:
    """The condition that spares an update of these columns alone in a filing whose texts are reopened."""
    if not texts:
        return ""
    free = ", ".join(f"'{column}'" for column in (*texts, *WRITTEN))
    same = f"to_jsonb(OLD) - ARRAY[{free}] = to_jsonb(NEW) - ARRAY[{free}]"
    return f" AND NOT (TG_OP = 'UPDATE' AND filing_state = 'texts_open' AND {same})"


def texts_lock(comments: list[str], others: list[str], name: str = "filing_texts_lock") -> pgtrigger.Trigger:
    """A trigger for the filing itself: what people wrote in it, and the version it is held against, keep still too.

    `comments` may also be written when the texts alone were reopened; `others` only while figures may.
    Errors: as `filing_lock`.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF (OLD.state NOT IN ({OPEN_STATES}, 'texts_open') AND ({_changed(comments)}))
                OR (OLD.state NOT IN ({OPEN_STATES}) AND ({_changed(others)})) THEN
                RAISE EXCEPTION USING MESSAGE = '{MESSAGE}', ERRCODE = 'restrict_violation',
                    CONSTRAINT = 'filing_is_open';
            END IF;
            RETURN NEW;
        """,
    )


def _changed(columns: list[str]) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
