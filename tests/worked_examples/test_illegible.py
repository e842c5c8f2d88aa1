"""Lab Minnov's plan, savings and some targets are lost: « illisible » wherever a promise is shown, and never « n. r. ».

What an act leaves blank is not lost: Incub-O prints no CP for 2018 on three lines, and no baseline.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.utils.timezone import localdate
from openpyxl import load_workbook

from accounts.models import User
from budget import sections as credits_section
from budget.entry_selectors import entry_rows as credit_rows
from budget.models import PlannedCredit
from budget.planned import fund_plan, fund_plan_by_year
from budget.tranches.selectors import standing
from contracts.amendments.impact import impact
from contracts.amendments.services import prepare_amendment
from contracts.models import ContractVersion
from figures.ae_cp import NOTHING, AeCp
from indicators.models import Target
from monitoring.enums import CampaignKind
from monitoring.models import Filing
from monitoring.sections import sections_of
from monitoring.workbook.imports import make_workbook
from reports.portfolio_columns import sorted_rows, table
from reports.returns_selectors import contract_terms
from reports.selectors import portfolio
from reports.situation import contract_situation
from reports.tables import results, savings, series, tranches
from reports.tables.impact import impact_tables, unmoved_words
from reports.tables.model import Role
from savings import sections as savings_section
from savings.planned import recurrent_plan
from tests.budget.tranches.acting import refused
from tests.contracts.test_amendments import signed
from tests.factories import CampaignFactory, FilingFactory
from tests.reading import words

SignIn = Callable[[User], Client]
BOTH = ("ae", "cp")
YEAR_2022 = {
    "kind": CampaignKind.YEAR,
    "year": 2022,
    "quarter": None,
    "starts_on": date(2022, 1, 1),
    "ends_on": date(2022, 12, 31),
    "opens_on": date(2023, 1, 1),
    "due_on": date(2023, 1, 31),
}


@pytest.fixture
def filing(lab_minnov: ContractVersion) -> Filing:
    """The draft of the year 2022, every section's rows made."""
    made: Filing = FilingFactory(contract=lab_minnov.contract, campaign=CampaignFactory(**YEAR_2022))
    for section in sections_of(made):
        section.prepare(made)
    return made


def test_the_fund_s_plan_is_lost_by_year_and_over_life(lab_minnov: ContractVersion, incub_o: ContractVersion) -> None:
    by_year, lost = fund_plan_by_year([lab_minnov, incub_o], [2018, 2022])
    assert by_year[lab_minnov.pk, 2022] == NOTHING
    assert lost[lab_minnov.pk, 2022] == BOTH
    assert lost[incub_o.pk, 2018] == (), "Incub-O's CP of 2018 are blank in the act"
    assert fund_plan([lab_minnov.pk, incub_o.pk])[1] == {lab_minnov.pk: BOTH, incub_o.pk: ()}
    assert recurrent_plan([lab_minnov.pk, incub_o.pk])[1] == {lab_minnov.pk}


def test_a_sum_of_which_one_line_is_known_is_not_lost(lab_minnov: ContractVersion) -> None:
    first = lab_minnov.planned_credits.order_by("pk").first()
    assert first is not None
    lab_minnov.planned_credits.filter(pk=first.pk).update(ae=60_000)
    assert fund_plan([lab_minnov.pk])[1] == {lab_minnov.pk: ("cp",)}


def test_tranches_say_that_the_plan_is_illegible(
    lab_minnov: ContractVersion, signed_in: SignIn, secretariat: User
) -> None:
    facts = standing(lab_minnov.contract, date(2024, 1, 1)).situation
    assert (facts.lost, [one.lost for one in facts.years]) == (BOTH, [BOTH, BOTH])
    client = signed_in(secretariat)
    page = words(client.get("/contrats/lab-minnov/tranches/"))
    assert "2022 Prévisionnelle AE illisible CP illisible à décider" in page
    assert "Total illisible illisible – – n. r. n. r. –" in page, "nothing is decided, nothing is reported"
    asked = words(client.get("/contrats/lab-minnov/tranches/2022/"))
    assert "Plan 2022 illisible sur le contrat numérisé" in asked
    assert "non calculable : le plan de financement de 2022 est illisible sur le contrat numérisé" in asked
    given = {"ae": "0", "cp": "0", "reason": "Essai", "on": localdate().isoformat()}
    told = refused(client.post("/contrats/lab-minnov/tranches/2022/", given))
    assert "Le plan de financement de 2022 est illisible sur le contrat numérisé : complétez-le d’abord." in told


