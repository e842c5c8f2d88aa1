"""Declaring savings: once a year, by the lead, beside the plan, never certified by the declarant."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from contracts.fields import amount
from contracts.models import Contract
from figures.ae_cp import NOTHING, AeCp
from monitoring.entry.conflicts import NotYourRow
from monitoring.models import Campaign, Filing
from monitoring.rules import findings
from monitoring.sections import sections_of
from savings.entry_selectors import entry_rows
from savings.models import PlannedPost, RealisedSaving, SavingsLine, SavingsTerms
from savings.permissions import can_record
from savings.sections import completeness, prepare, summary
from savings.services import record_saving
from tests.factories import CampaignFactory, FilingFactory

SignedIn = Callable[[User], Client]


@pytest.fixture
def annual(contract: Contract) -> Filing:
    """The fourth quarter of 2021, its savings rows made."""
    campaign = CampaignFactory(fourth_quarter=True)
    filing = FilingFactory(contract=contract, campaign=campaign)
    prepare(filing)
    return filing


@pytest.fixture
def rent(annual: Filing) -> RealisedSaving:
    return RealisedSaving.objects.select_related("line", "filing").get(filing=annual)


def test_savings_are_asked_at_the_end_of_the_year_only(
    filing: Filing, annual: Filing, signed_in: SignedIn, lead: User
) -> None:
    assert "economies" not in [section.code for section in sections_of(filing)]
    assert "economies" in [section.code for section in sections_of(annual)]
    assert signed_in(lead).get(f"/dossiers/{filing.pk}/economies/").status_code == 404


def test_who_may_only_read_is_not_asked_to_type_and_sees_no_label_without_a_value(
    annual: Filing, signed_in: SignedIn, lead: User, secretariat: User
) -> None:
    asks, says = "Tapez ce qui a été réellement économisé", "Pièces et sources"
    reads, types = (
        signed_in(person).get(f"/dossiers/{annual.pk}/economies/").content.decode() for person in (secretariat, lead)
    )
    assert [(asks in page, says in page) for page in (reads, types)] == [(False, False), (True, True)]


def test_a_row_stands_beside_its_plan(annual: Filing) -> None:
    [row] = entry_rows(annual)
    assert (row.label, row.planned, row.declared.is_reported) == (
        "Loyers",
        AeCp(Decimal(30_000), Decimal(30_000)),
        False,
    )
    assert (completeness(annual).done, completeness(annual).total) == (0, 1)


def test_a_saving_below_plan_blocks_until_it_has_a_reason(annual: Filing, rent: RealisedSaving, lead: User) -> None:
    record_saving(row=rent, revision=0, ae=Decimal(30_000), cp=Decimal(28_000), evidence_level="declared", actor=lead)
    [gap] = [one for one in findings(annual) if one.rule.code == "E01"]
    assert (gap.is_blocking, gap.finding.amount) == (True, Decimal(2000))
    assert gap.url == f"/dossiers/{annual.pk}/economies/#c{rent.pk}-reason"
    record_saving(
        row=rent,
        revision=1,
        ae=Decimal(30_000),
        cp=Decimal(28_000),
        reason="Bail prolongé",
        evidence_level="declared",
        actor=lead,
    )
    assert [one for one in findings(annual) if one.rule.code == "E01"] == []
    assert summary(annual)[1].comment == "Bail prolongé – Déclarée"


def test_after_the_contracts_table_what_recurs_is_the_plan(contract: Contract, lead: User) -> None:
    """Funding and printed savings end in 2022; 25 000 € a year are promised then, and 5 000 € are missing in 2025."""
    terms = SavingsTerms.objects.create(
        line=SavingsLine.objects.get(contract=contract),
        version=contract.versions.get(number=0),
        recurrent_ae=Decimal(25_000),
        recurrent_cp=Decimal(25_000),
    )
    late = FilingFactory(contract=contract, campaign=year_campaign(2025))
    prepare(late)
    [row] = entry_rows(late)
    assert row.planned == AeCp(Decimal(25_000), Decimal(25_000))
    stored = RealisedSaving.objects.get(filing=late)
    record_saving(row=stored, revision=0, ae=Decimal(25_000), cp=Decimal(20_000), evidence_level="declared", actor=lead)
    [gap] = [one for one in findings(late) if one.rule.code == "E01"]
    assert gap.finding.amount == Decimal(5000)
    SavingsTerms.objects.filter(pk=terms.pk).update(recurrent_ae=0, recurrent_cp=0)
    SavingsLine.objects.filter(pk=terms.line_id).update(is_recurrent=False)
    assert entry_rows(late)[0].planned == NOTHING, "not the zero printed for a one-off line"


def test_nothing_is_expected_once_savings_are_followed_no_more(contract: Contract) -> None:
    SavingsTerms.objects.create(
        line=SavingsLine.objects.get(contract=contract),
        version=contract.versions.get(number=0),
        recurrent_cp=Decimal(25_000),
    )
    assert contract.savings_followed_until == 2025
    late = FilingFactory(contract=contract, campaign=year_campaign(2026))
    prepare(late)
    assert entry_rows(late)[0].planned == NOTHING


def year_campaign(year: int) -> Campaign:
    """The yearly campaign of a year, opened in January after."""
    made: Campaign = CampaignFactory(
        kind="year",
        year=year,
        quarter=None,
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        opens_on=date(year + 1, 1, 1),
        due_on=date(year + 1, 1, 31),
    )
    return made


def test_savings_belong_to_no_sheet(annual: Filing, rent: RealisedSaving, contributor: User, lead: User) -> None:
    assert (can_record(lead, rent), can_record(contributor, rent)) == (True, False)
    with pytest.raises(NotYourRow):
        record_saving(row=rent, revision=0, ae=Decimal(1), cp=Decimal(1), actor=contributor)


def test_the_form_saves_choices_and_texts(
    annual: Filing, rent: RealisedSaving, lead: User, signed_in: SignedIn
) -> None:
    client, page = signed_in(lead), f"/dossiers/{annual.pk}/economies/"
    sent = {
        f"r{rent.pk}": "0",
        f"c{rent.pk}-ae": "30 k€",
        f"c{rent.pk}-cp": "30000",
        f"c{rent.pk}-evidence_level": "documented",
        f"c{rent.pk}-evidence": "Bail résilié le 3 mai",
    }
    assert client.post(page, sent).status_code == 302
    rent.refresh_from_db()
    assert (amount(rent.ae), rent.evidence_level, rent.evidence) == (
        Decimal(30_000),
        "documented",
        "Bail résilié le 3 mai",
    )
    html = client.get(page).content.decode()
    assert re.search(r'<option value="documented" selected>', html)
    assert "Bail résilié le 3 mai</textarea>" in html


def test_the_holder_cannot_certify(annual: Filing, rent: RealisedSaving, lead: User, signed_in: SignedIn) -> None:
    sent = {f"r{rent.pk}": "0", f"c{rent.pk}-evidence_level": "certified"}
    answer = signed_in(lead).post(f"/dossiers/{annual.pk}/economies/", sent)
    assert answer.status_code == 422
    assert "n’est pas dans la liste" in answer.content.decode()


def test_last_year_stands_beside(annual: Filing, rent: RealisedSaving, lead: User, contract: Contract) -> None:
    record_saving(row=rent, revision=0, ae=Decimal(9), cp=Decimal(8), actor=lead)
    Filing.objects.filter(pk=annual.pk).update(
        state="submitted", submitted_by=lead, submitted_at="2022-01-10T00:00:00Z"
    )
    campaign = CampaignFactory(
        whole_year=True,
        year=2022,
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 12, 31),
        opens_on=date(2023, 1, 1),
        due_on=date(2023, 1, 31),
    )
    following = FilingFactory(contract=contract, campaign=campaign)
    prepare(following)
    assert entry_rows(following)[0].last == AeCp(Decimal(9), Decimal(8))


def test_one_row_costs_few_queries_whoever_wrote_it_last(
    annual: Filing, rent: RealisedSaving, lead: User, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    client, address = signed_in(lead), f"/dossiers/{annual.pk}/economies/lignes/{rent.pk}/"
    for author, expected in ((lead, 9), (ditp_reviewer, 10)):
        RealisedSaving.objects.filter(pk=rent.pk).update(updated_by=author)
        rent.refresh_from_db()
        with CaptureQueriesContext(connection) as queries:
            client.post(address, {f"r{rent.pk}": str(rent.revision), f"c{rent.pk}-ae": str(rent.revision + 1)})
        asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        # session, person, filing, roles, row held, promised, last year, evidence, update; another author is read too
        assert len(asked) == expected
        rent.refresh_from_db()
        assert amount(rent.ae) == rent.revision
        assert rent.updated_by_id == lead.pk


def test_what_is_promised_comes_with_the_posts_redeployed(annual: Filing, rent: RealisedSaving) -> None:
    alone = SavingsLine.objects.create(
        contract=annual.contract, key="agents", label="Agents", method="postes", position=2
    )
    RealisedSaving.objects.create(line=alone, filing=annual)
    for line, year, etpt in (
        (rent.line, 2020, "1.5"),
        (rent.line, 2021, "0.5"),
        (alone, 2021, "2"),
        (alone, 2022, "9"),
    ):
        PlannedPost.objects.create(
            line=line, version=annual.version, category="B", year=year, redeployed_etpt=Decimal(etpt)
        )
    first, second = entry_rows(annual)
    assert (first.planned, first.redeployed_etpt) == (AeCp(Decimal(30_000), Decimal(30_000)), Decimal(2))
    assert (second.planned, second.redeployed_etpt) == (NOTHING, Decimal(2))
