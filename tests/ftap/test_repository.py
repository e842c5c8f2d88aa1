"""What may not be in the repository, and what has to hold together."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse

from tests.conftest import ROOT

# Written in pieces, so that this file does not contain what it looks for.
INDEX_HOSTS = re.compile(
    "|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "deb" + r"ian\.org/debian"])
)
MACHINE_PATHS = re.compile("|".join(["/wor" + "k/", "/ho" + r"me/\w", "/ro" + "ot/", "/opt/" + "(pypi|wheels)"]))
# People hold sessions on the site and civil servants are « agents »: what is looked for is who wrote the software.
MAKERS = re.compile(
    "|".join(
        [
            r"\b(this|previous|earlier|other|another|next) sess" + r"ions?\b(?! of)",
            r"\b(AI|coding|software|sub-?) ?ag" + r"ents?\b",
            r"\bassist" + r"ants?\b",
            r"\blanguage mod" + r"els?\b",
            r"\bLL" + r"Ms?\b",
            r"\bissue #?" + r"\d",
        ]
    ),
    re.IGNORECASE,
)
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "core", "manager", "managers"}
BINARY = {".png", ".pdf", ".xlsx", ".woff2", ".ico", ".jpg"}


def text_files(files: list[Path]) -> list[Path]:
    return [file for file in files if file.suffix not in BINARY and file.is_file()]


@pytest.mark.parametrize(
    "forbidden", [INDEX_HOSTS, MACHINE_PATHS, MAKERS], ids=["index hosts", "machine paths", "makers"]
)
def test_no_file_names_it(git_files: list[Path], forbidden: re.Pattern[str]) -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in text_files(git_files)
        for number, line in enumerate(file.read_text(errors="replace").splitlines(), 1)
        if forbidden.search(line)
    ]
    assert found == []


def test_every_file_is_named_after_its_subject(git_files: list[Path]) -> None:
    parts = {(file, part.partition(".")[0]) for file in git_files for part in file.relative_to(ROOT).parts}
    assert [str(file.relative_to(ROOT)) for file, part in parts if part in NAMES_THAT_SAY_NOTHING] == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_dependency_has_a_hash(lock: str) -> None:
    entries = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", (ROOT / lock).read_text(), re.MULTILINE | re.DOTALL)
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_both_locks_agree() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9-]+(?:\[.*\])?==\S+)", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_dependency_says_its_reason() -> None:
    """A comment stands before each dependency, or before the group of lines it opens."""
    block = re.search(r"^dependencies = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.MULTILINE | re.DOTALL)
    assert block
    lines = [line.strip() for line in block[1].splitlines()]
    orphans = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if line.startswith('"') and not before.startswith(("#", '"'))
    ]
    assert orphans == []


def compose_client() -> list[str]:
    """The command of docker's compose, as a plugin or as the older program of its own; empty when there is none."""
    for client in (["docker", "compose"], ["docker-compose"]):
        asked = [*client, "version"]
        if shutil.which(client[0]) and subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            return client
    return []


def test_the_compose_file_is_valid() -> None:
    client = compose_client()
    if not client:
        pytest.skip("no docker client with compose on this machine")  # asked only where one exists
    command = [*client, "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def compose_services() -> dict[str, str]:
    """The text of each service of the compose file."""
    text = (ROOT / "docker-compose.yml").read_text().partition("\nservices:\n")[2].partition("\nvolumes:\n")[0]
    found = re.split(r"^  (\w+):\n", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_the_compose_file_has_every_service_with_its_health_check() -> None:
    """Read as text: also where no docker client checks it."""
    services = compose_services()
    assert list(services) == ["migrate", "web", "worker", "beat", "postgres", "valkey", "mail"]
    assert [name for name, text in services.items() if "healthcheck:" not in text] == ["migrate"]  # it runs and ends
    ours = [name for name, text in services.items() if "<<: *app" in text]
    assert ours == ["migrate", "web", "worker", "beat"]
    assert [name for name in ours[1:] if "depends_on: *migrated" not in services[name] and name != "web"] == []
    assert "migrate: {condition: service_completed_successfully}" in services["web"]
    waited = set(re.findall(r"(\w+): \{condition: service_healthy\}", services["migrate"]))
    assert waited == {"postgres", "valkey"}
    assert f"http://127.0.0.1:8000{reverse('health')}" in services["web"]


def test_what_the_compose_file_gives_is_what_the_settings_read() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    given = set(re.findall(r"^    ([A-Z_]+):", text.partition("\nservices:\n")[0], re.MULTILINE))
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "ftap" / "settings.py").read_text()))
    told = (ROOT / "docs" / "exploitation.md").read_text()
    assert {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL"} <= given <= read
    asked = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert sorted(name for name in asked | given if f"`{name}`" not in told) == []


@pytest.mark.parametrize("script", ["demo", "test", "lint", "bench", "lock", "_environment"])
def test_the_scripts_are_posix_shell(script: str) -> None:
    done = subprocess.run(["sh", "-n", str(ROOT / "bin" / script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
