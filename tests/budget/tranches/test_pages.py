"""The pages of the tranches: what is shown, what the secretariat does there, what is refused in French."""

import re
from datetime import date

import pytest
from django.utils.timezone import localdate

from accounts.models import User
from budget.models import BudgetLine, FundingTranche
from contracts.lifecycle.services import record_event
from contracts.models import Contract
from monitoring.models import Filing
from reports.situation import contract_situation
from reports.tables import tranches
from tests.budget.rows import earlier
from tests.budget.tranches.acting import TO_COME, TRANCHES, SignIn, cells, decide, fund, refused
from tests.reading import words

pytestmark = pytest.mark.django_db


def test_the_page_of_cap2030(cap2030: object, secretariat: User, signed_in: SignIn) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/tranches/"))
    assert "Une tranche est décidée pour 995 200 € d’AE, sur 1 860 200 € d’AE prévues." in page
    assert "2021 Décidée Entière, au contrat AE 995 200 CP 868 200 995 200 868 200" in page
    assert "2022 Prévisionnelle AE 576 000 CP 573 000 à décider" in page
    assert "2020 Prévisionnelle AE 0 CP 0 rien de prévu" in page, "as the list of what is to be decided has it"
    assert "Décider la tranche 2022" in page
    assert "Décider la tranche 2020" not in page
    table = tranches.by_year(contract_situation(Contract.objects.get(code="cap2030")))
    assert [row.values[5] for row in table.rows if row.values[0] in (2020, 2022)] == ["rien de prévu", "à décider"]


def test_a_tranche_never_told_is_named_beside_what_is_left_to_commit(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    """100 000 € in 2020, of which 60 000 € are committed; 80 000 € in 2021, of which nobody told: 40 000 € are left."""
    for year, euros in ((2020, 100_000), (2021, 80_000)):
        fund(secretariat, year=year)
        decide(contract, secretariat, euros, year)
    earlier(filing, 2020, 4, lead, {"etudes": (60_000, 0), "outil": (0, 0)})
    client = signed_in(secretariat)
    page = words(client.get(TRANCHES))
    assert "il reste 40 000 € à engager sur celles dont la consommation est renseignée." in page
    assert "Le total laisse de côté la tranche 2021, dont la consommation n’est pas renseignée." in page
    left = "Reste à engager 40 000,00 € sur les tranches décidées, sans 2021 dont la consommation n’est pas renseignée"
    assert left in words(client.get(f"{TRANCHES}2022/"))
    assert cells(client.get("/tranches/?exercice=2022"), "Marine")["Reste à engager"] == "40 000 sans 2021, n. r."
    table = tranches.by_year(contract_situation(contract))
    assert table.note.endswith("Total sans la tranche 2021, dont la consommation n’est pas renseignée.")


def test_a_reader_sees_the_figures_and_no_act(contract: Contract, reader: User, signed_in: SignIn) -> None:
    page = words(signed_in(reader).get("/contrats/marine/tranches/"))
    assert "Aucune tranche n’est décidée" in page
    assert "Décider la tranche" not in page


def test_the_form_decides(contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn) -> None:
    past = earlier(filing, 2020, 4, lead, {"etudes": (100_000, 100_000), "outil": (50_000, 50_000)})
    fund(secretariat)
    client = signed_in(secretariat)
    page = words(client.get("/contrats/marine/tranches/2021/"))
    assert "Proposition" in page
    assert "coefficient" not in page, "the words are those of people"
    assert f'value="{localdate().isoformat()}"' in client.get("/contrats/marine/tranches/2021/").content.decode()
    day = {"on": "2021-02-15"}
    data = {"ae": "100 k€", "cp": "90 000,50", "filing": past.pk, "reason": "Retard de recrutement.", **day}
    assert client.post("/contrats/marine/tranches/2021/", data)["Location"] == "/contrats/marine/tranches/"
    page = words(client.get("/contrats/marine/tranches/"))
    assert "La tranche 2021 est décidée." in page
    assert "100 000,00 90 000,50" in page, "one of its amounts has cents"
    assert "Réduite" in page
    assert FundingTranche.objects.get().decided_on == date(2021, 2, 15), "the act's own day, whenever it is recorded"
    assert "100 000" in words(client.get("/contrats/marine/tranches/?au=2021-02-15"))
    assert "100 000" not in words(client.get("/contrats/marine/tranches/?au=2021-02-14"))
    client.post("/contrats/marine/tranches/2021/mettre-a-disposition/", {"on": localdate().isoformat()})
    assert FundingTranche.objects.get().state == "available"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"ae": "250 000", "cp": "1"}, "il manque 50 000,00 €"),
        ({"ae": "-1", "cp": "1"}, "manque ou est négatif"),
        ({"ae": "1.234", "cp": "1"}, "1 234"),
        ({"ae": "", "cp": "1"}, "Donnez un montant"),
        ({"ae": "1", "cp": "1", "reason": ""}, "obligatoire"),
        ({"ae": "1", "cp": "1", "on": "2999-01-01"}, "Cette date est à venir"),
        ({"ae": "1", "cp": "1", "on": "hier"}, "Saisissez une date valide."),
        ({"ae": "999999999", "cp": "1"}, "le plan de financement n’en laisse que 450 000,00 €"),
    ],
)
def test_bad_input_is_refused_in_french_and_kept(
    contract: Contract, secretariat: User, signed_in: SignIn, data: dict[str, str], message: str
) -> None:
    fund(secretariat)
    response = signed_in(secretariat).post(
        "/contrats/marine/tranches/2021/", {"reason": "Motif", "on": localdate().isoformat(), **data}
    )
    assert message in refused(response)
    assert f'value="{data["ae"]}"' in response.content.decode() or not data["ae"]
    assert not FundingTranche.objects.exists()


