from django.apps import AppConfig


class BudgetConfig(AppConfig):
    """The ledger of credits: lines, planned AE/CP, tranches, consumption per filing."""

    name = "budget"
    verbose_name = "Crédits"

    def ready(self) -> None:
        """Adds this room's part of every contract version."""
        from budget.part import BudgetPart
        from contracts.parts import register

        register(BudgetPart())
