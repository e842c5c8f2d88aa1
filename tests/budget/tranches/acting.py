"""What the pages of tranches are tested with: an envelope, a decision, a page that refuses."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.test import Client
from djmoney.money import Money

from accounts.models import User
from budget.models import FundingTranche, PlannedCredit
from budget.tranches.services import decide_tranche, record_envelope
from contracts.enums import VersionKind
from contracts.models import Contract, ContractVersion
from figures.ae_cp import AeCp
from tests.factories import VersionFactory
from tests.reading import words

SignIn = Callable[[User], Client]
TRANCHES = "/contrats/marine/tranches/"
EFFECT = date(2021, 6, 1)
TO_COME = date(2121, 3, 1).isoformat()


def refused(response: Any) -> str:
    """The words of a page that comes back with what is wrong."""
    assert response.status_code == 422
    response.status_code = 200
    return words(response)


def cells(response: Any, title: str) -> dict[str, str]:
    """The cells of a contract's line in the list to decide, by the heading of their column."""
    page = response.content.decode()
    head, line = (re.findall(r"<tr>.*?</tr>", page, re.DOTALL), f">{title}</a>")
    (row,) = [one for one in head if line in one]
    names, values = (
        [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<t[hd][ >].*?</t[hd]>", tr, re.DOTALL)]
        for tr in (head[0], row)
    )
    return {name: value.split(">", 1)[-1] for name, value in zip(names, values, strict=True)}


def fund(actor: User, euros: int = 200_000, year: int = 2021) -> None:
    both, nothing = AeCp(Decimal(euros), Decimal(euros)), AeCp(Decimal(0), Decimal(0))
    record_envelope(year=year, voted=both, carried=nothing, source="LFI", actor=actor, on=date(2021, 1, 1))


def decide(contract: Contract, actor: User, euros: int, year: int = 2021) -> FundingTranche:
    amount = Decimal(euros)
    given = {"reason": "Avancement.", "filing": None, "actor": actor, "on": date(2021, 3, 1)}
    return decide_tranche(contract=contract, year=year, ae=amount, cp=amount, **given)  # type: ignore[arg-type]


def amend(contract: Contract, number: int, on: date, euros: int) -> ContractVersion:
    """An amendment that gives another amount to the study's 2021, 50 000 € remaining on the other line."""
    version: ContractVersion = VersionFactory(
        contract=contract, number=number, kind=VersionKind.AMENDMENT, signed_on=on
    )
    for row in PlannedCredit.objects.filter(version__number=0, version__contract=contract):
        row.pk, row.version = None, version
        if row.year == 2021 and row.line.key == "etudes":
            row.ae = row.cp = Money(euros - 50_000, "EUR")
        row.save()
    return version
