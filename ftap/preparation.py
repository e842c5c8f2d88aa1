"""`python -m ftap.preparation`: brings the demo's database up to date and fills it where it is empty.

One program instead of two commands: starting Django twice would take longer than both.
"""

import os

import django
from django.core.management import call_command, get_commands


def main() -> None:
    """Migrates, then runs `seed_demo`, whose output (the accounts) is all that is printed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ftap.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    if "seed_demo" in get_commands():
        call_command("seed_demo")


if __name__ == "__main__":
    main()
