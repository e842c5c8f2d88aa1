from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """The ledger of savings: lines, methods, planned, declared, certified, return on investment."""

    name = "savings"
    verbose_name = "Économies"
