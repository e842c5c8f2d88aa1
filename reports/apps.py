from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Promise and reality side by side: situations, snapshots, PDF, XLSX, deliveries."""

    name = "reports"
    verbose_name = "Rapports"

    def ready(self) -> None:
        """Asks that a report be made each time a filing is locked."""
        from monitoring.hooks import on_filing_locked
        from reports.jobs import report_locked

        on_filing_locked(report_locked)
