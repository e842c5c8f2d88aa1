"""The demo's mailbox as a person and as the application meet it: a process with two servers."""

import smtplib
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from ftap.demo import free_port, is_busy
from ftap.embedded.children import Child
from tests.conftest import ROOT


def start(folder: Path, smtp: int, http: int) -> Child:
    command = [sys.executable, "-m", "ftap.mailbox", f"--folder={folder / 'mail'}", f"--smtp={smtp}", f"--http={http}"]
    child = Child("mailbox", command, log=folder / "mailbox.log", cwd=ROOT)
    deadline = time.monotonic() + 10
    while not (is_busy(smtp) and is_busy(http)):
        assert child.is_alive, (folder / "mailbox.log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return child


@pytest.fixture
def ports() -> tuple[int, int]:
    return free_port(0), free_port(0)


@pytest.fixture
def running(tmp_path: Path, ports: tuple[int, int]) -> Iterator[Child]:
    child = start(tmp_path, *ports)
    yield child
    child.stop()


def send(port: int, subject: str = "Rapport du 1er trimestre") -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "suivi@ftap.example", "secretariat@ftap.example"
    message["Date"] = "Tue, 07 Apr 2026 10:05:00 +0200"
    message.set_content("Le rapport est joint à ce message.\n")
    message.add_alternative("<p>Le rapport est <b>joint</b>.</p>", subtype="html")
    message.add_attachment(b"%PDF-1.7 \xff", maintype="application", subtype="pdf", filename="rapport n° 1.pdf")
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message, to_addrs=["secretariat@ftap.example", "copie@ftap.example"])


def get(port: int, path: str = "/") -> tuple[str, bytes]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
        return response.headers["Content-Disposition"] or "", response.read()


def first_link(page: bytes) -> str:
    return page.decode().split('href="/message/')[1].split('"')[0]


@pytest.mark.usefixtures("running")
def test_an_empty_mailbox_says_what_will_appear(ports: tuple[int, int]) -> None:
    assert "Aucun message pour le moment" in get(ports[1])[1].decode()


@pytest.mark.usefixtures("running")
def test_a_report_is_read_back_with_its_attachment(ports: tuple[int, int]) -> None:
    smtp, http = ports
    send(smtp)
    inbox = get(http)[1]
    assert "secretariat@ftap.example, copie@ftap.example" in inbox.decode()
    key = first_link(inbox)
    page = get(http, f"/message/{key}")[1].decode()
    assert "Le rapport est joint à ce message." in page
    assert "07/04/2026" in page
    assert "<b>joint</b>" in get(http, f"/message/{key}/html")[1].decode()
    disposition, content = get(http, f"/message/{key}/0")
    assert content == b"%PDF-1.7 \xff"
    assert disposition == "attachment; filename*=UTF-8''rapport%20n%C2%B0%201.pdf"


def test_mails_outlive_a_restart_the_last_received_first(
    running: Child, tmp_path: Path, ports: tuple[int, int]
) -> None:
    send(ports[0], "Premier")
    send(ports[0], "Second")
    running.stop()
    again = start(tmp_path, *ports)
    try:
        page = get(ports[1])[1].decode()
        assert 0 < page.index("Second") < page.index("Premier")
    finally:
        again.stop()


@pytest.mark.usefixtures("running")
def test_what_a_mail_says_is_never_markup(ports: tuple[int, int]) -> None:
    send(ports[0], "<script>alert(1)</script>")
    page = get(ports[1])[1].decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("path", ["/nowhere", "/message/none", "/message/..%2f..%2fsecret-key", "/message/none/0"])
def test_what_is_not_there_is_not_found(ports: tuple[int, int], path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(ports[1], path)


@pytest.mark.usefixtures("running")
def test_both_servers_answer_this_machine_only(ports: tuple[int, int]) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.settimeout(1)
            assert probe.connect_ex(("127.0.0.2", port)) != 0
