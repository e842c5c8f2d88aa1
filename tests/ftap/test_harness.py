"""The harness itself: services, mail server, worker and browser are real and reach each other."""

from email.message import EmailMessage

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage as OutgoingMessage
from django.db import connection
from django.template import engines
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from ftap.celery import app
from tests.conftest import Mailbox, Worker


@pytest.mark.django_db
def test_the_database_is_postgresql_with_the_extensions_needed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions WHERE name IN ('unaccent', 'btree_gist', 'pg_trgm')")
        assert {name for (name,) in cursor.fetchall()} == {"unaccent", "btree_gist", "pg_trgm"}


@pytest.mark.django_db
def test_health_asks_database_and_broker(client: Client) -> None:
    response = client.get("/sante/")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok"}


@pytest.mark.django_db
def test_the_page_may_only_load_what_this_site_serves(client: Client) -> None:
    policy = client.get("/sante/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_cache_is_not_in_the_queue_s_database() -> None:
    cache.set("key", "value")
    with redis.from_url(settings.REDIS_URL) as queue:
        queue.set("waiting", "1")
        cache.clear()
        assert queue.get("waiting") == b"1"


def test_an_undefined_template_variable_fails() -> None:
    template = engines["django"].from_string("{{ missing }}")
    with pytest.raises(pytest.fail.Exception, match="missing"):
        template.render({})


def test_mail_arrives_by_smtp(mailbox: list[EmailMessage]) -> None:
    OutgoingMessage("Été", "Corps accentué", to=["a@ftap.example"]).send()
    assert [(message["Subject"], message["X-Envelope-To"]) for message in mailbox] == [("Été", "a@ftap.example")]


def test_a_mail_server_in_trouble_is_an_error(smtp: Mailbox) -> None:
    smtp.refusing = True
    with pytest.raises(OSError, match="try later"):
        OutgoingMessage("Sujet", "Corps", to=["a@ftap.example"]).send()


def test_a_killed_worker_comes_back(worker: Worker) -> None:
    worker.kill9()
    worker.start()
    assert app.control.inspect(timeout=5, destination=[worker.name]).ping() == {worker.name: {"ok": "pong"}}


@pytest.mark.e2e
def test_the_browser_speaks_french(live_server: LiveServer, page: Page) -> None:
    page.goto(f"{live_server.url}/sante/")
    assert page.evaluate("navigator.language") == "fr-FR"
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Europe/Paris"
