"""The room's own rules, on facts written in clear; and the registry."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from accounts.models import User
from budget.models import Consumption
from monitoring import rules
from monitoring.enums import Severity, Weather
from monitoring.filing_rules import (
    RULES,
    SIGNAL_RULE,
    FilingFacts,
    MilestoneFact,
    RiskFact,
    WeatherFacts,
    filing_late,
    read_facts,
    read_weather,
)
from monitoring.models import FiledRisk, Filing, FilingTransition, MilestoneProgress
from monitoring.sections import sections_of
from monitoring.signal import Computed, SignalFacts, computed_weather
from reports.situation import contract_situation

QUIET = FilingFacts(
    period_end=date(2021, 6, 30),
    due_on=date(2021, 7, 31),
    days_late=0,
    weather="secured",
    weather_comment="",
    progress_comment="Tout avance.",
    milestones=(MilestoneFact("jalon-1", "Ouverture", "done", date(2021, 6, 30), done_on=date(2021, 6, 28)),),
)


def said(facts: FilingFacts) -> list[str]:
    """The codes of the rules that have something to say."""
    return [rule.code for rule in RULES for _ in rule.check(facts)]


def milestone(state: str, **changes: object) -> FilingFacts:
    """The facts with one milestone, promised for the last day of the period."""
    fact = MilestoneFact("jalon-1", "Ouverture", state, date(2021, 6, 30), **changes)  # type: ignore[arg-type]
    return replace(QUIET, milestones=(fact,))


def risk(**changes: object) -> FilingFacts:
    fact = RiskFact("risque-1", "Recrutement", 16, is_open=True, mitigation="")
    return replace(QUIET, risks=(replace(fact, **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        (QUIET, []),
        (replace(QUIET, weather=""), ["S01"]),
        (replace(QUIET, weather="support"), ["S02"]),
        (replace(QUIET, weather="compromised"), ["S02"]),
        (replace(QUIET, weather="compromised", weather_comment="Le marché est infructueux."), []),
        (replace(QUIET, weather="reachable", previous_weather="secured"), []),
        (replace(QUIET, weather="secured", previous_weather="support"), ["S03"]),
        (replace(QUIET, progress_comment=""), ["S04"]),
        (milestone(""), ["S05"]),
        (milestone("late"), ["S06"]),
        (milestone("late", expected_on=date(2021, 9, 1)), []),
        (milestone("late", expected_on=date(2021, 6, 30)), ["S16"]),
        (milestone("done", done_on=date(2021, 6, 28), expected_on=date(2021, 6, 1)), []),
        (milestone("ongoing"), ["S07"]),
        (milestone("done"), ["S08"]),
        (milestone("done", done_on=date(2021, 7, 1)), ["S09"]),
        (milestone("dropped"), ["S10"]),
        (milestone("dropped", comment="Repris par une autre direction."), []),
        (risk(), ["S11"]),
        (risk(score=15), []),
        (risk(is_open=False), []),
        (risk(mitigation="Deux postes ouverts"), []),
        (risk(mitigation="Deux postes ouverts", is_confirmed=False), ["S12"]),
        (replace(QUIET, days_late=3), ["S13"]),
        (replace(QUIET, reopened_before="1er trimestre 2021"), ["S15"]),
    ],
)
def test_each_rule(facts: FilingFacts, codes: list[str]) -> None:
    assert said(facts) == codes


@pytest.mark.parametrize(
    ("declared", "comment", "computed", "fires"),
    [
        ("secured", "", "secured", False),
        ("secured", "", "reachable", False),
        ("secured", "", "support", True),
        ("secured", "Le marché est signé.", "compromised", False),
        ("compromised", "", "reachable", True),
        ("", "", "compromised", False),
    ],
)
def test_a_weather_two_levels_from_the_figures_asks_for_a_comment(
    declared: str, comment: str, computed: str, fires: bool
) -> None:
    facts = WeatherFacts(declared, comment, Computed(Weather(computed), ("CP consommés à 40 %",)))
    assert bool(SIGNAL_RULE.check(facts)) == fires


def test_figures_that_say_nothing_ask_for_nothing() -> None:
    assert SIGNAL_RULE.check(WeatherFacts("compromised", "", computed_weather(SignalFacts()))) == []


def test_the_rule_reads_the_signal_that_the_contract_s_page_shows(filing: Filing) -> None:
    for section in sections_of(filing):
        section.prepare(filing)
    Consumption.objects.filter(filing=filing).update(ae=20_000, cp=20_000)  # 40 000 € on 75 000 € due by June
    MilestoneProgress.objects.filter(filing=filing).update(state="late", expected_on=date(2022, 1, 1))
    Filing.objects.filter(pk=filing.pk).update(weather="secured", progress_comment="Tout avance.")
    filing = Filing.objects.select_related("campaign", "version", "contract").get(pk=filing.pk)
    facts = read_weather(filing, date(2021, 7, 1))
    shown = contract_situation(filing.contract, filing=filing).weather.signal
    assert facts is not None
    assert (facts.computed.weather, facts.computed.reasons) == (shown.code, shown.reasons)
    assert shown.code == "support"
    assert "S14" in {found.rule.code for found in rules.findings(filing)}


def test_a_long_delay_is_written_with_its_thousands() -> None:
    (found,) = filing_late(replace(QUIET, days_late=1946))
    assert found.message.endswith("1\u202f946 jours de retard.")


def test_a_filing_submitted_late_stays_late_by_its_first_submission(filing: Filing, lead: User) -> None:
    """Expected on 31 July: submitted on 5 August, sent back, submitted again on the 20th."""
    for day, action in ((5, "submit"), (10, "send_back"), (20, "submit")):
        row = FilingTransition.objects.create(
            filing=filing, action=action, from_state="draft", to_state="submitted", actor=lead, reason="Un motif"
        )
        FilingTransition.objects.filter(pk=row.pk).update(at=datetime(2021, 8, day, 12, tzinfo=UTC))
    filing.state, filing.submitted_by, filing.submitted_at = "submitted", lead, timezone.now()
    filing.save()
    (found,) = filing_late(read_facts(filing, date(2021, 12, 31)))
    assert "31\u00a0juillet\u00a02021 et soumis le 5\u00a0août\u00a02021\u00a0: 5 jours de retard" in found.message


def test_a_milestone_of_a_later_period_is_not_asked_yet() -> None:
    later = MilestoneFact("jalon-2", "Bilan", "", date(2021, 7, 1))
    undated = MilestoneFact("jalon-3", "Sans date", "", None)
    assert said(replace(QUIET, milestones=(later, undated))) == []


def test_findings_of_a_filing_are_located(filing: Filing, lead: User) -> None:
    row = MilestoneProgress.objects.create(
        filing=filing, milestone=filing.contract.milestones.get(position=1), state="late"
    )
    grave = FiledRisk.objects.create(filing=filing, title="Recrutement", probability=4, severity=5)
    found = {
        one.rule.code: one.url for one in rules.findings(filing, on=date(2021, 7, 1)) if one.rule.code.startswith("S")
    }
    assert found == {
        "S01": f"/dossiers/{filing.pk}/meteo/#meteo-weather",
        "S04": f"/dossiers/{filing.pk}/meteo/#meteo-progress_comment",
        "S06": f"/dossiers/{filing.pk}/calendrier/#jalon-{row.pk}-expected_on",
        "S11": f"/dossiers/{filing.pk}/risques/#risque-{grave.pk}-mitigation",
        "S12": f"/dossiers/{filing.pk}/risques/#risque-{grave.pk}",
    }


def test_the_most_serious_come_first(filing: Filing) -> None:
    severities = [one.severity for one in rules.findings(filing, on=date(2021, 8, 30))]
    assert severities == sorted(severities, key=[Severity.BLOCKING, Severity.WARNING, Severity.INFO].index)
    assert severities[0] == Severity.BLOCKING


def test_codes_are_unique_and_every_rule_has_its_words() -> None:
    catalogue = rules.catalogue()
    assert len({rule.code for rule in catalogue}) == len(catalogue) >= len(RULES)
    assert all(rule.title and rule.article and rule.source for rule in catalogue)
