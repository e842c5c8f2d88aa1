"""Periods and references as reports name them."""

import pytest

from contracts.models import Contract
from monitoring.enums import FilingState
from reports.enums import ReportKind
from reports.models import ReportFile
from reports.names import period_label, risk_reference
from reports.situation import contract_situation
from reports.snapshots import canonical, freeze
from tests.factories import CampaignFactory
from tests.reports.filed import file


@pytest.mark.django_db
def test_an_annual_report_is_of_its_year_wherever_it_is_named(contract: Contract) -> None:
    """A fourth quarter makes it: cover, lists, mails and file names say 2021; the snapshot keeps its filing."""
    filing = file(contract, campaign=CampaignFactory(year=2021, quarter=4), state=FilingState.LOCKED)
    snapshot = freeze(filing)
    assert snapshot.kind == ReportKind.YEARLY
    assert (snapshot.period, snapshot.of_period) == ("Année\u00a02021", "de l’année\u00a02021")
    assert str(snapshot) == "Rapport annuel – Marine – Année\u00a02021"
    named = ReportFile(snapshot=snapshot, file_format="pdf").name
    assert named == f"{contract.code}-2021-rapport-annuel.pdf"
    situation = contract_situation(contract, filing=filing)
    assert period_label(situation, ReportKind.YEARLY) == "Année\u00a02021"
    assert period_label(situation, ReportKind.QUARTERLY) == "4e\u00a0trimestre\u00a02021"
    assert snapshot.content == canonical(situation)


def test_a_risk_is_not_named_like_a_return() -> None:
    assert risk_reference(1) == "n°\u00a01"