def test_the_portfolio_says_so_on_its_page_and_in_its_files(
    lab_minnov: ContractVersion, incub_o: ContractVersion, signed_in: SignIn, secretariat: User
) -> None:
    answer = signed_in(secretariat).get("/portefeuille/")
    assert "AE illisible CP illisible n. r. n. r." in words(answer)
    assert "FTAP promis 1 235 000 € versions en vigueur ; sans Lab Minnov, illisible" in words(answer)
    assert "n.\u00a0r. sur un montant illisible." in answer.content.decode(), "the bars, as they are read aloud"
    rows = {row.contract.code: row for row in portfolio(secretariat)}
    head, (values,) = table([rows["lab-minnov"]])
    told = dict(zip(head, values, strict=True))
    promises = ("FTAP promis (€)", "AE prévues (€)", "CP prévus (€)", "Économies pérennes promises (€ par an)")
    assert {told[title] for title in promises} == {"illisible"}
    assert (told["AE consommées (€)"], told["Économies certifiées (€)"]) == (None, None)
    for order in ("cp-prevus", "-cp-prevus"):
        assert [row.contract.code for row in sorted_rows(list(rows.values()), order)] == ["incub-o", "lab-minnov"]


def test_returns_name_the_term_that_nobody_can_read(
    lab_minnov: ContractVersion, signed_in: SignIn, secretariat: User
) -> None:
    assert contract_terms(secretariat, date(2024, 1, 1))[0].lost == ("promised", "ftap", "cost")
    situation = contract_situation(lab_minnov.contract)
    assert {one.code: one.lost for one in situation.returns} == {
        "R1": ("numerator", "denominator"),
        "R2": (),
        "R3a": ("numerator", "denominator"),
        "R3b": (),
        "R4": (),
    }
    assert savings.returns(situation).rows[0].values[2:6] == (
        "Économies pérennes prévues au contrat",
        "illisible",
        "Montant FTAP du contrat",
        "illisible",
    )
    client = signed_in(secretariat)
    alone = words(client.get("/contrats/lab-minnov/retours/"))
    assert "prévues au contrat illisible Montant FTAP du contrat illisible n. c." in alone
    assert "Coût total prévu : illisible sur le contrat numérisé." in alone
    assert "Lab Minnov 1 illisible n. r. illisible n. r. illisible n. r. n. c." in words(
        client.get("/portefeuille/retours/")
    )
    synthesis = words(client.get("/contrats/lab-minnov/"))
    assert "FTAP promis illisible plan de financement perdu à la numérisation" in synthesis
    assert "Économies pérennes promises illisible par an, en CP" in synthesis
    assert "CP du FTAP par année Le plan de financement est illisible." in synthesis


def test_entry_shows_it_beside_what_is_typed(filing: Filing, signed_in: SignIn, secretariat: User, lead: User) -> None:
    assert {row.lost for row in credit_rows(filing)} == {BOTH}
    client = signed_in(secretariat)
    credits_ = words(client.get(f"/dossiers/{filing.pk}/credits/"))
    assert "AMOA/AMOE" in credits_
    assert credits_.count("illisible illisible n. r. n. r.") == 4, "three lines and their total"
    saved = words(client.get(f"/dossiers/{filing.pk}/economies/"))
    assert "illisible illisible n. r. n. r." in saved
    aims = words(client.get(f"/dossiers/{filing.pk}/indicateurs/"))
    assert "Nombre de participants aux activités du lab" in aims
    assert "illisible illisible n. r." in aims, "baseline and target of the participants"


def test_the_review_shows_it_beside_what_was_declared(filing: Filing) -> None:
    assert {row.planned for row in credits_section.summary(filing)} == {"illisible"}
    assert {row.planned for row in savings_section.summary(filing)} == {"illisible"}
    assert {row.beside[0].value for row in credits_section.totals(filing)} == {"illisible"}


def test_the_workbook_of_the_filing_says_it_too(filing: Filing, secretariat: User) -> None:
    book = load_workbook(BytesIO(make_workbook(filing, secretariat)))
    for title, count in (("Crédits consommés", 6), ("Économies réalisées", 2)):
        cells = [str(cell.value) for row in book[title].iter_rows() for cell in row]
        assert cells.count("illisible") == count, "AE and CP of each line"
        assert [cell for cell in cells if cell.startswith("=IF(COUNT") and '"illisible"' in cell] != []


def test_indicators_tell_what_is_lost_from_what_is_blank(lab_minnov: ContractVersion, incub_o: ContractVersion) -> None:
    found = {one.key: one for one in contract_situation(lab_minnov.contract).results.indicators}
    assert [goal.is_lost for goal in found["projets-accompagnes"].targets] == [True, False, False]
    assert [one.is_baseline_lost for one in found.values()].count(True) == 1
    table_ = results.indicators(contract_situation(lab_minnov.contract))
    assert table_.rows[-1].values[2:4] == ("illisible", "illisible"), "baseline and target of the participants"
    assert results.indicators_sheet(contract_situation(lab_minnov.contract)).rows[-1].values[4] == "illisible"
    blank = contract_situation(incub_o.contract)
    assert {one.is_baseline_lost for one in blank.results.indicators} == {False}
    assert {goal.is_lost for one in blank.results.indicators for goal in one.targets} == {False}


