"""A prolongation signed today for a later day: the contract is held to its years until then."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from djmoney.money import Money

from accounts.models import User
from budget.models import BudgetLine, PlannedCredit
from contracts.amendments.file import import_draft
from contracts.amendments.prolongation import prolong_due, set_last_year
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import prepare_amendment
from contracts.contract_file.writer import write_contract_file
from contracts.lifecycle.calc import Phase
from contracts.lifecycle.selectors import phase_of
from contracts.models import Contract, ContractVersion
from tests.contracts.test_amendments import signed
from tests.reading import words

pytestmark = pytest.mark.django_db


def until(contract: Contract, year: int, actor: User, effective_on: date) -> ContractVersion:
    """An amendment that funds the contract until a year, signed today."""
    draft = prepare_amendment(contract, ["calendrier"], actor)
    before = f"derniere_annee = {draft.extends_to or contract.last_year}"
    longer = write_contract_file(draft).replace(before, f"derniere_annee = {year}")
    import_draft(draft, "avenant.toml", longer.encode(), actor)
    return signed(ContractVersion.objects.get(pk=draft.pk), actor, effective_on, timezone.localdate())


def last_years(contract: Contract) -> tuple[int, list[int | None]]:
    """The contract's last year, and the one that each of its versions bears."""
    versions = contract.versions.order_by("number").values_list("extends_to", flat=True)
    return Contract.objects.get(pk=contract.pk).last_year, list(versions)


def test_a_prolongation_waits_for_its_effect(contract: Contract, secretariat: User, client: Client) -> None:
    """Marine runs until 2022; signed today, the amendment funds it until 2027 from a day that is two months ahead."""
    today = timezone.localdate()
    effect = today + timedelta(days=60)
    until(contract, 2027, secretariat, effect)
    assert last_years(contract) == (2022, [None, 2027])
    assert phase_of(Contract.objects.get(pk=contract.pk), today) == Phase.OVERDUE
    client.force_login(secretariat)
    assert ">2027<" not in client.get("/contrats/marine/tranches/").content.decode()
    assert prolong_due(on=effect - timedelta(days=1)) == 0
    assert prolong_due(on=effect) == 1
    assert prolong_due(on=effect) == 0, "made once"
    assert last_years(contract) == (2027, [2022, 2027])
    assert phase_of(Contract.objects.get(pk=contract.pk), effect) == Phase.IN_FORCE


def test_a_prolongation_that_waits_is_itself_prolonged(contract: Contract, secretariat: User) -> None:
    """The second starts from what the first one signed, and each waits for its own day."""
    today = timezone.localdate()
    first, second = today + timedelta(days=30), today + timedelta(days=60)
    until(contract, 2027, secretariat, first)
    until(contract, 2028, secretariat, second)
    assert last_years(contract) == (2022, [None, 2027, 2028])
    assert prolong_due(on=first) == 1
    assert last_years(contract) == (2027, [2022, 2027, 2028])
    assert prolong_due(on=second) == 1
    assert last_years(contract) == (2028, [2022, 2027, 2028])


def test_a_prolongation_of_today_is_made_at_once(contract: Contract, secretariat: User) -> None:
    until(contract, 2027, secretariat, timezone.localdate())
    assert last_years(contract) == (2027, [2022, 2027])


def test_the_page_of_a_draft_prolongs_and_offers_the_new_years(
    contract: Contract, secretariat: User, client: Client
) -> None:
    """Marine runs until 2022; its credits and savings are then typed for 2023, and nothing moves before the effect."""
    draft = prepare_amendment(contract, ["budget", "economies"], secretariat)
    client.force_login(secretariat)
    url = f"/contrats/marine/avenants/{draft.number}/"
    assert f'href="{url}prolonger/"' in client.get(url).content.decode()
    assert "2023" not in client.get(f"{url}modifier/budget/").content.decode()
    assert client.post(f"{url}prolonger/", {"last_year": "2021"}).status_code == 422
    assert client.post(f"{url}prolonger/", {"last_year": "2023"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.extends_to, Contract.objects.get(pk=contract.pk).last_year) == (2023, 2022)
    assert "2023" in client.get(f"{url}modifier/budget/").content.decode()
    assert "2026" in client.get(f"{url}modifier/savings/").content.decode()
    page = words(client.get(url))
    assert "Dernière année de financement : 2023" in page
    study = BudgetLine.objects.get(contract=contract, key="etudes")
    ten: Any = Money(10, "EUR")
    PlannedCredit.objects.create(version=draft, line=study, year=2023, ae=ten, cp=ten)
    with pytest.raises(AmendmentRefused, match="Des chiffres sont écrits pour 2023"):
        set_last_year(draft, 2022, secretariat)
    PlannedCredit.objects.filter(version=draft, year=2023).delete()
    assert set_last_year(draft, 2022, secretariat).extends_to is None


def test_only_an_amendment_to_the_plan_or_the_calendar_prolongs(
    contract: Contract, secretariat: User, client: Client
) -> None:
    draft = prepare_amendment(contract, ["cibles"], secretariat)
    client.force_login(secretariat)
    url = f"/contrats/marine/avenants/{draft.number}/"
    assert "Dernière année de financement" not in words(client.get(url))
    assert client.get(f"{url}prolonger/").status_code == 403
    with pytest.raises(AmendmentRefused, match="prolonge le financement"):
        set_last_year(draft, 2023, secretariat)
