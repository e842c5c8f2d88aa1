"""Several filings at once: what may be validated, why the others may not, each on its own."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from contracts.models import Contract
from monitoring import hooks
from monitoring.models import Campaign, Filing, FilingTransition
from monitoring.preflight import preflight
from monitoring.services.several import validate_several
from monitoring.services.threads import open_thread
from tests.factories import CampaignFactory, ContractFactory, FilingFactory, UserFactory, grant

SignedIn = Callable[[User], Client]


@pytest.fixture
def campaign(db: None) -> Campaign:
    return CampaignFactory(opened_at=timezone.now())


def filed(campaign: Campaign, title: str, state: str = "submitted", **changes: object) -> Filing:
    """A filing of the campaign that nothing blocks."""
    words = {"weather": "secured", "progress_comment": "Tout avance."} | changes
    return FilingFactory(campaign=campaign, contract=ContractFactory(title=title), state=state, **words)


def reasons(person: User, campaign: Campaign) -> dict[str, tuple[str, ...]]:
    return {row.filing.contract.title: row.reasons for row in preflight(person, campaign).rows}


def test_each_reason_is_told(campaign: Campaign, ditp_reviewer: User, db_reviewer: User) -> None:
    filed(campaign, "A prêt")
    filed(campaign, "B bloqué", weather="")
    discussed = filed(campaign, "C discuté")
    open_thread(filing=discussed, actor=db_reviewer, section="meteo", row="meteo-declaree", text="Pourquoi ?")
    mine = filed(campaign, "D déclaré")
    FilingTransition.objects.create(
        filing=mine, action="submit", from_state="draft", to_state="submitted", actor=ditp_reviewer
    )
    filed(campaign, "E en saisie", "draft")
    filed(campaign, "F validé", "validated")
    filed(campaign, "G verrouillé", "locked")
    assert reasons(ditp_reviewer, campaign) == {
        "A prêt": (),
        "B bloqué": ("Météo non déclarée\u00a0: La météo du projet n’est pas déclarée.",),
        "C discuté": ("Une remarque est ouverte.",),
        "D déclaré": (
            "Vous avez saisi ou soumis des chiffres de ce dossier\u00a0: sa validation revient à une autre personne.",
        ),
        "E en saisie": ("Le dossier n’est pas encore soumis.",),
    }
    found = preflight(ditp_reviewer, campaign)
    assert (found.past, found.sentence) == (
        2,
        "Un dossier sur 5 peut être validé\u00a0; voici pourquoi les autres ne le peuvent pas.",
    )
    assert reasons(db_reviewer, campaign)["F validé"] == ()
    assert reasons(db_reviewer, campaign)["A prêt"] == ("Le dossier attend d’abord la validation de la DITP.",)


def test_the_sentence_agrees(campaign: Campaign, ditp_reviewer: User) -> None:
    assert preflight(ditp_reviewer, campaign).sentence.startswith("Aucun dossier de votre périmètre")
    draft = filed(campaign, "A", "draft")
    assert preflight(ditp_reviewer, campaign).sentence == "Le dossier ne peut pas être validé\u00a0; voici pourquoi."
    Filing.objects.filter(pk=draft.pk).update(
        state="submitted", submitted_by=UserFactory(), submitted_at=timezone.now()
    )
    assert preflight(ditp_reviewer, campaign).sentence == "Un dossier peut être validé."
    filed(campaign, "B")
    assert preflight(ditp_reviewer, campaign).sentence == "2 dossiers sur 2 peuvent être validés."
    filed(campaign, "C", "draft")
    assert preflight(ditp_reviewer, campaign).sentence.endswith("voici pourquoi l’autre ne le peut pas.")


def test_each_filing_is_validated_on_its_own(
    campaign: Campaign, db_reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    filings = [filed(campaign, title, "validated") for title in "ABC"]
    monkeypatch.setattr(hooks, "_when_locked", [])

    def fail(filing: Filing, actor: User) -> None:
        if filing.contract.title == "B":
            raise RuntimeError("no report")

    hooks.on_filing_locked(fail)
    outcomes = validate_several(campaign=campaign, actor=db_reviewer, filings=[one.pk for one in filings])
    assert [(one.filing.contract.title, one.is_done) for one in outcomes] == [("A", True), ("B", False), ("C", True)]
    assert [Filing.objects.get(pk=one.pk).state for one in filings] == ["locked", "validated", "locked"]


def test_what_changed_since_the_preflight_is_checked_again(campaign: Campaign, ditp_reviewer: User) -> None:
    filing = filed(campaign, "A")
    open_thread(filing=filing, actor=ditp_reviewer, section="meteo", row="meteo-declaree", text="Pourquoi ?")
    (outcome,) = validate_several(campaign=campaign, actor=ditp_reviewer, filings=[filing.pk, filing.pk])
    assert (outcome.is_done, outcome.words) == (False, "Une remarque est ouverte.")
    assert Filing.objects.get(pk=filing.pk).state == "submitted"


def test_filings_out_of_reach_are_ignored(campaign: Campaign, contract: Contract, secretariat: User) -> None:
    reviewer = grant(UserFactory(), Role.DITP_REVIEWER, contract)
    other, later = filed(campaign, "A"), filed(CampaignFactory(next_quarter=True), "B")
    assert validate_several(campaign=campaign, actor=reviewer, filings=[other.pk, later.pk, 10**9]) == []
    assert validate_several(campaign=campaign, actor=secretariat, filings=[other.pk]) == []
    assert set(Filing.objects.values_list("state", flat=True)) == {"submitted"}


def test_from_the_preflight_to_the_result(campaign: Campaign, ditp_reviewer: User, signed_in: SignedIn) -> None:
    first, second = filed(campaign, "Alpha"), filed(campaign, "Bravo")
    filed(campaign, "Charlie", "draft")
    client, address = signed_in(ditp_reviewer), f"/campagnes/{campaign.pk}/validation/"
    assert address in client.get(f"/campagnes/{campaign.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert "2 dossiers sur 3 peuvent être validés" in page
    assert page.count(" checked") == 2
    assert "Cochez au moins un dossier" in client.post(address).content.decode()
    confirm = client.post(address, {"dossier": [first.pk]}).content.decode()
    assert "Un dossier va être validé" in confirm
    assert Filing.objects.get(pk=first.pk).state == "submitted"
    done = client.post(address, {"dossier": [first.pk], "confirme": "1"}).content.decode()
    assert "1 dossier sur 1 est validé." in done
    assert [Filing.objects.get(pk=one.pk).state for one in (first, second)] == ["validated", "submitted"]
    again = client.post(address, {"dossier": [first.pk, "x", "9" * 30], "confirme": "1"}).content.decode()
    assert "Aucun de ces dossiers" in again


def test_one_submitted_again_since_the_list_was_read_is_left_alone(
    campaign: Campaign, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    """Read, taken back, submitted again, and only then ticked."""
    filing = filed(campaign, "Alpha")
    client, address = signed_in(ditp_reviewer), f"/campagnes/{campaign.pk}/validation/"
    name, read = f"soumission-{filing.pk}", filing.submission
    assert f'name="{name}" value="{read}"' in client.get(address).content.decode()
    Filing.objects.filter(pk=filing.pk).update(submitted_at=timezone.now())
    confirm = client.post(address, {"dossier": [filing.pk], name: read}).content.decode()
    assert f'name="{name}" value="{read}"' in confirm
    done = client.post(address, {"dossier": [filing.pk], name: read, "confirme": "1"}).content.decode()
    assert "repris et soumis de nouveau" in done
    assert Filing.objects.get(pk=filing.pk).state == "submitted"


def test_the_preflight_costs_as_much_for_many_but_for_the_rules(campaign: Campaign, ditp_reviewer: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            preflight(ditp_reviewer, campaign)
        return len(queries)

    filed(campaign, "A", "draft")
    cost()  # the person's roles are read once
    one = cost()
    for rank in range(10):
        filed(campaign, f"B{rank}", "draft")
    assert cost() == one
