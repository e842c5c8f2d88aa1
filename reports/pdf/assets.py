"""What the renderer may read: our style sheet, the State's fonts and mark, the report's drawings. Nothing else.

Fonts and style are parsed once in a process: a new font configuration for each document costs 28 % more, and leaks.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from django.conf import settings
from django.contrib.staticfiles import finders
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME: Final = "report:"
FONTS: Final = "dsfr/dist/fonts/"
LOGO_STYLE: Final = "dsfr/dist/component/logo/logo.min.css"
TYPES: Final = {".svg": "image/svg+xml", ".woff2": "font/woff2", ".css": "text/css"}


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Answers `report:fonts/…`, `report:drawings/…` and `report:logo/…`; refuses any other address."""

    def __init__(self, drawings: Mapping[str, str]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._drawings = drawings

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The file. Raises `ValueError` for what is not ours: the renderer is no door to the network nor the disk."""
        if not url.startswith(SCHEME):
            raise ValueError(f"the report may not read {url}")
        folder, _, name = url.removeprefix(SCHEME).partition("/")
        body = self._read(folder, name)
        return URLFetcherResponse(url, body, {"Content-Type": TYPES[Path(name).suffix]})

    def _read(self, folder: str, name: str) -> bytes:
        if folder == "drawings":
            return self._drawings[name.removesuffix(".svg")].encode()
        if folder == "logo":
            return logos()[name.removesuffix(".svg")]
        if folder == "fonts" and re.fullmatch(r"[A-Za-z]+-[A-Za-z_]+\.woff2", name):
            return _static(FONTS + name).read_bytes()
        raise ValueError(f"the report has no {folder}/{name}")


@cache
def fonts() -> FontConfiguration:
    """The process's one font configuration."""
    return FontConfiguration()


@cache
def style() -> CSS:
    """The print style sheet, parsed once."""
    text = (Path(settings.BASE_DIR) / "static" / "css" / "report.css").read_text()
    return CSS(string=text, font_config=fonts(), url_fetcher=OwnFiles({}), base_url=SCHEME)


@cache
def logos() -> dict[str, bytes]:
    """Marianne and the motto, as the State's design system draws them in its own style sheet."""
    found = re.findall(r'url\("data:image/svg\+xml;charset=utf8,([^"]+)"\)', _static(LOGO_STYLE).read_text())
    marianne, motto = (unquote(each) for each in found[:2])
    flag = (
        '<rect y="1" width="22" height="16" fill="#000091"/><rect x="22" y="1" width="22" height="16" fill="#e1000f"/>'
    )
    return {"marianne": re.sub(r"(<svg[^>]*>)", rf"\g<1>{flag}", marianne, count=1).encode(), "devise": motto.encode()}


def _static(name: str) -> Path:
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return Path(path)
