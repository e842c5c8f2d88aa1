"""An amendment from the browser, without script: prepared, edited case by case or by file, signed, compared."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from budget.models import PlannedCredit
from contracts.amendments.impact import impact
from contracts.amendments.services import prepare_amendment, record_signature, required_parties, sign_amendment
from contracts.contract_file.writer import write_contract_file
from contracts.models import Axis, Contract, ContractVersion
from contracts.selectors import version_in_force
from savings.models import PlannedSaving
from tests.factories import UserFactory
from tests.reading import words

pytestmark = pytest.mark.django_db
URL = "/contrats/marine/avenants/"


@pytest.fixture
def draft(contract: Contract) -> ContractVersion:
    return prepare_amendment(contract, ["budget"], UserFactory())


def cell(draft: ContractVersion, year: int, figure: str) -> str:
    """The name of the input of the first line's figure."""
    return f"0-{draft.contract.budget_lines.get(key='etudes').pk}-{year}-{figure}"


def test_the_whole_way_of_an_amendment(client: Client, contract: Contract, secretariat: User) -> None:
    client.force_login(secretariat)
    response = client.post(f"{URL}preparer/", {"types": ["budget"], "reason": "Retard"})
    assert response["Location"] == f"{URL}1/"
    draft = ContractVersion.objects.get(contract=contract, number=1)
    page = client.get(f"{URL}1/modifier/budget/").content.decode()
    assert f'name="{cell(draft, 2021, "ae")}"' in page
    sent = {cell(draft, 2021, "ae"): "60 000,50", cell(draft, 2022, "ae"): "139 999,50"}
    assert client.post(f"{URL}1/modifier/budget/", sent)["Location"] == f"{URL}1/"
    page = client.get(f"{URL}1/").content.decode()
    assert "-39\u202f999,50" in page.replace("\u2212", "-")
    assert "sont égaux" in page
    for role in ("porteur", "ditp", "db"):
        client.post(
            f"{URL}1/signatures/", {"role": role, "name": role, "function": "directeur", "signed_on": "2021-05-01"}
        )
    form = {"number": "1", "signed_on": "2021-05-01", "effective_on": "2021-06-01", "reason": "Retard"}
    assert client.post(f"{URL}1/signer/", form)["Location"] == f"{URL}1/"
    assert version_in_force(contract, date(2021, 5, 31)).number == 0
    assert version_in_force(contract, date(2021, 6, 1)).number == 1
    for address in (URL, "/contrats/marine/versions/comparer/?de=0&a=1", "/contrats/marine/vie/"):
        assert client.get(address).status_code == 200


def test_lines_of_the_same_name_are_told_apart_by_axis_and_note(
    client: Client, draft: ContractVersion, secretariat: User
) -> None:
    study = draft.contract.budget_lines.get(key="etudes")
    study.axis = Axis.objects.create(contract=draft.contract, code="9", title="Données")
    study.save()
    client.force_login(secretariat)
    page = client.get(f"{URL}1/modifier/budget/").content.decode()
    assert '<th scope="rowgroup" colspan="4">Axe 9 – Données</th>' in page
    assert 'aria-label="Axe 9 – Données, Études, titre 3, FTAP, 2021, AE"' in page
    client.post(f"{URL}1/modifier/budget/", {cell(draft, 2021, "ae"): "60 000"})
    for address in (f"{URL}1/", "/contrats/marine/versions/comparer/?de=0&a=1", "/contrats/marine/versions/comparer/"):
        page = client.get(address).content.decode()
        assert '<th scope="rowgroup" colspan="6">Axe 9 – Données</th>' in page
        assert (
            page.index("Lignes modifiées")
            < page.index("AE du FTAP\u00a0: avant")
            < page.index("Totaux inchangés\u00a0:")
        )


def test_a_saving_is_not_read_under_the_axis_of_the_credits_above(contract: Contract) -> None:
    draft = prepare_amendment(contract, ["budget", "economies"], UserFactory())
    axis = Axis.objects.create(contract=contract, code="9", title="Données")
    contract.budget_lines.filter(key="etudes").update(axis=axis)
    PlannedCredit.objects.filter(version=draft, line__key="etudes", year=2021).update(ae=60_000)
    PlannedSaving.objects.filter(version=draft, year=2021).update(cp=20_000)
    lines = impact(contract.versions.get(number=0), draft).lines_by_place
    assert [(place, [one.subject for one in found]) for place, found in lines] == [
        ("Axe 9 – Données", ["Études"]),
        ("Économies (article\u00a03)", ["Loyers"]),
    ]


