"""The Celery application: what the worker and beat run (`celery -A ftap worker`, `celery -A ftap beat`)."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftap.settings")

app = Celery("ftap")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="tasks_mail")


@setup_logging.connect
def keep_django_logging(**_: object) -> None:
    """Leaves the logging of the settings alone: without a receiver here Celery installs its own."""
