"""What the curve reads of a version is what the situation expects of its recurrent lines that count, year by year."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Role
from accounts.models import User
from contracts.amendments.services import prepare_amendment
from contracts.models import Contract, ContractVersion
from figures.ae_cp import total
from monitoring.enums import FilingState
from reports.curve import curve, curve_drawing
from reports.curve_selectors import contract_curves
from reports.situation import contract_situation
from savings.calc import UNVALUED
from savings.models import PlannedSaving, RealisedSaving, SavingsLine, SavingsTerms
from savings.selectors import savings_situation
from savings.services import certify_saving
from tests.factories import CampaignFactory, UserFactory, grant
from tests.reports.filed import file

pytestmark = pytest.mark.django_db
END = date(2030, 12, 31)
YEAR_2025 = {"starts_on": date(2025, 4, 1), "ends_on": date(2025, 6, 30), "opens_on": date(2025, 7, 1)} | {
    "due_on": date(2025, 7, 31)
}


def expected(contract: Contract, version: ContractVersion) -> dict[int, Decimal]:
    """By year, from the situation: the CP of recurrent lines that count."""
    situation = savings_situation(contract, version, END)
    lines = [line for line in situation.lines if line.counts and line.is_recurrent]
    sums = {year: total(line.years[rank].expected.cp for line in lines) for rank, year in enumerate(situation.years)}
    return {year: cp for year, cp in sums.items() if cp is not None}


@pytest.fixture
def signature(contract: Contract) -> ContractVersion:
    """« Marine », funded until 2022: rents of 30 000 € a year in its table, then 25 000 € a year."""
    version: ContractVersion = contract.versions.get(number=0)
    SavingsTerms.objects.create(line=SavingsLine.objects.get(contract=contract), version=version, recurrent_cp=25_000)
    return version


def other_line(contract: Contract, version: ContractVersion, year: int, **line: object) -> SavingsLine:
    made = SavingsLine.objects.create(contract=contract, **{"key": "autre", "label": "Autre", "position": 9} | line)
    PlannedSaving.objects.create(line=made, version=version, year=year, ae=1_000, cp=1_000)
    return made


def test_what_recurs_begins_after_the_table(contract: Contract, signature: ContractVersion) -> None:
    (row,) = contract_curves([contract], END)
    assert row.in_force.savings == {
        **dict.fromkeys((2020, 2021, 2022), Decimal(30_000)),
        **dict.fromkeys((2023, 2024, 2025), Decimal(25_000)),
    }
    assert row.in_force.savings == row.signed.savings == expected(contract, signature)


@pytest.mark.parametrize(
    "line",
    [
        {"method": "montants", "is_recurrent": False},
        {"method": "montants", "is_redeployed": True},
        {"method": UNVALUED},
    ],
)
def test_a_longer_table_is_longer_whatever_the_line(
    contract: Contract, signature: ContractVersion, line: dict[str, object]
) -> None:
    """A line that the curve leaves out prints a saving of 2024: the table ends there, and 25 000 € recur in 2025."""
    other_line(contract, signature, 2024, **line)
    (row,) = contract_curves([contract], END)
    assert [row.in_force.savings.get(year) for year in (2022, 2023, 2024, 2025)] == [30_000, None, None, 25_000]
    assert row.in_force.savings == expected(contract, signature)


@pytest.mark.parametrize("change", [{"is_recurrent": False}, {"is_redeployed": True}, {"method": UNVALUED}])
def test_a_contract_of_which_nothing_recurs_has_no_curve(contract: Contract, change: dict[str, object]) -> None:
    SavingsLine.objects.filter(contract=contract).update(**change)
    rows = contract_curves([contract], END)
    assert (rows[0].signed.savings, rows[0].in_force.savings) == ({}, {})
    assert curve_drawing(curve(rows), contract.first_year) is None


def test_a_contract_without_any_saving_has_no_curve(contract: Contract) -> None:
    PlannedSaving.objects.all().delete()
    assert curve_drawing(curve(contract_curves([contract], END)), contract.first_year) is None


def test_a_prolongation_leaves_no_hole_in_what_the_signature_promised(
    contract: Contract, signature: ContractVersion, secretariat: User
) -> None:
    """Funded until 2023 since 2022: at signature 25 000 € were promised for 2023, after the table of that time."""
    draft = prepare_amendment(contract, ["calendrier"], secretariat)
    ContractVersion.objects.filter(pk=signature.pk).update(extends_to=2022)
    ContractVersion.objects.filter(pk=draft.pk).update(
        extends_to=2023, state="signed", signed_on=date(2022, 1, 1), effective_on=date(2022, 1, 1), reason="x"
    )
    Contract.objects.filter(pk=contract.pk).update(last_year=2023)
    prolonged = Contract.objects.get(pk=contract.pk)
    (row,) = contract_curves([prolonged], END)
    assert [row.signed.savings.get(year) for year in (2022, 2023, 2024, 2026)] == [30_000, 25_000, 25_000, 25_000]
    assert [row.in_force.savings.get(year) for year in (2022, 2023, 2024, 2026)] == [30_000, None, 25_000, 25_000]
    for version in prolonged.versions.all():
        promised = row.signed if version.number == 0 else row.in_force
        assert promised.savings == expected(prolonged, version)


def certified(contract: Contract, year: int, paid: int, euros: int) -> None:
    """A year's filing, submitted: what was paid on « Études », and what a reviewer certified of the rents."""
    days = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
    opened = {"opens_on": date(year + 1, 1, 1), "due_on": date(year + 1, 1, 31)}
    campaign = CampaignFactory(whole_year=True, year=year, **days, **opened)
    filing = file(contract, campaign=campaign, state=FilingState.SUBMITTED, etudes=(None, str(paid)))
    row = RealisedSaving.objects.select_related("filing").get(filing=filing)
    certify_saving(realised=row, ae=None, cp=Decimal(euros), actor=grant(UserFactory(), Role.DB_REVIEWER))


@pytest.mark.parametrize(("paid", "r4"), [(0, Decimal("0.25")), (20_000, Decimal("0.2"))])
def test_the_last_certified_point_is_r4_unless_paid_for_later(contract: Contract, paid: int, r4: Decimal) -> None:
    """20 000 € certified in 2024 for 80 000 € paid: 0,25. A payment in 2025 weighs on R4, and not on the point."""
    certified(contract, 2021, 80_000, 9_000)
    certified(contract, 2024, 0, 20_000)
    file(contract, campaign=CampaignFactory(year=2025, **YEAR_2025), etudes=(None, str(paid)))
    points = curve(contract_curves([contract], END))
    (last,) = [point for point in points if point.certified is not None][-1:]
    (r4_of,) = [one for one in contract_situation(contract, END).returns if one.code == "R4"]
    assert (last.rank, last.certified, r4_of.numerator, r4_of.ratio) == (2, Decimal("0.25"), Decimal(20_000), r4)
    assert r4_of.numerator_label.endswith("certifiées au 31/12/2025 (dernière année certifiée\u00a0: 2024)")