@pytest.mark.parametrize("address", ["1999/", "2021/perdre/"])
def test_what_does_not_exist(contract: Contract, secretariat: User, signed_in: SignIn, address: str) -> None:
    client = signed_in(secretariat)
    ask = client.post if "perdre" in address else client.get
    assert ask(f"/contrats/marine/tranches/{address}", {"on": "2021-01-01"}).status_code == 404


def test_an_act_out_of_place_is_told(contract: Contract, secretariat: User, signed_in: SignIn) -> None:
    client = signed_in(secretariat)
    for data, said in (
        ({"on": "2021-03-01"}, "n’est pas possible"),
        ({"on": "2021-02-30"}, "Saisissez une date valide."),
    ):
        assert said in refused(client.post("/contrats/marine/tranches/2021/clore/", data))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            {"on": TO_COME, "reason": "Erreur de saisie"},
            "Cette date est à venir : un acte s’enregistre quand il a eu lieu.",
        ),
        (
            {"on": "2021-02-28", "reason": "Erreur de saisie"},
            "Le retrait ne peut pas précéder la décision du 1er mars 2021.",
        ),
        ({"on": "hier", "reason": "Erreur de saisie"}, "Saisissez une date valide."),
        ({"on": "2021-04-01", "reason": " "}, "Ce champ est obligatoire."),
    ],
)
def test_an_act_refused_comes_back_at_its_place_as_it_was_typed(
    contract: Contract, secretariat: User, signed_in: SignIn, typed: dict[str, str], told: str
) -> None:
    fund(secretariat)
    decide(contract, secretariat, 100_000)
    answer = signed_in(secretariat).post(f"{TRANCHES}2021/revenir/", typed)
    page = answer.content.decode()
    assert told in refused(answer)
    assert page.count("<details open>") == 1
    (form,) = re.findall(r"<details open>.*?</details>", page, re.DOTALL)
    assert f'value="{typed["on"]}"' in form
    assert f'value="{typed["reason"]}"' in form
    assert 'id="reason-revenir-2021"' in form
    assert "Motif pour 2021" in form
    assert FundingTranche.objects.get().state == "decided"


def test_an_act_done_by_somebody_else_meanwhile_is_refused_and_the_reason_kept(
    contract: Contract, secretariat: User, signed_in: SignIn
) -> None:
    fund(secretariat)
    decide(contract, secretariat, 100_000)
    client = signed_in(secretariat)
    client.post(f"{TRANCHES}2021/mettre-a-disposition/", {"on": "2021-04-01"})
    answer = client.post(f"{TRANCHES}2021/revenir/", {"on": "2021-04-01", "reason": "Erreur de saisie"})
    page = answer.content.decode()
    told = refused(answer)
    assert "« Revenir sur la décision » n’est pas possible pour une tranche mise à disposition : ce qui" in told
    assert "est donné, compléments compris, n’est pas repris" in told
    assert 'value="Erreur de saisie"' in page
    assert client.post(f"{TRANCHES}2019/clore/", {"on": "2021-04-01"}).status_code == 404


def test_the_page_offers_nothing_new_while_suspended(contract: Contract, secretariat: User, signed_in: SignIn) -> None:
    client = signed_in(secretariat)
    assert "Décider la tranche 2021" in words(client.get(TRANCHES))
    record_event(contract, "suspension", date(2021, 3, 1), "Retard", secretariat, today=date(2021, 3, 2))
    page = words(client.get(TRANCHES))
    assert "Le financement du contrat est suspendu depuis le 1er mars 2021. Aucune tranche nouvelle" in page
    assert "Décider la tranche" not in page
    assert "Décider la tranche" not in words(client.get(f"{TRANCHES}?au=2021-02-01")), "a page as of a day has no act"
    BudgetLine.objects.filter(contract=contract, key="outil").update(titre="5")
    page = words(client.get(TRANCHES))
    assert "Tranches fonctionnelles (titre 5)" in page
    assert "Aucune affectation nouvelle ne peut être enregistrée." in page
    assert "Enregistrer l’affectation" not in page
    line = BudgetLine.objects.get(contract=contract, key="outil").pk
    data = {"line": line, "label": "Toiture", "ae": "40 000", "on": "2021-03-02"}
    assert "Aucune affectation nouvelle" in refused(client.post(f"{TRANCHES}affectations/", data))
    page = words(client.get(f"{TRANCHES}2021/"))
    assert "Décider la tranche" not in page
    assert "non calculable : le financement du contrat est suspendu depuis le 1er mars 2021" in page
    record_event(contract, "reprise", date(2021, 6, 1), "Livré", secretariat, today=date(2021, 6, 2))
    assert "Enregistrer l’affectation" in words(client.get(TRANCHES))
    assert "Décider la tranche 2021" in words(client.get(TRANCHES))
