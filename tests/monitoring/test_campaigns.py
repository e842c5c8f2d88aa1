"""Campaigns: who is concerned, what opening makes, who is chased."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from contracts.enums import Frequency, VersionKind
from contracts.models import Contract
from monitoring.enums import CampaignKind
from monitoring.errors import NotAllowedError
from monitoring.models import Campaign, FiledRisk, Filing, MilestoneProgress, Notice
from monitoring.sections import sections_of
from monitoring.selectors import campaign_rows, campaigns_visible_to
from monitoring.services.campaigns import create_campaign, open_campaign, open_due_campaigns
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, VersionFactory, promise
from tests.reading import words

DUE = date(2021, 7, 31)
OPENING = 25
LOCKED = {"state": "locked", "submitted_at": timezone.now(), "locked_at": timezone.now()}


def concerned(campaign: Campaign, secretariat: User) -> list[str]:
    """The codes of the contracts whose filing the opening makes."""
    return sorted(filing.contract.code for filing in open_campaign(campaign=campaign, actor=secretariat))


def test_a_campaign_follows_its_period(secretariat: User) -> None:
    campaign = create_campaign(actor=secretariat, kind=CampaignKind.QUARTER, year=2021, quarter=2)
    assert (campaign.starts_on, campaign.ends_on) == (date(2021, 4, 1), date(2021, 6, 30))
    assert (campaign.opens_on, campaign.due_on) == (date(2021, 7, 1), date(2021, 7, 31))
    year = create_campaign(actor=secretariat, kind=CampaignKind.YEAR, year=2021, due_on=date(2022, 3, 1))
    assert (year.ends_on, year.opens_on, year.due_on) == (date(2021, 12, 31), date(2022, 1, 1), date(2022, 3, 1))


def test_only_the_secretariat_creates_and_opens(ditp_reviewer: User, lead: User) -> None:
    for person in (ditp_reviewer, lead):
        with pytest.raises(NotAllowedError, match="secrétariat"):
            create_campaign(actor=person, kind=CampaignKind.YEAR, year=2021)
        with pytest.raises(NotAllowedError, match="secrétariat"):
            open_campaign(campaign=CampaignFactory.build(), actor=person)


def test_two_campaigns_of_a_kind_do_not_overlap(secretariat: User) -> None:
    create_campaign(actor=secretariat, kind=CampaignKind.QUARTER, year=2021, quarter=2)
    with pytest.raises(ValidationError, match="couvre déjà cette période"):
        create_campaign(actor=secretariat, kind=CampaignKind.QUARTER, year=2021, quarter=2)
    create_campaign(actor=secretariat, kind=CampaignKind.YEAR, year=2021)
    with pytest.raises(IntegrityError, match="campaign_no_overlap"), transaction.atomic():
        CampaignFactory(starts_on=date(2021, 6, 30), ends_on=date(2021, 9, 30))


def test_rhythms_do_not_mix(secretariat: User) -> None:
    ContractFactory(code="trimestriel")
    ContractFactory(code="annuel", filing_frequency=Frequency.YEARLY)
    assert concerned(CampaignFactory(), secretariat) == ["trimestriel"]
    assert concerned(CampaignFactory(whole_year=True), secretariat) == ["annuel"]


def test_contracts_are_concerned_while_funded_or_followed_for_savings(secretariat: User) -> None:
    ContractFactory(code="pas-commence", first_year=2022)
    ContractFactory(code="dernier-suivi", first_year=2018, last_year=2018)
    ContractFactory(code="fini", first_year=2017, last_year=2017)
    assert concerned(CampaignFactory(), secretariat) == ["dernier-suivi"]


def test_unsigned_contracts_are_not_concerned(secretariat: User) -> None:
    ContractFactory(code="sans-version", signature=None)
    ContractFactory(code="projet", signature__state="draft")
    ContractFactory(code="signe-apres", signature__signed_on=date(2021, 7, 1))
    ContractFactory(code="sans-date", signature__signed_on=None)
    assert concerned(CampaignFactory(), secretariat) == ["sans-date"]


def test_the_filing_is_bound_to_the_version_in_force_when_it_opens(contract: Contract, secretariat: User) -> None:
    amendment = {"contract": contract, "kind": VersionKind.AMENDMENT}
    in_force = VersionFactory(number=1, signed_on=date(2021, 5, 1), effective_on=date(2021, 7, 1), **amendment)
    VersionFactory(number=2, signed_on=date(2021, 7, 2), **amendment)
    VersionFactory(number=3, signed_on=date(2021, 5, 1), state="draft", **amendment)
    (filing,) = open_campaign(campaign=CampaignFactory(), actor=secretariat)
    assert filing.version == in_force


def test_opening_prepares_rows_and_tells_the_lead(contract: Contract, lead: User, secretariat: User) -> None:
    campaign = CampaignFactory(is_demo=True)
    (filing,) = open_campaign(campaign=campaign, actor=secretariat)
    assert (filing.state, filing.due_on, filing.is_demo) == ("draft", DUE, True)
    assert MilestoneProgress.objects.filter(filing=filing, state="").count() == 2
    notice = Notice.objects.get()
    assert (notice.user, notice.topic, notice.way) == (lead, "opening", "digest")
    assert "31\u00a0juillet\u00a02021" in notice.text


def test_opening_twice_changes_nothing_and_takes_late_comers(contract: Contract, lead: User, secretariat: User) -> None:
    campaign = CampaignFactory()
    open_campaign(campaign=campaign, actor=secretariat)
    opened_at = campaign.opened_at
    assert open_campaign(campaign=campaign, actor=secretariat) == []
    ContractFactory(code="nouveau")
    assert concerned(campaign, secretariat) == ["nouveau"]
    assert Filing.objects.count() == 2
    assert Notice.objects.count() == 1
    assert Campaign.objects.get().opened_at == opened_at


def test_risks_still_open_are_taken_over(contract: Contract, secretariat: User) -> None:
    before = FilingFactory(contract=contract, campaign=CampaignFactory())
    for title, state in (("Recrutement", "open"), ("Marché", "closed")):
        FiledRisk.objects.create(filing=before, title=title, state=state, probability=3, severity=4)
    Filing.objects.filter(pk=before.pk).update(state="submitted", submitted_by=secretariat, submitted_at=timezone.now())
    (filing,) = open_campaign(campaign=CampaignFactory(next_quarter=True), actor=secretariat)
    assert [(risk.title, risk.updated_by) for risk in filing.risks.all()] == [("Recrutement", None)]


def test_beat_opens_what_is_due_and_not_yet_open(contract: Contract) -> None:
    campaign = CampaignFactory()
    assert open_due_campaigns(on=date(2021, 6, 30)) == []
    assert open_due_campaigns(on=date(2021, 7, 20)) == [campaign]
    assert open_due_campaigns(on=date(2021, 7, 20)) == []


def test_the_page_shows_late_ones_first(contract: Contract, lead: User, secretariat: User) -> None:
    campaign = CampaignFactory()
    FilingFactory(contract=contract, campaign=campaign, due_on=date(2021, 7, 10))
    FilingFactory(campaign=campaign, state="submitted", contract=ContractFactory(title="A soumis"))
    FilingFactory(campaign=campaign, contract=ContractFactory(title="B attendu"))
    rows = campaign_rows(secretariat, campaign, date(2021, 7, 20))
    assert [(str(row.filing.contract), row.days_late) for row in rows] == [
        ("Marine", 10),
        ("B attendu", 0),
        ("A soumis", 0),
    ]
    assert rows[0].leads == (lead,)


@pytest.mark.parametrize("contracts", [1, 6])
def test_opening_costs_the_same_whatever_the_number_of_contracts(
    contracts: int, secretariat: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(contracts):
        promise(ContractFactory())
    campaign = CampaignFactory(fourth_quarter=True)
    with django_assert_num_queries(OPENING):
        opened = open_campaign(campaign=Campaign.objects.get(pk=campaign.pk), actor=secretariat)
    assert len(opened) == contracts
    assert {len(filing.consumptions.all()) for filing in opened} == {2}


@pytest.mark.parametrize("contracts", [1, 12])
def test_the_page_of_a_campaign_costs_the_same_whatever_the_number_of_contracts(
    contracts: int, secretariat: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = CampaignFactory()
    for filing in FilingFactory.create_batch(contracts, campaign=campaign):
        for section in sections_of(filing):
            section.prepare(filing)
    with django_assert_max_num_queries(13):
        assert len(campaign_rows(secretariat, campaign, date(2021, 7, 20))) == contracts


def test_a_campaign_is_done_once_every_filing_is_locked(secretariat: User, lead: User, contract: Contract) -> None:
    waiting, done, empty = CampaignFactory(), CampaignFactory(next_quarter=True), CampaignFactory(whole_year=True)
    FilingFactory(campaign=waiting, contract=contract)
    held = FilingFactory(campaign=done, contract=contract)
    other = FilingFactory(campaign=done, contract=ContractFactory(code="autre"))
    Filing.objects.filter(pk=held.pk).update(**LOCKED, submitted_by=lead)
    assert not any(vars(one)["is_done"] for one in campaigns_visible_to(secretariat))
    Filing.objects.filter(pk=other.pk).update(**LOCKED, submitted_by=lead)
    counts = {one.pk: vars(one) for one in campaigns_visible_to(secretariat)}
    found = {pk: (one["is_done"], one["filings_count"]) for pk, one in counts.items()}
    assert found == {waiting.pk: (False, 1), done.pk: (True, 2), empty.pk: (False, 0)}


def test_the_list_says_which_campaigns_are_closed(secretariat: User, lead: User, client: Client) -> None:
    filing = FilingFactory(campaign=CampaignFactory(opened_at=timezone.now()))
    CampaignFactory(next_quarter=True, opened_at=timezone.now())
    CampaignFactory(whole_year=True)
    Filing.objects.filter(pk=filing.pk).update(**LOCKED, submitted_by=lead)
    client.force_login(secretariat)
    page = words(client.get("/campagnes/"))
    assert "31/07/2021 1 0 1 Close" in page
    assert "0 0 0 Ouverte" in page
    assert "0 0 0 À ouvrir" in page
