"""A page costs as many queries for 40 lines of credits as for 12: the same contract, synthetic, at two sizes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contracts.checks.tallies import tally_all
from ftap.bench.synthetic import build

PAGES = {
    "/dossiers/{filing}/": 37,
    "/dossiers/{filing}/credits/": 17,
    "/contrats/{contract}/": 50,
    "/contrats/{contract}/financement/": 17,
    "/contrats/{contract}/tranches/": 19,
}


@pytest.mark.parametrize("lines", [12, 40])
def test_queries_do_not_grow_with_lines(db: None, lines: int) -> None:
    made = build(1, lines=lines, filings=4)
    tally_all()
    client = Client()
    client.force_login(made.lead, "django.contrib.auth.backends.ModelBackend")
    assert {
        page: queries(client, page.format(filing=made.draft.pk, contract=made.contracts[0].code)) for page in PAGES
    } == PAGES


def queries(client: Client, address: str) -> int:
    """Of the second visit: the first fills the caches of the process."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)