@pytest.mark.parametrize(("text", "told"), [("1.234", "ambigu"), ("abc", "abc")])
def test_a_figure_that_cannot_be_read_is_told_at_its_place(
    client: Client, draft: ContractVersion, secretariat: User, text: str, told: str
) -> None:
    client.force_login(secretariat)
    response = client.post(f"{URL}1/modifier/budget/", {cell(draft, 2021, "ae"): text, cell(draft, 2022, "ae"): "5"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Rien n’a été enregistré" in page
    assert told in page
    assert f'value="{text}"' in page
    assert not PlannedCredit.objects.filter(version=draft, ae=Decimal(5)).exists()


def test_blank_is_not_zero_and_a_negative_is_an_amount(
    client: Client, draft: ContractVersion, secretariat: User
) -> None:
    client.force_login(secretariat)
    client.post(f"{URL}1/modifier/budget/", {cell(draft, 2021, "ae"): "", cell(draft, 2022, "ae"): "-500"})
    rows = {row.year: row.ae for row in PlannedCredit.objects.filter(version=draft, line__key="etudes")}
    assert rows[2021] is None
    assert rows[2022].amount == -500


def test_nobody_overwrites_what_another_person_wrote_meanwhile(
    client: Client, draft: ContractVersion, secretariat: User
) -> None:
    """Two people opened the page on 50 000 €: the first wrote 60 000 in 2021 and 70 000 in 2022."""
    client.force_login(secretariat)
    first, second = cell(draft, 2021, "ae"), cell(draft, 2022, "ae")
    fields = {
        name: value
        for name, value in re.findall(r'name="(vu-[^"]+)" value="([^"]*)"', edit_page(client))
        if name in {f"vu-{first}", f"vu-{second}"}
    }
    assert len(fields) == 2
    opened = fields | {first: fields[f"vu-{first}"], second: fields[f"vu-{second}"]}
    client.post(f"{URL}1/modifier/budget/", opened | {first: "60 000", second: "70 000"})

    response = client.post(f"{URL}1/modifier/budget/", opened | {first: "65 000"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Changé entre-temps par une autre personne\u00a0: 60\u202f000." in page
    assert 'value="65 000"' in page, "what was typed is kept"
    assert figures(draft) == {2021: 60_000, 2022: 70_000}

    again = dict(re.findall(r'name="(vu-[^"]+)" value="([^"]*)"', page))
    sent = {name: again[name] for name in fields} | {first: "65 000", second: again[f"vu-{second}"]}
    assert client.post(f"{URL}1/modifier/budget/", sent).status_code == 302
    assert figures(draft) == {2021: 65_000, 2022: 70_000}, "the untouched cell keeps the other person's figure"


def edit_page(client: Client) -> str:
    return client.get(f"{URL}1/modifier/budget/").content.decode()


def figures(draft: ContractVersion) -> dict[int, int]:
    rows = PlannedCredit.objects.filter(version=draft, line__key="etudes", year__in=(2021, 2022))
    return {row.year: int(row.ae.amount) for row in rows}


def test_the_page_of_another_object_is_not_there(client: Client, draft: ContractVersion, secretariat: User) -> None:
    client.force_login(secretariat)
    assert client.get(f"{URL}1/modifier/savings/").status_code == 404
    assert PlannedSaving.objects.filter(version=draft).exists()


def test_the_file_of_a_draft_goes_and_comes_back(client: Client, draft: ContractVersion, secretariat: User) -> None:
    client.force_login(secretariat)
    content = client.get(f"{URL}1/fichier.toml").content.decode()
    assert content == write_contract_file(draft)
    wrong = SimpleUploadedFile("a.toml", content.replace('titre = "3"', 'titre = "9"', 1).encode())
    response = client.post(f"{URL}1/importer/", {"file": wrong})
    assert response.status_code == 422
    assert "credits.lignes[1].titre" in response.content.decode()
    good = SimpleUploadedFile("a.toml", content.replace("ae = 50000", "ae = 60000", 1).encode())
    assert client.post(f"{URL}1/importer/", {"file": good}).status_code == 302
    assert PlannedCredit.objects.filter(version=draft, ae=Decimal(60_000)).count() == 1


def test_a_page_as_of_a_day_says_so(client: Client, contract: Contract, secretariat: User) -> None:
    client.force_login(secretariat)
    for page in ("", "financement/", "economies/", "indicateurs/", "calendrier/", "projets/", "gouvernance/"):
        response = client.get(f"/contrats/marine/{page}?au=2021-06-01")
        assert "Promesse en vigueur le 1er\u00a0juin\u00a02021" in response.content.decode(), page
        assert "/contrats/marine/financement/?au=2021-06-01" in response.content.decode()
    assert client.get("/contrats/marine/?au=hier").status_code == 404


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"signed_on": "2121-05-01"}, "La date de signature est à venir."),
        ({"signed_on": ""}, "Ce champ est obligatoire."),
        ({"function": "Préfète de région", "name": "Deux fois"}, "Cette personne a déjà signé pour une autre partie."),
    ],
)
def test_a_signature_refused_comes_back_as_it_was_typed(
    client: Client, draft: ContractVersion, secretariat: User, changed: dict[str, str], told: str
) -> None:
    client.force_login(secretariat)
    twice = {"role": "ditp", "name": "Deux fois", "function": "Préfète de région", "signed_on": "2021-05-01"}
    client.post(f"{URL}1/signatures/", twice)
    typed = {"role": "porteur", "name": "Signataire inventée", "function": "Secrétaire", "signed_on": "2021-05-01"}
    answer = client.post(f"{URL}1/signatures/", typed | changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<details open><summary>Enregistrer une signature" in page
    assert told in page
    for value in (typed | changed)["name"], (typed | changed)["function"]:
        assert f'value="{value}"' in page
    assert draft.signatories.count() == 1


def test_signing_too_early_tells_every_reason(client: Client, draft: ContractVersion, secretariat: User) -> None:
    client.force_login(secretariat)
    form = {"number": "4", "signed_on": "2021-05-01", "effective_on": "2021-06-01", "reason": "Retard"}
    page = client.post(f"{URL}1/signer/", form).content.decode()
    assert "Il manque la signature" in page
    assert "n°\u00a04" in page


def moved(contract: Contract, actor: User, euros: int, on: date) -> ContractVersion:
    """An amendment that gives « Études » another AE in 2021 and 2022, signed by all and in force from a day."""
    version = prepare_amendment(contract, ["budget"], actor)
    rows = PlannedCredit.objects.filter(version=version, line__key="etudes")
    rows.filter(year=2021).update(ae=Decimal(100_000 - euros))
    rows.filter(year=2022).update(ae=Decimal(100_000 + euros))
    signed_on = min(on, timezone.localdate())
    for role in required_parties(contract):
        record_signature(version, role, f"Signataire {role}", "directeur", signed_on, actor)
    return sign_amendment(version, signed_on, on, version.number, "Retard", actor)


def test_each_version_says_where_it_stands(client: Client, contract: Contract, secretariat: User, reader: User) -> None:
    """Replaced, in force, signed and to come, in preparation: the last is for those who prepare and sign it."""
    moved(contract, secretariat, 10_000, date(2021, 6, 1))
    moved(contract, secretariat, 25_000, timezone.localdate() + timedelta(days=30))
    prepare_amendment(contract, ["calendrier"], secretariat)
    client.force_login(secretariat)
    page = words(client.get(URL))
    assert "Avenant n° 3 en préparation Calendrier" in page
    assert "Avenant n° 2 signé, pas encore en vigueur Plan de financement" in page
    assert "Avenant n° 1 en vigueur Plan de financement" in page
    assert "Contrat signé remplacé" in page
    assert "150 000 140 000" in words(client.get("/contrats/marine/financement/")), "that of the version in force"
    client.force_login(reader)
    assert "Avenant n° 3" not in words(client.get(URL))
    assert client.get(f"{URL}3/").status_code == 404
    assert client.get("/contrats/marine/versions/comparer/?de=0&a=3").status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "difference"),
    [(0, 1, -10_000), (1, 2, -15_000), (0, 2, -25_000), (2, 0, 25_000), (1, 1, 0)],
)
def test_any_two_versions_are_compared(
    client: Client, contract: Contract, secretariat: User, first: int, last: int, difference: int
) -> None:
    """AE of 2021: 100 000 € at signature, 90 000 € since June, 75 000 € to come; taken in either order."""
    moved(contract, secretariat, 10_000, date(2021, 6, 1))
    moved(contract, secretariat, 25_000, timezone.localdate() + timedelta(days=30))
    client.force_login(secretariat)
    page = words(client.get(f"/contrats/marine/versions/comparer/?de={first}&a={last}")).replace("−", "-")
    shown = {0: "100 000,00", 1: "90 000,00", 2: "75 000,00"}
    if difference:
        moved_by = f"{difference:,}".replace(",", " ")
        assert f"2021 AE {shown[first]} {shown[last]} {moved_by},00" in page
    else:
        assert "Les deux versions promettent exactement la même chose." in page
    for kind in ("pdf", "xlsx"):
        assert client.get(f"/contrats/marine/versions/{first}-{last}.{kind}").status_code == 200
