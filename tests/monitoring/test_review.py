"""The review of a filing: what changed first, what is said of each line beside it, at a constant cost."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from budget.enums import Nature
from budget.models import BudgetLine, Consumption, FundingTranche
from budget.services import record_consumption
from contracts.models import Contract
from monitoring.models import Filing
from monitoring.review import ReviewedLine, review_of
from monitoring.sections import sections_of
from tests.factories import CampaignFactory, FilingFactory, UserFactory

SignedIn = Callable[[User], Client]
FOURTH = {
    "quarter": 4,
    "starts_on": date(2021, 10, 1),
    "ends_on": date(2021, 12, 31),
    "opens_on": date(2022, 1, 1),
    "due_on": date(2022, 1, 31),
}
FIGURES = {"etudes": (50_000, 40_000), "outil": (10_000, 10_000)}


def reported(filing: Filing, figures: dict[str, tuple[int, int]]) -> Filing:
    """The filing with its rows and these AE and CP by line, then submitted."""
    for section in sections_of(filing):
        section.prepare(filing)
    for key, (ae, cp) in figures.items():
        Consumption.objects.filter(filing=filing, line__key=key).update(ae=ae, cp=cp)
    Filing.objects.filter(pk=filing.pk).update(
        state="submitted", submitted_by=UserFactory(), submitted_at=timezone.now()
    )
    return Filing.objects.select_related("campaign", "version", "contract").get(pk=filing.pk)


@pytest.fixture
def second(contract: Contract) -> Filing:
    """The third quarter of 2021: since the second, « Études » took 5 000 € more AE and « Outil » did not move."""
    reported(FilingFactory(contract=contract, weather="secured", progress_comment="Tout avance."), FIGURES)
    later = FilingFactory(
        contract=contract, campaign=CampaignFactory(next_quarter=True), weather="secured", progress_comment="Suite."
    )
    return reported(later, FIGURES | {"etudes": (55_000, 40_000)})


def lines(filing: Filing, code: str, *, only_changes: bool) -> list[ReviewedLine]:
    review = review_of(filing, only_changes=only_changes)
    return list(next(part.lines for part in review.sections if part.section.code == code))


def test_only_what_changed(second: Filing) -> None:
    (line,) = lines(second, "credits", only_changes=True)
    ae, cp = (figure.row for figure in line.figures)
    assert (line.label, ae.measure, ae.changed, cp.changed) == ("Études", "AE", True, False)
    assert (ae.declared, ae.previous) == ("55\u202f000,00\u00a0€", "50\u202f000,00\u00a0€")
    assert ae.difference == "+5\u202f000,00\u00a0€"
    assert (ae.planned, ae.gap) == ("100\u202f000,00\u00a0€", "\u221245\u202f000,00\u00a0€")
    assert cp.difference == "0,00\u00a0€"
    assert [one.label for one in lines(second, "credits", only_changes=False)] == ["Études", "Outil"]


def test_a_line_that_a_rule_warns_of_is_kept(second: Filing) -> None:
    assert "Outil" not in [one.label for one in lines(second, "credits", only_changes=True)]
    Filing.objects.filter(pk=second.pk).update(state="draft")
    Consumption.objects.filter(filing=second, line__key="outil").update(ae=10_000, cp=None)
    second.refresh_from_db()
    warned = lines(second, "credits", only_changes=True)[1]
    assert (warned.label, {found.rule.code for found in warned.findings}) == ("Outil", {"C12"})


def test_the_page_tells_the_count_and_keeps_the_filter_in_the_address(
    second: Filing, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    client = signed_in(ditp_reviewer)
    page = client.get(f"/dossiers/{second.pk}/revue/").content.decode()
    assert "depuis le dossier du 2e\u00a0trimestre\u00a02021" in page
    assert '<a href="?vue=changements" aria-current="page">' in page
    assert "Outil" not in page
    page = client.get(f"/dossiers/{second.pk}/revue/?vue=tout").content.decode()
    assert '<a href="?vue=tout" aria-current="page">' in page
    assert "Outil" in page


def test_the_review_costs_the_same_for_few_lines_or_many(second: Filing, ditp_reviewer: User) -> None:
    def cost() -> int:
        filing = Filing.objects.select_related("campaign", "version", "contract").get(pk=second.pk)
        with CaptureQueriesContext(connection) as queries:
            review_of(filing, only_changes=False)
        return len(queries)

    few = cost()
    Filing.objects.filter(pk=second.pk).update(state="draft")
    for rank in range(20):
        line = BudgetLine.objects.create(
            contract=second.contract,
            key=f"l{rank}",
            label=f"Ligne {rank}",
            nature=Nature.SERVICES,
            titre="3",
            position=9,
        )
        Consumption.objects.create(line=line, filing=second, ae=1, cp=1)
    Filing.objects.filter(pk=second.pk).update(state=second.state)
    assert cost() == few


def test_nothing_has_changed_in_a_draft_that_nobody_touched(second: Filing, lead: User) -> None:
    third = FilingFactory(contract=second.contract, campaign=CampaignFactory(**FOURTH))
    for section in sections_of(third):
        section.prepare(third)
    review = review_of(third, only_changes=True)
    assert (review.changed, review.previous) == (0, second)
    study = Consumption.objects.get(filing=third, line__key="etudes")
    record_consumption(row=study, revision=study.revision, ae=None, cp=None, comment="Rien reçu.", actor=lead)
    assert review_of(third, only_changes=True).changed == 1  # a blank that somebody left on purpose


def test_totals_stand_beside_plan_tranche_and_last_filing(
    second: Filing, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    FundingTranche.objects.create(
        contract=second.contract,
        year=2021,
        state="decided",
        decision="reduced",
        ae=60_000,
        cp=70_000,
        reason="Premier trimestre peu consommé.",
        decided_on=date(2021, 3, 1),
    )
    part = next(one for one in review_of(second, only_changes=True).sections if one.section.code == "credits")
    ae, cp = part.totals
    assert (ae.label, ae.declared) == ("AE", "65\u202f000,00\u00a0€")
    assert [(one.title, one.value, one.gap) for one in ae.beside] == [
        ("Prévu", "150\u202f000,00\u00a0€", "\u221285\u202f000,00\u00a0€"),
        ("Tranche", "60\u202f000,00\u00a0€", "+5\u202f000,00\u00a0€"),
        ("Précédent", "60\u202f000,00\u00a0€", "+5\u202f000,00\u00a0€"),
    ]
    assert (cp.beside[1].value, cp.beside[1].gap) == ("70\u202f000,00\u00a0€", "\u221220\u202f000,00\u00a0€")
    html = signed_in(ditp_reviewer).get(f"/dossiers/{second.pk}/revue/").content.decode()
    headers = re.findall(r"<th scope=\"col\"[^>]*>([^<]*)", html.split("Crédits du FTAP")[1])
    assert headers[:8] == ["Mesure", "Déclaré", "Prévu", "Écart", "Tranche", "Écart", "Précédent", "Écart"]


def test_a_line_left_blank_has_no_part_in_the_gap_of_the_total(contract: Contract) -> None:
    """« Études » told 55 000 € of AE for 100 000 € planned; « Outil » told 10 000 € before, and nothing since."""
    reported(FilingFactory(contract=contract), FIGURES)
    later = reported(
        FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True)), {"etudes": (55_000, 40_000)}
    )
    part = next(one for one in review_of(later, only_changes=False).sections if one.section.code == "credits")
    assert [(one.title, one.value, one.gap, one.held) for one in part.totals[0].beside] == [
        ("Prévu", "150\u202f000,00\u00a0€", "\u221245\u202f000,00\u00a0€", "100\u202f000,00\u00a0€"),
        ("Tranche", "n.\u00a0r.", "", ""),
        ("Précédent", "60\u202f000,00\u00a0€", "+5\u202f000,00\u00a0€", "50\u202f000,00\u00a0€"),
    ]


def test_without_a_tranche_nothing_is_held_against_it(second: Filing) -> None:
    part = next(one for one in review_of(second, only_changes=True).sections if one.section.code == "credits")
    assert [(one.value, one.gap) for one in part.totals[0].beside if one.title == "Tranche"] == [("n.\u00a0r.", "")]
