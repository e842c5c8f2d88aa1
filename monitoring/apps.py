"""The time frame: campaigns, filings, their states and locks, comments, reminders."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """The time frame: campaigns, filings, their states and locks, comments, reminders."""

    name = "monitoring"
    verbose_name = "Suivi"

    def ready(self) -> None:
        """Adds this room's own sections and rules."""
        from monitoring.filing_rules import register_rules
        from monitoring.filing_sections import register_sections

        register_sections()
        register_rules()
