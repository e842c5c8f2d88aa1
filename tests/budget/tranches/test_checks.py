"""Checks of tranches: each on tranches that are wrong in one place, and on right ones; then on rows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from djmoney.money import Money

from accounts.enums import Role
from budget.models import FundEnvelope, FundingTranche
from budget.tranches.checks import TrancheFact, TrancheFacts, read_tranches
from contracts.checks.registry import anomalies_of
from contracts.lifecycle.services import record_event
from contracts.models import Contract
from figures.ae_cp import AeCp
from tests.contracts.checks.examples import Pair, assert_pair
from tests.factories import UserFactory, grant


def pair(euros: int) -> AeCp:
    return AeCp(Decimal(euros), Decimal(euros))


TRANCHE = TrancheFact(2021, "full", False, pair(150_000), "Avancement conforme au calendrier", True, date(2021, 3, 1))
RIGHT = TrancheFacts(2020, 2022, (TRANCHE,), {2021: pair(150_000)}, {2021: pair(900_000)}, {2021: pair(900_000)})


def tranche(**changes: Any) -> TrancheFacts:
    return replace(RIGHT, tranches=(replace(TRANCHE, **changes),))


def euros(amount: int) -> Any:
    return Money(amount, "EUR")


ONLY_AE = AeCp(Decimal(200_000), Decimal(150_000))

PAIRS = {
    "A60": Pair(tranche(given=ONLY_AE), RIGHT, "2021 AE", "200 000 € 150 000 € 50 000 €"),
    "A61": Pair(
        replace(RIGHT, given={2021: AeCp(Decimal(950_000), Decimal(900_000))}),
        replace(RIGHT, envelopes={}),
        "2021 AE",
        "950 000 € 900 000 € 50 000 €",
    ),
    "A62": Pair(tranche(kind="withheld", reason="-"), tranche(kind="full", reason="-"), "2021", "retenue sans motif"),
    "A63": Pair(
        replace(RIGHT, planned={2020: pair(100_000), 2021: AeCp(Decimal(40_000), Decimal(50_000))}),
        replace(RIGHT, planned={2020: pair(100_000), 2021: pair(50_000)}),
        "total AE",
        "150 000 € 140 000 € 10 000 €",
    ),
    "A64": Pair(
        tranche(kind="reduced", has_filing=False), tranche(kind="full", has_filing=False), "2021", "aucun dossier"
    ),
    "A65": Pair(tranche(made_available_on=date(2023, 1, 15)), RIGHT, "2021", "15/01/2023"),
    "A66": Pair(
        tranche(stopped=(("mise à disposition", date(2021, 3, 15), "Suspension"),)),
        RIGHT,
        "2021 mise à disposition",
        "15/03/2021",
    ),
}


@pytest.mark.parametrize("code", PAIRS)
def test_pair(code: str) -> None:
    assert_pair(code, PAIRS)


def test_tranches_are_read_from_their_rows(contract: Contract) -> None:
    """A plan of 150 000 € in 2021, a tranche of 160 000 € fixed at signature, an envelope of 155 000 €."""
    version = contract.versions.get(number=0)
    assert read_tranches(version) is None
    FundingTranche.objects.create(
        contract=contract,
        year=2021,
        state="decided",
        decision="full",
        is_fixed=True,
        ae=euros(160_000),
        cp=euros(150_000),
        reason="Montants fixés par le contrat",
        decided_on=date(2021, 1, 4),
    )
    voted = euros(155_000)
    FundEnvelope.objects.create(
        year=2021, voted_ae=voted, voted_cp=voted, source="LFI", dated_on=date(2021, 1, 1), updated_by=UserFactory()
    )
    found = {one.key: one.difference for one in anomalies_of(version) if one.code in PAIRS}
    assert found == {"A60-2021-ae": "10\u202f000\u00a0€", "A61-2021-ae": "5\u202f000\u00a0€"}


def test_a_suspension_recorded_since_over_an_act_is_told(contract: Contract) -> None:
    """Decided on 15 March 2021; suspended on 1 March and resumed on 1 April, both recorded afterwards."""
    FundingTranche.objects.create(
        contract=contract, year=2021, state="decided", decision="full", ae=euros(150_000), cp=euros(150_000),
        planned_ae=euros(150_000), planned_cp=euros(150_000), reason="Avancement conforme",
        decided_on=date(2021, 3, 15),
    )  # fmt: skip
    secretariat = grant(UserFactory(), Role.SECRETARIAT)
    for kind, day in (("suspension", date(2021, 3, 1)), ("reprise", date(2021, 4, 1))):
        record_event(contract, kind, day, "Retard", secretariat, today=date(2021, 5, 1))
    facts = read_tranches(contract.versions.get(number=0))
    assert facts is not None
    assert [one.stopped for one in facts.tranches] == [
        (("décision", date(2021, 3, 15), "Suspension des financements"),)
    ]
