from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The ledger of results: indicators, targets, measurements."""

    name = "indicators"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        """Adds this room's part of every contract version."""
        from contracts.parts import register
        from indicators.part import IndicatorsPart

        register(IndicatorsPart())
