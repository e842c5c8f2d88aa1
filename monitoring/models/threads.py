"""What reviewers ask about a figure, and what is answered: threads of remarks, resolved one by one."""

import re

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from monitoring.models.filings import Filing

NOT_BLANK = r"\S"


@pghistory.track()
class Thread(models.Model):
    """A question on one row of a filing: `row` is the key of the row in its section's summary, `label` its words then.

    The lock of figures does not reach it: people go on talking about a filing that nobody may write in. A row has one
    open thread at a time; the resolved ones stay as they were.
    """

    filing = models.ForeignKey(Filing, models.PROTECT, related_name="threads", verbose_name="dossier")
    section = models.CharField("rubrique", max_length=40)
    row = models.CharField("ligne", max_length=120)
    label = models.CharField("libellé de la ligne", max_length=400)
    opened_at = models.DateTimeField("ouverte le", auto_now_add=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="résolue par"
    )
    resolved_at = models.DateTimeField("résolue le", null=True, blank=True)

    class Meta:
        verbose_name = "remarque"
        ordering = ["filing", "opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "section", "row"],
                condition=Q(resolved_at__isnull=True),
                name="thread_one_open_by_row",
                violation_error_message="Une remarque est déjà ouverte sur cette ligne.",
            ),
            models.CheckConstraint(
                condition=Q(section__regex=NOT_BLANK, row__regex=NOT_BLANK, label__regex=NOT_BLANK),
                name="thread_on_a_row",
                violation_error_message="Une remarque porte sur une ligne du dossier.",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="thread_resolved_by_somebody",
                violation_error_message="Une remarque résolue dit par qui et quand.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="thread_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="thread_frozen", exclude=["resolved_by", "resolved_at"]),
            pgtrigger.Protect(
                name="thread_resolved_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__resolved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} – {self.filing}"

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None

    @property
    def row_anchor(self) -> str:
        """The id of the row on its section's page: the key begins with it, a word and most often a number."""
        found = re.match(r"[a-z]+(-\d+)?", self.row)
        return found[0] if found else ""

    @property
    def anchor(self) -> str:
        """The id of the thread on every page that shows it."""
        return f"remarque-{self.pk}"


class Remark(models.Model):
    """What one person said in a thread; only added, never changed."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="remarks", verbose_name="remarque")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="auteur")
    text = models.TextField("texte", max_length=4000)
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "message"
        ordering = ["thread", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text__regex=NOT_BLANK),
                name="remark_says_something",
                violation_error_message="Écrivez votre remarque.",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.author} : {self.text[:60]}"
