"""What the secretariat does with tranches: each act, each refusal, and what the database refuses by itself."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localdate
from djmoney.money import Money
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from budget.models import BudgetLine, FundEnvelope, FundingTranche, TrancheMove
from budget.tranches import locks
from budget.tranches.affectations import affect
from budget.tranches.decided import decided_tranche
from budget.tranches.errors import NotAllowedError, TrancheError
from budget.tranches.selectors import Stop, envelope_of, proposal_of, standing, standings
from budget.tranches.services import (
    close_tranche,
    decide_tranche,
    make_available,
    record_envelope,
    withdraw_decision,
)
from contracts.lifecycle.services import record_event
from contracts.models import Contract
from figures.ae_cp import AeCp
from monitoring.models import Filing
from tests.budget.rows import earlier
from tests.factories import ContractFactory, FilingFactory, promise

pytestmark = pytest.mark.django_db
DAY = date(2021, 3, 15)
PLAN = AeCp(Decimal(150_000), Decimal(150_000))
"""Of each year of `contract` (2020 to 2022)."""


@pytest.fixture
def envelope(secretariat: User) -> None:
    for year in (2020, 2021, 2022):
        open_envelope(secretariat, year, 200_000)


def open_envelope(actor: User, year: int, euros: int) -> FundEnvelope:
    voted = AeCp(Decimal(euros), Decimal(euros))
    nothing = AeCp(Decimal(0), Decimal(0))
    return record_envelope(year=year, voted=voted, carried=nothing, source="LFI", actor=actor, on=DAY)


def decide(contract: Contract, actor: User, ae: Any = 150_000, cp: Any = 150_000, **given: Any) -> FundingTranche:
    facts: dict[str, Any] = {"year": 2021, "reason": "Avancement conforme.", "filing": None, "on": DAY, **given}
    return decide_tranche(contract=contract, ae=Decimal(ae), cp=Decimal(cp), actor=actor, **facts)


# --- The life of a tranche ---


@pytest.mark.usefixtures("envelope")
def test_from_provisional_to_closed(contract: Contract, secretariat: User) -> None:
    closed_on = date(2022, 1, 10)

    def state(on: date = DAY) -> str:
        found = standing(contract, on).situation.year(2021)
        assert found is not None
        return found.state

    assert state() == "provisional"
    row = decide(contract, secretariat)
    assert (row.decision, row.planned_ae, row.proposed_ae) == ("full", Money(150_000, "EUR"), None)
    assert state() == "decided"
    make_available(contract=contract, year=2021, actor=secretariat, on=date(2021, 3, 20))
    close_tranche(contract=contract, year=2021, actor=secretariat, on=closed_on)
    assert [state(on) for on in (date(2021, 3, 14), DAY, date(2021, 3, 20), closed_on)] == [
        *("provisional", "decided", "available", "closed"),
    ], "each day tells what had been done by then"
    moves = TrancheMove.objects.order_by("pk").values_list("action", "to_state", "on", "actor")
    assert list(moves) == [
        ("decide", "decided", DAY, secretariat.pk),
        ("make_available", "available", date(2021, 3, 20), secretariat.pk),
        ("close", "closed", closed_on, secretariat.pk),
    ]


@pytest.mark.usefixtures("envelope")
def test_nothing_new_while_suspended(contract: Contract, secretariat: User) -> None:
    def happens(kind: str, on: date) -> None:
        record_event(contract, kind, on, "Livrables non remis.", secretariat, today=date(2022, 12, 31))

    decide(contract, secretariat)
    happens("suspension", DAY)
    why = "suspendu depuis le 15\u00a0mars\u00a02021. Aucune tranche nouvelle"
    with pytest.raises(TrancheError, match=why):
        make_available(contract=contract, year=2021, actor=secretariat, on=date(2021, 3, 20))
    with pytest.raises(TrancheError, match=why):
        decide(contract, secretariat, year=2022, on=date(2021, 12, 1))
    assert not FundingTranche.objects.filter(contract=contract, year=2022).exists()
    line = BudgetLine.objects.get(contract=contract, key="outil")
    line.titre = "5"
    line.save()
    phase: dict[str, Any] = {"label": "Toiture", "ae": Decimal(1), "reference": "", "actor": secretariat}
    with pytest.raises(TrancheError, match="Aucune affectation nouvelle"):
        affect(line=line, **phase, on=date(2021, 3, 20))
    assert not line.tranches_fonctionnelles.exists()
    happens("reprise", date(2021, 9, 1))
    make_available(contract=contract, year=2021, actor=secretariat, on=date(2021, 9, 1))
    assert affect(line=line, **phase, on=date(2021, 9, 1)).number == 1
    happens("interruption", date(2021, 10, 1))
    with pytest.raises(TrancheError, match="interrompu depuis le 1er\u00a0octobre\u00a02021"):
        decide(contract, secretariat, year=2022, on=date(2021, 12, 1))
    with pytest.raises(TrancheError, match="Aucune affectation nouvelle"):
        affect(line=line, **phase, on=date(2021, 12, 1))
    close_tranche(contract=contract, year=2021, actor=secretariat, on=date(2022, 1, 10))


@pytest.mark.usefixtures("envelope")
def test_nothing_new_after_the_end_of_execution(contract: Contract, secretariat: User) -> None:
    """What was given is still closed, and a decision without effect still withdrawn."""
    decide(contract, secretariat)
    decide(contract, secretariat, year=2020, on=date(2020, 4, 1))
    make_available(contract=contract, year=2020, actor=secretariat, on=date(2020, 4, 1))
    record_event(contract, "fin", date(2021, 12, 31), "", secretariat, today=date(2022, 1, 1))
    day = date(2022, 1, 10)
    why = "L’exécution du contrat est finie depuis le 31\u00a0décembre\u00a02021. Aucune tranche nouvelle"
    with pytest.raises(TrancheError, match=why):
        decide(contract, secretariat, year=2022, on=day)
    with pytest.raises(TrancheError, match=why):
        make_available(contract=contract, year=2021, actor=secretariat, on=day)
    BudgetLine.objects.filter(contract=contract, key="outil").update(titre="5")
    line = BudgetLine.objects.get(contract=contract, key="outil")
    with pytest.raises(TrancheError, match="Aucune affectation nouvelle"):
        affect(line=line, label="Toiture", ae=Decimal(1), on=day, reference="", actor=secretariat)
    assert (
        withdraw_decision(contract=contract, year=2021, reason="Fin.", actor=secretariat, on=day).state == "provisional"
    )
    assert close_tranche(contract=contract, year=2020, actor=secretariat, on=day).state == "closed"


@pytest.mark.usefixtures("envelope")
def test_one_goes_back_on_a_decision_with_a_reason_and_the_history_keeps_it(
    contract: Contract, secretariat: User
) -> None:
    decide(contract, secretariat, 100_000, 80_000)
    with pytest.raises(TrancheError, match="Donnez le motif"):
        withdraw_decision(contract=contract, year=2021, reason=" ", actor=secretariat, on=DAY)
    with pytest.raises(TrancheError, match="Le retrait ne peut pas précéder la décision du 15\u00a0mars\u00a02021"):
        withdraw_decision(
            contract=contract, year=2021, reason="Erreur de saisie.", actor=secretariat, on=date(2021, 3, 14)
        )
    row = withdraw_decision(contract=contract, year=2021, reason="Erreur de saisie.", actor=secretariat, on=DAY)
    assert (row.state, row.ae, row.decision) == ("provisional", None, "")
    assert [move.ae for move in TrancheMove.objects.order_by("pk")] == [Money(100_000, "EUR"), None]
    assert decide(contract, secretariat, 0, 0).decision == "withheld"


@pytest.mark.usefixtures("envelope")
def test_a_withheld_tranche_is_closed_only(contract: Contract, secretariat: User) -> None:
    decide(contract, secretariat, 0, 0)
    with pytest.raises(TrancheError, match="pas possible pour une tranche décidée, retenue"):
        make_available(contract=contract, year=2021, actor=secretariat, on=DAY)
    with pytest.raises(TrancheError, match="La clôture ne peut pas précéder la décision du 15\u00a0mars\u00a02021"):
        close_tranche(contract=contract, year=2021, actor=secretariat, on=date(2021, 3, 14))
    assert close_tranche(contract=contract, year=2021, actor=secretariat, on=DAY).state == "closed"


def test_the_first_year_is_fixed_at_signature(cap2030: Any, secretariat: User) -> None:
    """CAP2030: 2021, 995 200 € of AE and 868 200 € of CP, decided without any act nor envelope."""
    contract = cap2030.contract
    end = date(2021, 12, 31)
    first = standing(contract, end).situation.year(2021)
    assert first is not None
    assert (first.state, first.kind, first.is_fixed) == ("decided", "full", True)
    assert first.decided == AeCp(Decimal(995_200), Decimal(868_200)) == decided_tranche(contract, 2021, end)
    with pytest.raises(TrancheError, match="fixée par le contrat"):
        withdraw_decision(contract=contract, year=2021, reason="Essai", actor=secretariat, on=end)
    with pytest.raises(TrancheError, match="pas possible pour une tranche décidée"):
        decide(contract, secretariat, 1, 1, on=end)
    open_envelope(secretariat, 2021, 1_000_000)
    row = make_available(contract=contract, year=2021, actor=secretariat, on=end)
    assert (row.state, row.is_fixed, row.ae) == ("available", True, Money(995_200, "EUR"))
    assert [move.action for move in row.moves.order_by("pk")] == ["fix", "make_available"]


def test_the_tranches_of_the_four_contracts(loaded_contracts: dict[str, Contract]) -> None:
    found = {one.contract.code: one.situation for one in standings(loaded_contracts.values(), date(2023, 12, 31))}
    decided = {
        code: [(one.year, str(one.decided.ae)) for one in facts.years if one.is_decided]
        for code, facts in found.items()
    }
    assert decided == {
        "cap2030": [(2021, "995200.00")],
        "incub-o": [(2018, "100000.00")],
        "lab-minnov": [],
        "lean-management": [(2023, "3000000.00")],
    }


# --- Refusals ---


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"year": 2019}, "2019 n’est pas une année de financement du contrat (2020 à 2022)."),
        ({"reason": "  "}, "Donnez le motif"),
        ({"ae": -1}, "Le montant des AE manque ou est négatif"),
        ({"cp": "-0.01"}, "Le montant des CP manque ou est négatif"),
        ({"ae": "200000.01"}, "il manque 0,01\u00a0€"),
        ({"ae": 450_001}, "le plan de financement n’en laisse que 450\u202f000,00\u00a0€"),
    ],
)
@pytest.mark.usefixtures("envelope")
def test_bad_decisions_are_refused_and_nothing_is_written(
    contract: Contract, secretariat: User, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(TrancheError) as refused:
        decide(contract, secretariat, **given)
    assert message in str(refused.value)
    assert not FundingTranche.objects.exists()


@pytest.mark.usefixtures("envelope")
def test_above_the_envelope_over_two_contracts(contract: Contract, other_contract: Contract, secretariat: User) -> None:
    decide(contract, secretariat, 120_000, 100_000)
    with pytest.raises(TrancheError) as refused:
        decide(other_contract, secretariat, 90_000, 90_000)
    assert str(refused.value) == (
        "90\u202f000,00\u00a0€ d’AE pour 80\u202f000,00\u00a0€ restant dans l’enveloppe 2021\u00a0: "
        "il manque 10\u202f000,00\u00a0€."
    )
    decide(other_contract, secretariat, 80_000, 100_000)
    fund = envelope_of(2021, DAY)
    assert fund is not None
    assert fund.left == AeCp(Decimal(0), Decimal(0))


def test_nothing_is_decided_before_the_envelope(contract: Contract, secretariat: User) -> None:
    with pytest.raises(TrancheError, match="L’enveloppe du fonds pour 2021 n’est pas enregistrée"):
        decide(contract, secretariat)


@pytest.mark.usefixtures("envelope")
def test_the_envelope_is_never_brought_below_what_is_decided(contract: Contract, secretariat: User) -> None:
    decide(contract, secretariat)
    with pytest.raises(TrancheError, match="dépassent cette enveloppe de 50\u202f000,00\u00a0€ en AE"):
        open_envelope(secretariat, 2021, 100_000)
    assert FundEnvelope.objects.get(year=2021).voted_ae == Money(200_000, "EUR"), "nothing was written"


@pytest.mark.parametrize(
    ("voted", "source", "message"),
    [
        (AeCp(Decimal(1), None), "LFI", "Donnez les quatre montants"),
        (AeCp(Decimal(1), Decimal(-1)), "LFI", "sans montant négatif"),
        (PLAN, " ", "Dites d’où viennent ces crédits"),
    ],
)
def test_bad_envelopes(secretariat: User, voted: AeCp, source: str, message: str) -> None:
    nothing = AeCp(Decimal(0), Decimal(0))
    with pytest.raises(TrancheError, match=message):
        record_envelope(year=2021, voted=voted, carried=nothing, source=source, actor=secretariat, on=DAY)


@pytest.mark.usefixtures("envelope")
def test_the_filing_must_be_the_contracts_own_and_submitted(
    contract: Contract, other_contract: Contract, filing: Filing, secretariat: User
) -> None:
    with pytest.raises(TrancheError, match="s’appuie sur un dossier de suivi soumis"):
        decide(contract, secretariat, filing=filing)
    other = FilingFactory(contract=other_contract, campaign=filing.campaign, state="submitted")
    with pytest.raises(TrancheError, match="celui d’un autre contrat"):
        decide(contract, secretariat, filing=other)


@pytest.mark.usefixtures("envelope")
def test_dates_follow_one_another(contract: Contract, secretariat: User) -> None:
    decide(contract, secretariat)
    with pytest.raises(TrancheError, match="ne peut pas précéder la décision du 15\u00a0mars\u00a02021"):
        make_available(contract=contract, year=2021, actor=secretariat, on=date(2021, 3, 14))
    make_available(contract=contract, year=2021, actor=secretariat, on=DAY)
    with pytest.raises(TrancheError, match="ne peut pas précéder la mise à disposition"):
        close_tranche(contract=contract, year=2021, actor=secretariat, on=date(2021, 3, 14))


@pytest.mark.usefixtures("envelope")
@pytest.mark.parametrize("person", ["lead", "reader", "ditp_reviewer", "db_reviewer", "stranger"])
def test_the_secretariat_only(contract: Contract, person: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(person)
    with pytest.raises(NotAllowedError, match="secrétariat du fonds"):
        decide(contract, user)
    with pytest.raises(NotAllowedError):
        open_envelope(user, 2021, 1)


# --- What the database refuses by itself ---


def refused(message: str, act: Any) -> None:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        act()
    assert message in str(refusal.value)


@pytest.mark.usefixtures("envelope")
def test_the_database_keeps_a_decided_tranche(contract: Contract, secretariat: User) -> None:
    decide(contract, secretariat)
    rows = FundingTranche.objects.all()
    refused(locks.KEPT, lambda: rows.update(ae=Money(1, "EUR")))
    refused(locks.KEPT, lambda: rows.update(year=2022))
    refused(locks.APPENDED, lambda: TrancheMove.objects.update(reason="Autre"))
    refused(locks.APPENDED, lambda: TrancheMove.objects.all().delete())
    refused("tranche_available_has_date", lambda: rows.update(state="available"))
    make_available(contract=contract, year=2021, actor=secretariat, on=DAY)
    refused(locks.MOVE, lambda: rows.update(state="decided"))
    refused(locks.NOT_DELETED, lambda: rows.filter(pk__gt=0)._raw_delete("default"))


@pytest.mark.usefixtures("envelope")
def test_the_database_holds_the_envelope_against_a_write_in_sql(contract: Contract, secretariat: User) -> None:
    decide(contract, secretariat)
    given: dict[str, Any] = {
        "state": "decided",
        "decision": "reduced",
        "reason": "Par SQL",
        "year": 2021,
        "decided_on": DAY,
    }
    one: Any = Money(50_001, "EUR")
    row = FundingTranche(contract=ContractFactory(), ae=one, cp=one, **given)
    refused(locks.ABOVE, lambda: FundingTranche.objects.bulk_create([row]))


# --- Proposal and phases ---


@pytest.mark.usefixtures("envelope")
def test_the_proposal_follows_the_filings(contract: Contract, filing: Filing, secretariat: User, lead: User) -> None:
    """2020 given 150 000, consumed 100 000 and 60 000: signal « support needed », half of the need, CP owed kept."""
    decide(contract, secretariat, year=2020, on=date(2020, 4, 1))
    assert proposal_of(standing(contract, DAY), 2021, None, None)[0].obstacle == "aucun dossier de suivi n’est soumis"
    earlier(filing, 2020, 4, lead, {"etudes": (100_000, 60_000), "outil": (0, 0)})
    now = standing(contract, DAY)
    proposal, weather = proposal_of(now, 2021, None, None)
    assert weather is not None
    assert weather.weather == "support"
    assert proposal.left == AeCp(Decimal(50_000), Decimal(90_000))
    assert proposal.need == AeCp(Decimal(100_000), Decimal(60_000))
    assert proposal.amount == AeCp(Decimal(50_000), Decimal(30_000))
    told = "Le financement du contrat est suspendu depuis le 1er mars 2021."
    stopped, _ = proposal_of(now, 2021, Stop(told, "suspendu", is_over=False), None)
    assert stopped.amount == AeCp()
    assert stopped.obstacle == "le financement du contrat est suspendu depuis le 1er mars 2021"
    row = decide(contract, secretariat, 50_000, 30_000, filing=now.last_filing)
    assert (row.decision, row.proposed_ae, row.filing) == ("reduced", Money(50_000, "EUR"), now.last_filing)


def test_affectations_stay_within_the_plan_of_a_titre_5_line(contract: Contract, secretariat: User) -> None:
    line = BudgetLine.objects.get(contract=contract, key="outil")
    given: dict[str, Any] = {"label": "Toiture", "on": DAY, "reference": "", "actor": secretariat}
    with pytest.raises(TrancheError, match="ligne de titre 5"):
        affect(line=line, ae=Decimal(1), **given)
    line.titre = "5"
    line.save()
    assert affect(line=line, ae=Decimal(100_000), **given).number == 1
    assert affect(line=line, ae=Decimal(50_000), **given).number == 2
    with pytest.raises(TrancheError, match="0,01\u00a0€ à affecter, pour 0,00\u00a0€ d’AE prévues et non affectées"):
        affect(line=line, ae=Decimal("0.01"), **given)
    with pytest.raises(TrancheError, match="un objet et un montant supérieur à zéro"):
        affect(line=line, ae=Decimal(0), **given)
    line.planned.all().delete()
    line.tranches_fonctionnelles.all().delete()
    with pytest.raises(TrancheError, match="pour 0,00\u00a0€ d’AE prévues"):
        affect(line=line, ae=Decimal(1), **given)


def test_an_act_to_come_is_not_recorded(contract: Contract, secretariat: User, envelope: None) -> None:
    to_come = localdate() + timedelta(days=1)
    with pytest.raises(TrancheError, match="Cette date est à venir"):
        decide(contract, secretariat, on=to_come)
    decide(contract, secretariat)
    with pytest.raises(TrancheError, match="Cette date est à venir"):
        make_available(contract=contract, year=2021, actor=secretariat, on=to_come)
    make_available(contract=contract, year=2021, actor=secretariat, on=localdate())
    line = BudgetLine.objects.get(contract=contract, key="outil")
    BudgetLine.objects.filter(pk=line.pk).update(titre="5")
    line.refresh_from_db()
    with pytest.raises(TrancheError, match="Cette date est à venir"):
        affect(line=line, label="Toiture", ae=Decimal(1), on=to_come, reference="", actor=secretariat)


def test_the_database_refuses_a_phase_on_another_titre(contract: Contract, secretariat: User) -> None:
    line = BudgetLine.objects.get(contract=contract, key="etudes")
    values = {"number": 1, "label": "Toit", "affectation": Money(1, "EUR"), "affected_on": DAY}
    with pytest.raises(IntegrityError) as refusal:
        line.tranches_fonctionnelles.create(recorded_by=secretariat, **values)
    assert locks.TITRE_5 in str(refusal.value)


def test_the_number_of_queries_does_not_grow(
    contract: Contract, filing: Filing, lead: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    earlier(filing, 2020, 4, lead, {"etudes": (1, 1)})
    for count in (1, 3):
        while Contract.objects.count() < count:
            promise(ContractFactory())
        contracts = list(Contract.objects.all())
        with django_assert_num_queries(5):
            assert len(standings(contracts, DAY)) == count


@pytest.mark.usefixtures("envelope")
def test_a_decision_taken_again_is_not_before_the_withdrawal_of_the_first(
    contract: Contract, secretariat: User
) -> None:
    decide(contract, secretariat, 100_000)
    withdraw_decision(contract=contract, year=2021, reason="Erreur", actor=secretariat, on=date(2021, 4, 1))
    with pytest.raises(TrancheError, match=r"ne peut pas précéder l’acte du 1er\savril\s2021") as refused:
        decide(contract, secretariat, 90_000, on=date(2021, 3, 31))
    assert refused.value.field == "on"
    assert decide(contract, secretariat, 90_000, on=date(2021, 4, 1)).decided_on == date(2021, 4, 1)
