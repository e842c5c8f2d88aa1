"""Two sessions at the same instant: an act begun while the test's own transaction holds its locks."""

import threading
from collections.abc import Callable

from django.db import connection, connections

from monitoring.errors import FilingError


def meanwhile(act: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Starts the act in another connection, and waits until a lock holds it up or it is over; gives its outcome too."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(act())
        except FilingError as error:
            outcome.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive() and not somebody_waits():
        thread.join(0.02)
    return thread, outcome


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
