"""The list of what is to decide this first quarter: who waits, what is proposed, within the envelope."""

from datetime import date

import pytest
from django.utils.timezone import localdate
from djmoney.money import Money

from accounts.enums import Role
from accounts.models import User
from budget.services import record_consumptions
from contracts.lifecycle.services import record_event
from contracts.models import Contract, Milestone
from indicators.models import Indicator, Measurement
from monitoring.enums import FilingState
from monitoring.models import Filing
from monitoring.rules import findings
from monitoring.signal import computed_weather, signal_facts
from tests.budget.rows import close, earlier, entry, rows_of
from tests.budget.tranches.acting import TRANCHES, SignIn, cells, decide, fund, refused
from tests.factories import FilingFactory, UserFactory, grant
from tests.reading import words

pytestmark = pytest.mark.django_db


def test_the_list_of_what_is_to_decide(
    contract: Contract, other_contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    earlier(filing, 2020, 4, lead, {"etudes": (100_000, 60_000), "outil": (0, 0)})
    client = signed_in(secretariat)
    page = words(client.get("/tranches/?exercice=2021"))
    assert "L’enveloppe 2021 n’est pas enregistrée : rien ne peut être décidé." in page
    assert "2 tranches à décider" in page
    assert "Appuis nécessaires CP FTAP consommés à 40,0 % de la prévision" in page
    assert "75 000 75 000" in page, "half of the plan of 150 000: no tranche was decided before"
    marine = cells(client.get("/tranches/?exercice=2021"), "Marine")
    assert marine["Plan 2021"] == "150 000 150 000"
    assert marine["Consommé depuis l’origine"] == "100 000 60 000"
    assert marine["Jalons échus terminés"] == "–", "the first is due in mid 2021, the filing is of the end of 2020"
    assert marine["Cibles atteintes"] == "0 sur 1 (1 n. r.)"
    assert marine["Avertissements"] == str(len(findings(contract.filings.get(campaign__year=2020))))
    assert marine["Proposé"] == "75 000 75 000"
    assert cells(client.get("/tranches/?exercice=2021"), "Terre")["Cibles atteintes"] == "n. r."
    assert "aucun dossier de suivi n’est soumis" in page
    fund(secretariat)
    decide(contract, secretariat, 100_000)
    page = words(client.get("/tranches/?exercice=2021"))
    assert "1 tranche à décider" in page
    assert "100 000 € en AE et 100 000 € en CP restent à décider" in page
    assert "Aucune tranche n’est à décider pour 2031" in words(client.get("/tranches/?exercice=2031"))
    assert client.get("/tranches/?exercice=²²²²").status_code == 200


def test_the_list_counts_the_milestones_due_and_the_targets_reached(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    """At the end of 2021: of two milestones one is due, done; the only target, 80 %, is reached with 82."""
    past = earlier(filing, 2021, 4, lead, {"etudes": (1, 1), "outil": (0, 0)}, state="draft")  # type: ignore[arg-type]
    for milestone in Milestone.objects.filter(contract=contract):
        past.milestone_progress.create(milestone=milestone)
    first = past.milestone_progress.filter(milestone__key="jalon-1")
    satisfaction = Measurement.objects.create(filing=past, indicator=Indicator.objects.get(contract=contract))
    client = signed_in(secretariat)

    def told() -> tuple[str, str]:
        found = computed_weather(signal_facts(past, [past])).facts
        return found.due.words, found.targets.words

    assert told() == ("0 sur 1 (1 n.\u00a0r.)", "0 sur 1 (1 n.\u00a0r.)")
    first.update(state="late")
    Measurement.objects.filter(pk=satisfaction.pk).update(value=40)
    assert told() == ("0 sur 1", "0 sur 1")
    first.update(state="done", done_on=date(2021, 7, 2))
    Measurement.objects.filter(pk=satisfaction.pk).update(value=82)
    close(past, FilingState.LOCKED, lead)
    found = cells(client.get("/tranches/?exercice=2022"), "Marine")
    assert [found["Jalons échus terminés"], found["Cibles atteintes"]] == ["1 sur 1", "1 sur 1"]
    assert "Jalons échus terminés 1 sur 1 Cibles atteintes 1 sur 1" in words(client.get(f"{TRANCHES}2022/"))


def test_a_suspended_contract_counts_for_nothing_in_what_is_proposed(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    earlier(filing, 2020, 4, lead, {"etudes": (100_000, 60_000), "outil": (0, 0)})
    client = signed_in(secretariat)
    assert "Proposé sur cette page 75 000 75 000" in words(client.get("/tranches/?exercice=2021"))
    record_event(contract, "suspension", date(2021, 3, 1), "Retard", secretariat, today=date(2021, 3, 2))
    page = words(client.get("/tranches/?exercice=2021"))
    assert "n. c. le financement du contrat est suspendu depuis le 1er mars 2021" in page
    assert "75 000" not in page
    assert "Proposé sur cette page" not in page


def test_what_is_proposed_stays_within_the_envelope(
    contract: Contract, other_contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    """75 000 € would be proposed to each of two contracts: 60 000 € are left for each alone, and not for both."""
    past = earlier(filing, 2020, 4, lead, {"etudes": (100_000, 60_000), "outil": (0, 0)})
    second = FilingFactory(contract=other_contract, campaign=past.campaign)
    other_lead = grant(UserFactory(), Role.LEAD, other_contract)
    for row in rows_of(second):
        ae, cp = (100_000, 60_000) if row.line.key == "etudes" else (0, 0)
        record_consumptions(filing=second, entries=[entry(row, ae, cp)], actor=other_lead)
    close(second, FilingState.LOCKED, lead)
    fund(secretariat, 60_000)
    client = signed_in(secretariat)
    offered = client.get("/tranches/?exercice=2021")
    assert cells(offered, "Marine")["Proposé"] == "60 000 60 000 ramené à l’enveloppe"
    assert "Proposé sur cette page 120 000 120 000" in words(offered)
    told = "dépassent ce qui reste de l’enveloppe 2021 de 60 000 € en AE et de 60 000 € en CP"
    assert f"Ces propositions ensemble {told} : elles ne peuvent pas être toutes suivies." in words(offered)
    page = words(client.get(f"{TRANCHES}2021/"))
    assert "Proposition 60 000,00 € en AE, 60 000,00 € en CP, ramenés à ce qui reste de l’enveloppe" in page
    assert "Cela ferait 75 000,00 € en AE et 75 000,00 € en CP, plus que ce qui reste de l’enveloppe." in page
    decided = decide(contract, secretariat, 50_000)
    assert decided.proposed_ae == Money(60_000, "EUR"), "what the page proposed is kept with the decision"


def test_nothing_waits_for_a_decision_after_the_end(contract: Contract, secretariat: User, signed_in: SignIn) -> None:
    client = signed_in(secretariat)
    assert "1 tranche à décider" in words(client.get("/tranches/?exercice=2022"))
    record_event(contract, "fin", date(2021, 12, 31), "", secretariat, today=date(2022, 1, 1))
    assert "Aucune tranche n’est à décider pour 2022." in words(client.get("/tranches/?exercice=2022"))
    page = words(client.get(TRANCHES))
    assert "L’exécution du contrat est finie depuis le 31 décembre 2021. Aucune tranche nouvelle" in page
    assert "2022 Prévisionnelle AE 150 000 CP 150 000 achevé" in page
    assert "Décider la tranche" not in page
    page = words(client.get(f"{TRANCHES}2022/"))
    assert "Rien n’est plus à décider." in page
    data = {"ae": "1", "cp": "1", "reason": "Essai", "on": localdate().isoformat()}
    assert "Aucune tranche nouvelle" in refused(client.post(f"{TRANCHES}2022/", data))


def test_a_year_that_the_plan_leaves_at_zero_waits_for_nothing(
    cap2030: object, secretariat: User, signed_in: SignIn
) -> None:
    """CAP2030 prints 0 for 2020, and its first tranche is of 2021."""
    client = signed_in(secretariat)
    assert "Aucune tranche n’est à décider pour 2020." in words(client.get("/tranches/?exercice=2020"))
    assert "1 tranche à décider" in words(client.get("/tranches/?exercice=2022"))
