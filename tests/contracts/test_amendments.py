"""Amendments: prepared as a copy, limited by their object, signed by the parties, in force from a day on."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from budget.models import BudgetLine, PlannedCredit
from contracts.amendments.file import import_draft
from contracts.amendments.grid import editable_parts, grids, write_grid
from contracts.amendments.impact import impact
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import (
    abandon_amendment,
    prepare_amendment,
    record_signature,
    required_parties,
    sign_amendment,
)
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.writer import write_contract_file
from contracts.models import Contract, ContractVersion
from contracts.parts import PARTS, compare_versions
from contracts.selectors import contract_frame, version_in_force
from indicators.models import Indicator
from monitoring.enums import FilingState
from savings.models import SavingsLine
from tests.factories import CampaignFactory, FilingFactory, UserFactory, grant

pytestmark = pytest.mark.django_db
DAY = date(2022, 6, 30)


def edited(draft: ContractVersion, *changes: tuple[str, str]) -> bytes:
    """The draft's file with some texts replaced, each of which must be there."""
    text = write_contract_file(draft)
    for old, new in changes:
        assert old in text, f"{old!r} is not in the file"
        text = text.replace(old, new, 1)
    return text.encode()


def signed(draft: ContractVersion, actor: User, effective_on: date = DAY, signed_on: date = DAY) -> ContractVersion:
    """The draft, signed by every party on a day."""
    for role in required_parties(draft.contract):
        record_signature(draft, role, f"Signataire {role}", "directeur", signed_on, actor)
    return sign_amendment(draft, signed_on, effective_on, draft.number, "Calendrier décalé", actor)


# --- A copy that promises nothing ---


@pytest.mark.parametrize("code", ["cap2030", "incub_o", "lab_minnov", "lean_management"])
def test_a_draft_is_the_whole_promise_copied(code: str, secretariat: User, request: pytest.FixtureRequest) -> None:
    base: ContractVersion = request.getfixturevalue(code)
    draft = prepare_amendment(base.contract, ["budget"], secretariat)
    assert (draft.number, draft.state, draft.based_on) == (1, "draft", base)
    assert compare_versions(base, draft) == ()
    assert not impact(base, draft).changes
    assert version_in_force(base.contract) == base
    with pytest.raises(AmendmentRefused, match="déjà en préparation"):
        prepare_amendment(base.contract, ["calendrier"], secretariat)


@pytest.mark.parametrize("code", ["cap2030", "incub_o", "lab_minnov", "lean_management"])
def test_a_draft_goes_to_its_file_and_back(code: str, secretariat: User, request: pytest.FixtureRequest) -> None:
    base: ContractVersion = request.getfixturevalue(code)
    draft = prepare_amendment(base.contract, ["erreur"], secretariat)
    changes = import_draft(draft, "avenant.toml", write_contract_file(draft).encode(), secretariat)
    assert not changes
    assert compare_versions(base, draft) == ()


def test_the_database_holds_one_draft_a_contract(cap2030: ContractVersion, secretariat: User) -> None:
    prepare_amendment(cap2030.contract, ["budget"], secretariat)
    with pytest.raises(IntegrityError, match="contract_version_one_draft"), transaction.atomic():
        ContractVersion.objects.create(contract=cap2030.contract, number=9, kind="avenant", state="draft")


def test_an_amendment_is_about_something(cap2030: ContractVersion, secretariat: User) -> None:
    for kinds in ([], ["autre"]):
        with pytest.raises(AmendmentRefused, match="au moins un objet"):
            prepare_amendment(cap2030.contract, kinds, secretariat)


# --- What each object lets it touch ---

AMOUNTS = ("annees.2021 = { ae = 995200, cp = 868200 }", "annees.2021 = { ae = 985200, cp = 868200 }")


def test_cap2030_moves_credits_by_a_budget_amendment(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["budget"], secretariat)
    import_draft(draft, "avenant.toml", edited(draft, AMOUNTS), secretariat)
    found = impact(cap2030, draft)
    total = next(one for one in found.totals if one.code == "ftap-ae")
    moved = {row.label: row.difference for row in total.rows}
    assert moved["2021"] == Decimal(-10_000)
    assert total.total is not None
    assert total.total.difference == Decimal(-10_000)
    assert [(one.key, one.difference) for one in found.lines] == [("2021", Decimal(-10_000))]
    assert found.adds_up
    assert version_in_force(cap2030.contract) == cap2030


