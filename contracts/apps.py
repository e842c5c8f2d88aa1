from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """The promise's frame: organisations, contracts, versions, axes, sheets, calendar, stated figures."""

    name = "contracts"
    verbose_name = "Contrats"

    def ready(self) -> None:
        """Adds this room's part of every contract version."""
        from contracts.part import FramePart
        from contracts.parts import register

        register(FramePart())
