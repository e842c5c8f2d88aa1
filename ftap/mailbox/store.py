"""Received mails, one file each in a maildir: a restart loses none."""

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

ENVELOPE = "X-Envelope-To"


@dataclass(frozen=True)
class Mail:
    """A message as read; `key` is its name in the store."""

    key: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "(sans objet)")

    @property
    def sender(self) -> str:
        return str(self.message["From"] or "")

    @property
    def recipients(self) -> str:
        """Who really got it: the envelope's addresses, blind copies included."""
        return str(self.message[ENVELOPE] or self.message["To"] or "")

    @property
    def sent_at(self) -> datetime | None:
        """None when the date is missing or not a date."""
        try:
            return parsedate_to_datetime(str(self.message["Date"])).astimezone()
        except (TypeError, ValueError):
            return None

    @property
    def text(self) -> str:
        """The plain text, empty when the message has none."""
        body = self.message.get_body(("plain",))
        return str(body.get_content()) if body else ""

    @property
    def html(self) -> str:
        """The HTML version, empty when the message has none."""
        body = self.message.get_body(("html",))
        return str(body.get_content()) if body else ""

    @property
    def attachments(self) -> list[tuple[str, str, bytes]]:
        """Name, type and content of each attached file."""
        return [
            (part.get_filename() or "piece-jointe", part.get_content_type(), content)
            for part in self.message.iter_attachments()
            if isinstance(content := part.get_payload(decode=True), bytes)
        ]


class Store:
    """The maildir, written by the SMTP server and read by the pages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        self.open()

    def open(self) -> mailbox.Maildir:
        """The maildir, made at the first use. A new object for each reader: it is not made for threads."""
        return mailbox.Maildir(self.folder, create=True)

    def add(self, content: bytes, recipients: list[str]) -> str:
        """Stores the bytes received with the envelope's addresses, and returns the key."""
        return self.open().add(f"{ENVELOPE}: {', '.join(recipients)}\r\n".encode() + content)

    def get(self, key: str) -> Mail | None:
        """The mail of that key, None when there is none."""
        box = self.open()
        return self._read(box, key) if key in box else None

    def mails(self) -> list[Mail]:
        """All of them, the last received first."""
        box = self.open()
        received = {key: (self.folder / box._lookup(key)).stat().st_mtime_ns for key in box.iterkeys()}  # type: ignore[attr-defined]
        return list(self._read_all(box, sorted(received, key=lambda key: received[key], reverse=True)))

    def _read_all(self, box: mailbox.Maildir, keys: list[str]) -> Iterator[Mail]:
        for key in keys:
            yield self._read(box, key)

    @staticmethod
    def _read(box: mailbox.Maildir, key: str) -> Mail:
        return Mail(key, message_from_bytes(box.get_bytes(key), EmailMessage, policy=policy.default))
