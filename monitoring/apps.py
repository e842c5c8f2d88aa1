"""The time frame: campaigns, filings, their states and locks, comments, reminders."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """The time frame: campaigns, filings, their states and locks, comments, reminders."""

    name = "monitoring"
    verbose_name = "Suivi"

    def ready(self) -> None:
        """Adds this room's own sections, rules and grid."""
        from contracts.parts import register_guard, register_lock
        from monitoring.calendar_entry import LEDGER
        from monitoring.entry import registry
        from monitoring.filing_rules import register_rules
        from monitoring.filing_sections import register_sections
        from monitoring.promises import filings_hang_on, locked_periods

        register_sections()
        register_rules()
        registry.register(LEDGER)
        register_guard(filings_hang_on)
        register_lock(locked_periods)
