"""What is read of a filing to save a row is what its pages read of it."""

from datetime import date

from pytest_django import DjangoAssertNumQueries

from contracts.perimeters import perimeters_of
from monitoring.frame_of_a_row import frame_of_a_row
from monitoring.models import Filing
from tests.factories import VersionFactory


def facts(filing: Filing) -> dict[str, object]:
    contract, campaign = filing.contract, filing.campaign
    return {
        "filing": (filing.pk, filing.state, filing.is_demo),
        "campaign": (campaign.pk, campaign.kind, campaign.year, campaign.quarter, campaign.ends_on),
        "version": (filing.version.pk, filing.version.number, filing.version.signed_on),
        "contract": (contract.pk, contract.code, contract.last_year, contract.first_tranche_year),
        "perimeters": perimeters_of(contract),
        "signed on": filing.contract_signed_on,
    }


def test_all_that_a_row_needs_comes_in_one_query(
    filing: Filing, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        frame = frame_of_a_row(filing.pk)
        assert frame is not None
        found = facts(frame)
    assert found == facts(Filing.objects.get(pk=filing.pk))


def test_the_day_of_signature_stays_under_an_amendment(
    filing: Filing, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    signed = filing.contract.versions.get(number=0).signed_on
    amendment = VersionFactory(contract=filing.contract, number=1, kind="avenant", signed_on=date(2021, 10, 1))
    Filing.objects.filter(pk=filing.pk).update(version=amendment)
    with django_assert_num_queries(1):
        frame = frame_of_a_row(filing.pk)
        assert frame is not None
        assert (frame.version.signed_on, frame.contract_signed_on) == (date(2021, 10, 1), signed)


def test_a_holder_without_ministry(filing: Filing) -> None:
    holder = filing.contract.holder
    holder.ministry = None
    holder.save()
    frame = frame_of_a_row(filing.pk)
    assert frame is not None
    assert frame.contract.holder.ministry is None


def test_what_a_row_does_not_need_is_read_when_asked(filing: Filing) -> None:
    frame = frame_of_a_row(filing.pk)
    assert frame is not None
    assert (frame.due_on, frame.contract.title) == (filing.due_on, filing.contract.title)


def test_no_such_filing(db: None) -> None:
    assert frame_of_a_row(0) is None
    assert frame_of_a_row(10**30) is None
