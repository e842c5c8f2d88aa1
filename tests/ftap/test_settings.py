"""What the environment says, and what the settings make of it; each case in a Python of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ftap.addresses import broker_url, cache_url
from ftap.secret import local_secret_key
from tests.conftest import ROOT

PRODUCTION = {
    "DATABASE_URL": "postgres://someone:p%40ss@db.example:5433/suivi",
    "REDIS_URL": "redis://cache.example:6379/3",
    "SECRET_KEY": "k" * 60,
    "EMAIL_URL": "smtps://mailer:secret@smtp.example:587",
}


def read(names: str, tmp_path: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs Python with only that environment and prints the settings named, as JSON."""
    code = f"import json; from ftap import settings as s; print(json.dumps([{names}], default=str))"
    clean = {"PATH": os.environ["PATH"], "FTAP_VAR": str(tmp_path), "PYTHONUTF8": "1", **env}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=clean, capture_output=True, text=True, check=False
    )


def values(names: str, tmp_path: Path, **env: str) -> Any:
    done = read(names, tmp_path, **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_production_reads_its_addresses(tmp_path: Path) -> None:
    database, broker, cache, host, port, tls = values(
        "s.DATABASES['default'], s.CELERY_BROKER_URL, s.CACHES['default']['LOCATION'],"
        "s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS",
        tmp_path,
        **PRODUCTION,
    )
    wanted = {"HOST": "db.example", "PORT": 5433, "NAME": "suivi", "USER": "someone", "PASSWORD": "p@ss"}
    assert {key: database[key] for key in wanted} == wanted
    assert (broker, cache) == ("redis://cache.example:6379/3", "redis://cache.example:6379/4")
    assert (host, port, tls) == ("smtp.example", 587, True)


def test_production_speaks_https_and_logs_json(tmp_path: Path) -> None:
    names = "s.HTTPS, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0, s.LOG_AS_JSON, s.DEBUG"
    assert values(names, tmp_path, **PRODUCTION) == [True, True, True, True, False]


def test_production_refuses_to_start_without_a_secret(tmp_path: Path) -> None:
    done = read("s.SECRET_KEY", tmp_path, **{**PRODUCTION, "SECRET_KEY": ""})
    assert done.returncode == 1
    assert "SECRET_KEY must be set" in done.stderr


def test_only_postgresql_is_a_database(tmp_path: Path) -> None:
    done = read("s.DATABASES", tmp_path, **{**PRODUCTION, "DATABASE_URL": "sqlite:///x.db"})
    assert "must name a PostgreSQL database" in done.stderr


def test_with_nothing_set_the_embedded_services_are_used(tmp_path: Path) -> None:
    database, broker, https = values("s.DATABASES['default'], s.CELERY_BROKER_URL, s.HTTPS", tmp_path)
    assert database["NAME"] == "ftap"
    assert Path(database["HOST"]).is_absolute()
    assert broker.startswith("redis+socket:///")
    assert https is False


@pytest.mark.parametrize(
    ("url", "broker", "cache"),
    [
        ("redis://h:6379", "redis://h:6379", "redis://h:6379/1"),
        ("rediss://u:p@h:6379/2?ssl_cert_reqs=required",) * 2 + ("rediss://u:p@h:6379/3?ssl_cert_reqs=required",),
        ("unix:///run/v.sock", "redis+socket:///run/v.sock?virtual_host=0", "unix:///run/v.sock?db=1"),
        ("unix:///run/v.sock?db=4", "redis+socket:///run/v.sock?virtual_host=4", "unix:///run/v.sock?db=5"),
    ],
)
def test_one_address_in_two_dialects(url: str, broker: str, cache: str) -> None:
    assert (broker_url(url), cache_url(url)) == (broker, cache)


def test_the_local_secret_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    key = local_secret_key(tmp_path)
    assert len(key) > 60
    assert local_secret_key(tmp_path) == key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
