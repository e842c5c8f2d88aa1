"""What a web process sets aside at its start; in a Python of its own, where it is set for good."""

import subprocess
import sys

from tests.conftest import ROOT

ASKED = """
import gc
from ftap import wsgi
print(gc.get_freeze_count() > 100_000, gc.get_threshold(), "reports.views.portfolio" in __import__("sys").modules)
"""


def test_a_web_process_collects_less_and_never_what_it_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True (5000, 50, 100) True", done.stderr
