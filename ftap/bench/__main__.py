"""`python -m ftap.bench`, what `bin/bench` runs: `manage.py bench` on an embedded PostgreSQL of its own.

`DATABASE_URL` names another server, in which the database `ftap_bench` is then made and dropped.
"""

import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from ftap.embedded.postgres import Postgres


def main() -> None:
    """Starts the database, measures, stops it and throws its files away."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftap.settings")
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ftap-bench-")))
            var.chmod(0o711)  # else root's PostgreSQL would keep its data elsewhere, where nobody removes them
            postgres = Postgres(var)
            stack.callback(postgres.stop)
            postgres.start()
            os.environ.update(FTAP_VAR=str(var), DATABASE_URL=postgres.url(), HTTPS="0", DEBUG="0", LOG_AS_JSON="0")
            os.environ.setdefault(
                "SECRET_KEY", "for the measures only, and long enough for the checks of the framework"
            )
            (var / "static").mkdir()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["manage.py", "bench", *sys.argv[1:]])


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
