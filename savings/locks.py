"""The trigger by which the database itself holds that who certifies is not who declared."""

import pgtrigger

DECLARED_BY_THEM = "Vous avez saisi ou soumis cette économie : sa certification revient à une autre personne."
NOT_SUBMITTED = "Une économie se certifie une fois son dossier soumis."
REASON_NEEDED = "Changer une certification demande un motif."


def _refuse(condition: str, message: str, constraint: str) -> str:
    return f"""
        IF {condition} THEN
            RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = 'restrict_violation', CONSTRAINT = '{constraint}';
        END IF;
    """


_READ = """
    SELECT filing.id, filing.state, filing.submitted_by_id, realised.updated_by_id INTO filed
        FROM savings_realisedsaving realised JOIN monitoring_filing filing ON filing.id = realised.filing_id
        WHERE realised.id = NEW.realised_id FOR SHARE;
"""
_DECLARED = """
    NEW.certified_by_id IN (filed.submitted_by_id, filed.updated_by_id)
        OR EXISTS (SELECT 1 FROM savings_realisedsavingevent
            WHERE pgh_obj_id = NEW.realised_id AND updated_by_id = NEW.certified_by_id)
        OR EXISTS (SELECT 1 FROM monitoring_filingtransition
            WHERE filing_id = filed.id AND action = 'submit' AND actor_id = NEW.certified_by_id)
"""
_CHANGED = """
    TG_OP = 'UPDATE' AND NEW.reason = ''
        AND (OLD.ae, OLD.cp, OLD.level) IS DISTINCT FROM (NEW.ae, NEW.cp, NEW.level)
"""


def certifier_apart(name: str = "certifier_apart") -> pgtrigger.Trigger:
    """A trigger for certifications: refused to whoever ever typed the saving or submitted its filing, refused while the
    filing is open for entry, and a change of amounts asks for a reason.

    Errors: the statement fails with SQLSTATE 23001 and one of the French messages above, whatever the path.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("filed", "record")],
        func=_READ
        + _refuse("filed.state IN ('draft', 'sent_back')", NOT_SUBMITTED, "saving_certification_filed")
        + _refuse(_DECLARED, DECLARED_BY_THEM, "saving_certification_apart")
        + _refuse(_CHANGED, REASON_NEEDED, "saving_certification_reason")
        + "RETURN NEW;",
    )
