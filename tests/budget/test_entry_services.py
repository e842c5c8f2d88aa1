"""Recording credits: all or nothing, by whom, over which revision, and never in a closed filing."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role
from accounts.models import User
from budget.entry import ConsumptionEntry
from budget.entry_selectors import credit_facts, entry_rows
from budget.models import Consumption
from budget.permissions import can_record
from budget.rules import RULES
from budget.sections import completeness, prepare, summary
from budget.services import record_consumption, record_consumptions, take_over_last_period
from contracts.fields import amount
from contracts.models import Contract
from figures.ae_cp import NOTHING, AeCp
from monitoring.entry.conflicts import FilingClosed, NotYourRow, StaleRows, UnknownRow
from monitoring.enums import FilingState
from monitoring.errors import FilingError
from monitoring.models import Filing
from tests.budget.rows import add_lines, close, earlier, entry, rows_of
from tests.factories import FilingFactory, UserFactory, grant


def stored(row: Consumption) -> tuple[Any, ...]:
    row.refresh_from_db()
    return (amount(row.ae), amount(row.cp), row.revision)


def test_prepare_makes_one_blank_row_for_each_line_once(filing: Filing) -> None:
    assert [(row.line.key, row.ae, row.cp, row.revision) for row in rows_of(filing)] == [
        ("etudes", None, None, 0),
        ("outil", None, None, 0),
    ]
    prepare(filing)
    assert Consumption.objects.count() == 2
    assert (completeness(filing).done, completeness(filing).total) == (0, 2)


def test_recording_says_who_and_when(filing: Filing, lead: User) -> None:
    study, _ = rows_of(filing)
    written = record_consumption(
        row=study, revision=0, ae=Decimal("1234.56"), cp=Decimal(0), comment="Lot 1", actor=lead
    )
    assert stored(study) == (Decimal("1234.56"), Decimal("0.00"), 1)
    assert (written.updated_by, written.updated_at is not None, study.comment) == (lead, True, "Lot 1")
    assert completeness(filing).done == 1


def test_a_blank_erases_and_is_not_zero(filing: Filing, lead: User) -> None:
    study, _ = rows_of(filing)
    record_consumption(row=study, revision=0, ae=Decimal(5), cp=Decimal(5), actor=lead)
    record_consumption(row=study, revision=1, ae=None, cp=Decimal(0), actor=lead)
    assert stored(study) == (None, Decimal(0), 2)


def test_the_same_values_write_nothing(filing: Filing, lead: User) -> None:
    study, _ = rows_of(filing)
    record_consumption(row=study, revision=0, ae=Decimal(5), cp=Decimal(5), actor=lead)
    record_consumption(row=study, revision=0, ae=Decimal("5.00"), cp=Decimal(5), actor=lead)
    assert stored(study)[2] == 1


def test_a_stale_write_tells_mine_theirs_and_before(filing: Filing, lead: User, contract: Contract) -> None:
    study, _ = rows_of(filing)
    record_consumption(row=study, revision=0, ae=Decimal(100), cp=Decimal(40), actor=lead)
    other = grant(UserFactory(first_name="Claire", last_name="Petit"), Role.LEAD, contract)
    record_consumption(row=study, revision=1, ae=Decimal(200), cp=Decimal(40), actor=other)
    with pytest.raises(StaleRows) as caught:
        record_consumption(row=study, revision=1, ae=Decimal(150), cp=Decimal(40), actor=lead)
    [conflict] = caught.value.conflicts
    assert (conflict.mine["ae"], conflict.theirs["ae"]) == (150, 200)
    assert conflict.before == {"ae": Decimal("100.00"), "cp": Decimal("40.00"), "comment": ""}
    assert (conflict.who, conflict.revision) == ("Claire Petit", 2)
    assert stored(study) == (Decimal(200), Decimal(40), 2)


def test_a_row_that_i_did_not_touch_keeps_what_another_wrote(filing: Filing, lead: User) -> None:
    study, tool = rows_of(filing)
    record_consumption(row=study, revision=0, ae=Decimal(9), cp=Decimal(9), actor=lead)
    untouched = ConsumptionEntry(study.pk, 0, None, None)
    record_consumptions(filing=filing, entries=[untouched, entry(tool, 3, 3)], actor=lead)
    assert stored(study) == (Decimal(9), Decimal(9), 1)
    assert stored(tool) == (Decimal(3), Decimal(3), 1)


def test_many_rows_are_all_or_nothing(filing: Filing, lead: User) -> None:
    study, tool = rows_of(filing)
    record_consumption(row=tool, revision=0, ae=Decimal(1), cp=Decimal(1), actor=lead)
    with pytest.raises(StaleRows):
        record_consumptions(
            filing=filing, entries=[entry(study, 5, 5), ConsumptionEntry(tool.pk, 0, Decimal(2), None)], actor=lead
        )
    assert stored(study) == (None, None, 0)


def test_a_row_of_another_filing_is_unknown(filing: Filing, lead: User, other_contract: Contract) -> None:
    foreign = rows_of(FilingFactory(contract=other_contract, campaign=filing.campaign))[0]
    with pytest.raises(UnknownRow):
        record_consumptions(filing=filing, entries=[entry(foreign, 1, 1)], actor=lead)


def test_a_contributor_writes_on_the_sheets_given_to_them_only(filing: Filing, contributor: User) -> None:
    study, tool = rows_of(filing)
    record_consumptions(filing=filing, entries=[entry(tool, 7, 7)], actor=contributor)
    with pytest.raises(NotYourRow):
        record_consumptions(filing=filing, entries=[entry(study, 7, 7)], actor=contributor)
    assert (stored(tool)[0], stored(study)[0]) == (7, None)
    assert [can_record(contributor, row) for row in (study, tool)] == [False, True]


@pytest.mark.parametrize(
    "person", ["secretariat", "ditp_reviewer", "reader", "other_lead", "stranger", "administrator"]
)
def test_nobody_else_writes(filing: Filing, person: str, request: pytest.FixtureRequest) -> None:
    study, _ = rows_of(filing)
    with pytest.raises(NotYourRow):
        record_consumptions(filing=filing, entries=[entry(study, 7, 7)], actor=request.getfixturevalue(person))


@pytest.mark.parametrize("state", [FilingState.SUBMITTED, FilingState.VALIDATED, FilingState.LOCKED])
def test_a_closed_filing_refuses_by_service_and_by_sql(filing: Filing, lead: User, state: FilingState) -> None:
    study, _ = rows_of(filing)
    close(filing, state, lead)
    with pytest.raises(FilingClosed, match="n’est plus ouvert à la saisie"):
        record_consumptions(filing=filing, entries=[entry(study, 7, 7)], actor=lead)
    with pytest.raises(IntegrityError, match="n’est plus ouvert à la saisie"), transaction.atomic():
        connection.cursor().execute("UPDATE budget_consumption SET ae = 1 WHERE id = %s", [study.pk])
    assert stored(study) == (None, None, 0)


def test_a_filing_closed_meanwhile_is_refused_by_the_database_in_french(filing: Filing, lead: User) -> None:
    study, _ = rows_of(filing)
    mine = Filing.objects.get(pk=filing.pk)
    close(filing, FilingState.SUBMITTED, lead)
    with pytest.raises(FilingError, match="n’est plus ouvert à la saisie"):
        record_consumptions(filing=mine, entries=[entry(study, 7, 7)], actor=lead)


def test_last_period_is_the_previous_filing_of_the_same_year(filing: Filing, lead: User) -> None:
    first = earlier(filing, 2021, 1, lead, {"etudes": (100, 40)})
    earlier(filing, 2020, 4, lead, {"etudes": (1000, 900), "outil": (10, 10)})
    prepare(filing)
    study, tool = entry_rows(filing)
    assert first.campaign.quarter == 1
    assert (study.last, study.earlier) == (AeCp(Decimal(100), Decimal(40)), AeCp(Decimal(1000), Decimal(900)))
    assert (tool.last, tool.earlier) == (AeCp(None, None), AeCp(Decimal(10), Decimal(10)))
    assert (study.planned, study.planned_over_life.ae) == (AeCp(Decimal(100_000), Decimal(100_000)), Decimal(300_000))
    assert [row.previous for row in summary(filing)][:2] == ["100,00\u00a0€", "40,00\u00a0€"]


def test_the_first_filing_of_a_year_has_no_last_period(filing: Filing, lead: User) -> None:
    earlier(filing, 2020, 4, lead, {"etudes": (1000, 900)})
    prepare(filing)
    assert entry_rows(filing)[0].last is None


def test_a_draft_is_not_a_last_period(filing: Filing, lead: User) -> None:
    earlier(filing, 2021, 1, lead, {"etudes": (100, 40)}, state=FilingState.DRAFT)
    prepare(filing)
    assert entry_rows(filing)[0].last is None


def test_taking_over_fills_blanks_only(filing: Filing, lead: User) -> None:
    earlier(filing, 2021, 1, lead, {"etudes": (100, 40), "outil": (10, 5)})
    study, tool = rows_of(filing)
    record_consumption(row=study, revision=0, ae=Decimal(120), cp=None, actor=lead)
    assert take_over_last_period(filing=filing, actor=lead) == 2
    assert stored(study)[:2] == (120, 40)
    assert stored(tool)[:2] == (10, 5)
    assert take_over_last_period(filing=filing, actor=lead) == 0


def test_queries_are_constant(filing: Filing, lead: User, django_assert_num_queries: Callable[..., Any]) -> None:
    for lines in (3, 30):
        add_lines(filing.contract, lines)
        fresh = Filing.objects.select_related("campaign", "version", "contract__holder__ministry").get(pk=filing.pk)
        prepare(fresh)
        with django_assert_num_queries(3):
            shown = entry_rows(fresh)
        entries = [ConsumptionEntry(row.pk, row.revision, Decimal(lines), Decimal(1)) for row in shown]
        person = User.objects.get(pk=lead.pk)
        with django_assert_num_queries(5):  # roles, savepoint, lock, update, release
            record_consumptions(filing=fresh, entries=entries, actor=person)


@pytest.mark.django_db(transaction=True)
def test_two_people_pasting_at_once_lose_nothing(filing: Filing, lead: User) -> None:
    """Four pastes of the same rows from the same reading: one is written, three are told so, none waits forever."""
    rows = rows_of(filing)

    def paste(rank: int) -> int | None:
        try:
            record_consumptions(
                filing=Filing.objects.get(pk=filing.pk),
                entries=[entry(row, rank, rank) for row in (rows if rank % 2 else rows[::-1])],
                actor=User.objects.get(pk=lead.pk),
            )
        except StaleRows:
            return None
        finally:
            connection.close()
        return rank

    with ThreadPoolExecutor(4) as pool:
        written = [rank for rank in pool.map(paste, range(1, 5)) if rank]
    assert len(written) == 1
    assert [stored(row) for row in rows] == [(written[0], written[0], 1)] * 2


def test_a_quarter_filed_after_the_next_one_sees_its_cumulated_figures(filing: Filing, lead: User) -> None:
    """The third quarter was locked first, at 50 € of AE and 40 € of CP; the second then declares 55 € and 40 €."""
    earlier(filing, 2021, 3, lead, {"etudes": (50, 40)})
    earlier(filing, 2021, 4, lead, {"etudes": (90, 80)})
    earlier(filing, 2022, 1, lead, {"etudes": (1, 1)})
    study = rows_of(filing)[0]
    record_consumptions(filing=filing, entries=[entry(study, 55, 40)], actor=lead)
    row = entry_rows(filing)[0]
    assert (row.following, row.last, row.earlier) == (AeCp(Decimal(50), Decimal(40)), None, NOTHING)
    falling = next(rule for rule in RULES if rule.code == "C02")
    found = [one.message for one in falling.check(credit_facts(filing, [row]))]
    assert [re.sub(r"\s", " ", one) for one in found] == [
        "Études : le cumul des AE dépasse de 5,00 € celui de la période suivante."
    ]
