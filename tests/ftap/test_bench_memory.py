"""The memory that the bench tells is that of what it measures, not of who asks for it."""

import subprocess
import sys

import pytest

from ftap.bench.memory import forget_peak, peak, resident, run_watched

HUNDRED_MB = 100 * 1024 * 1024
SMALL = [sys.executable, "-c", "import time; time.sleep(0.3)"]
LARGE = [sys.executable, "-c", f"import time; held = b'x' * {HUNDRED_MB}; time.sleep(0.3)"]


def test_a_peak_is_forgotten() -> None:
    before = resident()
    held = b"x" * (2 * HUNDRED_MB)
    assert peak() > before + 150
    del held
    forget_peak()
    assert peak() < before + 50


def test_a_child_does_not_inherit_its_parent_s_memory() -> None:
    held = b"x" * (3 * HUNDRED_MB)
    small, large = run_watched(SMALL, timeout=20), run_watched(LARGE, timeout=20)
    assert len(held) / HUNDRED_MB == 3
    assert small < 100 < large < 200


def test_a_command_that_fails_or_lasts_is_told() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        run_watched([sys.executable, "-c", "raise SystemExit(3)"], timeout=20)
    with pytest.raises(subprocess.TimeoutExpired):
        run_watched([sys.executable, "-c", "import time; time.sleep(60)"], timeout=0.2)