def test_another_object_refuses_the_same_figures(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["calendrier", "cibles", "economies"], secretariat)
    with pytest.raises(AmendmentRefused) as refusal:
        import_draft(draft, "avenant.toml", edited(draft, AMOUNTS), secretariat)
    assert "ne modifie pas les crédits" in str(refusal.value)
    assert "2021, AE" in str(refusal.value)
    assert compare_versions(cap2030, draft) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("annees.2023 = {", "annees.2031 = {", "Année hors du contrat"),
        ('titre = "3"', 'titre = "9"', "titre"),
        ('programme = "0349"', 'programme = "34"', "quatre chiffres"),
        ('intitule = "CAP2030"', 'intitule = "CAP2040"', "identité du contrat"),
        ('code = "cap2030"', 'code = "autre"', "autre contrat"),
    ],
)
def test_what_a_contract_file_may_not_say_nor_an_amendment(
    cap2030: ContractVersion, secretariat: User, old: str, new: str, message: str
) -> None:
    draft = prepare_amendment(cap2030.contract, ["budget"], secretariat)
    with pytest.raises(ContractFileError, match=message):
        import_draft(draft, "avenant.toml", edited(draft, (old, new)), secretariat)
    assert compare_versions(cap2030, draft) == ()


def test_negative_ae_are_allowed(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["budget"], secretariat)
    row = PlannedCredit.objects.filter(version=draft).order_by("pk")[0]
    key = row.line.key
    line = f'[[credits.lignes]]\ncle = "{key}"'
    text = write_contract_file(draft)
    head, tail = text.split(line)
    before, after = tail.split("annees.", 1)
    year, rest = after.split("\n", 1)
    changed = f"{head}{line}{before}annees.2020 = {{ ae = -500, cp = -500 }}\nannees.2021 = {{ ae = 90000, cp = 0 }}\n"
    kept = rest[rest.index("[[credits.lignes]]") :]
    import_draft(draft, "avenant.toml", (changed + "\n" + kept).encode(), secretariat)
    assert PlannedCredit.objects.get(version=draft, line=row.line, year=2020).ae.amount == Decimal(-500)
    assert year


def test_a_new_line_is_not_known_before_its_amendment(cap2030: ContractVersion, secretariat: User) -> None:
    contract = cap2030.contract
    count, text = BudgetLine.objects.filter(contract=contract).count(), write_contract_file(cap2030)
    draft = prepare_amendment(contract, ["budget"], secretariat)
    new = (
        '[[credits.lignes]]\ncle = "renfort"\nlibelle = "Renfort"\nnature = "prestations"\ntitre = "3"\n'
        'programme = "0349"\nsource = "FTAP"\nannees.2023 = { ae = 1000, cp = 1000 }\n\n'
    )
    first = write_contract_file(draft).index("[economies]")
    file = write_contract_file(draft)
    import_draft(draft, "avenant.toml", (file[:first] + new + file[first:]).encode(), secretariat)
    assert BudgetLine.objects.filter(contract=contract).count() == count + 1
    assert write_contract_file(cap2030) == text
    assert "renfort" in write_contract_file(draft)
    abandon_amendment(draft, secretariat)
    assert BudgetLine.objects.filter(contract=contract).count() == count
    assert not ContractVersion.objects.filter(contract=contract, number=1).exists()


def test_the_last_year_is_prolonged_with_the_amendment(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["calendrier"], secretariat)
    import_draft(draft, "a.toml", edited(draft, ("derniere_annee = 2023", "derniere_annee = 2024")), secretariat)
    assert Contract.objects.get(pk=cap2030.contract_id).last_year == 2023
    signed(ContractVersion.objects.get(pk=draft.pk), secretariat)
    assert Contract.objects.get(pk=cap2030.contract_id).last_year == 2024


# --- Signature and effect ---


def test_lean_is_signed_by_its_own_parties(lean_management: ContractVersion, cap2030: ContractVersion) -> None:
    assert required_parties(lean_management.contract) == ("porteur",), "the DITP is holder and party"
    assert required_parties(cap2030.contract) == ("porteur", "ditp", "db")


def test_every_party_signs(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["budget"], secretariat)
    record_signature(draft, "porteur", "Anne Durand", "préfète", DAY, secretariat)
    record_signature(draft, "ditp", "Paul Petit", "délégué", DAY, secretariat)
    with pytest.raises(AmendmentRefused) as refusal:
        sign_amendment(draft, DAY, DAY, 2, " ", secretariat)
    assert "Direction du budget" in str(refusal.value)
    assert "porte le n°\u00a01, pas le n°\u00a02" in str(refusal.value)
    assert "motif" in str(refusal.value)


