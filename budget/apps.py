from django.apps import AppConfig


class BudgetConfig(AppConfig):
    """The ledger of credits: lines, planned AE/CP, tranches, consumption per filing."""

    name = "budget"
    verbose_name = "Crédits"
