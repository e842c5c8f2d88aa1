"""What a browser downloads: our own script, and the first page that anybody opens, compressed as they are served."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

FACES = ("Marianne-Regular.woff2", "Marianne-Bold.woff2", "Marianne-Medium.woff2")


def weight(content: bytes) -> int:
    """Bytes on the way."""
    return len(gzip.compress(content, 9))


def test_our_own_script_is_under_15_kb() -> None:
    scripts = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))
    assert [one.name for one in scripts] == ["checks.js", "grid.js", "numbers.js"]
    assert sum(weight(one.read_bytes()) for one in scripts) < 15_000


@pytest.mark.django_db
def test_the_first_page_is_under_250_kb(client: Client) -> None:
    """The page to sign in, its style sheets for the screen, its scripts, the faces of its font."""
    page = client.get("/", follow=True).content.decode()
    links = re.findall(r'<link rel="stylesheet" href="([^"]+)"(?! media="print")|<script[^>]* src="([^"]+)"', page)
    found = {one or other for one, other in links}
    assert any(one.endswith("site.css") for one in found)
    files = [Path(str(finders.find(one.removeprefix(settings.STATIC_URL)))) for one in sorted(found)]
    faces = [Path(str(finders.find(f"dsfr/dist/fonts/{face}"))) for face in FACES]
    total = weight(page.encode()) + sum(weight(one.read_bytes()) for one in files)
    total += sum(one.stat().st_size for one in faces)  # compressed already
    assert 150_000 < total < 250_000
