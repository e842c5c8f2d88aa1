"""What was sent to a page of entry after the session had ended: sealed into the sign-in page, and sent again after it.

Nothing is kept by the server nor in the browser's storage: the text travels in hidden inputs, from the form that was
sent to the page of sign-in, and from there to a page that asks whether to save it. A file cannot travel so.
"""

from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

AUTHOR: Final = "auteur"
"""The hidden input that says whose form it is (templates/components/author.html); without it nothing is kept."""
SEALED: Final = "saisie"
"""The hidden input of the page of sign-in."""
MAX_SEALED: Final = 1_000_000
"""Characters, compressed: far above the widest grid, and below what Django accepts of a form (2.5 MB)."""
_SALT: Final = "accounts.unsaved"


@dataclass(frozen=True)
class Unsaved:
    """A form as it was sent: to which address, from which page, by whom, its fields, the names of its files."""

    path: str
    back: str
    author: int
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()

    @property
    def has_text(self) -> bool:
        """Whether it holds anything that can be sent again."""
        return any(name != AUTHOR for name, _ in self.fields)

    @property
    def sealed(self) -> str:
        """The whole as one signed text; blank when it is too long to travel."""
        parts = (self.path, self.back, self.author, self.fields, self.files)
        text = signing.dumps(parts, salt=_SALT, compress=True)
        return text if len(text) <= MAX_SEALED else ""


def sent(request: HttpRequest) -> Unsaved | None:
    """What this request sends; None when its form does not say whose it is."""
    author = request.POST.get(AUTHOR, "")
    if not (author.isascii() and author.isdecimal() and len(author) < 19):
        return None
    fields = tuple(
        (name, text) for name, texts in request.POST.lists() for text in texts if name != "csrfmiddlewaretoken"
    )
    files = tuple(file.name or "" for _, several in request.FILES.lists() for file in several)
    return Unsaved(request.get_full_path(), page_of(request), int(author), fields, files)


def unsealed(request: HttpRequest) -> Unsaved | None:
    """What the page of sign-in brings along; None when it brings nothing that we sealed."""
    try:
        path, back, author, fields, files = signing.loads(request.POST.get(SEALED, ""), salt=_SALT)
    except signing.BadSignature:
        return None
    return Unsaved(path, back, author, tuple((name, text) for name, text in fields), tuple(files))


def page_of(request: HttpRequest) -> str:
    """The page of this site that the form was on, else the address it was sent to."""
    page = request.headers.get("Referer", "")
    host = f"{request.scheme}://{request.get_host()}"
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    path = page.removeprefix(host) if is_ours and page.startswith(f"{host}/") else ""
    # A path that begins with two slashes is an address of another site.
    return path if url_has_allowed_host_and_scheme(path, None) else request.get_full_path()
