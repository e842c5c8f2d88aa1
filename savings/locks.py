"""Triggers by which the database itself holds that who certifies is not who declared, that nothing is certified above
what is declared, and that a one-off saving has no recurrent amount.
"""

import pgtrigger

from monitoring.locks import OPEN_STATES
from savings.certification import STAFF_DIFFERS

DECLARED_BY_THEM = (
    "Vous avez saisi ou soumis des chiffres de ce dossier, ou y avez joint une pièce : "
    "la certification de ses économies revient à une autre personne."
)
NOT_SUBMITTED = "Une économie se certifie une fois son dossier soumis."
REASON_NEEDED = "Changer une certification demande un motif."
ABOVE_DECLARED = (
    "Une économie ne se certifie pas au-delà de ce qui est déclaré\u00a0: "
    "renvoyez le dossier pour que le porteur le déclare."
)
BELOW_DECLARED = "Un montant négatif ne se certifie que si la déclaration l’est autant."
ONE_OFF = (
    "Une économie ponctuelle ne porte pas de montant pérenne\u00a0: retirez ce montant, "
    "ou portez-le sur une ligne récurrente."
)


def _refuse(condition: str, message: str, constraint: str) -> str:
    return f"""
        IF {condition} THEN
            RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = 'restrict_violation', CONSTRAINT = '{constraint}';
        END IF;
    """


_READ = """
    SELECT filing.id, filing.state, filing.submitted_by_id INTO filed
        FROM savings_realisedsaving realised JOIN monitoring_filing filing ON filing.id = realised.filing_id
        WHERE realised.id = NEW.realised_id FOR SHARE;
"""
# The histories of all the tables of entry rows, those of other rooms by name: the function reads them when it runs.
_DECLARED = """
    NEW.certified_by_id IN (
        SELECT filed.submitted_by_id
        UNION ALL SELECT actor_id FROM monitoring_filingtransition WHERE filing_id = filed.id AND action = 'submit'
        UNION ALL SELECT updated_by_id FROM budget_consumptionevent WHERE filing_id = filed.id
        UNION ALL SELECT updated_by_id FROM savings_realisedsavingevent WHERE filing_id = filed.id
        UNION ALL SELECT updated_by_id FROM indicators_measurementevent WHERE filing_id = filed.id
        UNION ALL SELECT updated_by_id FROM monitoring_milestoneprogressevent WHERE filing_id = filed.id
        UNION ALL SELECT updated_by_id FROM monitoring_filedriskevent WHERE filing_id = filed.id
        UNION ALL SELECT updated_by_id FROM monitoring_filingevent WHERE id = filed.id
        UNION ALL SELECT uploaded_by_id FROM monitoring_attachment WHERE filing_id = filed.id
        UNION ALL SELECT removed_by_id FROM monitoring_attachment
            WHERE filing_id = filed.id AND removed_by_id IS NOT NULL
    )
"""
_CHANGED = """
    TG_OP = 'UPDATE' AND NEW.reason = ''
        AND (OLD.ae, OLD.cp, OLD.level) IS DISTINCT FROM (NEW.ae, NEW.cp, NEW.level)
"""


def certifier_apart(name: str = "certifier_apart") -> pgtrigger.Trigger:
    """A trigger for certifications: refused to the declarants of the filing, as `monitoring.permissions` tells them
    (who ever typed a row or the texts, submitted, joined a piece or removed one), refused while the filing is open for
    entry, and a change of amounts asks for a reason.

    Errors: the statement fails with SQLSTATE 23001 and one of the French messages above, whatever the path.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("filed", "record")],
        func=_READ
        + _refuse(f"filed.state IN ({OPEN_STATES})", NOT_SUBMITTED, "saving_certification_filed")
        + _refuse(_DECLARED, DECLARED_BY_THEM, "saving_certification_apart")
        + _refuse(_CHANGED, REASON_NEEDED, "saving_certification_reason")
        + "RETURN NEW;",
    )


_READ_DECLARED = """
    SELECT realised.ae, realised.cp, line.titre INTO declared
        FROM savings_realisedsaving realised JOIN savings_savingsline line ON line.id = realised.line_id
        WHERE realised.id = NEW.realised_id FOR SHARE OF realised;
"""
_ABOVE = """
    (NEW.ae <> 0 AND NEW.ae > COALESCE(declared.ae, 0)) OR (NEW.cp <> 0 AND NEW.cp > COALESCE(declared.cp, 0))
"""
_BELOW = "NEW.ae < LEAST(COALESCE(declared.ae, 0), 0) OR NEW.cp < LEAST(COALESCE(declared.cp, 0), 0)"


def certified_within_declared(name: str = "within_declared") -> pgtrigger.Trigger:
    """A trigger for certifications: AE and CP each within what is declared at that moment (nothing declared: zero), and
    the same in titre 2. As `savings.certification.refusals`, which tells the cell before.

    Errors: the statement fails with SQLSTATE 23001 and one of the French messages above, whatever the path.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("declared", "record")],
        func=_READ_DECLARED
        + _refuse(_ABOVE, ABOVE_DECLARED, "saving_certification_above")
        + _refuse(_BELOW, BELOW_DECLARED, "saving_certification_below")
        + _refuse("declared.titre = '2' AND NEW.ae <> NEW.cp", STAFF_DIFFERS, "saving_certification_staff")
        + "RETURN NEW;",
    )


_ONE_OFF_PROMISED = """
    EXISTS (
        SELECT 1 FROM savings_savingsterms terms JOIN savings_savingsline line ON line.id = terms.line_id
            WHERE {row}.id = NEW.id AND NOT line.is_recurrent
                AND (COALESCE(terms.recurrent_ae, 0) <> 0 OR COALESCE(terms.recurrent_cp, 0) <> 0)
    )
"""


def one_off_without_recurrent(row: str) -> pgtrigger.Trigger:
    """A trigger for the lines and for their terms (`row`: `line` or `terms`): a recurrent amount other than zero is
    refused on a line that is not recurrent. Told at the end of the transaction: a file read again changes lines first
    and amounts next, and a page tells each wrong cell before.

    Errors: the commit fails with SQLSTATE 23001 and the French message above, whatever the path.
    """
    return pgtrigger.Trigger(
        name="one_off_without_recurrent",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update if row == "terms" else pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=_refuse(_ONE_OFF_PROMISED.format(row=row), ONE_OFF, "savings_one_off") + "RETURN NULL;",
    )
