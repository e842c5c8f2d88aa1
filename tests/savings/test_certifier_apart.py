"""Whoever took any part in a filing certifies none of its savings: the service refuses, and so does the database."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from monitoring.errors import NotAllowedError
from monitoring.models import FiledRisk, Filing
from monitoring.models.progress import EntryRow
from monitoring.services.evidence import add_attachment, remove_attachment
from monitoring.services.progress import record_texts
from savings.locks import ABOVE_DECLARED, DECLARED_BY_THEM, certifier_apart
from savings.models import RealisedSaving, SavingCertification, SavingsLine
from tests.contracts.evidence_files import pdf
from tests.factories import UserFactory, grant
from tests.monitoring.workbook.books import annual_filing, fresh
from tests.savings.test_certification import certify, refused_by_sql, submitted

LEDGERS = [model for model in apps.get_models() if issubclass(model, EntryRow)]


@pytest.fixture
def annual(contract: Contract) -> Filing:
    """The fourth quarter of 2021, open, every section's rows made, two lines of savings and a risk."""
    SavingsLine.objects.create(contract=contract, key="achats", label="Achats", method="montants", position=2)
    filing = annual_filing(contract)
    FiledRisk.objects.create(filing=filing, title="Retard", probability=2, severity=2)
    return filing


@pytest.fixture
def both(contract: Contract) -> User:
    """Enters and reviews the same contract."""
    return grant(grant(UserFactory(), Role.LEAD, contract), Role.DITP_REVIEWER)


def refused(filing: Filing, person: User) -> None:
    """By the service and by the database, to certify the rents."""
    rent = RealisedSaving.objects.select_related("filing").get(filing=filing, line__label="Loyers")
    with pytest.raises(NotAllowedError, match="saisi ou soumis des chiffres de ce dossier, ou y avez joint une pièce"):
        certify(rent, person, 2)
    refused_by_sql(rent, person, DECLARED_BY_THEM)


@pytest.mark.parametrize("model", LEDGERS, ids=lambda model: model.__name__)
def test_who_typed_another_row_overwritten_since(annual: Filing, lead: User, both: User, model: Any) -> None:
    rows = model._default_manager.filter(filing=annual)
    others = rows.exclude(line__label="Loyers") if model is RealisedSaving else rows
    assert others.update(updated_by=both, revision=1)
    others.update(updated_by=lead, revision=2)
    submitted(annual, lead)
    refused(annual, both)


def _joined(filing: Filing, person: User) -> None:
    add_attachment(filing=filing, actor=person, name="bail.pdf", content=pdf())


def _joined_and_removed(filing: Filing, person: User) -> None:
    piece = add_attachment(filing=filing, actor=person, name="bail.pdf", content=pdf(), section="credits")
    remove_attachment(attachment=piece, actor=person)


def _removed_another_s(filing: Filing, person: User) -> None:
    owner = grant(UserFactory(), Role.LEAD, filing.contract)
    piece = add_attachment(filing=filing, actor=owner, name="bail.pdf", content=pdf())
    remove_attachment(attachment=piece, actor=person)


def _commented(filing: Filing, person: User) -> None:
    record_texts(filing=filing, actor=person, revision=0, values={"difficulties": "Recrutement"})


@pytest.mark.parametrize("take_part", [_joined, _joined_and_removed, _removed_another_s, _commented])
def test_who_only_joined_a_piece_or_commented(
    annual: Filing, lead: User, both: User, take_part: Callable[[Filing, User], None]
) -> None:
    take_part(annual, both)
    submitted(annual, lead)
    refused(fresh(annual), both)


def test_who_took_no_part_certifies(annual: Filing, lead: User, both: User) -> None:
    """What the same people do in another filing of the contract is nothing to this one."""
    _joined(annual, lead)
    submitted(annual, lead)
    rent = RealisedSaving.objects.select_related("filing").get(filing=annual, line__label="Loyers")
    assert certify(rent, both, 0).certified_by == both


def test_the_database_reads_the_history_of_every_table_of_rows() -> None:
    """A ledger added later has to be named too."""
    named = set(re.findall(r"updated_by_id FROM (\w+)", str(certifier_apart().func)))
    assert named == {model.pgh_event_model._meta.db_table for model in [*LEDGERS, Filing]}  # type: ignore[attr-defined]


def test_who_declared_is_told_so_whatever_the_amount(annual: Filing, lead: User, both: User) -> None:
    """Certified above what is declared, by who declared it: the person comes before the amount, as in the service."""
    submitted(annual, lead)
    rent = RealisedSaving.objects.select_related("filing").get(filing=annual, line__label="Loyers")
    above = {"ae": Decimal(99_000_000), "cp": Decimal(99_000_000), "certified_at": timezone.now()}
    for person, message in ((lead, DECLARED_BY_THEM), (both, ABOVE_DECLARED)):
        with pytest.raises(IntegrityError, match=message), transaction.atomic():
            SavingCertification.objects.create(realised=rent, certified_by=person, **above)
