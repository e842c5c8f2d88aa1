from django.apps import AppConfig


class BudgetConfig(AppConfig):
    """The ledger of credits: lines, planned AE/CP, tranches, consumption per filing."""

    name = "budget"
    verbose_name = "Crédits"

    def ready(self) -> None:
        """Registers this room's part of every contract version with its checks; its section of a filing, rules, grid,
        signal."""
        from budget.checks import CHECKS, read_plan
        from budget.entry_grid import LEDGER
        from budget.entry_selectors import filing_facts
        from budget.part import BudgetPart
        from budget.rules import RULES
        from budget.sections import SECTION
        from budget.signal import facts_of
        from budget.tranches.checks import CHECKS as TRANCHE_CHECKS
        from budget.tranches.checks import read_tranches
        from budget.tranches.granted import acts_granted
        from contracts.checks import registry as checks
        from contracts.lifecycle import granted
        from contracts.parts import register
        from monitoring import rules, sections, signal
        from monitoring.entry import registry

        register(BudgetPart())
        sections.register(SECTION)
        rules.register(*RULES, facts=filing_facts)
        checks.register(*CHECKS, facts=read_plan)
        checks.register(*TRANCHE_CHECKS, facts=read_tranches)
        registry.register(LEDGER)
        signal.register(facts_of)
        granted.register(acts_granted)
