"""The mailbox's pages: a list, a message, its attachments. Plain HTML, no script, readable by anybody."""

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from figures.formats import moment_fr
from ftap.mailbox.store import Mail

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #161616;
       background: #fff; }
a { color: #000091; } a:focus-visible { outline: 2px solid #0a76f6; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: #3a3a3a; padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #ddd; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; border-top: 1px solid #ddd; padding-top: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dt { color: #3a3a3a; } dd { margin: 0; }
.note { color: #3a3a3a; }
"""


def page(title: str, content: str) -> str:
    """A whole page; `content` is HTML."""
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/style.css"></head><body><main>{content}</main></body></html>'
    )


def inbox(mails: Iterable[Mail]) -> str:
    """The list, the last received first."""
    rows = "".join(
        f'<tr><td>{_date(mail)}</td><td>{escape(mail.recipients)}</td><th scope="row">'
        f'<a href="/message/{quote(mail.key)}">{escape(mail.subject)}</a></th><td>{len(mail.attachments)}</td></tr>'
        for mail in mails
    )
    table = (
        "<table><caption>Du plus récent au plus ancien</caption><thead><tr><th scope='col'>Reçu</th>"
        "<th scope='col'>Destinataires</th><th scope='col'>Objet</th><th scope='col'>Pièces jointes</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
    empty = "<p>Aucun message pour le moment. Les rapports et les rappels envoyés apparaîtront ici.</p>"
    note = '<p class="note">Messagerie de démonstration\xa0: rien ne quitte cette machine.</p>'
    return page("Messages reçus", f"<h1>Messages reçus</h1>{note}{table if rows else empty}")


def message(mail: Mail) -> str:
    """One message with its attachments; the HTML version, when there is one, on a page of its own."""
    facts = {"De": mail.sender, "À": mail.recipients, "Reçu": _date(mail)}
    if mail.message["Reply-To"]:
        facts["Répondre à"] = str(mail.message["Reply-To"])
    listed = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return page(
        mail.subject,
        f'<p><a href="/">Tous les messages</a></p><h1>{escape(mail.subject)}</h1><dl>{listed}</dl>'
        f"{_attachments(mail)}{_html_link(mail)}<pre>{escape(mail.text)}</pre>",
    )


def missing() -> str:
    return page("Introuvable", '<h1>Introuvable</h1><p><a href="/">Tous les messages</a></p>')


def _attachments(mail: Mail) -> str:
    if not mail.attachments:
        return ""
    items = "".join(
        f'<li><a href="/message/{quote(mail.key)}/{number}">{escape(name)}</a> ({_size(content)})</li>'
        for number, (name, _, content) in enumerate(mail.attachments)
    )
    return f"<h2>Pièces jointes</h2><ul>{items}</ul>"


def _html_link(mail: Mail) -> str:
    return f'<p><a href="/message/{quote(mail.key)}/html">Voir la version mise en forme</a></p>' if mail.html else ""


def _size(content: bytes) -> str:
    return f"{max(1, round(len(content) / 1024))}\xa0ko"


def _date(mail: Mail) -> str:
    return moment_fr(mail.sent_at, missing="date inconnue")
