"""The pages of the tranches: what is shown, what the secretariat does there, what is refused in French."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate
from djmoney.money import Money

from accounts.enums import Role
from accounts.models import User
from budget.models import BudgetLine, FundEnvelope, FundingTranche
from budget.rules import RULES
from budget.services import record_consumptions
from budget.tranches.calc import Affected
from budget.tranches.services import decide_tranche, record_envelope
from contracts.lifecycle.services import record_event
from contracts.models import Contract, Milestone
from figures.ae_cp import AeCp
from indicators.models import Indicator, Measurement
from monitoring.enums import FilingState
from monitoring.models import Filing
from monitoring.rules import findings
from monitoring.signal import computed_weather, signal_facts
from reports.situation import contract_situation
from reports.tables import tranches
from tests.budget.rows import close, earlier, entry, rows_of
from tests.factories import FilingFactory, UserFactory, grant
from tests.reading import words

SignIn = Callable[[User], Client]
TRANCHES = "/contrats/marine/tranches/"
TO_COME = date(2121, 3, 1).isoformat()
pytestmark = pytest.mark.django_db


def refused(response: Any) -> str:
    """The words of a page that comes back with what is wrong."""
    assert response.status_code == 422
    response.status_code = 200
    return words(response)


def cells(response: Any, title: str) -> dict[str, str]:
    """The cells of a contract's line in the list to decide, by the heading of their column."""
    page = response.content.decode()
    head, line = (re.findall(r"<tr>.*?</tr>", page, re.DOTALL), f">{title}</a>")
    (row,) = [one for one in head if line in one]
    names, values = (
        [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in re.findall(r"<t[hd][ >].*?</t[hd]>", tr, re.DOTALL)]
        for tr in (head[0], row)
    )
    return {name: value.split(">", 1)[-1] for name, value in zip(names, values, strict=True)}


def fund(actor: User, euros: int = 200_000, year: int = 2021) -> None:
    both, nothing = AeCp(Decimal(euros), Decimal(euros)), AeCp(Decimal(0), Decimal(0))
    record_envelope(year=year, voted=both, carried=nothing, source="LFI", actor=actor, on=date(2021, 1, 1))


def decide(contract: Contract, actor: User, euros: int, year: int = 2021) -> FundingTranche:
    amount = Decimal(euros)
    given = {"reason": "Avancement.", "filing": None, "actor": actor, "on": date(2021, 3, 1)}
    return decide_tranche(contract=contract, year=year, ae=amount, cp=amount, **given)  # type: ignore[arg-type]


def test_the_page_of_cap2030(cap2030: object, secretariat: User, signed_in: SignIn) -> None:
    page = words(signed_in(secretariat).get("/contrats/cap2030/tranches/"))
    assert "Une tranche est décidée pour 995 200 € d’AE, sur 1 860 200 € d’AE prévues." in page
    assert "2021 Décidée Entière, au contrat AE 995 200 CP 868 200 995 200 868 200" in page
    assert "2022 Prévisionnelle AE 576 000 CP 573 000 à décider" in page
    assert "2020 Prévisionnelle AE 0 CP 0 rien de prévu" in page, "as the list of what is to be decided has it"
    table = tranches.by_year(contract_situation(Contract.objects.get(code="cap2030")))
    assert [row.values[4] for row in table.rows if row.values[0] in (2020, 2022)] == ["rien de prévu", "à décider"]


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
    assert "100 000 90 000,50" in page
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


