"""A contract that does not exist shows what the real ones do not: a signed amendment, affectations, a suspension."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from accounts.models import User
from budget.models import BudgetLine
from budget.tranches.affectations import affect
from budget.tranches.services import decide_tranche, make_available
from contracts.amendments.changed_lines import add_line
from contracts.amendments.file import import_draft
from contracts.amendments.services import prepare_amendment, record_signature, required_parties, sign_amendment
from contracts.calls.services import CallFacts, record_call
from contracts.contract_file.writer import write_contract_file
from contracts.enums import AmendmentType, PartyRole
from contracts.lifecycle.services import record_event
from contracts.models import Contract, ContractVersion, ProjectCall
from contracts.parts import PARTS
from contracts.services import load_contract_file

FILE: Final = Path(__file__).with_name("exemple.toml")
INVENTED: Final = "Démonstration\u00a0: inventé."
SIGNED, EFFECT = date(2023, 6, 30), date(2023, 7, 1)
# What the invented amendment writes in the contract's file.
CHANGES: Final = (
    ("perenne = { ae = 450000, cp = 450000 }", "perenne = { ae = 315000, cp = 315000 }"),
    ("annees.2026 = { ae = 450000, cp = 450000 }", "annees.2026 = { ae = 315000, cp = 315000 }"),
    ("annees.2025 = { ae = 300000, cp = 300000 }", "annees.2025 = { ae = 157500, cp = 157500 }"),
    ('fin = "2024-T4"', 'fin = "2025-T2"'),
    ("annees.2024 = { ae = 0, cp = 10000 }", "annees.2024 = { ae = -5000, cp = 5000 }"),
    ("valeur = 4\n", "valeur = 6\n"),
)
OBJECTS: Final = [AmendmentType.BUDGET, AmendmentType.CALENDAR, AmendmentType.SAVINGS, AmendmentType.TARGETS]
NEW_LINE: Final = {
    "libelle": "Numérisation des fonds anciens",
    "nature": "prestations",
    "titre": "3",
    "programme": "0349",
    "axe": "1",
    "annees.2024.ae": Decimal(40_000),
    "annees.2024.cp": Decimal(40_000),
}


def show_example(*, actor: User, today: date) -> None:
    """Load the invented contract and play its life until funding is suspended; safe to run twice."""
    if Contract.objects.filter(code="exemple").exists():
        return
    contract = load_contract_file(file_name=FILE.name, content=FILE.read_bytes(), actor=actor).version.contract
    contract.is_demo = True
    contract.save(update_fields=["is_demo"])
    call = _record_calls(actor)
    record_event(contract, "selection", date(2021, 9, 15), INVENTED, actor, today=today, call=call)
    record_event(contract, "decision", date(2021, 11, 30), INVENTED, actor, today=today)
    _give(contract, actor)
    _amend(contract, actor)
    record_event(contract, "suspension", date(2024, 3, 1), f"{INVENTED} Travaux arrêtés.", actor, today=today)


def _record_calls(actor: User) -> ProjectCall:
    """A call whose number of projects is known, which is given, and one whose number is not reported."""
    closed = CallFacts("Appel inventé, printemps 2021", date(2021, 3, 1), date(2021, 5, 31), 24, INVENTED)
    silent = CallFacts("Appel inventé, automne 2023", date(2023, 9, 1), date(2023, 11, 30))
    record_call(silent, actor)
    return record_call(closed, actor)


def _give(contract: Contract, actor: User) -> None:
    """A reduced tranche made available, part of which is affected to a phase of the building."""
    on = date(2023, 2, 15)
    decide_tranche(
        contract=contract,
        year=2023,
        ae=Decimal(500_000),
        cp=Decimal(220_000),
        reason=f"{INVENTED} Marché notifié en deux lots.",
        filing=None,
        actor=actor,
        on=on,
    )
    make_available(contract=contract, year=2023, actor=actor, on=date(2023, 3, 1))
    affect(
        line=BudgetLine.objects.get(contract=contract, key="batiment"),
        label="Gros œuvre",
        ae=Decimal(420_000),
        on=date(2023, 4, 3),
        reference=INVENTED,
        actor=actor,
    )


def _amend(contract: Contract, actor: User) -> None:
    """An amendment that lowers the savings, puts the works off and adds a line, signed and in force."""
    reason = f"{INVENTED} Un site est gardé, les travaux prennent six mois de retard."
    draft = prepare_amendment(contract, OBJECTS, actor, reason=reason)
    addition = next(one for part in PARTS for one in part.additions if one.code == "ligne")
    add_line(draft, addition, NEW_LINE, actor)
    text = write_contract_file(draft)
    for old, new in CHANGES:
        text = text.replace(old, new)
    import_draft(draft, FILE.name, text.encode(), actor)
    for role in required_parties(contract):
        record_signature(
            draft, role, f"SIGNATAIRE INVENTÉ ({PartyRole(role).label.lower()})", "démonstration", SIGNED, actor
        )
    sign_amendment(ContractVersion.objects.get(pk=draft.pk), SIGNED, EFFECT, 1, reason, actor)
