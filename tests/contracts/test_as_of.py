"""A contract as of a day: every article page says the same after later amendments, events and tranches."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from djmoney.money import Money

from accounts.models import User
from budget.models import PlannedCredit
from budget.tranches.services import decide_tranche, make_available, record_envelope
from contracts.amendments.changed_lines import remove_line
from contracts.amendments.file import import_draft
from contracts.amendments.services import prepare_amendment, record_signature, required_parties, sign_amendment
from contracts.contract_file.writer import write_contract_file
from contracts.lifecycle.services import record_event
from contracts.models import Contract, ContractVersion, PlannedMilestone
from contracts.parts import PARTS
from contracts.subprojects.services import Answered
from figures.ae_cp import AeCp
from indicators.models import Target
from monitoring.enums import FilingState
from monitoring.models import Campaign
from savings.models import PlannedSaving, RealisedSaving, SavingsLine, SavingsTerms
from savings.services import certify_saving
from tests.contracts.subprojects.rows import answered, identified, make_umbrella, moved
from tests.factories import CampaignFactory
from tests.reports.filed import file

pytestmark = pytest.mark.django_db
PAGES = (
    "",
    "projets/",
    "financement/",
    "tranches/",
    "economies/",
    "retours/",
    "sous-projets/",
    "calendrier/",
    "gouvernance/",
    "indicateurs/",
    "vie/",
)
DAYS = (date(2020, 3, 1), date(2021, 2, 28), date(2021, 9, 1))


def shown(client: Client, page: str, on: date) -> str:
    """The page as of a day, without what changes at each request."""
    response = client.get(f"/contrats/marine/{page}?au={on}")
    assert response.status_code == 200
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def signed(draft: ContractVersion, actor: User, on: date) -> ContractVersion:
    for role in required_parties(draft.contract):
        record_signature(draft, role, f"Signataire {role}", "directeur", on, actor)
    return sign_amendment(draft, on, on, draft.number, "Retard", actor)


def amend(contract: Contract, actor: User, on: date) -> ContractVersion:
    """Everything moves: amounts, savings, targets, dates; a line goes."""
    draft = prepare_amendment(contract, ["erreur"], actor)
    PlannedCredit.objects.filter(version=draft).update(ae=Money(on.year, "EUR"), cp=Money(on.month, "EUR"))
    PlannedSaving.objects.filter(version=draft).update(cp=Money(on.month, "EUR"))
    Target.objects.filter(version=draft).update(value=Decimal(on.month))
    PlannedMilestone.objects.filter(version=draft).update(ends_on=on)
    part = next(one for one in PARTS if one.code == "budget")
    line = contract.budget_lines.get(key="outil")
    if PlannedCredit.objects.filter(version=draft, line=line).exists():
        remove_line(draft, part, f"budgetline-{line.pk}", actor)
    return signed(draft, actor, on)


def told(contract: Contract, reviewer: User, campaign: Campaign, paid: str) -> None:
    """A filing submitted, with what was paid; what it declares of the rents is certified."""
    filing = file(contract, campaign=campaign, state=FilingState.SUBMITTED, etudes=(paid, paid))
    rents = RealisedSaving.objects.select_related("filing").get(filing=filing)
    certify_saving(realised=rents, ae=None, cp=Decimal(paid), actor=reviewer)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_as_of_a_day_does_not_move_with_what_comes_later(
    client: Client, contract: Contract, secretariat: User, lead: User, ditp_reviewer: User, page: str
) -> None:
    client.force_login(secretariat)
    chosen = identified(make_umbrella(contract), lead)
    answered(chosen, lead, [Answered("porteur-etat", "oui", "")])
    moved(chosen, lead, "preselect", on=date(2021, 2, 15))
    SavingsTerms.objects.create(
        line=SavingsLine.objects.get(), version=contract.versions.get(number=0), recurrent_cp=Decimal(25_000)
    )
    amend(contract, secretariat, date(2021, 3, 1))
    told(contract, ditp_reviewer, CampaignFactory(), "12000")
    before = {on: shown(client, page, on) for on in DAYS}
    amend(contract, secretariat, date(2021, 9, 2))
    prolonged = prepare_amendment(contract, ["calendrier"], secretariat)
    longer = write_contract_file(prolonged).replace("derniere_annee = 2022", "derniere_annee = 2024")
    import_draft(prolonged, "avenant.toml", longer.encode(), secretariat)
    signed(ContractVersion.objects.get(pk=prolonged.pk), secretariat, date(2021, 10, 1))
    euros = AeCp(Decimal(9_000), Decimal(9_000))
    none = AeCp(Decimal(0), Decimal(0))
    on = date(2021, 11, 1)
    record_envelope(year=2021, voted=euros, carried=none, source="LFI", actor=secretariat, on=on)
    given: dict[str, Any] = {"contract": contract, "year": 2021, "actor": secretariat, "on": on}
    decide_tranche(ae=Decimal(2_021), cp=Decimal(9), reason="Avancement", filing=None, **given)
    make_available(**given)
    record_event(contract, "suspension", date(2021, 12, 1), "Retard", secretariat, today=date(2022, 1, 1))
    told(contract, ditp_reviewer, CampaignFactory(next_quarter=True), "17000")
    identified(contract, lead, "Archives")
    moved(chosen, secretariat, "refuse", on=date(2021, 9, 15))
    after = {on: shown(client, page, on) for on in DAYS}
    assert [on for on in DAYS if before[on] != after[on]] == []


def test_pages_do_tell_the_days_apart(
    client: Client, contract: Contract, secretariat: User, ditp_reviewer: User
) -> None:
    client.force_login(secretariat)
    amend(contract, secretariat, date(2021, 3, 1))
    told(contract, ditp_reviewer, CampaignFactory(), "12000")
    for page in ("", "financement/", "tranches/", "economies/", "retours/", "calendrier/", "indicateurs/"):
        first, last = (shown(client, page, on).replace(str(on), "") for on in (DAYS[1], DAYS[2]))
        assert first != last, page
    assert "Outil" in shown(client, "financement/", DAYS[1])
    assert "Outil" not in shown(client, "financement/", DAYS[2]), "the amendment removed the line"


def test_nothing_is_prolonged_before_the_effect(client: Client, contract: Contract, secretariat: User) -> None:
    client.force_login(secretariat)
    draft = prepare_amendment(contract, ["calendrier"], secretariat)
    longer = write_contract_file(draft).replace("derniere_annee = 2022", "derniere_annee = 2024")
    import_draft(draft, "avenant.toml", longer.encode(), secretariat)
    version = signed(ContractVersion.objects.get(pk=draft.pk), secretariat, date(2021, 10, 1))
    assert (version.extends_to, contract.versions.get(number=0).extends_to) == (2024, 2022)
    assert ">2024<" not in shown(client, "tranches/", date(2021, 9, 30))
    assert ">2024<" in shown(client, "tranches/", date(2021, 10, 1))
    sheet = client.get("/contrats/marine/avenants/1/").content.decode()
    assert "dernière année de financement" in sheet
    assert ">2022<" in sheet
