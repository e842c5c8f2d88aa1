"""Posts, parameters of the method and reasons of a line, written in an amendment from its page, or refused there."""

from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import User
from contracts.amendments.cells import SEEN
from contracts.amendments.changed_lines import AdditionRefused, add_line, additions_of
from contracts.amendments.file import import_draft
from contracts.amendments.grid import GridRefused, grids, write_grid
from contracts.amendments.impact import impact
from contracts.amendments.services import prepare_amendment
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.reader import read_contract_file
from contracts.contract_file.writer import write_contract_file
from contracts.models import ContractVersion
from contracts.parts import PARTS, Part, compare_versions
from figures.formats import NOT_REPORTED
from indicators.models import Target
from reports.tables.impact import impact_tables
from savings.models import PlannedPost, PlannedSaving, SavingsTerms

pytestmark = pytest.mark.django_db
SAVINGS: Part = next(one for one in PARTS if one.code == "savings")
TARGETS: Part = next(one for one in PARTS if one.code == "indicators")
POSTS = "Valorisation financière des ETPT supprimés"
TRAVEL = "Frais de déplacements"
RAMP = "Temps agent lié au traitement des procédures administratives non dématérialisées"
MONTH = "mois de départ (1 à 12)"
REASON = "motif de l’écart à la méthode"


@pytest.fixture
def draft(cap2030: ContractVersion, secretariat: User) -> ContractVersion:
    return prepare_amendment(cap2030.contract, ["economies"], secretariat)


@pytest.fixture
def ramps(incub_o: ContractVersion, secretariat: User) -> ContractVersion:
    return prepare_amendment(incub_o.contract, ["economies"], secretariat)


def cells(draft: ContractVersion, part: Part = SAVINGS) -> dict[tuple[str, str, str], str]:
    """The name of each input, by line, row and label."""
    return {
        (row.subject.partition(" (")[0], row.key, cell.label): cell.name
        for grid in grids(draft, part, {}, {})
        for row in grid.rows
        for cell in row.cells
    }


def refused(draft: ContractVersion, typed: dict[str, str], actor: User, part: Part = SAVINGS) -> dict[str, str]:
    """What is said at each cell; nothing was written."""
    before = write_contract_file(draft)
    with pytest.raises(GridRefused) as refusal:
        write_grid(draft, part, typed, actor)
    assert write_contract_file(draft) == before
    return {name: " ".join(text.split()) for name, text in refusal.value.errors.items()}


def is_sound(draft: ContractVersion) -> bool:
    """Whether the draft's own file would be taken."""
    return bool(read_contract_file("avenant.toml", write_contract_file(draft).encode()))


def test_posts_of_another_year_and_a_month(draft: ContractVersion, cap2030: ContractVersion, secretariat: User) -> None:
    """A year that had no posts gets some, at the cost of its category."""
    named = cells(draft)
    typed = {named[POSTS, "B, 2024", "emplois économisés"]: "1,5", named[POSTS, "B, 2024", MONTH]: "10"}
    assert write_grid(draft, SAVINGS, typed | {named[POSTS, "", REASON]: "Départs en octobre."}, secretariat) == 3
    row = PlannedPost.objects.get(version=draft, category="B", year=2024)
    assert (row.removed_etpt, row.month, row.unit_cost.amount) == (Decimal("1.5"), 10, 33_000)
    found = {(one.figure, one.key): (one.before, one.after) for one in compare_versions(cap2030, draft)}
    assert found["removed_etpt", ("B", 2024)] == (None, Decimal("1.500"))
    assert found["month", ("B", 2024)] == (None, 10)
    assert is_sound(draft)


def test_the_cost_of_a_category_is_one_for_all_its_years(draft: ContractVersion, secretariat: User) -> None:
    named = cells(draft)
    typed = {named[POSTS, "C, 2022", "coût annuel d’un emploi"]: "31 000", named[POSTS, "", REASON]: "Coût de 2023."}
    write_grid(draft, SAVINGS, typed, secretariat)
    costs = PlannedPost.objects.filter(version=draft, category="C").values_list("unit_cost", flat=True)
    assert set(costs) == {Decimal(31_000)}
    two = {
        named[POSTS, f"C, {year}", "coût annuel d’un emploi"]: text
        for year, text in ((2021, "32 000"), (2022, "33 000"))
    }
    told = refused(draft, {f"{SEEN}{name}": "31\u202f000" for name in two} | two, secretariat)
    assert list(told.values()) == ["Une seule valeur vaut pour toutes les années : 32 000 est tapé ailleurs."]
    assert is_sound(draft)


