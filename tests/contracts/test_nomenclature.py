"""The annex of nomenclatures: who may change it alone, from which day, and what the log keeps."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import User
from contracts.amendments.nomenclature import change_code
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import prepare_amendment, record_signature, required_parties, sign_amendment
from contracts.models import ContractVersion, NomenclatureChange, NomenclatureCode
from contracts.selectors import codes_on

pytestmark = pytest.mark.django_db
CENTRE = "centre_financier"


def centre(version: ContractVersion) -> NomenclatureCode:
    return version.contract.codes.get(kind=CENTRE)


def printed(version: ContractVersion, on: date) -> list[str]:
    return [one.printed for one in codes_on(version.contract, on) if one.kind == CENTRE]


def test_the_db_changes_incub_o_s_annex_alone(incub_o: ContractVersion, db_reviewer: User, secretariat: User) -> None:
    old, day = centre(incub_o), date(2023, 1, 1)
    with pytest.raises(AmendmentRefused, match="article\u00a08"):
        change_code(incub_o.contract, CENTRE, "0349-DR31", "BOP régional", secretariat, effective_on=day, replaces=old)
    change = change_code(
        incub_o.contract, CENTRE, "0349-DR31-DP31", "BOP régional", db_reviewer, effective_on=day, replaces=old
    )
    assert printed(incub_o, date(2022, 12, 31)) == ["0349-CDBU- DR 31"]
    assert printed(incub_o, day) == ["0349-DR31-DP31"]
    assert (change.decided_by, change.reason) == (db_reviewer, "BOP régional")
    with pytest.raises(AmendmentRefused, match="figure déjà"):
        change_code(incub_o.contract, CENTRE, "0349-DR31-DP31", "Encore", db_reviewer, effective_on=date(2023, 6, 1))


def test_the_secretariat_changes_lab_minnov_s_annex(lab_minnov: ContractVersion, secretariat: User) -> None:
    day = date(2023, 1, 1)
    change_code(
        lab_minnov.contract,
        CENTRE,
        "0349-CDBU-CINT",
        "Code erroné",
        secretariat,
        effective_on=day,
        replaces=centre(lab_minnov),
    )
    assert printed(lab_minnov, day) == ["0349-CDBU-CINT"]


def test_lean_s_annex_changes_by_amendment_only(
    lean_management: ContractVersion, secretariat: User, db_reviewer: User
) -> None:
    contract, old = lean_management.contract, centre(lean_management)
    for person in (secretariat, db_reviewer):
        with pytest.raises(AmendmentRefused, match="sans avenant"):
            change_code(contract, CENTRE, "0349-DITP", "BOP", person, effective_on=date(2024, 1, 1), replaces=old)
    draft = prepare_amendment(contract, ["nomenclature"], secretariat)
    change_code(contract, CENTRE, "0349-DITP", "BOP", secretariat, replaces=old, version=draft)
    assert printed(lean_management, timezone.localdate()) == ["0349-CDBU-DITP"]
    for role in required_parties(contract):
        record_signature(draft, role, "Délégué", "délégué", date(2024, 1, 15), secretariat)
    sign_amendment(draft, date(2024, 1, 15), date(2024, 2, 1), 1, "BOP de la DITP", secretariat)
    assert printed(lean_management, date(2024, 1, 31)) == ["0349-CDBU-DITP"]
    assert printed(lean_management, date(2024, 2, 1)) == ["0349-DITP"]
    assert NomenclatureChange.objects.get().effective_on == date(2024, 2, 1)


def test_an_amendment_on_something_else_brings_no_code(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["budget"], secretariat)
    with pytest.raises(AmendmentRefused, match="ne porte pas sur l’annexe"):
        change_code(cap2030.contract, CENTRE, "0349-X", "BOP", secretariat, version=draft)
