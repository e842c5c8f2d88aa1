"""Set the scene of the demo: accounts, contracts, campaigns, filings in each state, an amendment, sub-projects."""

from datetime import date

from accounts.models import User
from contracts.models import Contract
from ftap.demonstration.actuals import fill
from ftap.demonstration.campaigns import CAMPAIGNS, open_demo_campaign
from ftap.demonstration.days import date_back
from ftap.demonstration.example import show_example
from ftap.demonstration.people import create_people
from ftap.demonstration.promise import decide_demo_tranches, prepare_demo_amendment
from ftap.demonstration.review import certify, join_evidence
from ftap.demonstration.subprojects import play_sub_projects
from monitoring.enums import CampaignKind, FilingState
from monitoring.models import Campaign, Filing
from monitoring.sections import is_annual
from monitoring.services.filings import countersign_filing, send_back_filing, submit_filing, validate_filing

LEADS = {"cap2030": "cap2030", "incub-o": "incub-o", "lean-management": "lean", "lab-minnov": "lab-minnov"}
CURRENT_YEAR, LATE_YEAR, CURRENT_QUARTER = 2023, 2024, (2020, 4)
LEAN = "lean-management"
SENT_BACK = ("incub-o", 2020, 3)


def set_scene(*, on: date) -> dict[str, User]:
    """Create what is missing of the demo, as of a day; give the people. A second run changes nothing."""
    people = create_people()
    decide_demo_tranches(actor=people["secretariat"], on=on)
    show_example(actor=people["secretariat"], today=on)  # before the campaigns, one of which asks it for a filing
    for planned in CAMPAIGNS:
        campaign = open_demo_campaign(planned, actor=people["secretariat"], on=on)
        for filing in (played := _untouched(campaign)):
            _play(filing, campaign, people)
        if played and planned.due_in is None:
            date_back(campaign)
    prepare_demo_amendment(Contract.objects.get(code="incub-o"), actor=people["secretariat"])
    lean = Contract.objects.get(code="lean-management")
    play_sub_projects(lean, lead=people["lean"], decider=people["ditp"], on=on)
    return people


def _untouched(campaign: Campaign) -> list[Filing]:
    """Drafts that nobody has submitted, in the contracts' order."""
    drafts = Filing.objects.filter(campaign=campaign, state=FilingState.DRAFT, revision=0, contract__code__in=LEADS)
    return list(drafts.select_related("campaign", "contract", "version").order_by("contract__title"))


def _play(filing: Filing, campaign: Campaign, people: dict[str, User]) -> None:
    """Bring one filing to its place: what is over is locked, the current year has each state, the late one is blank."""
    if campaign.year == LATE_YEAR or (campaign.year, campaign.quarter) == CURRENT_QUARTER:
        return
    lead = people[LEADS[filing.contract.code]]
    fill(filing, actor=lead)
    if is_annual(filing):
        join_evidence(filing, actor=lead)
    submit_filing(filing=filing, actor=lead)
    if (filing.contract.code, campaign.year, campaign.quarter) == SENT_BACK:
        reason = "Démonstration : merci de préciser l’avancement des prototypes de l’axe 2."
        send_back_filing(filing=filing, actor=people["ditp"], reason=reason)
    elif campaign.kind == CampaignKind.YEAR and campaign.year == CURRENT_YEAR and filing.contract.code != LEAN:
        _leave_under_review(filing, filing.contract, people)
    else:
        _lock(filing, people)


def _leave_under_review(filing: Filing, contract: Contract, people: dict[str, User]) -> None:
    """CAP2030 waits for the DITP, Lab Minnov for the direction du budget."""
    if contract.code == "lab-minnov":
        validate_filing(filing=filing, actor=people["ditp"])


def _lock(filing: Filing, people: dict[str, User]) -> None:
    """Validated twice, savings certified between: the report leaves. Each of the four contracts has one."""
    validate_filing(filing=filing, actor=people["ditp"])
    if is_annual(filing):
        certify(filing, actor=people["ditp"])
    countersign_filing(filing=filing, actor=people["db"])
