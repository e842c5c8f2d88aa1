"""Who gets what at each address: URL × person × relation to the contract. An address that is not here fails.

A person to whom a contract is not given gets 404, as if it did not exist; whoever sees it without being allowed to act
gets 403; a visitor is sent to sign in.
"""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import contracts, ledgers, monitoring, reports, site
from tests.access.cases import Case

MATRIX: dict[str, list[Case]] = {
    **site.ADDRESSES,
    **contracts.ADDRESSES,
    **monitoring.ADDRESSES,
    **ledgers.ADDRESSES,
    **reports.ADDRESSES,
}


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Every named address of the site but those of Django's own administration."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} has no name"
            yield namespace + pattern.name
        elif pattern.namespace != "admin":
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


def test_every_address_is_in_the_matrix() -> None:
    assert set(names(get_resolver())) == set(MATRIX)
