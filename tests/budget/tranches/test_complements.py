"""What is added to a tranche already given once an amendment raised its year: act, refusals, days, pages."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from djmoney.money import Money

from accounts.models import User
from budget.models import FundingTranche, TrancheMove
from budget.tranches import locks
from budget.tranches.calc import Complement, TrancheSituation, TrancheYear, complement_room
from budget.tranches.checks import read_tranches
from budget.tranches.decided import decided_of
from budget.tranches.errors import NotAllowedError, TrancheError
from budget.tranches.proposal import complement_proposed
from budget.tranches.selectors import envelope_of, standing
from budget.tranches.services import close_tranche, complete_tranche, make_available
from budget.tranches.words import kind_words, raised_words
from contracts.lifecycle.services import record_event
from contracts.models import Contract
from figures.ae_cp import NOTHING, AeCp
from monitoring.models import Filing
from tests.budget.rows import earlier
from tests.budget.tranches.acting import EFFECT, TRANCHES, amend, decide, fund, refused
from tests.reading import words

pytestmark = pytest.mark.django_db
GIVEN, MORE = date(2021, 3, 20), date(2021, 9, 1)


def both(euros: int) -> AeCp:
    return AeCp(Decimal(euros), Decimal(euros))


@pytest.fixture
def given(contract: Contract, secretariat: User) -> Contract:
    """2021: 150 000 € planned, decided in full and made available in March; the plan raised to 180 000 € in June."""
    fund(secretariat, 200_000)
    decide(contract, secretariat, 150_000)
    make_available(contract=contract, year=2021, actor=secretariat, on=GIVEN)
    amend(contract, 1, EFFECT, 180_000)
    return contract


def complete(contract: Contract, actor: User, ae: Any = 30_000, cp: Any = 30_000, **given: Any) -> FundingTranche:
    facts: dict[str, Any] = {"year": 2021, "reason": "Avenant n° 1.", "filing": None, "on": MORE, **given}
    return complete_tranche(contract=contract, ae=Decimal(ae), cp=Decimal(cp), actor=actor, **facts)


def cell(contract: Contract, on: date) -> TrancheYear:
    found = standing(contract, on).situation.year(2021)
    assert found is not None
    return found


def test_a_complement_is_given_on_top_and_seen_from_its_day_on(
    given: Contract, filing: Filing, secretariat: User, lead: User
) -> None:
    past = earlier(filing, 2020, 4, lead, {"etudes": (1, 1), "outil": (0, 0)})
    row = complete(given, secretariat, 20_000, 30_000, filing=past)
    assert (row.state, row.ae, row.cp) == ("available", Money(170_000, "EUR"), Money(180_000, "EUR"))
    assert (row.decision, row.planned_ae, row.proposed_ae) == ("reduced", Money(180_000, "EUR"), Money(180_000, "EUR"))
    assert (row.reason, row.filing, row.decided_on) == ("Avancement.", None, date(2021, 3, 1)), "the decision's own"
    added = Complement(MORE, AeCp(Decimal(20_000), Decimal(30_000)), "Avenant n° 1.", past.pk)
    now, before = cell(given, MORE), cell(given, date(2021, 8, 31))
    assert (now.available, now.complements) == (AeCp(Decimal(170_000), Decimal(180_000)), (added,))
    assert (before.available, before.complements, before.kind) == (both(150_000), (), "full")
    assert (before.state, before.made_available_on, before.decided_on) == ("available", GIVEN, date(2021, 3, 1))
    assert cell(given, date(2021, 3, 10)).state == "decided"
    assert cell(given, date(2021, 2, 28)).state == "provisional"
    envelopes = [envelope_of(2021, on) for on in (date(2021, 8, 31), MORE)]
    assert [one.available.ae for one in envelopes if one] == [150_000, 170_000]
    move = TrancheMove.objects.latest("pk")
    assert (move.action, move.from_state, move.to_state) == ("complete", "available", "available")
    assert (move.ae, move.filing, move.on) == (Money(170_000, "EUR"), past, MORE)


def test_a_full_tranche_says_that_the_plan_was_raised_since(given: Contract, secretariat: User) -> None:
    assert kind_words(cell(given, date(2021, 5, 31))) == "Entière"
    more = "30\u202f000,00\u00a0€"
    told = f"Le plan a été relevé depuis\u00a0: {more} d’AE et {more} de CP promis de plus."

    def said(on: date) -> tuple[str, str]:
        return kind_words(cell(given, on)), raised_words(cell(given, on))

    assert said(EFFECT) == ("Entière à la décision", told)
    complete(given, secretariat)
    assert said(MORE) == ("Entière", "")
    assert said(date(2021, 8, 31)) == ("Entière à la décision", told), "as of that day, nothing was added yet"


def test_a_reduced_tranche_is_raised_by_the_plan_only() -> None:
    """100 of 150: what was withheld waits for nobody; the plan raised to 180 promises 30 more."""
    one = TrancheYear(2021, both(150), state="available", kind="reduced", decided=both(100), planned_then=both(150))
    assert (one.raised, one.is_outgrown) == (NOTHING, False)
    after = TrancheYear(2021, both(180), state="available", kind="reduced", decided=both(100), planned_then=both(150))
    assert (after.raised, after.is_outgrown) == (both(30), True)
    assert complement_room(TrancheSituation((after,)), 2021) == both(80)


def test_the_proposal_is_the_raise_within_the_envelope(given: Contract) -> None:
    facts = standing(given, MORE).situation
    assert complement_proposed(facts, 2021).amount == both(30_000)
    assert complement_proposed(facts, 2021, available=both(10_000)).amount == both(10_000)
    assert complement_proposed(facts, 2020).obstacle == "le plan n’a pas été relevé depuis la décision"
    assert complement_proposed(facts, 2021, "Suspendu.").obstacle == "suspendu"


def test_what_is_refused(given: Contract, secretariat: User, lead: User) -> None:
    def why(**asked: Any) -> str:
        with pytest.raises(TrancheError) as refusal:
            complete(given, secretariat, **asked)
        return str(refusal.value).replace("\u202f", " ").replace("\u00a0", " ")

    assert "30 000,01 € d’AE de complément : le plan en vigueur n’en laisse que 30 000,00 €" in why(ae="30000.01")
    assert "ajoute des AE ou des CP" in why(ae=0, cp=0)
    assert "manque ou est négatif" in why(cp=-1)
    assert "Donnez le motif" in why(reason=" ")
    assert "n’en laisse que 0,00 €" in why(on=date(2021, 5, 31)), "the amendment is not in force yet"
    assert "ne peut pas précéder l’acte du 20 mars 2021" in why(on=date(2021, 3, 19))
    assert "n’est pas possible pour une tranche prévisionnelle" in why(year=2022)
    with pytest.raises(NotAllowedError):
        complete(given, lead)
    fund(secretariat, 170_000)
    assert "30 000,00 € d’AE pour 20 000,00 € restant dans l’enveloppe 2021 : il manque 10 000,00 €" in why()
    record_event(given, "suspension", EFFECT, "Livrables.", secretariat, today=MORE)
    assert "Le financement du contrat est suspendu" in why()
    assert TrancheMove.objects.filter(action="complete").count() == 0


def test_a_tranche_is_not_closed_before_its_complement(given: Contract, secretariat: User) -> None:
    complete(given, secretariat)
    with pytest.raises(TrancheError, match="La clôture ne peut pas précéder l’acte du 1er\u00a0septembre\u00a02021"):
        close_tranche(contract=given, year=2021, actor=secretariat, on=date(2021, 8, 1))
    close_tranche(contract=given, year=2021, actor=secretariat, on=date(2022, 1, 10))
    assert cell(given, date(2021, 12, 31)).state == "available"
    with pytest.raises(
        TrancheError, match="n’est pas possible pour une tranche close\u00a0: plus rien n’en est attendu"
    ):
        complete(given, secretariat, on=date(2022, 2, 1))


def test_the_year_that_the_contract_fixes_is_completed_too(contract: Contract, secretariat: User) -> None:
    """Its own amounts may exceed the envelope, not what is added to them: the service and the database say so."""
    Contract.objects.filter(pk=contract.pk).update(first_tranche_year=2021)
    contract.refresh_from_db()
    fund(secretariat, 160_000)
    make_available(contract=contract, year=2021, actor=secretariat, on=GIVEN)
    amend(contract, 1, EFFECT, 180_000)
    with pytest.raises(TrancheError, match="il manque 20\u202f000,00\u00a0€"):
        complete(contract, secretariat)
    rows = FundingTranche.objects.filter(contract=contract)
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        rows.update(ae=Money("160000.01", "EUR"))
    assert locks.ABOVE in str(refusal.value)
    complete(contract, secretariat, 10_000, 10_000)
    assert decided_of(contract, MORE)[2021].available == both(160_000)
    assert decided_of(contract, date(2021, 8, 31))[2021].available == both(150_000)
    assert decided_of(contract, date(2021, 3, 19))[2021].state == "decided"


def test_the_database_lets_a_given_tranche_grow_and_nothing_else(given: Contract) -> None:
    rows = FundingTranche.objects.filter(contract=given)
    for change in (
        {"ae": Money(149_999, "EUR")},
        {"ae": Money(160_000, "EUR"), "cp": Money(1, "EUR")},
        {"decision": "reduced"},
    ):
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            rows.update(**change)
        assert locks.KEPT in str(refusal.value)
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        rows.update(ae=Money(160_000, "EUR"), year=2022)
    assert locks.KEPT in str(refusal.value)
    assert rows.update(ae=Money(160_000, "EUR")) == 1


def test_a_complement_needs_its_reason_in_the_database(given: Contract, secretariat: User) -> None:
    act = {"tranche": FundingTranche.objects.get(contract=given), "action": "complete", "actor": secretariat}
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        TrancheMove.objects.create(**act, from_state="available", to_state="available", on=MORE, reason=" ")
    assert "tranche_move_reason_given" in str(refusal.value)


def test_a_complement_given_while_the_funding_was_stopped_is_told(given: Contract, secretariat: User) -> None:
    complete(given, secretariat)
    record_event(given, "suspension", EFFECT, "Livrables.", secretariat, today=MORE)
    facts = read_tranches(given.versions.get(number=1), MORE)
    assert facts is not None
    assert [(word, day) for word, day, _ in facts.tranches[0].stopped] == [("complément", MORE)]


# --- The pages ---


def test_the_pages_tell_it_and_give_it(
    given: Contract, secretariat: User, lead: User, signed_in: Callable[[User], Client]
) -> None:
    client, url = signed_in(secretariat), f"{TRANCHES}2021/"
    listed = words(client.get("/tranches/?exercice=2021"))
    assert "1 tranche à reprendre" in listed
    assert "Marine 180 000 180 000 150 000 150 000 30 000 30 000 Compléter la tranche de Marine 30 000 30 000" in listed
    page = words(client.get(TRANCHES))
    assert "Mise à disposition Entière à la décision" in page
    assert "Le plan a été relevé depuis : 30 000,00 € d’AE et 30 000,00 € de CP promis de plus." in page
    assert "Compléter la tranche 2021" in page
    form = words(client.get(url))
    assert "Complément proposé 30 000,00 € en AE, 30 000,00 € en CP" in form
    asked = {"on": "2021-09-01", "ae": "40000", "cp": "0", "reason": "Avenant", "filing": ""}
    assert "le plan en vigueur n’en laisse que 30 000,00 €" in refused(client.post(url, asked))
    assert client.post(url, {**asked, "ae": "30000"}).status_code == 302
    page = words(client.get(TRANCHES))
    assert "Complément du 01/09/2021 : 30 000,00 € d’AE, 0,00 € de CP. Avenant" in page
    assert "01/09/2021 2021 Compléter 180 000 150 000" in page
    assert "Avenant sans dossier de suivi indiqué" in page
    assert "Compléter la tranche" not in words(signed_in(lead).get(TRANCHES))
    assert "Complément du" not in words(client.get(f"{TRANCHES}?au=2021-08-31"))


def test_a_tranche_decided_and_not_given_is_decided_anew(
    contract: Contract, secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    fund(secretariat, 200_000)
    decide(contract, secretariat, 150_000)
    amend(contract, 1, EFFECT, 180_000)
    client = signed_in(secretariat)
    assert "Revenir sur la décision de Marine –" in words(client.get("/tranches/?exercice=2021"))
    page = words(client.get(f"{TRANCHES}2021/"))
    assert "décidée, sur un plan plus bas : revenez sur la décision pour en prendre une autre" in page


def test_a_complement_is_not_taken_back_nor_a_closed_tranche_completed_and_the_pages_say_why(
    given: Contract, secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    """What was typed on a page opened before the closure comes back with the reason."""
    complete(given, secretariat, 10_000, 10_000)
    client, url = signed_in(secretariat), f"{TRANCHES}2021/"
    back = refused(client.post(f"{TRANCHES}2021/revenir/", {"on": "2021-10-01", "reason": "Trop donné"}))
    assert "pour une tranche mise à disposition : ce qui est donné, compléments compris, n’est pas repris" in back
    assert cell(given, MORE).available == both(160_000)
    close_tranche(contract=given, year=2021, actor=secretariat, on=date(2022, 1, 10))
    asked = {"on": "2022-02-01", "ae": "1", "cp": "1", "reason": "Avenant", "filing": ""}
    late = refused(client.post(url, asked))
    assert "n’est pas possible pour une tranche close : plus rien n’en est attendu" in late
    page = words(client.get(url))
    assert "La tranche est close depuis le 10 janvier 2022 : plus rien n’en est attendu" in page
    assert "alert" not in client.get(url).content.decode().partition("La tranche est close")[0].rpartition("</dl>")[2]
    assert TrancheMove.objects.filter(action="complete").count() == 1
