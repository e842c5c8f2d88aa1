from django.apps import AppConfig


class FtapConfig(AppConfig):
    """The roof as an application, for its management commands."""

    name = "ftap"
    verbose_name = "Suivi des contrats FTAP"
