from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """The promise's frame: organisations, contracts, versions, axes, sheets, calendar, stated figures."""

    name = "contracts"
    verbose_name = "Contrats"