@pytest.mark.parametrize(
    ("label", "typed", "told"),
    [
        (MONTH, "13", "Le mois de départ va de 1 à 12."),
        (MONTH, "1,5", "Un nombre entier est attendu."),
        ("emplois économisés", "-1", "Un nombre d’emplois économisés n’est pas négatif."),
    ],
)
def test_wrong_posts_are_told_at_their_cell(
    draft: ContractVersion, secretariat: User, label: str, typed: str, told: str
) -> None:
    name = cells(draft)[POSTS, "C, 2022", label]
    assert refused(draft, {name: typed}, secretariat) == {name: told}


def test_the_parameters_of_a_share(draft: ContractVersion, secretariat: User) -> None:
    """20 % of 1 325 000 € give what the contract prints, 265 000 €: its reason may go."""
    named = cells(draft)
    typed = {named[TRAVEL, "base (€)", "base (€)"]: "1 325 000", named[TRAVEL, "", REASON]: ""}
    assert write_grid(draft, SAVINGS, typed, secretariat) == 2
    terms = SavingsTerms.objects.get(version=draft, line__key="deplacements")
    assert terms.parameters == {"base": "1325000", "taux": "20"}
    assert is_sound(draft)
    name = named[TRAVEL, "taux (%)", "taux (%)"]
    assert list(refused(draft, {name: "un cinquième"}, secretariat)) == [name]


def test_a_share_that_rises_year_by_year(draft: ContractVersion, secretariat: User) -> None:
    """20 % of 1 300 000 €, of which half is reached in 2022: 130 000 €, and another amount asks for its reason."""
    named = cells(draft)
    step = {named[TRAVEL, "montée en charge (%), 2022", "montée en charge (%), 2022"]: "50"}
    told = refused(draft, step | {named[TRAVEL, "", REASON]: ""}, secretariat)
    assert {text.partition(" dans")[0] for text in told.values()} >= {
        "265 000 €, quand la méthode de la ligne donne 260 000 € : dites pourquoi",
    }
    assert any("130 000 €" in text for text in told.values())
    amounts = {named[TRAVEL, "2022", kind]: "130 000" for kind in ("AE", "CP")}
    assert write_grid(draft, SAVINGS, step | amounts, secretariat) == 3
    assert SavingsTerms.objects.get(version=draft, line__key="deplacements").parameters["montee"] == {"2022": "50"}


def test_a_rate_moves_with_the_amount_that_it_gives(ramps: ContractVersion, secretariat: User) -> None:
    """20 posts × 57 000 € × 50 % = 570 000 €."""
    named = cells(ramps)
    rate = {named[RAMP, "taux (%), 2021", "taux (%), 2021"]: "50"}
    amounts = {named[RAMP, "2021", "AE"]: "570 000", named[RAMP, "2021", "CP"]: "570 000"}
    said = "712 500 €, quand la méthode de la ligne donne 570 000 € : dites pourquoi"
    told = refused(ramps, rate, secretariat)
    assert {name: text.partition(" dans")[0] for name, text in told.items()} == dict.fromkeys(amounts, said)
    assert write_grid(ramps, SAVINGS, rate | amounts, secretariat) == 3
    terms = SavingsTerms.objects.get(version=ramps, line__key="demarches-non-dematerialisees")
    assert terms.parameters["taux"]["2021"] == "50"
    assert is_sound(ramps)


def test_another_amount_asks_for_its_reason_at_its_cell(ramps: ContractVersion, secretariat: User) -> None:
    named = cells(ramps)
    amount = {named[RAMP, "2021", "AE"]: "700 000"}
    assert list(refused(ramps, amount, secretariat)) == list(amount)
    reason = {named[RAMP, "", REASON]: "Deux départs retardés de trois mois."}
    assert write_grid(ramps, SAVINGS, amount | reason, secretariat) == 2
    row = PlannedSaving.objects.get(version=ramps, line__key="demarches-non-dematerialisees", year=2021)
    assert row.ae.amount == 700_000
    assert 'motif_ecart = "Deux départs retardés de trois mois."' in write_contract_file(ramps)


def test_a_category_of_posts_is_added_to_a_line_of_posts_alone(draft: ContractVersion, secretariat: User) -> None:
    addition = next(one for one in additions_of(draft, SAVINGS) if one.code == "categorie")
    values = {"categorie": "A+", "cout_unitaire": Decimal(90_000), "annees.2022.supprimes": Decimal("0.5")}
    add_line(draft, addition, values, secretariat, line="etpt")
    row = PlannedPost.objects.get(version=draft, category="A+")
    assert (row.year, row.unit_cost.amount, row.removed_etpt) == (2022, 90_000, Decimal("0.5"))
    with pytest.raises(AdditionRefused) as refusal:
        add_line(draft, addition, values, secretariat, line="deplacements")
    assert refusal.value.errors == {"": "Choisissez la ligne à compléter."}
    with pytest.raises(AdditionRefused) as refusal:
        add_line(draft, addition, values, secretariat, line="etpt")
    assert "cette catégorie figure déjà" in refusal.value.errors["categorie"]


