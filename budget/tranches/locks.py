"""Triggers by which the database itself keeps tranches to their table, to the envelope and to titre 5."""

import pgtrigger

from budget.tranches.enums import TrancheState
from budget.tranches.transitions import moves

MOVE = "Une tranche ne passe pas directement d’un de ces états à l’autre."
KEPT = "Les montants d’une tranche décidée ne changent plus : revenez d’abord sur la décision."
"""But for what is added to a tranche made available."""

NOT_DELETED = "Une tranche décidée ne se supprime pas."
ABOVE = "La somme des tranches décidées dépasse l’enveloppe du fonds pour cet exercice."
AVAILABLE_ABOVE = "La somme des tranches mises à disposition dépasse l’enveloppe du fonds pour cet exercice."
NO_ENVELOPE = "Rien n’est mis à disposition avant que l’enveloppe du fonds pour l’exercice soit enregistrée."
TITRE_5 = "Une tranche fonctionnelle porte sur une ligne de titre 5 (LOLF, article 8)."
TOO_MUCH = "On ne retire pas plus que ce qui est affecté à la tranche fonctionnelle."
TOO_EARLY = "Un retrait ne précède pas son affectation."
APPENDED = "L’historique des tranches ne se modifie pas."


def _refuse(message: str, constraint: str) -> str:
    return f"RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = 'restrict_violation', CONSTRAINT = '{constraint}';"


_COMPLETED = """(
                    (OLD.state, NEW.state, OLD.year, OLD.contract_id, OLD.decided_on, OLD.made_available_on)
                        = ('available', 'available', NEW.year, NEW.contract_id, NEW.decided_on, NEW.made_available_on)
                    AND NEW.ae >= OLD.ae AND NEW.cp >= OLD.cp AND NEW.ae + NEW.cp > OLD.ae + OLD.cp
                )"""
"""A complement (`budget.tranches.complements`): more AE or more CP, the tranche being what it was."""


def tranche_lock() -> pgtrigger.Trigger:
    """States move along the table; amounts with a decision, upwards only once given; nothing decided is deleted."""
    known = ", ".join(f"'{state.value}'" for state in TrancheState)
    allowed = ", ".join(f"('{before}', '{after}')" for before, after in sorted(moves()))
    return pgtrigger.Trigger(
        name="tranche_lock",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'DELETE' THEN
                IF OLD.state <> 'provisional' THEN {_refuse(NOT_DELETED, "tranche_not_deleted")} END IF;
                RETURN OLD;
            END IF;
            IF OLD.state <> NEW.state AND NEW.state IN ({known}) AND (OLD.state, NEW.state) NOT IN ({allowed}) THEN
                {_refuse(MOVE, "tranche_move_known")}
            END IF;
            IF OLD.state <> 'provisional' AND NEW.state <> 'provisional'
                AND (OLD.ae, OLD.cp, OLD.year, OLD.contract_id, OLD.decision)
                    IS DISTINCT FROM (NEW.ae, NEW.cp, NEW.year, NEW.contract_id, NEW.decision)
                AND NOT {_COMPLETED} THEN
                {_refuse(KEPT, "tranche_amounts_kept")}
            END IF;
            RETURN NEW;
        """,
    )


_FIXED = """
    SELECT sum(plan.ae), sum(plan.cp) INTO fixed_ae, fixed_cp
    FROM contracts_contract AS one
    CROSS JOIN LATERAL (
        SELECT id FROM contracts_contractversion
        WHERE contract_id = one.id AND state = 'signed'
            AND (number = 0 OR COALESCE(effective_on, signed_on) <= CURRENT_DATE)
        ORDER BY number DESC LIMIT 1
    ) AS version
    CROSS JOIN LATERAL (
        SELECT sum(planned.ae) AS ae, sum(planned.cp) AS cp
        FROM budget_plannedcredit AS planned JOIN budget_budgetline AS line ON line.id = planned.line_id
        WHERE planned.version_id = version.id AND planned.year = NEW.year AND line.co_financer_id IS NULL
    ) AS plan
    WHERE one.first_tranche_year = NEW.year AND plan.ae IS NOT NULL AND plan.cp IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM budget_fundingtranche AS told
            WHERE told.contract_id = one.id AND told.year = NEW.year AND told.state <> 'provisional'
        )