def test_the_report_s_tranches_say_it_and_other_contracts_do_not(
    lab_minnov: ContractVersion, incub_o: ContractVersion
) -> None:
    rows = tranches.by_year(contract_situation(lab_minnov.contract)).rows
    assert [row.values[3:5] for row in rows] == [("illisible", "illisible")] * 3
    others = tranches.by_year(contract_situation(incub_o.contract)).rows
    assert not any("illisible" in row.values for row in others)


def test_an_amendment_that_states_what_was_lost_says_so(
    lab_minnov: ContractVersion, signed_in: SignIn, secretariat: User
) -> None:
    """Material error: 60 000 € of AMOA in 2022, 12 participants aimed at in 2023; the credits of 2023 stay lost."""
    draft = prepare_amendment(lab_minnov.contract, ["erreur"], secretariat)
    client = signed_in(secretariat)
    edited = "/contrats/lab-minnov/avenants/1/modifier/{}/"
    page = words(client.get(edited.format("budget")))
    assert page.count("illisible illisible") == 6, "AE and CP of three lines in two years, as read beside the cells"
    lines = PlannedCredit.objects.filter(version=draft, year=2022).order_by("line__position")
    typed = {f"0-{lines[1].line_id}-2022-{kind}": "60 000" for kind in ("ae", "cp")}
    assert client.post(edited.format("budget"), typed).status_code == 302
    aim = Target.objects.get(version=draft, indicator__key="participants-activites", on=date(2023, 12, 31))
    aims = {f"0-{aim.indicator_id}-2023-12-31-value": "12"}
    assert client.post(edited.format("indicators"), aims).status_code == 302

    shown = words(client.get("/contrats/lab-minnov/versions/comparer/?de=0&a=1"))
    assert "AMOA/AMOE programme 0349, FTAP 2022 AE illisible 60 000,00 60 000,00" in shown
    assert (
        "2022 illisible 60 000,00 60 000,00 2023 illisible illisible n. r. Total illisible 60 000,00 60 000,00" in shown
    )
    assert (
        "Économies en CP (en euros ; inchangé) Exercice Avant Après Différence 2022 illisible illisible n. r." in shown
    )
    assert "Économies en AE (illisible)" in unmoved_words(impact(lab_minnov, draft))
    tables = {table.key: table for table in impact_tables(impact(lab_minnov, draft))}
    assert [row.values[3:5] for row in tables["lignes"].rows if row.role is Role.LINE] == [("illisible", 60_000)] * 2
    assert tables["cibles"].rows[0].values[3:5] == ("illisible", "≥\u00a012")
    plan = fund_plan_by_year([draft])
    assert (plan[0][draft.pk, 2022], plan[1][draft.pk, 2022]) == (AeCp(Decimal(60_000), Decimal(60_000)), ())
    assert plan[1][draft.pk, 2023] == BOTH, "what the amendment does not state is still lost"


def test_once_signed_the_three_series_keep_what_the_signature_had_lost(
    lab_minnov: ContractVersion, signed_in: SignIn, secretariat: User
) -> None:
    """The amendment states 60 000 € of AMOA in 2022; what the signature promised, and 2023, still cannot be read."""
    draft = prepare_amendment(lab_minnov.contract, ["erreur"], secretariat)
    PlannedCredit.objects.filter(version=draft, year=2022, line__label="AMOA/AMOE").update(ae=60_000, cp=60_000)
    signed(draft, secretariat)
    situation = contract_situation(lab_minnov.contract)
    by_year = {row.values[0]: row.values for row in series.credits_by_year(situation).rows}
    assert by_year[2022][1:3] == ("illisible", 60_000)
    assert by_year[2023][1:3] == ("illisible", "illisible")
    assert by_year["Total FTAP"][1:4] == ("illisible", 60_000, None), "no effect can be told of what cannot be read"
    assert series.savings_by_year(situation).rows[-1].values[1:3] == ("illisible", "illisible")
    assert series.savings_by_line(situation).rows[0].values[1:3] == ("illisible", "illisible")
    page = words(signed_in(secretariat).get("/contrats/lab-minnov/financement/"))
    assert "2022 illisible 60 000 n. r. 2023 illisible illisible n. r. Total illisible 60 000 n. r." in page
    saved = words(signed_in(secretariat).get("/contrats/lab-minnov/economies/"))
    assert "Total illisible illisible n. r. n. r." in saved


def test_a_date_that_the_signature_had_lost_is_illegible_in_three_series(
    incub_o: ContractVersion, signed_in: SignIn, secretariat: User
) -> None:
    """Incub-O's calendar has ends that the scan lost."""
    lost = [one for one in contract_situation(incub_o.contract).calendar if one.is_end_unreadable]
    signed(prepare_amendment(incub_o.contract, ["calendrier"], secretariat), secretariat)
    situation = contract_situation(incub_o.contract)
    ends = {row.values[0]: (row.values[3], row.values[5]) for row in series.milestones(situation).rows}
    assert lost != []
    assert {ends[one.label] for one in lost} == {("illisible", "illisible")}
    page = words(signed_in(secretariat).get("/contrats/incub-o/calendrier/"))
    assert page.count("illisible illisible –") >= len(lost)
