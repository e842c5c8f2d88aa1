"""What a browser downloads of our own script, compressed as it is served. Whole pages: tests/e2e/test_weight.py."""

import gzip

from django.conf import settings


def weight(content: bytes) -> int:
    """Bytes on the way."""
    return len(gzip.compress(content, 9))


def test_our_own_script_is_under_15_kb() -> None:
    scripts = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))
    assert [one.name for one in scripts] == ["checks.js", "grid.js", "leaving.js", "ledgers.js", "numbers.js"]
    assert sum(weight(one.read_bytes()) for one in scripts) < 15_000
