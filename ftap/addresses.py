"""One Redis address, said in the ways in which Celery and Django's cache want to hear it."""

from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit


def broker_url(url: str) -> str:
    """The address for Celery, which names a unix socket its own way. `url`: redis://, rediss:// or unix://."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{parts.path}?virtual_host={_database(url)}"


def cache_url(url: str) -> str:
    """The address for the cache: the next database, because clearing a cache empties its whole database."""
    parts = urlsplit(url)
    database = _database(url) + 1
    if parts.scheme == "unix":
        return f"unix://{parts.path}?{urlencode({'db': database})}"
    return urlunsplit(parts._replace(path=f"/{database}"))


def _database(url: str) -> int:
    """The number of the database that `url` names, 0 when it names none. ValueError when it is not a number."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return int(parse_qs(parts.query).get("db", ["0"])[0])
    return int(parts.path.strip("/") or 0)
