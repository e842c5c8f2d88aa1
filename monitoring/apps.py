from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """The time frame: campaigns, filings, their states and locks, comments, reminders."""

    name = "monitoring"
    verbose_name = "Suivi"
