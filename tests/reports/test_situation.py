"""The situation of a contract: what counts as reality, what is missing, in how many queries."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from budget.models import BudgetLine, PlannedCredit
from contracts.models import Contract, ContractVersion
from figures.ae_cp import AeCp, total_ae_cp
from monitoring.enums import FilingState
from monitoring.models import Filing
from reports.selectors import portfolio
from reports.situation import contract_situation
from reports.tables.frame import identity
from tests.factories import CampaignFactory, ContractFactory, promise
from tests.reports.filed import euros, file

HALF_2021: dict[str, Any] = {"etudes": ("60000", "40000"), "outil": ("30000.50", None)}


def test_planned_and_consumed_side_by_side(contract: Contract) -> None:
    """450 000 € promised; in mid 2021 90 000,50 € of AE and 40 000 € of CP: 50 000,50 € unpaid."""
    filing = file(contract, **HALF_2021)
    credits_ = contract_situation(contract, filing=filing).credits
    assert credits_.total.planned == AeCp(Decimal(450_000), Decimal(450_000))
    assert credits_.total.consumed == AeCp(Decimal("90000.50"), Decimal(40_000))
    assert credits_.total.reste_a_payer == Decimal("50000.50")
    assert credits_.total.reste_a_engager == Decimal("359999.50")
    assert [cell.filing for cell in credits_.total.years] == [None, filing.pk, None]


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("draft", False),
        ("sent_back", False),
        ("reopened", False),
        ("submitted", True),
        ("validated", True),
        ("locked", True),
    ],
)
def test_drafts_are_no_reality(contract: Contract, state: str, counts: bool) -> None:
    file(contract, state=state, **HALF_2021)
    situation = contract_situation(contract)
    assert (situation.credits.total.consumed.ae is not None) is counts
    assert bool(situation.filings) is counts


def test_a_report_shows_its_own_filing_whatever_its_state(contract: Contract) -> None:
    filing = file(contract, state=FilingState.DRAFT, **HALF_2021)
    situation = contract_situation(contract, filing=filing)
    assert situation.credits.total.consumed.cp == 40_000
    assert situation.on == date(2021, 6, 30)


def test_a_year_is_told_by_its_last_filing(contract: Contract) -> None:
    """Figures are cumulated since 1 January: the third quarter replaces the second, and does not add to it."""
    second = file(contract, **HALF_2021)
    file(contract, campaign=CampaignFactory(next_quarter=True), etudes=("80000", "70000"), outil=("40000", "0"))
    assert contract_situation(contract).credits.total.consumed == AeCp(Decimal(120_000), Decimal(70_000))
    assert contract_situation(contract, on=date(2021, 9, 29)).credits.total.consumed.cp == 40_000
    assert contract_situation(contract, filing=second).credits.total.consumed.cp == 40_000


def test_what_is_not_reported_is_said(contract: Contract) -> None:
    filing = file(contract, **HALF_2021)
    found = contract_situation(contract, filing=filing).not_reported
    missing = {(one.section, one.subject): one.detail for one in found}
    assert missing["Crédits", "Exercice 2020"] == "aucun dossier de suivi soumis"
    assert (
        missing["Crédits", "Outil (FTAP), 2021"] == "CP non renseignés dans le dossier du 2e\u00a0trimestre\u00a02021"
    )
    assert missing["Météo", "Météo du contrat"] == "non renseigné dans le dossier du 2e\u00a0trimestre\u00a02021"
    assert missing["Calendrier", "Jalon 2"] == "avancement non renseigné dans le dossier du 2e\u00a0trimestre\u00a02021"


def test_the_computed_weather(contract: Contract) -> None:
    """40 000 € of CP out of the 75 000 € due by the end of June 2021 (half of 150 000 €) weigh 1; the indicator has no
    baseline and no deadline yet: nothing can be said of it."""
    filing = file(contract, **HALF_2021)
    weather = contract_situation(contract, filing=filing).weather
    assert (weather.declared, weather.signal.code, weather.age_in_days) == ("", "reachable", 0)
    assert weather.signal.reasons[0].startswith("CP FTAP consommés à 53,3")
    assert not any("indicateur" in reason for reason in weather.signal.reasons)


def test_queries_do_not_grow_with_lines_and_years(contract: Contract) -> None:
    filing = file(contract, **HALF_2021)
    before = queries_of(filing)
    version = contract.versions.get()
    for rank in range(40):
        line = BudgetLine.objects.create(contract=contract, key=f"ligne-{rank}", label="Ligne", nature="autre")
        for year in range(2020, 2030):
            PlannedCredit.objects.create(line=line, version=version, year=year, ae=euros("1"), cp=euros("1"))
    assert queries_of(filing) == before


def queries_of(filing: Filing) -> int:
    fresh = Filing.objects.select_related("contract", "campaign", "version").get(pk=filing.pk)
    with CaptureQueriesContext(connection) as queries:
        contract_situation(fresh.contract, filing=fresh)
    return len(queries)


def test_the_largest_contract_takes_sixty_two_queries(incub_o: ContractVersion) -> None:
    """Forty-two lines, seventy-six milestones, three hundred and eighty-nine printed figures."""
    assert queries_of(file(incub_o.contract)) == 62


def test_the_portfolio_sums_in_sql_what_the_ledgers_sum(
    contract: Contract, other_contract: Contract, secretariat: User
) -> None:
    file(contract, **HALF_2021)
    rows = {row.contract.code: row for row in portfolio(secretariat)}
    for one in (contract, other_contract):
        situation, row = contract_situation(one), rows[one.code]
        assert row.planned == situation.credits.ftap.planned
        assert row.consumed == situation.credits.ftap.consumed
        assert row.savings_declared == situation.savings.total.declared
        assert row.savings_recurrent == situation.savings.total.recurrent
        assert row.ftap_amount == situation.ftap_amount
        assert row.contractual_return == situation.returns[0].ratio


def test_the_portfolio_costs_the_same_for_any_number_of_contracts(contract: Contract, secretariat: User) -> None:
    campaign = file(contract, **HALF_2021).campaign
    with CaptureQueriesContext(connection) as for_one:
        portfolio(secretariat)
    for _ in range(3):
        another = ContractFactory()
        promise(another)
        file(another, campaign=campaign, **HALF_2021)
    with CaptureQueriesContext(connection) as for_four:
        assert len(portfolio(secretariat)) == 4
    assert len(for_four) == len(for_one) <= 26


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--on", "2021-12-31"]])
def test_the_command_prints_it(contract: Contract, arguments: list[str]) -> None:
    file(contract, **HALF_2021)
    out = StringIO()
    call_command("situation", "marine", *arguments, stdout=out)
    assert ("90000.50" if arguments == ["--json"] else "90\u202f000,50") in out.getvalue()


def test_the_command_names_the_contracts_that_exist(contract: Contract) -> None:
    with pytest.raises(CommandError, match="Contrats connus\u00a0: marine"):
        call_command("situation", "marina")


@pytest.mark.parametrize("text", ["31/12/2021", "2021-02-30", "hier"])
def test_the_command_refuses_what_is_not_a_day(contract: Contract, text: str) -> None:
    with pytest.raises(CommandError, match="n’est pas une date de la forme AAAA-MM-JJ"):
        call_command("situation", "marine", "--on", text)


def test_the_command_says_that_a_contract_was_not_signed_yet(cap2030: ContractVersion) -> None:
    """CAP2030 was signed on 31 May 2021; a figure without a note has no brackets."""
    out = StringIO()
    call_command("situation", "cap2030", "--on", "2020-12-31", stdout=out)
    first, *lines = out.getvalue().splitlines()
    assert "– Contrat signé le 31\u00a0mai\u00a02021, donc après ce jour – situation au" in first
    assert next(line for line in lines if "(R2)" in line).endswith("n.\u00a0c.")


def test_cap2030(cap2030: ContractVersion) -> None:
    """4 070 775 €, of which 1 800 200 € from the fund, on 17 sheets; 1 757 500 € a year: R1 is 0,976."""
    situation = contract_situation(cap2030.contract)
    assert situation.total_cost == 4_070_775
    assert situation.ftap_amount == 1_800_200
    assert len(situation.frame.sheets) == 17
    r1 = situation.returns[0]
    assert r1.numerator == 1_757_500
    assert r1.denominator == 1_800_200
    assert r1.ratio is not None
    assert round(r1.ratio, 3) == Decimal("0.976")
    planned = {cell.year: cell.planned.cp for cell in situation.savings.total.years}
    assert sum(planned[year] or 0 for year in (2020, 2021, 2022)) == 1_774_000


def test_totals_of_the_four_contracts(loaded_contracts: Mapping[str, Contract]) -> None:
    """The parts of each division add up to the total, for real."""
    for contract in loaded_contracts.values():
        credits_ = contract_situation(contract).credits
        for groups in (credits_.by_titre, credits_.by_nature, credits_.by_axis, credits_.by_source):
            assert total_ae_cp(group.planned for group in groups) == credits_.total.planned


def test_a_party_that_stands_twice_says_as_what(lean_management: ContractVersion) -> None:
    """The DITP both holds Lean management and answers for it; no other party signs."""
    rows = identity(contract_situation(lean_management.contract)).rows
    name = "Direction interministérielle de la transformation publique"
    assert [row.values[1] for row in rows if row.values[0] == "Partie au contrat"] == [f"{name} (porteur)", name]
