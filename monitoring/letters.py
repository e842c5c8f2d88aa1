"""What is written to people, in French: each function gives the subject and the text of a message."""

from datetime import date

from django.conf import settings

from accounts.models import User
from figures.formats import date_fr
from monitoring.enums import FilingAction
from monitoring.models import Filing, FilingTransition

Letter = tuple[str, str]


def _link(filing: Filing) -> str:
    return f"{settings.SITE_URL}{filing.get_absolute_url()}"


def _letter(filing: Filing, subject: str, *paragraphs: str) -> Letter:
    """A message about a filing: what it is about, what happened, where to go."""
    parts = ["Bonjour,", *(text for text in paragraphs if text), f"Le dossier\u00a0: {_link(filing)}"]
    parts.append("Suivi des contrats FTAP")
    return f"{subject} – {filing.contract}, {filing.campaign}", "\n\n".join(parts) + "\n"


def opening(filing: Filing) -> Letter:
    """To the lead: a filing is open, until when."""
    return _letter(
        filing,
        "Dossier de suivi ouvert",
        f"Le dossier de suivi du contrat «\u00a0{filing.contract}\u00a0» ({filing.campaign}) est ouvert.",
        f"Il est à soumettre avant le {date_fr(filing.due_on)}.",
    )


def reminder(filing: Filing, on: date) -> Letter:
    """To the lead: the filing is awaited, or late."""
    days = (filing.due_on - on).days
    when = f"est attendu le {date_fr(filing.due_on)}" if days >= 0 else f"était attendu le {date_fr(filing.due_on)}"
    return _letter(
        filing,
        "Dossier de suivi attendu" if days >= 0 else "Dossier de suivi en retard",
        f"Le dossier de suivi du contrat «\u00a0{filing.contract}\u00a0» pour la campagne {filing.campaign} {when}.",
        "Il n’a pas encore été soumis.",
    )


def escalation(filing: Filing, leads: list[User]) -> Letter:
    """To the secretariat: a filing is late in spite of the reminders."""
    who = ", ".join(f"{lead.get_full_name()} ({lead.email})" for lead in leads) or "aucun chef de projet désigné"
    return _letter(
        filing,
        "Dossier toujours en retard",
        f"Le dossier de suivi du contrat «\u00a0{filing.contract}\u00a0» était attendu le {date_fr(filing.due_on)}.",
        f"Chef de projet\u00a0: {who}.",
    )


_DECISIONS: dict[str, tuple[str, str]] = {
    FilingAction.SUBMIT: ("Dossier soumis", "a soumis le dossier, qui attend une revue"),
    FilingAction.TAKE_BACK: ("Dossier repris", "a repris le dossier pour le corriger avant sa revue"),
    FilingAction.SEND_BACK: ("Dossier renvoyé", "a renvoyé le dossier, qui attend une correction"),
    FilingAction.VALIDATE: ("Dossier validé par la DITP", "a validé le dossier, qui attend la direction du budget"),
    FilingAction.COUNTERSIGN: ("Dossier validé", "a validé le dossier, désormais verrouillé"),
    FilingAction.REOPEN: ("Dossier rouvert", "a rouvert le dossier, qui attend une correction"),
}


def decision(filing: Filing, done: FilingTransition) -> Letter:
    """To those concerned: who moved the filing, and why."""
    subject, sentence = _DECISIONS[done.action]
    reason = f"Motif\u00a0: {done.reason}" if done.reason else ""
    return _letter(filing, subject, f"{done.actor.get_full_name()} {sentence}.", reason)
