"""A database of the measures' own, made and dropped; nothing leaves for the broker or the files of the instance."""

import io
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.management import call_command
from django.db import connection

NAME = "ftap_bench"


@contextmanager
def bench_database() -> Iterator[None]:
    """Everything inside reads and writes `ftap_bench`, migrated and empty; it is dropped at the end, error or not.

    A base of that name left by a killed run is replaced. The role needs the right to create databases.
    """
    user_database = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = NAME
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with _nothing_leaves():
            yield
    finally:
        connection.creation.destroy_test_db(user_database, verbosity=0)


@contextmanager
def _nothing_leaves() -> Iterator[None]:
    """Tasks stay in memory, where nobody takes them; files go to a temporary folder; logs are written to nowhere."""
    current_app.conf.update(broker_url="memory://")
    handlers = [one for one in logging.getLogger().handlers if isinstance(one, logging.StreamHandler)]
    media = settings.MEDIA_ROOT
    with Path(os.devnull).open("w") as nowhere, tempfile.TemporaryDirectory(prefix="ftap-bench-") as folder:
        settings.MEDIA_ROOT = folder
        streams = [handler.setStream(nowhere) for handler in handlers]
        try:
            yield
        finally:
            for handler, stream in zip(handlers, streams, strict=True):
                handler.setStream(stream)
            settings.MEDIA_ROOT = media


def settle() -> None:
    """Tells the planner what was just loaded, as autovacuum does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def load_real_contracts() -> None:
    """The four contracts, from their files."""
    call_command("load_contracts", stdout=io.StringIO())


@contextmanager
def triggers_off() -> Iterator[None]:
    """Inserts without triggers (history, locks, foreign keys), ten times faster; the tests insert the same rows with.

    Where the role may not do so, the triggers stay on.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        (allowed,) = cursor.fetchone()
        if allowed:
            cursor.execute("SET session_replication_role = replica")
        yield
        if allowed:
            cursor.execute("RESET session_replication_role")
