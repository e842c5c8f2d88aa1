"""What a corrected figure or text said before the filing came back, beside what it says now, in every section."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from budget.models import Consumption
from budget.services import record_consumption
from contracts.models import Contract
from indicators.models import Measurement
from indicators.services import record_measurement
from monitoring.enums import FilingState
from monitoring.models import Filing, FilingTransition, MilestoneProgress
from monitoring.review import ReviewedLine, review_of
from monitoring.services.progress import RowChange, add_risk, record_calendar, record_risk, record_texts
from savings.models import RealisedSaving
from savings.services import record_saving
from tests.budget.rows import close
from tests.monitoring.workbook.books import annual_filing, fresh
from tests.reading import words

SignedIn = Callable[[User], Client]
RISK = {"title": "Recrutement", "probability": 2, "severity": 3, "mitigation": "Annonce publiée", "description": ""}
NBSP = "\u00a0"


def row_of(model: Any, filing: Filing) -> Any:
    """The first row of a table, as it stands."""
    return model.objects.filter(filing=filing).select_related("filing").order_by("pk")[0]


def typed(filing: Filing, lead: User, *, ae: int, value: int, state: str, day: date | None, progress: str) -> None:
    """One row of each section, as the lead fills it."""
    credit, saving, measure = (row_of(model, filing) for model in (Consumption, RealisedSaving, Measurement))
    record_consumption(row=credit, revision=credit.revision, ae=Decimal(ae), cp=Decimal(40), actor=lead)
    given = {"reason": f"Bail {ae}", "evidence_level": "documented"}
    record_saving(row=saving, revision=saving.revision, ae=Decimal(ae), cp=Decimal(ae), actor=lead, **given)
    parts = (Decimal(value - 2), Decimal(2))
    record_measurement(row=measure, revision=measure.revision, value=Decimal(value), components=parts, actor=lead)
    jalon = row_of(MilestoneProgress, filing)
    change = RowChange(jalon.pk, jalon.revision, {"state": state, "done_on": day, "comment": ""})
    record_calendar(filing=filing, actor=lead, changes=[change])
    texts = {"weather": "secured", "weather_comment": "", "progress_comment": progress, "difficulties": ""}
    now = fresh(filing)
    record_texts(filing=now, actor=lead, revision=now.revision, values=texts)


@pytest.fixture
def corrected(contract: Contract, lead: User, ditp_reviewer: User) -> Filing:
    """Filled, sent back, corrected on a row of each section, and submitted again."""
    filing = annual_filing(contract)
    typed(filing, lead, ae=100, value=50, state="ongoing", day=None, progress="Tout avance.")
    risk = add_risk(filing=filing, actor=lead, values=RISK)
    FilingTransition.objects.create(
        filing=filing,
        action="send_back",
        from_state="submitted",
        to_state="sent_back",
        actor=ditp_reviewer,
        reason="À revoir",
    )
    typed(filing, lead, ae=120, value=55, state="done", day=date(2021, 12, 1), progress="Presque tout avance.")
    record_risk(filing=filing, risk=risk, actor=lead, revision=risk.revision, values=RISK | {"severity": 5})
    add_risk(filing=filing, actor=lead, values=RISK | {"title": "Marché infructueux"})
    close(filing, FilingState.SUBMITTED, lead)
    return fresh(filing)


def lines_of(filing: Filing) -> dict[str, ReviewedLine]:
    sections = review_of(filing, only_changes=False).sections
    return {f"{part.section.code} {line.label}": line for part in sections for line in part.lines}


def test_each_corrected_row_tells_what_it_said(corrected: Filing) -> None:
    lines = lines_of(corrected)
    told = {
        name: [(figure.earlier, figure.row.declared) for figure in line.figures if figure.earlier]
        for name, line in lines.items()
        if line.retouched
    }
    assert told == {
        "credits Études": [(f"100,00{NBSP}€", f"120,00{NBSP}€")],
        "economies Loyers": [(f"100,00{NBSP}€", f"120,00{NBSP}€")] * 2,
        "indicateurs Satisfaction des usagers": [(f"50{NBSP}% (48/2)", f"55{NBSP}% (53/2)")],
        "calendrier Jalon 1": [("En cours", "Terminé le 01/12/2021")],
        "risques Recrutement": [
            ("Ouvert – probabilité 2, gravité 3", "Ouvert – probabilité 2, gravité 5"),
        ],
        "risques Marché infructueux": [],
        "meteo Avancement de la période": [("Tout avance.", "Presque tout avance.")],
    }
    assert [name for name, line in lines.items() if line.was_added] == ["risques Marché infructueux"]
    comments = {name: line.earlier_comment for name, line in lines.items() if line.earlier_comment is not None}
    assert comments == {"economies Loyers": "Bail 100 – Documentée"}


def test_the_page_shows_both(corrected: Filing, ditp_reviewer: User, signed_in: SignedIn) -> None:
    page = words(signed_in(ditp_reviewer).get(f"/dossiers/{corrected.pk}/revue/"))
    assert "120,00 € modifié Avant le renvoi : 100,00 €" in page
    assert "Avant le renvoi : Bail 100 – Documentée" in page
    assert "Marché infructueux" in page
    assert page.count("ajoutée") == 1


def test_a_filing_reopened_says_that_it_was(corrected: Filing, ditp_reviewer: User, signed_in: SignedIn) -> None:
    FilingTransition.objects.filter(filing=corrected).update(action="reopen")
    page = words(signed_in(ditp_reviewer).get(f"/dossiers/{corrected.pk}/revue/"))
    assert "Avant la réouverture : 100,00" in page


def test_a_row_that_stays_as_it_was_says_nothing_more(corrected: Filing) -> None:
    others = [line for line in lines_of(corrected).values() if not line.retouched]
    assert len(others) == 5
    assert {figure.earlier for line in others for figure in line.figures} == {""}
    assert {line.earlier_comment for line in others} == {None}


def test_the_page_may_show_what_was_corrected_alone(
    corrected: Filing, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    client, address = signed_in(ditp_reviewer), f"/dossiers/{corrected.pk}/revue/?vue=retouches"
    page = words(client.get(address))
    assert "Retouchées seulement (7)" in page
    assert "Avant le renvoi : 100,00 €" in page
    assert "Rien n’a changé" not in page
    assert "Outil" not in page
    review = review_of(corrected, only_changes=True, only_retouched=True)
    assert [len(part.lines) for part in review.sections] == [1, 1, 1, 1, 2, 1]
    FilingTransition.objects.filter(filing=corrected).delete()
    assert "Retouchées" not in words(client.get(address)), "a filing that never came back shows its changes"


def test_a_filing_submitted_once_asks_nothing_of_the_history(corrected: Filing) -> None:
    FilingTransition.objects.filter(filing=corrected).delete()
    assert {figure.said for line in lines_of(corrected).values() for figure in line.figures} == {None}