def test_the_list_of_what_is_to_decide(
    contract: Contract, other_contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    earlier(filing, 2020, 4, lead, {"etudes": (100_000, 60_000), "outil": (0, 0)})
    client = signed_in(secretariat)
    page = words(client.get("/tranches/?exercice=2021"))
    assert "L’enveloppe 2021 n’est pas enregistrée : rien ne peut être décidé." in page
    assert "2 tranches à décider" in page
    assert "Appuis nécessaires CP FTAP consommés à 40,0 % de la prévision" in page
    assert "75 000 75 000" in page, "half of the plan of 150 000: no tranche was decided before"
    marine = cells(client.get("/tranches/?exercice=2021"), "Marine")
    assert marine["Plan 2021"] == "150 000 150 000"
    assert marine["Consommé depuis l’origine"] == "100 000 60 000"
    assert marine["Jalons échus terminés"] == "–", "the first is due in mid 2021, the filing is of the end of 2020"
    assert marine["Cibles atteintes"] == "0 sur 1 (1 n. r.)"
    assert marine["Avertissements"] == str(len(findings(contract.filings.get(campaign__year=2020))))
    assert marine["Proposé"] == "75 000 75 000"
    assert cells(client.get("/tranches/?exercice=2021"), "Terre")["Cibles atteintes"] == "n. r."
    assert "aucun dossier de suivi n’est soumis" in page
    fund(secretariat)
    decide(contract, secretariat, 100_000)
    page = words(client.get("/tranches/?exercice=2021"))
    assert "1 tranche à décider" in page
    assert "100 000 € en AE et 100 000 € en CP restent à décider" in page
    assert "Aucune tranche n’est à décider pour 2031" in words(client.get("/tranches/?exercice=2031"))
    assert client.get("/tranches/?exercice=²²²²").status_code == 200


def test_the_list_counts_the_milestones_due_and_the_targets_reached(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    """At the end of 2021: of two milestones one is due, done; the only target, 80 %, is reached with 82."""
    past = earlier(filing, 2021, 4, lead, {"etudes": (1, 1), "outil": (0, 0)}, state="draft")  # type: ignore[arg-type]
    for milestone in Milestone.objects.filter(contract=contract):
        past.milestone_progress.create(milestone=milestone)
    first = past.milestone_progress.filter(milestone__key="jalon-1")
    satisfaction = Measurement.objects.create(filing=past, indicator=Indicator.objects.get(contract=contract))
    client = signed_in(secretariat)

    def told() -> tuple[str, str]:
        found = computed_weather(signal_facts(past, [past])).facts
        return found.due.words, found.targets.words

    assert told() == ("0 sur 1 (1 n.\u00a0r.)", "0 sur 1 (1 n.\u00a0r.)")
    first.update(state="late")
    Measurement.objects.filter(pk=satisfaction.pk).update(value=40)
    assert told() == ("0 sur 1", "0 sur 1")
    first.update(state="done", done_on=date(2021, 7, 2))
    Measurement.objects.filter(pk=satisfaction.pk).update(value=82)
    close(past, FilingState.LOCKED, lead)
    found = cells(client.get("/tranches/?exercice=2022"), "Marine")
    assert [found["Jalons échus terminés"], found["Cibles atteintes"]] == ["1 sur 1", "1 sur 1"]
    assert "Jalons échus terminés 1 sur 1 Cibles atteintes 1 sur 1" in words(client.get(f"{TRANCHES}2022/"))


def test_a_suspended_contract_counts_for_nothing_in_what_is_proposed(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    earlier(filing, 2020, 4, lead, {"etudes": (100_000, 60_000), "outil": (0, 0)})
    client = signed_in(secretariat)
    assert "Proposé sur cette page 75 000 75 000" in words(client.get("/tranches/?exercice=2021"))
    record_event(contract, "suspension", date(2021, 3, 1), "Retard", secretariat, today=date(2021, 3, 2))
    page = words(client.get("/tranches/?exercice=2021"))
    assert "n. c. le financement du contrat est suspendu depuis le 1er mars 2021" in page
    assert "75 000" not in page
    assert "Proposé sur cette page" not in page


def test_what_is_proposed_stays_within_the_envelope(
    contract: Contract, other_contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    """75 000 € would be proposed to each of two contracts: 60 000 € are left for each alone, and not for both."""
    past = earlier(filing, 2020, 4, lead, {"etudes": (100_000, 60_000), "outil": (0, 0)})
    second = FilingFactory(contract=other_contract, campaign=past.campaign)
    other_lead = grant(UserFactory(), Role.LEAD, other_contract)
    for row in rows_of(second):
        ae, cp = (100_000, 60_000) if row.line.key == "etudes" else (0, 0)
        record_consumptions(filing=second, entries=[entry(row, ae, cp)], actor=other_lead)
    close(second, FilingState.LOCKED, lead)
    fund(secretariat, 60_000)
    client = signed_in(secretariat)
    offered = client.get("/tranches/?exercice=2021")
    assert cells(offered, "Marine")["Proposé"] == "60 000 60 000 ramené à l’enveloppe"
    assert "Proposé sur cette page 120 000 120 000" in words(offered)
    told = "dépassent ce qui reste de l’enveloppe 2021 de 60 000 € en AE et de 60 000 € en CP"
    assert f"Ces propositions ensemble {told} : elles ne peuvent pas être toutes suivies." in words(offered)
    page = words(client.get(f"{TRANCHES}2021/"))
    assert "Proposition 60 000,00 € en AE, 60 000,00 € en CP, ramenés à ce qui reste de l’enveloppe" in page
    assert "Cela ferait 75 000,00 € en AE et 75 000,00 € en CP, plus que ce qui reste de l’enveloppe." in page
    decided = decide(contract, secretariat, 50_000)
    assert decided.proposed_ae == Money(60_000, "EUR"), "what the page proposed is kept with the decision"


def test_nothing_waits_for_a_decision_after_the_end(contract: Contract, secretariat: User, signed_in: SignIn) -> None:
    client = signed_in(secretariat)
    assert "1 tranche à décider" in words(client.get("/tranches/?exercice=2022"))
    record_event(contract, "fin", date(2021, 12, 31), "", secretariat, today=date(2022, 1, 1))
    assert "Aucune tranche n’est à décider pour 2022." in words(client.get("/tranches/?exercice=2022"))
    page = words(client.get(TRANCHES))
    assert "L’exécution du contrat est finie depuis le 31 décembre 2021. Aucune tranche nouvelle" in page
    assert "2022 Prévisionnelle AE 150 000 CP 150 000 achevé" in page
    assert "Décider la tranche" not in page
    page = words(client.get(f"{TRANCHES}2022/"))
    assert "Rien n’est plus à décider." in page
    data = {"ae": "1", "cp": "1", "reason": "Essai", "on": localdate().isoformat()}
    assert "Aucune tranche nouvelle" in refused(client.post(f"{TRANCHES}2022/", data))


def test_a_year_that_the_plan_leaves_at_zero_waits_for_nothing(
    cap2030: object, secretariat: User, signed_in: SignIn
) -> None:
    """CAP2030 prints 0 for 2020, and its first tranche is of 2021."""
    client = signed_in(secretariat)
    assert "Aucune tranche n’est à décider pour 2020." in words(client.get("/tranches/?exercice=2020"))
    assert "1 tranche à décider" in words(client.get("/tranches/?exercice=2022"))


def test_the_envelope_is_recorded(secretariat: User, signed_in: SignIn) -> None:
    client = signed_in(secretariat)
    data = {"voted_ae": "65,3 M€", "voted_cp": "30 M€", "carried_ae": "0", "carried_cp": "0", "source": "LFI 2021"}
    data["dated_on"] = "2020-12-30"
    assert client.post("/fonds/2021/enveloppe/", data).status_code == 302
    assert FundEnvelope.objects.get().voted_ae.amount == 65_300_000
    report = {**data, "carried_ae": "2 M€", "source": "Arrêté de report", "dated_on": "2021-03-15"}
    assert client.post("/fonds/2021/enveloppe/", report).status_code == 302
    page = words(client.get("/fonds/2021/enveloppe/"))
    assert "15/03/2021 Arrêté de report 65 300 000 30 000 000 2 000 000 0 le" in page
    assert "30/12/2020 LFI 2021 65 300 000 30 000 000 0 0 le" in page
    wrong = (
        (TO_COME, "Cet acte est à venir"),
        ("2019-03-15", "L’acte qui ouvre les crédits de 2021 date de 2020 ou de 2021."),
    )
    for day, told in wrong:
        assert told in refused(client.post("/fonds/2021/enveloppe/", {**data, "dated_on": day}))
    answer = client.post("/fonds/2021/enveloppe/", {**data, "voted_cp": "-1"})
    assert "sans montant négatif" in refused(answer)
    assert client.get("/fonds/1999/enveloppe/").status_code == 404


def test_affectations_of_titre_5(contract: Contract, secretariat: User, signed_in: SignIn) -> None:
    line = BudgetLine.objects.get(contract=contract, key="outil")
    line.titre = "5"
    line.save()
    client, data = signed_in(secretariat), {"label": "Toiture", "ae": "40 000", "on": "2021-02-01"}
    answer = client.post("/contrats/marine/tranches/affectations/", {**data, "line": line.pk}, follow=True)
    page = words(answer)
    assert "Outil 1 – Toiture Retirer des AE" in page
    assert "Enregistrer le retrait 01/02/2021 – 40 000" in page
    answer = client.post("/contrats/marine/tranches/affectations/", {**data, "line": line.pk, "ae": "200 000"})
    assert "prévues et non affectées" in refused(answer)


def test_what_was_consumed_of_an_affectation(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    """40 000 € affected, 25 000 € committed in 2021: 15 000 € are left; 45 000 € would be 5 000 € too many."""
    line = BudgetLine.objects.get(contract=contract, key="outil")
    BudgetLine.objects.filter(pk=line.pk).update(titre="5")
    client, data = signed_in(secretariat), {"label": "Toiture", "ae": "40 000", "on": "2021-02-01", "line": line.pk}
    page = words(client.post("/contrats/marine/tranches/affectations/", data, follow=True))
    assert "consommé : Outil n. r. reste à engager : Outil n. r." in page
    earlier(filing, 2021, 1, lead, {"etudes": (0, 0), "outil": (25_000, 0)})
    assert "consommé : Outil 25 000 reste à engager : Outil 15 000" in words(client.get(TRANCHES))
    assert Affected(Decimal(40_000), Decimal(45_000)).left == -5_000


# --- The rules of entry ---


def test_ae_above_the_tranche_warn(contract: Contract, filing: Filing, secretariat: User, lead: User) -> None:
    fund(secretariat)
    decide(contract, secretariat, 80_000)
    past = earlier(filing, 2021, 1, lead, {"etudes": (60_000, 0), "outil": (20_000, 0)}, state="draft")  # type: ignore[arg-type]
    assert not [one for one in findings(past) if one.rule.code == "C14"]
    rows = past.consumptions.order_by("pk")
    rows.filter(line__key="outil").update(ae=Decimal("20000.50"))
    (found,) = [one for one in findings(past) if one.rule.code == "C14"]
    assert found.message == (
        "80\u202f000,50\u00a0€ d’AE du FTAP pour une tranche 2021 de 80\u202f000,00\u00a0€, soit 0,50\u00a0€ de plus."
    )
    assert not found.is_blocking


def test_ae_above_the_tranche_are_told_below_the_totals_and_after_each_save(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    """A save of one row tells of all the lines: 60 000 € stand on the other one, for a tranche of 80 000 €."""
    fund(secretariat)
    decide(contract, secretariat, 80_000)
    study, tool = rows_of(filing)
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/credits/"
    client.post(f"{address}lignes/{study.pk}/", {f"r{study.pk}": "0", f"c{study.pk}-ae": "60 000"})
    assert below_the_totals(client.get(address).content.decode()) == ""
    sent = {f"r{tool.pk}": "0", f"c{tool.pk}-ae": "20 000,50"}
    told = below_the_totals(client.post(f"{address}lignes/{tool.pk}/", sent).content.decode())
    assert "C14" in told
    assert (
        '<a href="#total-ae">80\u202f000,50\u00a0€ d’AE du FTAP pour une tranche 2021 de 80\u202f000,00\u00a0€' in told
    )
    html = client.get(address).content.decode()
    assert below_the_totals(html) == told
    assert '<td id="total-ae"' in html
    sent = {f"r{tool.pk}": "1", f"c{tool.pk}-ae": "20 000"}
    assert below_the_totals(client.post(f"{address}lignes/", sent).content.decode()) == ""


def test_a_co_financed_line_is_not_held_against_the_tranche(
    contract: Contract, filing: Filing, secretariat: User, lead: User, signed_in: SignIn
) -> None:
    fund(secretariat)
    decide(contract, secretariat, 80_000)
    study, _ = rows_of(filing)
    client, address = signed_in(lead), f"/dossiers/{filing.pk}/credits/"
    sent = {f"r{study.pk}": "0", f"c{study.pk}-ae": "90 000"}
    assert "C14" in below_the_totals(client.post(f"{address}lignes/", sent).content.decode())
    BudgetLine.objects.filter(pk=study.line_id).update(co_financer=contract.holder)
    assert below_the_totals(client.get(address).content.decode()) == ""


def below_the_totals(html: str) -> str:
    """What the line below the totals holds; blank when it is hidden."""
    found = re.search(r'<tr class="grid-checks" id="v-total"( hidden)?><td[^>]*>(.*?)</td></tr>', html, re.DOTALL)
    assert found
    assert bool(found[1]) == (found[2] == "")
    return found[2]


def test_titre_5_above_its_affectations_warns(contract: Contract, filing: Filing, lead: User) -> None:
    BudgetLine.objects.filter(contract=contract, key="outil").update(titre="5")
    past = earlier(filing, 2021, 1, lead, {"etudes": (0, 0), "outil": (20_000, 0)}, state="draft")  # type: ignore[arg-type]
    (found,) = [one.message for one in findings(past) if one.rule.code == "C15"]
    assert "20\u202f000,00\u00a0€ d’AE de titre 5 pour 0,00\u00a0€ affectés" in found
    assert {"C14", "C15"} <= {rule.code for rule in RULES}


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
    assert "« Revenir sur la décision » n’est pas possible pour une tranche mise à disposition." in refused(answer)
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
