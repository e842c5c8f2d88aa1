from django.apps import AppConfig

from ftap.celery import app as celery_app

__all__ = ["FtapConfig", "celery_app"]


class FtapConfig(AppConfig):
    """The roof as an application. Imports Celery's, so that the tasks of every app find it once Django has started."""

    name = "ftap"
    verbose_name = "Suivi des contrats FTAP"
