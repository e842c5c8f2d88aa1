from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """The ledger of results: indicators, targets, measurements."""

    name = "indicators"
    verbose_name = "Indicateurs"
