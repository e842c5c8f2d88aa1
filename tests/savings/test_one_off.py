"""A saving that is not recurrent has no amount a year: refused where it is read or typed, and by the database."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from contracts.amendments.changed_lines import AdditionRefused, add_line, additions_of
from contracts.amendments.grid import GridRefused, grids, write_grid
from contracts.amendments.services import prepare_amendment
from contracts.annex.services import check_annex
from contracts.annex.writer import FIRST_ROW
from contracts.contract_file.errors import ContractFileError
from contracts.models import Contract, ContractVersion
from contracts.parts import PARTS, Part
from contracts.services import load_contract_file
from savings.locks import ONE_OFF
from savings.models import SavingsLine, SavingsTerms
from tests.contracts.a_contract import TEXT
from tests.contracts.annex.test_round_trip import column, edited

pytestmark = pytest.mark.django_db
SAVINGS: Part = next(one for one in PARTS if one.code == "savings")
METHOD = 'methode = "postes"'


def phare(recurrent: str, *, reason: str = "") -> bytes:
    """A contract whose posts are saved once, with what is printed in the column of recurrent amounts."""
    assert TEXT.count(METHOD) == 1
    text = TEXT.replace(METHOD, f"{METHOD}\nrecurrente = false{reason}")
    return text.replace("perenne = { ae = 99, cp = 99 }", recurrent).encode()


def load(content: bytes) -> ContractVersion:
    return load_contract_file(file_name="phare.toml", content=content, actor=None).version


@pytest.mark.parametrize("reason", ["", '\nmotif_ecart = "Départs avancés."'])
def test_a_file_is_refused_at_each_amount(reason: str) -> None:
    with pytest.raises(ContractFileError) as refusal:
        load(phare("perenne = { ae = 99, cp = 99 }", reason=reason))
    assert [(one.path, one.value, one.message) for one in refusal.value.errors] == [
        (f"economies.lignes[1].perenne.{kind}", "99", ONE_OFF) for kind in ("ae", "cp")
    ]


@pytest.mark.parametrize("printed", ["perenne = { ae = 0, cp = 0 }", ""])
def test_a_zero_or_nothing_is_what_a_one_off_line_prints(printed: str) -> None:
    version = load(phare(printed))
    assert SavingsTerms.objects.get(version=version).line.is_recurrent is False


def test_an_amendment_is_refused_at_the_cell(cap2030: ContractVersion, secretariat: User) -> None:
    """CAP2030 prints 0 € a year for the consultants that it saves once."""
    draft = prepare_amendment(cap2030.contract, ["economies"], secretariat)
    line = SavingsLine.objects.get(contract=cap2030.contract, is_recurrent=False)
    name = next(
        cell.name
        for grid in grids(draft, SAVINGS, {}, {})
        for row in grid.rows
        for cell in row.cells
        if (row.subject, cell.figure) == (str(line), "recurrent_cp")
    )
    with pytest.raises(GridRefused) as refusal:
        write_grid(draft, SAVINGS, {name: "5 000"}, secretariat)
    assert refusal.value.errors == {name: ONE_OFF}
    assert write_grid(draft, SAVINGS, {name: ""}, secretariat) == 1


def test_a_line_added_by_an_amendment_is_refused(contract: Contract, secretariat: User) -> None:
    draft = prepare_amendment(contract, ["economies"], secretariat)
    addition = next(one for one in additions_of(draft, SAVINGS) if one.code == "economie")
    values = {"libelle": "Vente", "methode": "montants", "recurrente": False, "perenne.cp": Decimal(9_000)}
    with pytest.raises(AdditionRefused) as refusal:
        add_line(draft, addition, values, secretariat)
    assert refusal.value.errors == {"perenne.cp": ONE_OFF}
    add_line(draft, addition, values | {"perenne.cp": Decimal(0)}, secretariat)


def test_an_annex_is_refused_at_its_cell(cap2030: ContractVersion, secretariat: User) -> None:
    draft = prepare_amendment(cap2030.contract, ["economies"], secretariat)
    address = ""

    def change(book: Any) -> None:
        nonlocal address
        sheet = book["Économies"]
        lines = [str(line) for line in SavingsLine.objects.filter(contract=draft.contract).order_by("position")]
        at = FIRST_ROW + lines.index(str(SavingsLine.objects.get(contract=draft.contract, is_recurrent=False)))
        address = f"{column(sheet, 'perenne.cp')}{at}"
        sheet[address] = 5000

    checked = check_annex(draft, "annexe.xlsx", edited(draft, change), secretariat)
    (one,) = checked.differences.refusals
    assert (one.sheet, one.address, one.value, one.message) == ("Économies", address, "5000", ONE_OFF)
    assert checked.token == ""


def test_the_database_refuses_whatever_the_path(contract: Contract) -> None:
    line, version = SavingsLine.objects.get(contract=contract), contract.versions.get(number=0)
    terms = SavingsTerms.objects.create(line=line, version=version, recurrent_cp=5_000)
    with pytest.raises(IntegrityError, match=ONE_OFF), transaction.atomic():
        SavingsLine.objects.filter(pk=line.pk).update(is_recurrent=False)
        _check_now()
    with transaction.atomic():
        SavingsLine.objects.filter(pk=line.pk).update(is_recurrent=False)
        SavingsTerms.objects.filter(pk=terms.pk).update(recurrent_cp=0)
        _check_now()
    for change in ({"recurrent_ae": 1}, {"recurrent_cp": -1}):
        with pytest.raises(IntegrityError, match=ONE_OFF), transaction.atomic():
            SavingsTerms.objects.filter(pk=terms.pk).update(**change)
            _check_now()
    terms.delete()
    with pytest.raises(IntegrityError, match=ONE_OFF), transaction.atomic():
        SavingsTerms.objects.create(line=line, version=version, recurrent_ae=1)
        _check_now()


def _check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
