"""Article 5 as a page, and its words."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract, ContractVersion
from indicators.calc import DatedGoal
from indicators.models import Indicator, Measurement
from indicators.selectors import results_situation
from indicators.words import goal_words, value_words
from monitoring.enums import FilingState
from tests.factories import FilingFactory
from tests.reading import words

SignIn = Callable[[User], Client]


def test_indicators_of_cap2030(signed_in: SignIn, secretariat: User, cap2030: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/indicateurs/"))
    assert "Le contrat suit 8 indicateurs ; aucun n’est encore mesuré." in page
    assert "Respect du calendrier prévisionnel de l’article 4.1" in page


def test_a_target_that_the_act_does_not_date_is_shown_without_a_date(
    signed_in: SignIn, secretariat: User, incub_o: ContractVersion
) -> None:
    page = words(signed_in(secretariat).get("/contrats/incub-o/indicateurs/"))
    assert "Cible sans date" in page
    assert "≥ 1 300 000" in page


def test_a_measure_is_held_against_its_target(signed_in: SignIn, secretariat: User, contract: Contract) -> None:
    filing = FilingFactory(contract=contract)
    Measurement.objects.create(indicator=Indicator.objects.get(contract=contract), filing=filing, value=85)
    filing.state, filing.submitted_by, filing.submitted_at = FilingState.SUBMITTED, secretariat, timezone.now()
    filing.save()
    page = words(signed_in(secretariat).get("/contrats/marine/indicateurs/"))
    assert "Le contrat suit un indicateur : 1 à la cible." in page
    assert "≥ 80 % 85 % 30/06/2021 cible atteinte" in page
    assert "Satisfaction des usagers : 1 mesure" in page


def test_a_filing_without_a_value_is_not_a_measure(signed_in: SignIn, secretariat: User, contract: Contract) -> None:
    filing = FilingFactory(contract=contract)
    Measurement.objects.create(indicator=Indicator.objects.get(contract=contract), filing=filing)
    filing.state, filing.submitted_by, filing.submitted_at = FilingState.SUBMITTED, secretariat, timezone.now()
    filing.save()
    page = words(signed_in(secretariat).get("/contrats/marine/indicateurs/"))
    assert "Le contrat suit un indicateur ; aucun n’est encore mesuré." in page
    assert "Mesures" not in page
    assert "1 mesure" not in page


@pytest.mark.parametrize(
    ("operator", "value", "printed", "shown"),
    [
        (">=", "80", "", "≥ 80 %"),
        (">", "85", "", "> 85 %"),
        ("=", "100", "", "100 %"),
        ("reduction", "50", "", "−50 %"),
        (">=", None, "6? %", "6? %"),
        (">=", None, "", "illisible"),
    ],
)
def test_targets_in_words(contract: Contract, operator: str, value: str | None, printed: str, shown: str) -> None:
    (indicator,) = results_situation(contract, contract.versions.get()).indicators
    goal = DatedGoal(date(2022, 12, 31), operator, Decimal(value) if value else None, (), printed)
    assert goal_words(indicator, goal).replace("\u00a0", " ") == shown


def test_a_breakdown_follows_its_value(contract: Contract) -> None:
    (indicator,) = results_situation(contract, contract.versions.get()).indicators
    assert value_words(indicator, Decimal(5), (Decimal(3), Decimal(2))).replace("\u00a0", " ") == "5 % (3/2)"
