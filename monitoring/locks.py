"""Triggers by which the database itself refuses to write into a filing that is not open for entry."""

import pgtrigger

MESSAGE = "Ce dossier n’est plus ouvert à la saisie : il a été soumis, validé ou verrouillé."

_CHECK = """
    SELECT state INTO filing_state FROM monitoring_filing WHERE id = {row}.filing_id FOR SHARE;
    IF filing_state NOT IN ('draft', 'sent_back') THEN
        RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = 'restrict_violation', CONSTRAINT = 'filing_is_open';
    END IF;
"""


def filing_lock(name: str = "filing_lock") -> pgtrigger.Trigger:
    """A trigger for a table with a `filing` column: no insert, update or delete unless the filing is open for entry.

    Errors: the statement fails with SQLSTATE 23001 and the French message above, whatever the path (form, import, SQL).
    """
    new, old = _CHECK.format(row="NEW", message=MESSAGE), _CHECK.format(row="OLD", message=MESSAGE)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("filing_state", "text")],
        func=f"""
            IF TG_OP <> 'INSERT' THEN {old} END IF;
            IF TG_OP <> 'DELETE' THEN {new} RETURN NEW; END IF;
            RETURN OLD;
        """,
    )


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
            IF (OLD.state NOT IN ('draft', 'sent_back', 'texts_open') AND ({_changed(comments)}))
                OR (OLD.state NOT IN ('draft', 'sent_back') AND ({_changed(others)})) THEN
                RAISE EXCEPTION USING MESSAGE = '{MESSAGE}', ERRCODE = 'restrict_violation',
                    CONSTRAINT = 'filing_is_open';
            END IF;
            RETURN NEW;
        """,
    )


def _changed(columns: list[str]) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
