from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Promise and reality side by side: situations, snapshots, PDF, XLSX, deliveries."""

    name = "reports"
    verbose_name = "Rapports"
