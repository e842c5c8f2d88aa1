"""What each object of an amendment lets it touch: every object against every kind of figure, by the file."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import models
from djmoney.money import Money

from accounts.models import User
from budget.models import PlannedCredit
from contracts.amendments.checks import require_valid
from contracts.amendments.file import import_draft
from contracts.amendments.nomenclature import change_code
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import abandon_amendment, prepare_amendment
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.writer import write_contract_file
from contracts.enums import AmendmentType
from contracts.models import Contract, ContractVersion, PlannedMilestone, PlannedSheet
from contracts.parts import compare_versions
from indicators.models import Target
from savings.models import PlannedSaving

pytestmark = pytest.mark.django_db

# A figure of each kind, and what the refusal calls it.
FIGURES: dict[str, tuple[type[models.Model], dict[str, object], str]] = {
    "credits": (PlannedCredit, {"ae": Money(90_000, "EUR")}, "les crédits"),
    "savings": (PlannedSaving, {"cp": Money(20_000, "EUR")}, "les économies"),
    "targets": (Target, {"value": Decimal(70)}, "les cibles"),
    "calendar": (PlannedMilestone, {"ends_on": date(2022, 11, 30)}, "le calendrier"),
}
ALLOWED = {
    "budget": {"credits"},
    "calendrier": {"calendar"},
    "economies": {"savings"},
    "cibles": {"targets"},
    "erreur": {"credits", "savings", "targets", "calendar"},
    "nomenclature": set(),
}


def test_the_table_knows_every_object() -> None:
    assert set(ALLOWED) == set(AmendmentType.values)


def changed_file(contract: Contract, actor: User, figure: str) -> bytes:
    """The file of an amendment in which one figure of this kind moved."""
    model, change, _ = FIGURES[figure]
    draft = prepare_amendment(contract, ["erreur"], actor)
    row = model._default_manager.filter(version=draft).order_by("-pk")[0]
    model._default_manager.filter(pk=row.pk).update(**change)
    content = write_contract_file(draft).encode()
    abandon_amendment(draft, actor)
    return content


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("kind", ALLOWED)
def test_an_object_lets_its_figures_be_touched_and_no_other(
    contract: Contract, secretariat: User, kind: str, figure: str
) -> None:
    if figure == "credits":  # a line's CP never exceed its AE: the CP go down with them
        PlannedCredit.objects.filter(version__contract=contract).update(cp=Money(1, "EUR"))
    content = changed_file(contract, secretariat, figure)
    draft = prepare_amendment(contract, [kind], secretariat)
    base = contract.versions.get(number=0)
    if figure in ALLOWED[kind]:
        import_draft(draft, "avenant.toml", content, secretariat)
        require_valid(draft)
        assert len(compare_versions(base, draft)) == 1
        return
    with pytest.raises(AmendmentRefused, match=f"ne modifie pas {FIGURES[figure][2]}"):
        import_draft(draft, "avenant.toml", content, secretariat)
    assert compare_versions(base, draft) == (), "nothing was written"


@pytest.mark.parametrize("kind", ALLOWED)
def test_only_budget_and_calendar_prolong(contract: Contract, secretariat: User, kind: str) -> None:
    draft = prepare_amendment(contract, [kind], secretariat)
    content = write_contract_file(draft).replace("derniere_annee = 2022", "derniere_annee = 2023").encode()
    if kind in ("budget", "calendrier"):
        import_draft(draft, "avenant.toml", content, secretariat)
        draft.refresh_from_db()
        assert draft.extends_to == 2023
        return
    with pytest.raises(AmendmentRefused, match="Seul un avenant au plan de financement ou au calendrier prolonge"):
        import_draft(draft, "avenant.toml", content, secretariat)


@pytest.mark.parametrize("kind", ALLOWED)
def test_only_nomenclature_brings_codes(contract: Contract, secretariat: User, kind: str) -> None:
    draft = prepare_amendment(contract, [kind], secretariat)
    asked = ("activite", "034901011101", "Nouveau BOP", secretariat)
    if kind == "nomenclature":
        assert change_code(contract, *asked, version=draft).effective_on is None
        return
    with pytest.raises(AmendmentRefused, match="ne porte pas sur l’annexe"):
        change_code(contract, *asked, version=draft)


def test_a_copy_is_of_lines_amounts_savings_targets_sheets_and_calendar(cap2030: ContractVersion) -> None:
    draft = prepare_amendment(cap2030.contract, ["budget"], User.objects.create_user(email="a@ftap.example"))
    for model in (PlannedCredit, PlannedSaving, Target, PlannedMilestone, PlannedSheet):
        counts = [model.objects.filter(version=version).count() for version in (cap2030, draft)]
        assert counts[0] == counts[1] > 0, model


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("annees.2022 = {", "annees.2029 = {", "Année hors du contrat"),
        ('titre = "3"', 'titre = "8"', "titre"),
        ('source = "FTAP"', 'source = "FTAP"\nprogramme = "12"', "quatre chiffres"),
        ('source = "FTAP"', 'source = "FTAP"\nprogramme = "9999"', "Programme inconnu"),
    ],
)
def test_bad_input_in_a_draft_is_refused_and_the_draft_kept(
    contract: Contract, secretariat: User, old: str, new: str, message: str
) -> None:
    draft = prepare_amendment(contract, ["erreur"], secretariat)
    Target.objects.filter(version=draft).update(value=Decimal(71))
    before = write_contract_file(draft)
    assert old in before
    with pytest.raises(ContractFileError, match=message):
        import_draft(draft, "avenant.toml", before.replace(old, new, 1).encode(), secretariat)
    assert write_contract_file(draft) == before, "what was already in the draft is still there"
