"""The roof: settings, tasks' application, addresses, request plumbing. No other package imports it."""

from ftap.celery import app as celery_app

__all__ = ["celery_app"]
