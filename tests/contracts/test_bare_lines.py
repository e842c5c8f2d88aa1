"""A line that bears no figure (a milestone without dates): it moves no total, and is told all the same."""

import pytest
from django.test import Client

from accounts.models import User
from contracts.amendments.checks import require_within_object
from contracts.amendments.impact import impact
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import prepare_amendment
from contracts.models import Contract, ContractVersion, Milestone, PlannedMilestone
from reports.tables.impact import impact_tables
from tests.reading import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def base(contract: Contract) -> ContractVersion:
    """The signed version, with a milestone that it does not date."""
    version = contract.versions.get(number=0)
    undated = Milestone.objects.create(contract=contract, key="bilan", kind="jalon", label="Bilan", position=9)
    PlannedMilestone.objects.create(version=version, milestone=undated)
    return version


def without_it(base: ContractVersion, kind: str, actor: User) -> ContractVersion:
    draft = prepare_amendment(base.contract, [kind], actor)
    assert not impact(base, draft).changes, "a copy promises the same"
    PlannedMilestone.objects.filter(version=draft, milestone__key="bilan").delete()
    return draft


def test_the_impact_sheet_tells_a_line_without_figures(
    base: ContractVersion, secretariat: User, client: Client
) -> None:
    draft = without_it(base, "calendrier", secretariat)
    removed, added = impact(base, draft), impact(draft, base)
    assert (removed.lines, removed.dates, removed.changes) == ((), (), True)
    assert [(one.change, one.kind, one.subject) for one in removed.changed] == [("retrait", "jalon", "Bilan")]
    assert [one.change for one in added.changed] == ["ajout"]
    table = next(one for one in impact_tables(removed) if one.title == "Lignes ajoutées ou retirées")
    assert [row.values for row in table.rows] == [("retrait", "jalon", "Bilan")]
    client.force_login(secretariat)
    page = words(client.get(f"/contrats/{base.contract.code}/avenants/1/"))
    assert "Lignes ajoutées ou retirées" in page
    assert "exactement la même chose" not in page


def test_an_amendment_about_something_else_does_not_remove_it(base: ContractVersion, secretariat: User) -> None:
    draft = without_it(base, "budget", secretariat)
    with pytest.raises(AmendmentRefused, match="Bilan\u00a0», retrait\u00a0: "):
        require_within_object(draft)
