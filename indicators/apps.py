from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The ledger of results: indicators, targets, measurements."""

    name = "indicators"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        """Registers this room's part of every contract version with its checks; its section of a filing, rules, grid,
        signal."""
        from contracts.checks import registry as checks
        from contracts.parts import register
        from indicators.checks import CHECKS, read_indicators
        from indicators.entry_grid import LEDGER
        from indicators.entry_selectors import filing_facts
        from indicators.part import IndicatorsPart
        from indicators.rules import RULES
        from indicators.sections import SECTION
        from indicators.signal import facts_of
        from monitoring import rules, sections, signal
        from monitoring.entry import registry

        register(IndicatorsPart())
        sections.register(SECTION)
        rules.register(*RULES, facts=filing_facts)
        checks.register(*CHECKS, facts=read_indicators)
        registry.register(LEDGER)
        signal.register(facts_of)
