"""Each rule of credits fires on one line and is silent on its neighbour, with the amount at stake. Figures in euros."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import User
from budget.entry import CreditFacts, CreditRow, fund_ae
from budget.entry_selectors import credit_facts
from budget.models import Consumption
from budget.rules import RULES
from contracts.amendments.services import prepare_amendment
from contracts.models import Contract, ContractVersion
from figures.ae_cp import NOTHING, AeCp
from figures.formats import euros
from monitoring import rules
from monitoring.enums import Severity
from monitoring.models import Filing
from monitoring.rules import Finding
from monitoring.services.campaigns import open_campaign
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, promise


def pair(ae: int | None, cp: int | None) -> AeCp:
    return AeCp(*(None if one is None else Decimal(one) for one in (ae, cp)))


LINE = CreditRow(
    pk=4,
    line=40,
    revision=1,
    label="Études",
    note="",
    place="",
    titre="3",
    programme="0349",
    is_ftap=True,
    sheet=None,
    consumed=pair(80, 60),
    comment="",
    planned=pair(100, 100),
    planned_over_life=pair(300, 300),
    last=pair(50, 30),
    earlier=pair(100, 90),
)


def found(code: str, row: CreditRow, contract_date: date | None = date(2020, 3, 1)) -> list[Finding]:
    facts = CreditFacts(2021, date(2021, 6, 30), contract_date, (row,))
    return next(rule for rule in RULES if rule.code == code).check(facts)


FIRING = [
    ("C01", replace(LINE, consumed=pair(80, 95)), "c4-cp", 5),  # 90 + 95 over 100 + 80
    ("C02", replace(LINE, consumed=pair(45, 60)), "c4-ae", 5),
    ("C02", replace(LINE, consumed=pair(80, 29)), "c4-cp", 1),
    ("C02", replace(LINE, following=pair(78, 70)), "c4-ae", 2),
    ("C03", replace(LINE, titre="2"), "c4-ae", 20),
    ("C04", replace(LINE, titre="2", consumed=pair(80, 80)), "c4-ae", 80),
    ("C05", replace(LINE, consumed=pair(101, 60)), "c4-ae", 1),
    ("C06", replace(LINE, consumed=pair(130, 102)), "c4-cp", 2),
    ("C07", replace(LINE, consumed=pair(203, 60)), "c4-ae", 3),
    ("C08", replace(LINE, consumed=pair(-10, 60)), "c4-ae", -10),
    ("C09", replace(LINE, consumed=pair(80, -1)), "c4-cp", -1),
    ("C11", replace(LINE, consumed=NOTHING), "ligne-4", None),
    ("C12", replace(LINE, consumed=pair(None, 60)), "c4-ae", None),
    ("C12", replace(LINE, consumed=pair(80, None)), "c4-cp", None),
    ("C13", replace(LINE, consumed=pair(50, 30), moved_on=date(2020, 12, 31)), "c4-cp", None),
    ("C13", replace(LINE, consumed=pair(0, 0), last=None, earlier=NOTHING), "c4-cp", None),  # since the contract
]
SILENT = [
    ("C01", replace(LINE, consumed=pair(80, 90))),  # 180 over 180
    ("C01", replace(LINE, consumed=pair(None, 500))),
    ("C02", replace(LINE, consumed=pair(50, 30))),
    ("C02", replace(LINE, last=None, consumed=pair(1, 1))),
    ("C02", replace(LINE, following=pair(None, 60))),
    ("C03", replace(LINE, titre="2", consumed=pair(80, 80))),
    ("C03", LINE),
    ("C04", replace(LINE, titre="2", programme="0354", consumed=pair(80, 80))),
    ("C04", replace(LINE, titre="2", consumed=pair(0, 0))),
    ("C05", replace(LINE, consumed=pair(100, 60))),
    ("C05", replace(LINE, planned=NOTHING)),
    ("C06", replace(LINE, consumed=pair(130, 100))),
    ("C07", replace(LINE, consumed=pair(200, 60))),
    ("C08", replace(LINE, consumed=pair(0, 0))),
    ("C09", replace(LINE, consumed=pair(80, -1), comment="Remboursement")),
    ("C10", LINE),
    ("C11", replace(LINE, consumed=pair(0, None))),
    ("C12", replace(LINE, consumed=pair(0, 0))),
    ("C12", replace(LINE, consumed=NOTHING)),
    ("C13", replace(LINE, moved_on=date(2020, 12, 31))),  # it moves now
    ("C13", replace(LINE, consumed=pair(50, 30), moved_on=date(2021, 3, 31))),  # three months
    ("C13", replace(LINE, consumed=NOTHING, moved_on=date(2020, 12, 31))),
    ("C13", replace(LINE, consumed=pair(50, 30), planned=pair(100, 0), moved_on=date(2020, 12, 31))),
    ("C13", replace(LINE, consumed=pair(50, 30), earlier=pair(250, 270), moved_on=date(2020, 12, 31))),  # all is paid
    ("C13", replace(LINE, consumed=pair(50, 30), is_ftap=False, moved_on=date(2020, 12, 31))),
]


@pytest.mark.parametrize(("code", "row", "anchor", "amount"), FIRING)
def test_fires(code: str, row: CreditRow, anchor: str, amount: int | None) -> None:
    [finding] = found(code, row)
    assert (finding.anchor, finding.amount) == (anchor, amount)
    assert finding.message.startswith("Études\u00a0: ")
    assert amount is None or euros(Decimal(abs(amount))).lstrip("−") in finding.message


@pytest.mark.parametrize(("code", "row"), SILENT)
def test_is_silent(code: str, row: CreditRow) -> None:
    assert found(code, row) == []


def test_consumption_before_the_contract() -> None:
    [finding] = found("C10", LINE, contract_date=date(2021, 7, 1))
    assert (finding.anchor, finding.amount) == ("c4-ae", Decimal(80))
    assert "80,00\u00a0€ d’AE déclarés" in finding.message
    assert "1er\u00a0juillet\u00a02021" in finding.message
    [paid] = found("C10", replace(LINE, consumed=pair(0, 60)), contract_date=date(2021, 7, 1))
    assert (paid.anchor, paid.amount) == ("c4-cp", Decimal(60))
    assert found("C10", LINE, contract_date=date(2021, 6, 30)) == [], "the line was told of earlier in the year"
    assert found("C10", replace(LINE, last=None), contract_date=date(2021, 1, 1)) == []
    assert found("C10", replace(LINE, last=None, comment="Rien avant."), contract_date=date(2021, 6, 30)) == []
    assert found("C10", LINE, contract_date=None) == []
    assert found("C10", replace(LINE, is_ftap=False), contract_date=date(2021, 7, 1)) == []


def test_the_first_filing_of_a_contract_signed_in_the_year_says_that_nothing_came_before(secretariat: User) -> None:
    """Signed on 20 May 2021: the campaign of the second quarter asks it of 8 000 €, the next one does not."""
    contract = ContractFactory(code="neuf", first_year=2021, signature__signed_on=date(2021, 5, 20))
    promise(contract)
    (first,) = open_campaign(campaign=CampaignFactory(), actor=secretariat)
    rows = Consumption.objects.filter(filing=first, line__key="etudes")
    rows.update(ae=8_000, cp=0)
    [told] = said("C10", first)
    assert (told.finding.anchor, told.finding.amount) == (f"c{rows.get().pk}-ae", Decimal(8_000))
    assert (
        "8\u202f000,00\u00a0€ d’AE cumulés depuis le 1er\u00a0janvier, pour un contrat signé le 20\u00a0mai"
        in told.message
    )
    rows.update(comment="Premier bon de commande le 2 juin.")
    assert said("C10", first) == []
    author = {"submitted_by": secretariat, "submitted_at": timezone.now()}
    Filing.objects.filter(pk=first.pk).update(state="submitted", **author)
    (second,) = open_campaign(campaign=CampaignFactory(next_quarter=True), actor=secretariat)
    Consumption.objects.filter(filing=second, line__key="etudes").update(ae=9_000, cp=0)
    assert said("C10", second) == []


def said(code: str, filing: Filing) -> list[rules.FilingFinding]:
    """What a rule says of the filing as its pages read it."""
    return [one for one in rules.findings(Filing.objects.get(pk=filing.pk)) if one.rule.code == code]


def test_ae_of_the_year_above_the_tranche() -> None:
    """Two lines of the fund at 80 and a co-financed one, which does not count, over a tranche of 159."""
    rule = next(rule for rule in RULES if rule.code == "C14")
    rows = (LINE, LINE, replace(LINE, is_ftap=False))
    facts = CreditFacts(2021, date(2021, 6, 30), None, rows, tranche=pair(159, 0), fund_ae=fund_ae(rows))
    assert [(finding.anchor, finding.amount) for finding in rule.check(facts)] == [("total-ae", Decimal(1))]
    assert rule.check(replace(facts, tranche=pair(160, 0))) == []
    assert rule.check(replace(facts, tranche=NOTHING)) == [], "nothing is decided yet"


def test_titre_5_above_its_affectations() -> None:
    rule = next(rule for rule in RULES if rule.code == "C15")
    works = replace(LINE, titre="5")
    other = replace(works, pk=5, line=50)  # of the same label, in another lot
    facts = CreditFacts(
        2021, date(2021, 6, 30), None, (works, other), affectations={40: Decimal(179), 50: Decimal(400)}
    )
    (finding,) = rule.check(facts)
    assert finding.anchor == "c4-ae"
    assert finding.amount == 1
    assert rule.check(replace(facts, affectations={40: Decimal(180)})) == []
    assert rule.check(replace(facts, rows=(LINE,))) == []


def test_the_message_says_the_amount() -> None:
    [finding] = found("C01", replace(LINE, consumed=pair(80, 95)))
    assert finding.message.endswith("les CP (185,00\u00a0€) dépassent les AE (180,00\u00a0€) de 5,00\u00a0€.")


def test_every_rule_is_tried_and_in_the_catalogue() -> None:
    codes = {rule.code for rule in RULES}
    assert {code for code, *_ in FIRING} | {"C10", "C14", "C15"} == codes
    assert codes <= {rule.code for rule in rules.catalogue()}
    assert [rule.code for rule in RULES if rule.severity == Severity.BLOCKING] == ["C01"]


@pytest.mark.django_db
def test_the_contract_s_date_is_that_of_its_signature_whatever_the_amendment(
    contract: Contract, secretariat: User
) -> None:
    """Marine was signed on 1 March 2020: a filing that follows the amendment of October 2021 is held against it."""
    signed = contract.versions.get(number=0)
    amendment = prepare_amendment(contract, ["calendrier"], secretariat)
    ContractVersion.objects.filter(pk=amendment.pk).update(
        state="signed", signed_on=date(2021, 10, 1), effective_on=date(2021, 10, 1), reason="Retard"
    )
    amendment.refresh_from_db()
    filing = FilingFactory(contract=contract, version=amendment)
    assert credit_facts(filing, []).contract_date == signed.signed_on == date(2020, 3, 1)