def test_nothing_changes_before_the_effect(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["budget"], secretariat)
    import_draft(draft, "avenant.toml", edited(draft, AMOUNTS), secretariat)
    version = signed(draft, secretariat, effective_on=timezone.localdate() + timedelta(days=30))
    contract = cap2030.contract
    assert version.state == "signed"
    assert version_in_force(contract) == cap2030
    effect = version.effective_on
    assert effect is not None
    assert version_in_force(contract, effect - timedelta(days=1)) == cap2030
    assert version_in_force(contract, effect) == version
    with pytest.raises(AmendmentRefused, match="signée"):
        import_draft(version, "avenant.toml", b"format = 1\n" + edited(version)[11:], secretariat)


def test_an_effect_in_a_locked_period_is_refused(contract: Contract, secretariat: User) -> None:
    FilingFactory(contract=contract, campaign=CampaignFactory(), state=FilingState.LOCKED)
    draft = prepare_amendment(contract, ["budget"], secretariat)
    day = date(2021, 6, 30)
    with pytest.raises(AmendmentRefused, match="période déjà verrouillée \\(jusqu’au 30\u00a0juin\u00a02021\\)"):
        signed(draft, secretariat, effective_on=day, signed_on=date(2021, 6, 1))
    assert version_in_force(contract).number == 0
    later = signed(draft, secretariat, effective_on=date(2021, 7, 1), signed_on=date(2021, 6, 1))
    assert not later.is_retroactive


def test_a_material_error_may_go_back_and_is_marked(contract: Contract, secretariat: User) -> None:
    filing = FilingFactory(contract=contract, campaign=CampaignFactory(), state=FilingState.LOCKED)
    draft = prepare_amendment(contract, ["erreur"], secretariat)
    version = signed(draft, secretariat, effective_on=date(2021, 1, 1), signed_on=date(2021, 8, 1))
    assert version.is_retroactive
    filing.refresh_from_db()
    assert filing.version.number == 0, "a report already issued keeps the version of its filing"


def test_dates_follow_one_another(contract: Contract, secretariat: User) -> None:
    first = prepare_amendment(contract, ["budget"], secretariat)
    signed(first, secretariat, effective_on=date(2022, 1, 1), signed_on=date(2021, 12, 1))
    second = prepare_amendment(contract, ["budget"], secretariat)
    with pytest.raises(AmendmentRefused, match="précède celui de la version"):
        signed(second, secretariat, effective_on=date(2021, 12, 31), signed_on=date(2021, 12, 2))
    with pytest.raises(AmendmentRefused, match="à venir"):
        record_signature(second, "db", "X", "Y", timezone.localdate() + timedelta(days=1), secretariat)


def test_a_part_with_a_theme_for_every_promise() -> None:
    assert {promise.theme for part in PARTS for promise in part.promises} == {
        "budget",
        "calendar",
        "savings",
        "targets",
    }


def test_people_of_the_parties_may_sign(contract: Contract) -> None:
    from contracts.permissions import can_record_signature

    db = grant(UserFactory(), Role.DB_REVIEWER)
    assert can_record_signature(db, contract, "db")
    assert not can_record_signature(db, contract, "porteur")


def test_a_draft_s_frame_is_the_contract_s(lab_minnov: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(lab_minnov.contract, ["calendrier"], secretariat)
    before, after = (contract_frame(lab_minnov.contract, version) for version in (lab_minnov, draft))
    assert after.milestones == before.milestones
    assert after.sheets == before.sheets
    assert SavingsLine.objects.filter(contract=lab_minnov.contract).exists()


def test_a_target_without_a_date_is_amended_as_the_others(incub_o: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(incub_o.contract, ["cibles"], secretariat)
    part = next(one for one in editable_parts(draft) if one.code == "indicators")
    (grid,) = grids(draft, part, {}, {})
    row = next(one for one in grid.rows if one.key == "sans date")
    operator, cell = row.cells
    assert operator.options[0] == (">=", "au moins")
    subject = str(Indicator.objects.get(contract=incub_o.contract, key="economies"))
    assert (row.subject, cell.before) == (subject, "1\u202f300\u202f000")
    assert write_grid(draft, part, {cell.name: "1 400 000"}, secretariat) == 1
    (move,) = impact(incub_o, draft).targets
    assert (move.on, move.before, move.after) == (None, "≥\u00a01\u202f300\u202f000", "≥\u00a01\u202f400\u202f000")
