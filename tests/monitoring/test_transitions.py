"""The table of transitions against the services: every state × action × person."""

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from monitoring.enums import FilingAction, FilingState
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Filing, FilingTransition
from monitoring.permissions import allowed_actions, refusal
from monitoring.services.filings import act_on_filing
from monitoring.transitions import TRANSITIONS, states_where, transition, transitions_from
from tests.factories import UNSUBMITTED, CampaignFactory, FilingFactory, UserFactory

# What the domain says, written apart from the table: who may do what from which state, and what comes of it.
EXPECTED = {
    ("draft", "submit", "lead"): "submitted",
    ("sent_back", "submit", "lead"): "submitted",
    ("reopened", "submit", "lead"): "submitted",
    ("submitted", "take_back", "lead"): "draft",
    ("submitted", "send_back", "ditp_reviewer"): "sent_back",
    ("submitted", "send_back", "secretariat"): "sent_back",
    ("submitted", "validate", "ditp_reviewer"): "validated",
    ("validated", "send_back", "db_reviewer"): "sent_back",
    ("validated", "countersign", "db_reviewer"): "locked",
    ("locked", "reopen", "secretariat"): "reopened",
    ("texts_open", "submit", "lead"): "texts_filed",
    ("texts_filed", "take_back", "lead"): "texts_open",
    ("texts_filed", "send_back", "ditp_reviewer"): "texts_open",
    ("texts_filed", "send_back", "secretariat"): "texts_open",
    ("texts_filed", "validate", "ditp_reviewer"): "locked",
}
# When a later filing of the contract was submitted.
UNFOLLOWED = {("locked", "reopen", "secretariat"), ("submitted", "take_back", "lead")}
FOLLOWED = {key: state for key, state in EXPECTED.items() if key not in UNFOLLOWED} | {
    ("locked", "reopen_texts", "secretariat"): "texts_open"
}
PEOPLE = [
    "secretariat",
    "ditp_reviewer",
    "db_reviewer",
    "lead",
    "other_lead",
    "contributor",
    "reader",
    "stranger",
    "administrator",
]


@pytest.mark.parametrize("is_followed", [False, True])
@pytest.mark.parametrize("who", PEOPLE)
def test_services_do_what_the_table_says_and_nothing_else(
    who: str, is_followed: bool, contract: Contract, request: pytest.FixtureRequest
) -> None:
    person: User = request.getfixturevalue(who)
    draft = FilingFactory(contract=contract, weather="secured", progress_comment="Tout avance.")
    if is_followed:
        FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True), state="submitted")
    expected = FOLLOWED if is_followed else EXPECTED
    for state in FilingState:
        for action in FilingAction:
            filing = _in_state(draft, state)
            wanted = expected.get((state.value, action.value, who))
            assert (action in allowed_actions(person, filing)) == (wanted is not None), (state, action)
            if wanted is None:
                with pytest.raises(FilingError) as refused:
                    act_on_filing(filing=filing, action=action, actor=person, reason="Motif")
                line = transition(action, state)
                is_for_another = line is not None and bool(refusal(person, filing, line))
                assert isinstance(refused.value, NotAllowedError) == is_for_another, (state, action)
                assert Filing.objects.get(pk=filing.pk).state == state
            else:
                moved = act_on_filing(filing=filing, action=action, actor=person, reason="Motif")
                assert moved.state == Filing.objects.get(pk=filing.pk).state == wanted


def _in_state(filing: Filing, state: FilingState) -> Filing:
    """The filing as if nothing had happened but to reach this state, declared by somebody else."""
    FilingTransition.objects.all().delete()
    author = None if state in UNSUBMITTED else (filing.submitted_by or UserFactory())
    Filing.objects.filter(pk=filing.pk).update(
        state=state,
        submitted_by=author,
        submitted_at=timezone.now() if author else None,
        locked_at=timezone.now() if state == FilingState.LOCKED else None,
    )
    return Filing.objects.select_related("campaign", "version", "contract__holder__ministry").get(pk=filing.pk)


def test_the_table_holds_each_pair_of_action_and_state_once() -> None:
    pairs = [(line.action, line.from_state) for line in TRANSITIONS]
    assert len(pairs) == len(set(pairs)) == 14


def test_every_act_that_sends_back_asks_for_a_reason() -> None:
    sent_back = {FilingAction.SEND_BACK, FilingAction.REOPEN, FilingAction.REOPEN_TEXTS}
    assert all(line.needs_reason == (line.action in sent_back) for line in TRANSITIONS)


def test_whoever_validates_has_declared_nothing() -> None:
    validating = {FilingAction.VALIDATE, FilingAction.COUNTERSIGN}
    assert all(line.not_declarant == (line.action in validating) for line in TRANSITIONS)


def test_figures_are_never_reached_from_texts_reopened_alone() -> None:
    """Texts reopened alone never lead to a state in which figures may be written, but by the latest filing's door."""
    texts = {FilingState.TEXTS_OPEN, FilingState.TEXTS_SUBMITTED}
    reached = {line.to_state for state in texts for line in transitions_from(state)}
    assert reached == texts | {FilingState.LOCKED}


def test_every_state_has_a_way_out() -> None:
    assert all(transitions_from(state) for state in FilingState)


def test_states_where_a_role_has_something_to_do() -> None:
    assert states_where(Role.DB_REVIEWER) == {FilingState.VALIDATED}
    assert states_where(Role.READER, Role.ADMINISTRATOR, Role.CONTRIBUTOR) == frozenset()
