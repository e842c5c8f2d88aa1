"""Article 5 as a page, and its words."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract, ContractVersion
from indicators.calc import DatedGoal
from indicators.models import Indicator, Measurement, Target
from indicators.sections import prepare
from indicators.selectors import results_situation
from indicators.words import goal_words, value_words
from monitoring.enums import FilingState
from reports.situation import contract_situation
from reports.tables.results import indicators
from tests.factories import FilingFactory
from tests.reading import words

SignIn = Callable[[User], Client]


def test_indicators_of_cap2030(signed_in: SignIn, secretariat: User, cap2030: ContractVersion) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/indicateurs/"))
    followed = "dont 3 par ses crédits, son calendrier ou ses économies"
    assert f"Le contrat suit 8 indicateurs, {followed} ; aucun n’est encore mesuré." in page
    assert "Respect du calendrier prévisionnel de l’article 4.1" in page


def test_what_another_article_counts_is_asked_of_nobody_and_leads_there(
    signed_in: SignIn, secretariat: User, cap2030: ContractVersion
) -> None:
    """Credits consumed, calendar and savings (articles 5.1 and 5.2) are figures that CAP2030 already gives."""
    filing = FilingFactory(contract=cap2030.contract)
    prepare(filing)
    assert filing.measurements.count() == 5
    html = signed_in(secretariat).get("/contrats/cap2030/indicateurs/").content.decode()
    for page, label in (("financement", "crédits"), ("calendrier", "calendrier"), ("economies", "économies")):
        assert re.search(rf'<a href="/contrats/cap2030/{page}/">suivi aux? {label}</a>', html), page
    situation = contract_situation(cap2030.contract, filing=filing)
    assert sum(situation.results.counts.values()) == 5
    unsaid = [one.subject for one in situation.not_reported if one.section == "Indicateurs"]
    assert not [label for label in unsaid if label.startswith(("Crédits consommés", "Respect du", "Montant des éco"))]
    Measurement.objects.create(filing=filing, indicator=Indicator.objects.get(key="respect-calendrier"), value=90)
    measured = contract_situation(cap2030.contract, filing=filing).results.indicators[1]
    assert (measured.is_followed, measured.status_label) == (False, "non renseigné"), "a measure made besides counts"


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


def test_a_measure_without_anything_to_compare_it_to_is_not_said_missing(
    signed_in: SignIn, secretariat: User, contract: Contract
) -> None:
    """A reduction of half needs the value it starts from: 30 days were measured all the same."""
    Indicator.objects.filter(contract=contract).update(baseline=None, baseline_on=None)
    Target.objects.filter(indicator__contract=contract).update(operator="reduction", value=50)
    filing = FilingFactory(contract=contract)
    Measurement.objects.create(indicator=Indicator.objects.get(contract=contract), filing=filing, value=30)
    filing.state, filing.submitted_by, filing.submitted_at = FilingState.SUBMITTED, secretariat, timezone.now()
    filing.save()
    page = words(signed_in(secretariat).get("/contrats/marine/indicateurs/"))
    assert "Le contrat suit un indicateur : 1 sans cible comparable." in page
    assert "n. c. (valeur initiale absente)" in page
    table = indicators(contract_situation(contract))
    assert table.rows[0].values[7] == "n.\u00a0c. (valeur initiale absente)"


def test_cap2030_s_breakdowns_are_shown_at_the_start_and_in_the_target(
    signed_in: SignIn, secretariat: User, cap2030: ContractVersion
) -> None:
    """« Projets incubés » starts at 1 (0/1) and aims at 4 (2/2)."""
    page = words(signed_in(secretariat).get("/contrats/cap2030/indicateurs/"))
    assert "1 (0/1)" in page
    rows = {row.values[0]: row.values for row in indicators(contract_situation(cap2030.contract)).rows}
    incubated = next(values for label, values in rows.items() if str(label).startswith("Nombre de projets incubés"))
    assert (str(incubated[2]), incubated[3]) == ("1 (0 / 1)", "au moins 4 (2 / 2)")


@pytest.mark.parametrize(
    ("operator", "value", "printed", "is_lost", "shown"),
    [
        (">=", "80", "", False, "≥ 80 %"),
        (">", "85", "", False, "> 85 %"),
        ("=", "100", "", False, "100 %"),
        ("reduction", "50", "", False, "−50 %"),
        (">=", None, "6? %", True, "6? %"),
        (">=", None, "", True, "illisible"),
        (">=", None, "", False, "n. r."),
        (">=", None, "", None, "illisible ou absente"),
    ],
)
def test_targets_in_words(
    contract: Contract, operator: str, value: str | None, printed: str, is_lost: bool | None, shown: str
) -> None:
    """What the scan lost, what the act leaves blank, and what an older snapshot does not tell apart."""
    (indicator,) = results_situation(contract, contract.versions.get()).indicators
    goal = DatedGoal(date(2022, 12, 31), operator, Decimal(value) if value else None, (), printed, is_lost)
    assert goal_words(indicator, goal).replace("\u00a0", " ") == shown


def test_a_breakdown_follows_its_value(contract: Contract) -> None:
    (indicator,) = results_situation(contract, contract.versions.get()).indicators
    assert value_words(indicator, Decimal(5), (Decimal(3), Decimal(2))).replace("\u00a0", " ") == "5 % (3/2)"
