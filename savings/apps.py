from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """The ledger of savings: lines, methods, planned, declared, certified, return on investment."""

    name = "savings"
    verbose_name = "Économies"

    def ready(self) -> None:
        """Registers this room's part of every contract version, its section of a filing, its rules, its grid."""
        from contracts.parts import register
        from monitoring import rules, sections
        from monitoring.entry import registry
        from savings.entry_selectors import filing_facts
        from savings.part import SavingsPart
        from savings.rules import RULES
        from savings.sections import SECTION
        from savings.views.entry import LEDGER

        register(SavingsPart())
        sections.register(SECTION)
        rules.register(*RULES, facts=filing_facts)
        registry.register(LEDGER)