"""
"""The first years that contracts fix and on which no act is written yet (`budget.tranches.decided`)."""


def envelope_lock() -> pgtrigger.Trigger:
    """Where an envelope is known, decided tranches never exceed it, nor do those made available; without one, nothing
    is made available.

    The first years that contracts fix count among the decided ones, whether an act is written on them or not; they are
    due, and may themselves exceed it, their complements excepted. The envelope's row is held until the commit.
    """
    sums = ("open_ae", "open_cp", "given_ae", "given_cp", "fixed_ae", "fixed_cp")
    return pgtrigger.Trigger(
        name="envelope_lock",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[(name, "numeric") for name in sums],
        func=f"""
            IF NEW.ae IS NULL THEN RETURN NULL; END IF;
            SELECT voted_ae + carried_ae, voted_cp + carried_cp INTO open_ae, open_cp
                FROM budget_fundenvelope WHERE year = NEW.year FOR UPDATE;
            IF NEW.made_available_on IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.made_available_on IS NULL) THEN
                IF open_ae IS NULL THEN {_refuse(NO_ENVELOPE, "tranche_available_has_envelope")} END IF;
                SELECT sum(ae), sum(cp) INTO given_ae, given_cp FROM budget_fundingtranche
                    WHERE year = NEW.year AND made_available_on IS NOT NULL;
                IF given_ae > open_ae OR given_cp > open_cp THEN
                    {_refuse(AVAILABLE_ABOVE, "tranche_available_within_envelope")}
                END IF;
            END IF;
            IF (NEW.is_fixed AND (TG_OP = 'INSERT' OR OLD.made_available_on IS NULL))
                OR (TG_OP = 'UPDATE' AND OLD.ae IS NOT DISTINCT FROM NEW.ae
                AND OLD.cp IS NOT DISTINCT FROM NEW.cp) THEN RETURN NULL; END IF;
            SELECT sum(ae), sum(cp) INTO given_ae, given_cp FROM budget_fundingtranche WHERE year = NEW.year;
            {_FIXED};
            IF given_ae + COALESCE(fixed_ae, 0) > open_ae OR given_cp + COALESCE(fixed_cp, 0) > open_cp THEN
                {_refuse(ABOVE, "tranche_within_envelope")}
            END IF;
            RETURN NULL;
        """,  # noqa: S608
    )


def titre_5_lock() -> pgtrigger.Trigger:
    """A phase of an investment hangs on a line of titre 5."""
    return pgtrigger.Trigger(
        name="titre_5_lock",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF (SELECT titre FROM budget_budgetline WHERE id = NEW.line_id) <> '5' THEN
                {_refuse(TITRE_5, "tranche_fonctionnelle_titre_5")}
            END IF;
            RETURN NEW;
        """,  # noqa: S608
    )


def affectation_withdrawal_lock() -> pgtrigger.Trigger:
    """What is withdrawn from a phase stays within what was affected to it, and comes after it; the phase is held."""
    return pgtrigger.Trigger(
        name="affectation_withdrawal_lock",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("phase", "record"), ("taken", "numeric")],
        func=f"""
            SELECT affectation, affected_on INTO phase FROM budget_tranchefonctionnelle
                WHERE id = NEW.phase_id FOR UPDATE;
            IF NEW.withdrawn_on < phase.affected_on THEN {_refuse(TOO_EARLY, "affectation_withdrawal_after")} END IF;
            SELECT COALESCE(sum(ae), 0) INTO taken FROM budget_affectationwithdrawal WHERE phase_id = NEW.phase_id;
            IF taken + NEW.ae > phase.affectation THEN
                {_refuse(TOO_MUCH, "affectation_withdrawal_within")}
            END IF;
            RETURN NEW;
        """,  # noqa: S608
    )


def append_only(message: str = APPENDED, constraint: str = "tranche_moves_kept") -> pgtrigger.Trigger:
    """What was done stays written."""
    return pgtrigger.Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=_refuse(message, constraint),
    )