def test_the_object_decides_whether_posts_and_parameters_are_asked(cap2030: ContractVersion, secretariat: User) -> None:
    budget = prepare_amendment(cap2030.contract, ["budget"], secretariat)
    assert grids(budget, SAVINGS, {}, {}) == []
    assert write_grid(budget, SAVINGS, {"1-1-parameters.base": "5"}, secretariat) == 0
    assert additions_of(budget, SAVINGS) == []


def test_the_operator_of_a_target(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["cibles"], secretariat)
    target = Target.objects.get(version=draft, indicator__key="ordinateurs-portables", on__year=2023)
    assert (target.operator, target.printed) == (">", ">85%")
    name = cells(draft, TARGETS)[str(target.indicator).partition(" (")[0], "31/12/2023", "comparaison"]
    assert refused(draft, {name: "!="}, secretariat, TARGETS) == {name: "Choisissez dans la liste."}
    assert write_grid(draft, TARGETS, {name: ">="}, secretariat) == 1
    target.refresh_from_db()
    assert (target.operator, target.printed) == (">=", ""), "what was printed is no longer what is promised"
    assert is_sound(draft)


def test_the_page_asks_for_all_of_them(client: Client, ramps: ContractVersion, secretariat: User) -> None:
    client.force_login(secretariat)
    url = f"/contrats/{ramps.contract.code}/avenants/{ramps.number}/modifier/savings/"
    page = client.get(url).content.decode()
    assert "Paramètres de la méthode" in page
    named = cells(ramps)
    assert f'<textarea class="fr-input" name="{named[RAMP, "", REASON]}"' in page
    answer = client.post(url, {named[RAMP, "2021", "AE"]: "700 000"})
    assert answer.status_code == 422
    assert "dites pourquoi dans" in answer.content.decode()


def test_the_impact_sheet_tells_parameters_months_and_reasons(
    client: Client, draft: ContractVersion, cap2030: ContractVersion, secretariat: User
) -> None:
    named = cells(draft)
    typed = {
        named[TRAVEL, "base (€)", "base (€)"]: "1 325 000",
        named[TRAVEL, "", REASON]: "",
        named[POSTS, "C, 2022", MONTH]: "4",
        named[POSTS, "", REASON]: "Départs au printemps.",
    }
    write_grid(draft, SAVINGS, typed, secretariat)
    found = impact(cap2030, draft)
    assert found.lines == ()
    reasons = {one.line.key: one.override_reason for one in SavingsTerms.objects.filter(version=cap2030)}
    assert [(one.key, one.label, one.before, one.after) for one in found.terms] == [
        ("", REASON, reasons["etpt"], "Départs au printemps."),
        ("", "base (€)", "1\u202f300\u202f000", "1\u202f325\u202f000"),
        ("", REASON, reasons["deplacements"], NOT_REPORTED),
        ("C, 2022", MONTH, NOT_REPORTED, "4"),
    ]
    client.force_login(secretariat)
    page = client.get(f"/contrats/cap2030/avenants/{draft.number}/").content.decode()
    assert "Paramètres, mois et motifs modifiés" in page
    assert "Paramètres, mois et motifs modifiés" in [table.title for table in impact_tables(found)]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("recurrente = false", "recurrente = true", "récurrente"),
        ("redeployee = false", "redeployee = true", "redéployée"),
    ],
)
def test_no_amendment_changes_the_nature_of_a_line(
    cap2030: ContractVersion, secretariat: User, old: str, new: str, what: str
) -> None:
    """What was declared of a recurrent line stays recurrent on every past day: another nature is another line."""
    draft = prepare_amendment(cap2030.contract, ["erreur"], secretariat)
    text = write_contract_file(draft)
    before, found, after = text.partition(old)
    assert found
    with pytest.raises(ContractFileError) as refusal:
        import_draft(draft, "avenant.toml", f"{before}{new}{after}".encode(), secretariat)
    told = f"Une ligne garde son identité d’un avenant à l’autre ({what})\u00a0: ajoutez une ligne nouvelle."
    assert told in {error.message for error in refusal.value.errors}
    assert write_contract_file(draft) == text
