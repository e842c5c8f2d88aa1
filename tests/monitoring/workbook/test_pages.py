"""The workbook's pages: download, deposit, differences, confirmation, and the marked copy."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from accounts.models import User
from budget.models import Consumption
from contracts.fields import amount
from contracts.models import Contract
from monitoring.enums import FilingState
from monitoring.models import Filing, WorkbookImport
from tests.budget.rows import add_lines, close, rows_of
from tests.monitoring.workbook.books import AE, annual_filing, cell, download, fill, saved, sheet_of

SignedIn = Callable[[User], Client]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def annual(contract: Contract) -> Filing:
    return annual_filing(contract)


@pytest.fixture
def study(annual: Filing) -> Consumption:
    return Consumption.objects.get(filing=annual, line__key="etudes")


def address(filing: Filing, rest: str = "") -> str:
    return f"/dossiers/{filing.pk}/classeur/{rest}"


def deposit(client: Client, filing: Filing, book: Workbook | bytes, name: str = "rempli.xlsx") -> Any:
    content = book if isinstance(book, bytes) else saved(book)
    return client.post(address(filing, "deposer/"), {"file": SimpleUploadedFile(name, content, XLSX)}, follow=True)


def seen(response: Any) -> str:
    """The fingerprint of the differences shown."""
    return str(response.context["differences"].fingerprint)


def test_the_download_is_a_protected_workbook_in_french(annual: Filing, lead: User, signed_in: SignedIn) -> None:
    response = signed_in(lead).get(address(annual))
    assert (response["Content-Type"], response["Cache-Control"]) == (XLSX, "private, no-store")
    assert response["Content-Disposition"] == 'attachment; filename="marine-2021-t4.xlsx"'
    book = load_workbook(BytesIO(response.content))
    assert book.sheetnames == [
        "Mode d’emploi",
        "Crédits consommés",
        "Économies réalisées",
        "Indicateurs",
        "Calendrier",
        "_cles",
    ]
    assert book["_cles"].sheet_state == "veryHidden"
    credit_sheet = book["Crédits consommés"]
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    assert (credit_sheet.page_setup.orientation, credit_sheet.page_setup.fitToWidth) == ("landscape", 1)
    assert credit_sheet.print_title_rows == "$4:$5"
    assert [one.value for one in credit_sheet[5]][1:] == [
        "Ligne",
        "Précisions",
        *["AE (€)", "CP (€)"] * 3,
        "Commentaire",
    ]
    plan = credit_sheet["D6"]
    assert (plan.value, plan.number_format, plan.protection.locked) == (100000, "#,##0.00", True)
    assert str(credit_sheet["D8"].value).startswith("=IF(COUNT(D6:D7)=0")
    assert credit_sheet["D8"].protection.locked
    assert not credit_sheet["H6"].protection.locked
    assert (credit_sheet.column_dimensions["A"].hidden, credit_sheet.row_dimensions[1].hidden) == (True, True)
    lists = [one.sqref for one in sheet_of(book, "economies").data_validations.dataValidation]
    assert [str(one) for one in lists] == ["K6"]


def test_a_filled_workbook_is_compared_then_confirmed(
    annual: Filing, lead: User, signed_in: SignedIn, study: Consumption
) -> None:
    client, book = signed_in(lead), download(annual, lead)
    fill(book, "credits", study.pk, ae=1234.5, comment="Marché <b>notifié</b>")
    page = deposit(client, annual, book)
    html = page.content.decode()
    assert "2 valeurs ajoutées" in html
    assert "1\u202f234,50" in html
    assert "Marché &lt;b&gt;notifié&lt;/b&gt;" in html
    assert not Consumption.objects.filter(ae__isnull=False).exists()
    done = client.post(address(annual, "confirmer/"), {"vu": seen(page)}, follow=True)
    assert done.redirect_chain == [(f"/dossiers/{annual.pk}/", 302)]
    assert "2 valeurs sont enregistrées." in done.content.decode()
    study.refresh_from_db()
    assert (str(amount(study.ae)), study.updated_by) == ("1234.50", lead)
    assert not WorkbookImport.objects.exists()


def test_a_conflict_asks_for_a_choice(
    annual: Filing, lead: User, secretariat: User, signed_in: SignedIn, study: Consumption
) -> None:
    client, book = signed_in(lead), download(annual, lead)
    fill(book, "credits", study.pk, ae=1)
    Consumption.objects.filter(pk=study.pk).update(ae=7, revision=1, updated_by=secretariat)
    page = deposit(client, annual, book)
    assert "Lignes modifiées entre-temps" in page.content.decode()
    again = client.post(address(annual, "confirmer/"), {"vu": seen(page)})
    assert again.status_code == 409
    assert "Choisissez, pour chaque ligne en conflit" in again.content.decode()
    choice = {f"garder-credits-{study.pk}": "mine"}
    assert client.post(address(annual, "confirmer/"), {"vu": seen(again), **choice}).status_code == 302
    study.refresh_from_db()
    assert amount(study.ae) == 1


def test_differences_that_moved_are_shown_again_with_the_choices_made(
    annual: Filing, lead: User, signed_in: SignedIn, study: Consumption
) -> None:
    client, book = signed_in(lead), download(annual, lead)
    fill(book, "credits", study.pk, ae=1)
    page = deposit(client, annual, book)
    Consumption.objects.filter(pk=study.pk).update(ae=7, revision=1)
    choice = {f"garder-credits-{study.pk}": "theirs"}
    moved = client.post(address(annual, "confirmer/"), {"vu": seen(page), **choice})
    assert moved.status_code == 409
    assert "relisez-les" in moved.content.decode()
    assert 'value="theirs" checked' in moved.content.decode()


def test_a_refused_workbook_lists_its_cells_and_comes_back_marked(
    annual: Filing, lead: User, signed_in: SignedIn, study: Consumption
) -> None:
    client, book = signed_in(lead), download(annual, lead)
    assert client.get(address(annual, "a-corriger/")).status_code == 404
    fill(book, "credits", study.pk, ae="1.234")
    html = deposit(client, annual, book).content.decode()
    assert "Classeur refusé" in html
    assert "est ambigu" in html
    assert "Enregistrer ces valeurs" not in html
    marked = load_workbook(BytesIO(client.get(address(annual, "a-corriger/")).content))
    assert "est ambigu" in cell(marked, "credits", study.pk, AE).comment.text


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "Ce fichier est vide."), (b"a;b", "Ce fichier est illisible"), (None, "Choisissez un fichier.")],
    ids=["empty", "csv", "none"],
)
def test_a_file_that_cannot_be_read_is_told_on_the_form(
    annual: Filing, lead: User, signed_in: SignedIn, content: bytes | None, told: str
) -> None:
    data = {} if content is None else {"file": SimpleUploadedFile("a.xlsx", content)}
    response = signed_in(lead).post(address(annual, "deposer/"), data)
    assert response.status_code == 422
    assert told in response.content.decode()


def test_a_deposit_refused_while_another_waits_is_told_on_top(
    annual: Filing, lead: User, signed_in: SignedIn, study: Consumption
) -> None:
    client, book = signed_in(lead), download(annual, lead)
    fill(book, "credits", study.pk, ae=1)
    assert "Ce dernier dépôt est refusé" not in deposit(client, annual, book).content.decode()
    response = client.post(address(annual, "deposer/"), {"file": SimpleUploadedFile("a.xlsx", b"a;b")})
    html = response.content.decode()
    top, differences = html.index("Ce dernier dépôt est refusé"), html.index("Valeurs changées par le classeur")
    assert top < differences
    assert "ce fichier est illisible" in html[top:differences]


def test_a_workbook_may_be_dropped(annual: Filing, lead: User, signed_in: SignedIn) -> None:
    client = signed_in(lead)
    page = deposit(client, annual, download(annual, lead))
    assert "ce classeur ne change rien au dossier" in page.content.decode()
    client.post(address(annual, "confirmer/"), {"abandonner": "1"})
    assert not WorkbookImport.objects.exists()


def test_nobody_sees_the_workbook_of_another(
    annual: Filing, lead: User, contributor: User, signed_in: SignedIn
) -> None:
    deposit(signed_in(lead), annual, download(annual, lead))
    assert signed_in(contributor).get(address(annual, "deposer/")).context["waiting"] is None


def test_a_closed_filing_is_downloaded_locked_and_takes_nothing(
    annual: Filing, lead: User, signed_in: SignedIn, study: Consumption
) -> None:
    client, book = signed_in(lead), download(annual, lead)
    close(annual, FilingState.SUBMITTED, lead)
    copy = load_workbook(BytesIO(client.get(address(annual)).content))
    assert cell(copy, "credits", study.pk, AE).protection.locked
    assert deposit(client, annual, book).status_code == 409
    assert "n’est plus ouvert à la saisie" in client.get(address(annual, "deposer/")).content.decode()


def test_the_filing_s_pages_lead_to_the_workbook(annual: Filing, lead: User, signed_in: SignedIn) -> None:
    assert f'href="{address(annual, "deposer/")}"' in signed_in(lead).get(f"/dossiers/{annual.pk}/").content.decode()


def test_confirming_costs_the_same_for_three_rows_or_forty_and_keeps_their_history(
    contract: Contract, lead: User, signed_in: SignedIn
) -> None:
    client, counts = signed_in(lead), []
    annual = annual_filing(contract, lines=3)
    for lines in (3, 40):
        add_lines(contract, lines)
        rows = rows_of(annual)
        book = download(annual, lead)
        for row in rows:
            fill(book, "credits", row.pk, ae=lines, comment=f"Ligne de {lines}")
        shown = seen(deposit(client, annual, book))
        with CaptureQueriesContext(connection) as queries:
            assert client.post(address(annual, "confirmer/"), {"vu": shown}).status_code == 302
        counts.append(len(queries))
        events = Consumption.pgh_event_model.objects.filter(ae=lines, pgh_label="update")  # type: ignore[attr-defined]
        assert events.count() == len(rows) >= lines
        assert {event.pgh_context.metadata["source"] for event in events.select_related("pgh_context")} == {"classeur"}
    assert counts[0] == counts[1] <= 30
