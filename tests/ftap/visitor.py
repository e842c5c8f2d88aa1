"""Somebody before the site, without a browser's script: reads pages and sends their forms."""

import http.cookiejar
import re
import urllib.parse
import urllib.request

from ftap.demonstration.people import DOMAIN, PASSWORD


class Visitor:
    """A person of the demo, signed in by the form at `site` (an address that ends with a slash)."""

    def __init__(self, site: str, name: str) -> None:
        self.site = site
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.browser = urllib.request.build_opener(cookies)
        self.send("connexion/", "connexion/", username=f"{name}@{DOMAIN}", password=PASSWORD)

    def read(self, path: str) -> str:
        return self._open(path)[1]

    def send(self, page: str, path: str, **form: str | list[str]) -> tuple[str, str]:
        """Sends a form that stands on `page` to `path`; gives the address and the text of the page that comes."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.read(page))
        assert token, page
        fields = {"csrfmiddlewaretoken": token[1], **form}
        address, text = self._open(path, urllib.parse.urlencode(fields, doseq=True).encode())
        return address.removeprefix(self.site), text

    def _open(self, path: str, data: bytes | None = None) -> tuple[str, str]:
        with self.browser.open(f"{self.site}{path}", data, timeout=30) as answer:
            return str(answer.url), answer.read().decode()
