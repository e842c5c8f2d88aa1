"""The life of an anomaly: explained, accepted, reopened; an acceptance holds as long as the figures do."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from contracts.checks.decisions import (
    DecisionRefused,
    decide_anomaly,
    last_decisions,
    standing_of,
)
from contracts.checks.registry import Anomaly, anomalies_of
from contracts.checks.tallies import tallies_of, tally
from contracts.models import AnomalyDecision, ContractVersion, PlannedSheet
from reports.situation import contract_situation
from tests.constraints import copy_of_first, refused
from tests.factories import grant
from tests.reading import words

SignIn = Callable[[User], Client]
SHEETS = "A12-ftap-ae"
"""The sheets of CAP2030 promise 1 800 200 € of FTAP, its lines 1 860 200 € in AE."""


def found(version: ContractVersion, key: str = SHEETS) -> Anomaly:
    return next(one for one in anomalies_of(version) if one.key == key)


def decide(version: ContractVersion, actor: User, action: str, text: str = "Arrondi de la notice") -> AnomalyDecision:
    fingerprint = found(version).fingerprint
    return decide_anomaly(version=version, key=SHEETS, action=action, text=text, fingerprint=fingerprint, actor=actor)


def label(version: ContractVersion) -> str:
    return standing_of(SHEETS, found(version).fingerprint, last_decisions(version.contract)).label


def test_explained_then_accepted_then_reopened(
    cap2030: ContractVersion, secretariat: User, ditp_reviewer: User
) -> None:
    assert label(cap2030) == "ouverte"
    decide(cap2030, secretariat, "explained")
    assert label(cap2030) == "expliquée"
    decide(cap2030, ditp_reviewer, "accepted")
    assert label(cap2030) == "acceptée"
    decide(cap2030, ditp_reviewer, "reopened", "La notice ne le dit pas")
    assert label(cap2030) == "ouverte"
    assert [row.action for row in AnomalyDecision.objects.order_by("pk")] == ["explained", "accepted", "reopened"]


def test_an_acceptance_falls_when_a_figure_changes(cap2030: ContractVersion, ditp_reviewer: User) -> None:
    decide(cap2030, ditp_reviewer, "accepted")
    sheet = PlannedSheet.objects.filter(version=cap2030).exclude(ftap=None).order_by("pk")[0]
    PlannedSheet.objects.filter(pk=sheet.pk).update(ftap=sheet.ftap.amount - 1)
    assert label(cap2030) == "à revoir : acceptée avec d’autres chiffres"
    tally(cap2030)
    assert tallies_of([cap2030.contract_id])[cap2030.contract_id].accepted == ()


def test_nobody_accepts_what_they_explained_last(cap2030: ContractVersion, ditp_reviewer: User) -> None:
    """A reviewer who is also the lead; what they reopened they may accept again."""
    grant(ditp_reviewer, Role.LEAD, cap2030.contract)
    both = User.objects.get(pk=ditp_reviewer.pk)
    decide(cap2030, both, "explained")
    with pytest.raises(DecisionRefused, match="ne vous revient pas"):
        decide(cap2030, both, "accepted")


def test_what_one_reopened_one_may_accept_again(cap2030: ContractVersion, ditp_reviewer: User) -> None:
    for action in ("accepted", "reopened", "accepted"):
        decide(cap2030, ditp_reviewer, action)
    assert label(cap2030) == "acceptée"


def test_a_form_refused_for_old_figures_may_be_sent_again(
    cap2030: ContractVersion, ditp_reviewer: User, signed_in: SignIn
) -> None:
    client, address = signed_in(ditp_reviewer), f"/contrats/cap2030/anomalies/{SHEETS}/"
    sent = {"action": "accepted", "text": "Vu en COPIL", "fingerprint": "0" * 64}
    page = client.post(address, sent).content.decode()
    assert "ont changé" in page
    assert ">\nVu en COPIL</textarea>" in page  # as it was typed, and nothing around it
    assert f'value="{found(cap2030).fingerprint}"' in page


@pytest.mark.parametrize(("who", "action"), [("secretariat", "accepted"), ("ditp_reviewer", "explained")])
def test_each_says_what_is_theirs(
    cap2030: ContractVersion, request: pytest.FixtureRequest, who: str, action: str
) -> None:
    with pytest.raises(DecisionRefused, match="ne vous revient pas"):
        decide(cap2030, request.getfixturevalue(who), action)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": " "}, "motif"),
        ({"fingerprint": "0" * 64}, "ont changé"),
        ({"key": "A12-rien"}, "n’est plus relevée"),
    ],
)
def test_refusals(cap2030: ContractVersion, ditp_reviewer: User, changes: dict[str, str], message: str) -> None:
    said = {"key": SHEETS, "text": "Vu", "fingerprint": found(cap2030).fingerprint} | changes
    with pytest.raises(DecisionRefused, match=message):
        decide_anomaly(version=cap2030, action="accepted", actor=ditp_reviewer, **said)
    assert not AnomalyDecision.objects.exists()


def test_what_was_said_stays_written(cap2030: ContractVersion, ditp_reviewer: User) -> None:
    row = decide(cap2030, ditp_reviewer, "accepted")
    for change in (lambda: AnomalyDecision.objects.filter(pk=row.pk).update(text="Autre"), row.delete):
        with pytest.raises(Exception, match="append_only"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("name", "change"),
    [("anomaly_decision_has_text", {"text": " "}), ("anomaly_decision_action_known", {"action": "oubliée"})],
)
def test_each_constraint_refuses_and_says_why(
    cap2030: ContractVersion, ditp_reviewer: User, name: str, change: dict[str, str]
) -> None:
    decide(cap2030, ditp_reviewer, "accepted")
    (constraint,) = [one for one in AnomalyDecision._meta.constraints if one.name == name]
    refused(copy_of_first(AnomalyDecision, change), constraint)


def test_the_page_takes_a_decision_and_the_list_tells_it(
    cap2030: ContractVersion, ditp_reviewer: User, secretariat: User, signed_in: SignIn
) -> None:
    client, address = signed_in(ditp_reviewer), f"/contrats/cap2030/anomalies/{SHEETS}/"
    answer = client.post(address, {"action": "accepted", "text": "", "fingerprint": found(cap2030).fingerprint})
    assert (answer.status_code, "Donnez un motif." in answer.content.decode()) == (422, True)
    sent = {"action": "accepted", "text": "Erreur de la table, vue en COPIL", "fingerprint": found(cap2030).fingerprint}
    page = words(client.post(address, sent, follow=True))
    assert "C’est enregistré." in page
    assert "Acceptée" in page
    listed = words(signed_in(secretariat).get("/contrats/cap2030/anomalies/"))
    assert "Anomalies acceptées" in listed
    assert ", 1 acceptée," in listed
    assert "Erreur de la table, vue en COPIL" in listed
    (told,) = [one for one in contract_situation(cap2030.contract).anomalies if one.key == SHEETS]
    assert (told.is_accepted, told.standing) == (True, "acceptée")


def test_a_reason_typed_while_the_anomaly_went_is_shown_again(
    cap2030: ContractVersion, ditp_reviewer: User, signed_in: SignIn
) -> None:
    """The sheets lose their FTAP amounts meanwhile: A12 has nothing to compare."""
    client, address = signed_in(ditp_reviewer), f"/contrats/cap2030/anomalies/{SHEETS}/"
    decide(cap2030, ditp_reviewer, "accepted")
    sent = {"action": "reopened", "text": "Relu en COPIL\u00a0: à revoir", "fingerprint": found(cap2030).fingerprint}
    PlannedSheet.objects.filter(version=cap2030).update(ftap=None)
    answer = client.post(address, sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Rien n’a été enregistré" in page
    assert "Relu en COPIL\u00a0: à revoir</textarea>" in page
    assert "Arrondi de la notice" in page, "what was said before stays to be read"
    assert client.get(address).status_code == 404
    assert AnomalyDecision.objects.count() == 1


def test_the_rights_page_tells_who_settles_an_anomaly(client: Client, db: None) -> None:
    page = words(client.get("/aide/droits/"))
    assert "Acceptée Instructeur DITP, Instructeur direction du budget" in page
    assert "Expliquée Chef de projet, Secrétariat" in page
