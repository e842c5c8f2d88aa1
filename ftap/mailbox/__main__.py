"""`python -m ftap.mailbox --folder DIR --smtp PORT --http PORT`: both servers, on the loopback address only."""

import argparse
import re
import signal
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from ftap.mailbox import pages
from ftap.mailbox.store import Store

LOOPBACK = "127.0.0.1"
MESSAGE = re.compile(r"/message/(?P<key>[^/]+)(?:/(?P<part>html|\d+))?")


class Receiver:
    """Takes every message, for whomever."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.store.add(envelope.original_content or b"", envelope.rcpt_tos)
        return "250 OK"


class Handler(BaseHTTPRequestHandler):
    """Answers GET; everything shown is escaped, and a message's own HTML may load nothing."""

    store: Store

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/":
            self.answer(pages.inbox(self.store.mails()))
        elif path == "/style.css":
            self.answer(pages.STYLE, "text/css")
        elif match := MESSAGE.fullmatch(path):
            self.answer_message(match["key"], match["part"])
        else:
            self.answer(pages.missing(), status=HTTPStatus.NOT_FOUND)

    def answer_message(self, key: str, part: str | None) -> None:
        """A message, its HTML version or one of its attachments, by number."""
        mail = self.store.get(key)
        if mail and part is None:
            self.answer(pages.message(mail))
        elif mail and part == "html" and mail.html:
            self.answer(mail.html)
        elif mail and part and part.isdigit() and int(part) < len(mail.attachments):
            name, kind, content = mail.attachments[int(part)]
            disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
            self.send(content, kind, HTTPStatus.OK, disposition)
        else:
            self.answer(pages.missing(), status=HTTPStatus.NOT_FOUND)

    def answer(self, text: str, kind: str = "text/html", status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send(text.encode(), f"{kind}; charset=utf-8", status, {})

    def send(self, content: bytes, kind: str, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
        fixed = {
            "Content-Type": kind,
            "Content-Length": str(len(content)),
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in (fixed | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Silent: who reads which mail is not worth a line."""


def serve(folder: Path, smtp_port: int, http_port: int) -> None:
    """Runs both servers until the process is asked to end."""
    store = Store(folder)
    smtp = Controller(Receiver(store), hostname=LOOPBACK, port=smtp_port)
    smtp.start()
    web = ThreadingHTTPServer((LOOPBACK, http_port), type("Handler", (Handler,), {"store": store}))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=web.serve_forever, daemon=True).start()
    stop.wait()
    web.shutdown()
    smtp.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ftap.mailbox", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--smtp", type=int, required=True)
    parser.add_argument("--http", type=int, required=True)
    given = parser.parse_args()
    serve(given.folder, given.smtp, given.http)


if __name__ == "__main__":
    main()
