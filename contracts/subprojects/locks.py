"""Triggers by which the database itself keeps sub-projects to their table, and to contracts that may have some."""

from collections.abc import Iterable

import pgtrigger

from contracts.enums import ContractKind
from contracts.subprojects.calc import COUNTED
from contracts.subprojects.enums import SubProjectState
from contracts.subprojects.transitions import moves

AMOUNTS = ("ftap_ae", "ftap_cp", "co_financing_ae", "co_financing_cp", "savings")
ONLY_UMBRELLA = "Seul un dispositif a des sous-projets."
BEGINS = "Un sous-projet commence à l’état identifié."
MOVE = "Un sous-projet ne passe pas directement d’un de ces états à l’autre."
CLOSED = "Ce sous-projet est terminé, refusé ou abandonné : il ne change plus."
KEPT = "Les montants d’un sous-projet retenu se corrigent, ils ne se vident pas."
APPENDED = "L’historique des sous-projets ne se modifie pas."


def _refuse(message: str, constraint: str) -> str:
    return f"RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = 'restrict_violation', CONSTRAINT = '{constraint}';"


def _listed(states: Iterable[SubProjectState]) -> str:
    return ", ".join(f"'{state.value}'" for state in states)


def pipeline_lock() -> pgtrigger.Trigger:
    """On umbrella contracts only; begins identified, moves along the table, and keeps still once it is over."""
    known = _listed(SubProjectState)
    closed = _listed(SubProjectState.closed())
    retained = ", ".join(f"'{state}'" for state in COUNTED)
    allowed = ", ".join(f"('{before}', '{after}')" for before, after in sorted(moves()))
    return pgtrigger.Trigger(
        name="pipeline_lock",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF (SELECT kind FROM contracts_contract WHERE id = NEW.contract_id) <> '{ContractKind.UMBRELLA.value}' THEN
                {_refuse(ONLY_UMBRELLA, "sub_project_of_umbrella")}
            END IF;
            IF TG_OP = 'INSERT' AND NEW.state <> 'identified' AND NEW.state IN ({known}) THEN
                {_refuse(BEGINS, "sub_project_begins_identified")}
            END IF;
            IF TG_OP = 'UPDATE' AND OLD.state = NEW.state AND OLD.state IN ({closed}) THEN
                {_refuse(CLOSED, "sub_project_is_open")}
            END IF;
            IF TG_OP = 'UPDATE' AND OLD.state = NEW.state AND OLD.state IN ({retained})
                AND OLD.recurrent IS NOT NULL AND NEW.recurrent IS NULL THEN
                {_refuse(KEPT, "sub_project_amounts_kept")}
            END IF;
            IF TG_OP = 'UPDATE' AND OLD.state <> NEW.state AND NEW.state IN ({known})
                AND (OLD.state, NEW.state) NOT IN ({allowed}) THEN
                {_refuse(MOVE, "sub_project_move_known")}
            END IF;
            RETURN NEW;
        """,  # noqa: S608
    )


def open_lock() -> pgtrigger.Trigger:
    """For a table with a `sub_project` column: nothing is written once the sub-project is over."""
    closed = _listed(SubProjectState.closed())
    check = (
        "IF (SELECT state FROM contracts_subproject WHERE id = {row}.sub_project_id) IN ({closed}) THEN {no} END IF;"
    )
    refuse = _refuse(CLOSED, "sub_project_is_open")
    old, new = (check.format(row=row, closed=closed, no=refuse) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="open_lock",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP <> 'INSERT' THEN {old} END IF;
            IF TG_OP <> 'DELETE' THEN {new} RETURN NEW; END IF;
            RETURN OLD;
        """,
    )


def amounts_lock() -> pgtrigger.Trigger:
    """For the amounts by year: while the sub-project is retained, none that is stated becomes blank."""
    retained = ", ".join(f"'{state}'" for state in COUNTED)
    kept = [f"OLD.{name} IS NOT NULL" for name in AMOUNTS]
    blanked = [f"(OLD.{name} IS NOT NULL AND NEW.{name} IS NULL)" for name in AMOUNTS]
    return pgtrigger.Trigger(
        name="amounts_lock",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF (SELECT state FROM contracts_subproject WHERE id = OLD.sub_project_id) IN ({retained}) THEN
                IF TG_OP = 'DELETE' THEN
                    IF {" OR ".join(kept)} THEN {_refuse(KEPT, "sub_project_amounts_kept")} END IF;
                ELSIF {" OR ".join(blanked)} THEN {_refuse(KEPT, "sub_project_amounts_kept")}
                END IF;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,  # noqa: S608
    )


def append_only() -> pgtrigger.Trigger:
    """What was done stays written."""
    return pgtrigger.Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=_refuse(APPENDED, "sub_project_moves_kept"),
    )
