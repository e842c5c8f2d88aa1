from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """The ledger of savings: lines, methods, planned, declared, certified, return on investment."""

    name = "savings"
    verbose_name = "Économies"

    def ready(self) -> None:
        """Adds this room's part of every contract version."""
        from contracts.parts import register
        from savings.part import SavingsPart

        register(SavingsPart())
