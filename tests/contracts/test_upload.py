"""Importing a contract from the browser: who may, what is told, where one lands; and the export."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from contracts.models import Contract, ContractVersion
from tests.contracts.a_contract import TEXT, changed

pytestmark = pytest.mark.django_db
URL = "/contrats/importer/"


def send(client: Client, content: bytes, name: str = "phare.toml") -> tuple[int, str]:
    response = client.post(URL, {"file": SimpleUploadedFile(name, content)})
    return response.status_code, response.content.decode()


def test_the_secretariat_creates_a_contract_and_lands_on_its_page(client: Client, secretariat: User) -> None:
    client.force_login(secretariat)
    assert "Importer un contrat" in client.get(URL).content.decode()
    response = client.post(URL, {"file": SimpleUploadedFile("phare.toml", TEXT.encode())})
    assert response.status_code == 302
    assert response["Location"] == reverse("reports:contract", args=["phare"])
    assert Contract.objects.get(code="phare").holder.code == "sgar"


def test_a_wrong_file_shows_each_error_at_its_place(client: Client, secretariat: User) -> None:
    client.force_login(secretariat)
    status, page = send(client, changed('titre = "3"', 'titre = "9"'))
    assert status == 422
    assert "<code>credits.lignes[1].titre</code>" in page
    assert "<td>9</td>" in page
    assert "rien n’a été enregistré" in page
    assert "1 erreur dans phare.toml. Corrigez-la, puis importez de nouveau le fichier." in page
    assert not Contract.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("phare.xlsx", b"x", "extension .toml"), ("phare.toml", b"", "Ce fichier est vide")],
)
def test_a_file_of_another_kind_is_refused(
    client: Client, secretariat: User, name: str, content: bytes, told: str
) -> None:
    client.force_login(secretariat)
    status, page = send(client, content, name)
    assert status == 422
    assert told in page


def test_no_file_is_told(client: Client, secretariat: User) -> None:
    client.force_login(secretariat)
    answer = client.post(URL)
    assert answer.status_code == 422
    assert "Choisissez un fichier." in answer.content.decode()


def test_a_file_name_is_shown_as_text(client: Client, secretariat: User) -> None:
    client.force_login(secretariat)
    assert "<b>x</b>" not in send(client, b"<b>x</b> = ", "<b>x</b>.toml")[1]


def test_only_the_secretariat_imports(client: Client, lead: User, ditp_reviewer: User) -> None:
    assert client.get(URL).status_code == 302
    for person in (lead, ditp_reviewer):
        client.force_login(person)
        assert client.get(URL).status_code == 403
        assert send(client, TEXT.encode())[0] == 403
    assert not Contract.objects.filter(code="phare").exists()


def test_the_export_is_the_contract_s_file(client: Client, secretariat: User, cap2030: ContractVersion) -> None:
    client.force_login(secretariat)
    response = client.get("/contrats/cap2030/fichier.toml")
    assert response["Content-Disposition"] == 'attachment; filename="cap2030.toml"'
    assert "annees.2021 = { ae = 995200, cp = 868200 }" in response.content.decode()


def test_a_stranger_does_not_learn_that_the_contract_exists(
    client: Client, other_lead: User, contract: Contract
) -> None:
    client.force_login(other_lead)
    assert client.get(f"/contrats/{contract.code}/fichier.toml").status_code == 404
    assert client.get("/contrats/inconnu/fichier.toml").status_code == 404


def test_the_command_tells_what_it_did(db: None, capsys: pytest.CaptureFixture[str], tmp_path: object) -> None:
    from pathlib import Path

    from django.core.management import CommandError, call_command

    file = Path(str(tmp_path)) / "phare.toml"
    file.write_text(TEXT)
    call_command("load_contracts", file)
    call_command("load_contracts", file)
    told = capsys.readouterr().out
    assert "contrat phare créé" in told
    assert "contrat phare inchangé." in told
    file.write_bytes(changed('titre = "3"', 'titre = "9"'))
    with pytest.raises(CommandError, match="rien n’en a été enregistré"):
        call_command("load_contracts", file)
    assert "credits.lignes[1].titre = 9" in capsys.readouterr().err
