"""`bin/_environment`: what is missing is found and named, and never installed by a user who may not."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT


def shell(script: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    """Runs `script` after sourcing the file, with no language set."""
    command = ["sh", "-euc", f"cd '{ROOT}'; . bin/_environment; missing=''; scratch=/nowhere; {script}"]
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)


def test_a_library_that_is_not_there_is_seen() -> None:
    assert shell("has_libraries libc.so.6").returncode == 0
    assert shell("has_libraries libc.so.6 libnowhere.so.9").returncode == 1


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libpango-1.0.so.0", "libpango-1.0-0"),
        ("libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset0"),
    ],
)
def test_each_missing_library_names_its_package(library: str, package: str) -> None:
    pretend = f'has_libraries() {{ [ "$1" != {library} ]; }}'
    assert shell(f'{pretend}; probe_runtime; echo "$missing"').stdout.split() == [package]


def test_a_plain_user_is_given_the_line_to_run() -> None:
    plain = "id() { echo 1000; }; sudo() { return 1; }; has_command() { return 0; }"
    done = shell(f"{plain}; missing=' libpango-1.0-0'; install_missing")
    assert done.returncode == 2
    assert "apt-get install -y --no-install-recommends libpango-1.0-0" in done.stderr


def test_nothing_missing_says_nothing() -> None:
    done = shell("install_missing")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    done = shell("prepare runtime", path=f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 2
    assert "Python 3.11" in done.stderr
