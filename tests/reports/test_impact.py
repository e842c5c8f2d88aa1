"""The impact sheet as a file, and the savings that contracts promise less of."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from contracts.amendments.impact import impact
from contracts.amendments.services import prepare_amendment, record_signature, required_parties, sign_amendment
from contracts.models import Contract, ContractVersion
from reports.impact import render_impact_pdf, render_impact_xlsx
from reports.revisions import Revisions, downward_revisions
from savings.models import PlannedSaving, SavingsLine, SavingsTerms
from tests.factories import UserFactory
from tests.reading import words

pytestmark = pytest.mark.django_db
DAY = date(2022, 6, 30)


def reduced(contract: Contract, actor: User, amount: int | None, *, recurrent: int | None = None) -> ContractVersion:
    """An amendment in force since 30 June 2022, by which the saving of a year is worth so many euros, or blank."""
    draft = prepare_amendment(contract, ["economies"], actor)
    PlannedSaving.objects.filter(version=draft).update(cp=amount, ae=amount)
    if recurrent is not None:
        SavingsTerms.objects.filter(version=draft).update(recurrent_cp=recurrent)
    for role in required_parties(contract):
        record_signature(draft, role, f"Signataire {role}", "directeur", DAY, actor)
    return sign_amendment(draft, DAY, DAY, draft.number, "Loyers renégociés", actor)


def test_the_workbook_and_the_pdf_tell_the_sheet(contract: Contract, secretariat: User) -> None:
    before, after = contract.versions.get(number=0), reduced(contract, secretariat, 20_000)
    found = impact(before, after)
    assert found.adds_up
    content = render_impact_xlsx(found, DAY)
    assert content == render_impact_xlsx(found, DAY)
    cells = [cell.value for row in load_workbook(BytesIO(content)).worksheets[0].iter_rows() for cell in row]
    assert -10_000 in cells
    assert "Lignes modifiées" in cells
    assert "Motif : Loyers renégociés" in [str(cell).replace("\u00a0", " ") for cell in cells]
    with pikepdf.open(BytesIO(render_impact_pdf(found, DAY))) as pdf:
        assert "Fiche d’impact" in str(pdf.docinfo.get("/Title"))


def test_falls_are_ranked_with_their_reasons(
    contract: Contract, other_contract: Contract, secretariat: User, lead: User
) -> None:
    reduced(contract, secretariat, 25_000)
    reduced(other_contract, secretariat, 10_000)
    found = downward_revisions(secretariat, DAY)
    assert [(one.contract.code, one.fall) for one in found.falls] == [
        ("terre", Decimal(-60_000)),
        ("marine", Decimal(-15_000)),
    ]
    assert found.falls[0].reasons == (("Avenant n° 1", "Loyers renégociés"),)
    assert [one.contract.code for one in downward_revisions(lead, DAY).falls] == ["marine"]
    assert downward_revisions(secretariat, date(2022, 6, 29)).falls == ()


def test_a_promise_raised_is_not_a_fall(contract: Contract, secretariat: User) -> None:
    reduced(contract, secretariat, 40_000)
    assert downward_revisions(secretariat, DAY) == Revisions((), ())


def test_a_figure_that_one_version_leaves_out_is_not_a_fall_to_zero(
    contract: Contract, secretariat: User, signed_in: Callable[[User], Client]
) -> None:
    """90 000 € of the table at signature; the amendment prints none: not −90 000 €, but told apart."""
    reduced(contract, secretariat, None)
    found = downward_revisions(secretariat, DAY)
    assert found.falls == ()
    (one,) = found.told_once
    assert (one.planned.before, one.planned.after, one.planned_moved, one.fall) == (Decimal(90_000), None, None, None)
    page = words(signed_in(secretariat).get("/portefeuille/revisions/"))
    assert "À comparer à la main" in page
    assert "90 000,00 n. r. n. c." in page


def test_a_contract_falls_by_the_figure_that_both_versions_state(contract: Contract, secretariat: User) -> None:
    """The table is blank in force; 30 000 € a year at signature, 20 000 € now."""
    line, signature = SavingsLine.objects.get(contract=contract), contract.versions.get(number=0)
    SavingsTerms.objects.create(line=line, version=signature, recurrent_cp=Decimal(30_000))
    after = reduced(contract, secretariat, None, recurrent=20_000)
    found = downward_revisions(secretariat, DAY)
    assert [(one.fall, one.version) for one in found.falls] == [(Decimal(-10_000), after)]
    assert found.told_once == found.falls


def test_the_number_of_queries_does_not_depend_on_contracts(
    contract: Contract, other_contract: Contract, secretariat: User, django_assert_num_queries: object
) -> None:
    for one in (contract, other_contract):
        reduced(one, secretariat, 10_000)
    person = User.objects.get(pk=secretariat.pk)
    with django_assert_num_queries(5):  # type: ignore[operator]
        downward_revisions(person, DAY)


def test_the_addresses(client: Client, contract: Contract, secretariat: User) -> None:
    reduced(contract, UserFactory(), 10_000)
    client.force_login(secretariat)
    assert 'href="/portefeuille/revisions/"' in client.get("/portefeuille/").content.decode()
    page = client.get("/portefeuille/revisions/").content.decode()
    assert "Loyers renégociés" in page
    for name, start in (("pdf", b"%PDF"), ("xlsx", b"PK")):
        assert client.get(f"/contrats/marine/versions/0-1.{name}").content.startswith(start)
    assert client.get("/contrats/marine/versions/0-1.csv").status_code == 404
    assert client.get("/contrats/marine/versions/0-9.pdf").status_code == 404
