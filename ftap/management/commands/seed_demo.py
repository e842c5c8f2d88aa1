"""`manage.py seed_demo`: the four contracts, demo accounts and invented actuals; a second run changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from contracts.checks.tallies import tally_all
from contracts.models import Contract
from ftap.demonstration.people import PASSWORD, PEOPLE
from ftap.demonstration.scene import LEADS, set_scene


class Command(BaseCommand):
    help = "Charge les quatre contrats, les comptes et les chiffres de démonstration (inventés)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses outside a demo: invented figures do not belong beside real ones."""
        if not settings.FTAP_DEMO:
            raise CommandError("Les chiffres de démonstration ne se chargent qu’avec FTAP_DEMO=1.")
        with transaction.atomic():
            if set(LEADS) - set(Contract.objects.values_list("code", flat=True)):
                call_command("load_contracts", verbosity=0)
            if not User.objects.filter(is_demo=True).exists():
                set_scene(on=timezone.localdate())
                tally_all()
        self.stdout.write(accounts())


def accounts() -> str:
    """The accounts of the trial and what each shows, one a line."""
    width = max(len(person.email) for person in PEOPLE)
    lines = [f"  {person.email:<{width}}  {person.title}" for person in PEOPLE]
    return "\n".join([f"Comptes de démonstration, mot de passe : {PASSWORD}", *lines])
