"""What is written to people, in French: each function gives the subject and the text of a message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from figures.formats import date_fr
from monitoring.awaited import Standing
from monitoring.enums import FilingAction, FilingState
from monitoring.models import DueDateChange, Filing, FilingTransition, Remark, Thread
from monitoring.reality import DEMO

SIGNATURE = "Suivi des contrats FTAP"
DEMO_MARK = "[démonstration] "
"""What the subject of a message begins with when it tells of invented figures, in reports too."""


@dataclass(frozen=True)
class Letter:
    """Something to tell: what it is about, in how many paragraphs, and the address in the site where to go."""

    subject: str
    paragraphs: tuple[str, ...]
    path: str

    @property
    def text(self) -> str:
        """The paragraphs, a blank line between them."""
        return "\n\n".join(self.paragraphs)

    @property
    def body(self) -> str:
        """The text of a message that tells this alone."""
        return f"Bonjour,\n\n{self.text}\n\nLe détail\u00a0: {link(self.path)}\n\n{SIGNATURE}\n"


def link(path: str) -> str:
    """The whole address of a page, as it is written in a message."""
    return f"{settings.SITE_URL}{path}"


def _letter(filing: Filing, subject: str, *paragraphs: str) -> Letter:
    """About a filing: what it is about, what happened, where to go; and that its figures are invented, if they are."""
    texts = tuple(text for text in (*paragraphs, _invented([filing])) if text)
    title = f"{_mark([filing])}{subject} – {filing.contract}, {filing.campaign}"
    return Letter(title, texts, filing.get_absolute_url())


def _mark(filings: Iterable[Filing]) -> str:
    return DEMO_MARK if any(filing.is_demo for filing in filings) else ""


def _invented(filings: Iterable[Filing]) -> str:
    return f"{DEMO}." if any(filing.is_demo for filing in filings) else ""


def opening(filing: Filing) -> Letter:
    """To the lead: a filing is open, until when."""
    return _letter(
        filing,
        "Dossier de suivi ouvert",
        f"Le dossier de suivi {filing.campaign.of_period} du contrat «\u00a0{filing.contract}\u00a0» est ouvert.",
        f"Il est à soumettre avant le {date_fr(filing.due_on)}.",
    )


def reminder(filing: Filing, on: date) -> Letter:
    """To the lead: the filing is awaited, or late."""
    days = (filing.due_on - on).days
    when = f"est attendu le {date_fr(filing.due_on)}" if days >= 0 else f"était attendu le {date_fr(filing.due_on)}"
    return _letter(
        filing,
        "Dossier de suivi attendu" if days >= 0 else "Dossier de suivi en retard",
        f"Le dossier de suivi {filing.campaign.of_period} du contrat «\u00a0{filing.contract}\u00a0» {when}.",
        "Il n’a pas encore été soumis de nouveau." if filing.submitted_at else "Il n’a pas encore été soumis.",
    )


def nudge(filings: Mapping[Filing, Standing], actor: User, path: str) -> Letter:
    """To a lead: the filings that the secretariat asks for, in one message, with how each stands."""
    one, first = len(filings) == 1, next(iter(filings))
    what = "Un dossier de suivi est attendu" if one else f"{len(filings)} dossiers de suivi sont attendus"
    those = "ce dossier" if one else "ces dossiers"
    late = ", en retard" if all(stands.days_late for stands in filings.values()) else ""
    lines = [f"– {each.contract}, {each.campaign}, {_awaited(each, stands)}" for each, stands in filings.items()]
    texts = (
        f"{actor.get_full_name()}, du secrétariat du fonds, vous rappelle {those}{late}\u00a0:",
        "\n".join(lines),
        _invented(filings),
    )
    return Letter(
        _mark(filings) + (f"{what}\u00a0: {first.contract}" if one else what),
        tuple(text for text in texts if text),
        first.get_absolute_url() if one else path,
    )


def _awaited(filing: Filing, stands: Standing) -> str:
    if stands.again is not None:
        return f"{stands.again.word.lower()} le {date_fr(stands.again.on)} et attendu de nouveau"
    return f"attendu le {date_fr(filing.due_on)}"


def due_date(filing: Filing, change: DueDateChange) -> Letter:
    """To the lead: the filing is due on another day."""
    return _letter(
        filing,
        "Échéance changée",
        f"Le dossier est désormais attendu le {date_fr(change.due_after)}, au lieu du {date_fr(change.due_before)}.",
        f"Motif\u00a0: {change.reason}",
    )


def escalation(filing: Filing, leads: Sequence[User]) -> Letter:
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
    FilingAction.REOPEN_TEXTS: (
        "Textes rouverts",
        "a rouvert les textes du dossier, dont les chiffres ne changent pas",
    ),
}


def decision(filing: Filing, done: FilingTransition) -> Letter:
    """To those concerned: who moved the filing, and why."""
    subject, sentence = _DECISIONS[done.action]
    if done.action == FilingAction.VALIDATE and done.to_state == FilingState.LOCKED:
        subject, sentence = _DECISIONS[FilingAction.COUNTERSIGN]
    reason = f"Motif\u00a0: {done.reason}" if done.reason else ""
    return _letter(filing, subject, f"{done.actor.get_full_name()} {sentence}.", reason)


def remark(thread: Thread, said: Remark) -> Letter:
    """To the lead and to whoever spoke in the thread: what was said of which line."""
    letter = _letter(
        thread.filing, "Remarque", f"{said.author.get_full_name()}, sur «\u00a0{thread.label}\u00a0»\u00a0:", said.text
    )
    return replace(letter, path=f"{reverse('monitoring:threads', args=[thread.filing_id])}#{thread.anchor}")
