from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """The ledger of savings: lines, methods, planned, declared, certified, return on investment."""

    name = "savings"
    verbose_name = "Économies"

    def ready(self) -> None:
        """Registers this room's part of every contract version, its checks; its section of a filing, rules, grid."""
        from contracts.checks import registry as checks
        from contracts.parts import register
        from monitoring import rules, sections
        from monitoring.entry import registry
        from savings.checks import CHECKS, read_savings
        from savings.entry_grid import LEDGER
        from savings.entry_selectors import filing_facts
        from savings.part import SavingsPart
        from savings.rules import RULES
        from savings.sections import SECTION
        from savings.unit_costs.checks import CHECKS as COST_CHECKS
        from savings.unit_costs.checks import read_spans

        register(SavingsPart())
        sections.register(SECTION)
        rules.register(*RULES, facts=filing_facts)
        checks.register(*CHECKS, facts=read_savings)
        checks.register(*COST_CHECKS, facts=read_spans)
        registry.register(LEDGER)
