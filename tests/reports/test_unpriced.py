"""Savings of which the money is not known raise no return: left out, and named."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.test import Client
from openpyxl import Workbook

from accounts.models import User
from budget.models import PlannedCredit
from contracts.models import Contract, ContractVersion
from reports.curve import ContractCurve, Promised, curve, left_out
from reports.performance import ContractDates, of_fund
from reports.returns import Group, pooled
from reports.returns_tables import tables
from reports.xlsx.sheet import Writer
from savings.models import SavingsLine, SavingsTerms
from tests.reading import words
from tests.reports.terms import A_CONTRACT as WITHOUT_R4
from tests.reports.terms import DAY

A_CONTRACT = replace(WITHOUT_R4, certified_when_due=Decimal(75), due_on=date(2025, 12, 31))
"""Three years have passed since its funding ended."""
UNPRICED = replace(A_CONTRACT, code="b", title="B", ftap=None, cost=None, ftap_paid=None, paid=None)


def one(title: str, *, promised: int, money: dict[int, Decimal]) -> ContractCurve:
    """Funded in 2022; what is promised is also declared and certified for that year."""
    plan = Promised({2022: Decimal(promised)}, money)
    told = {2022: Decimal(promised)}
    return ContractCurve(2022, 2022, plan, plan, told, told, money, title)


PRICED = one("A", promised=50, money={2022: Decimal(100)})
WITHOUT = one("B", promised=100, money={})


def test_a_saving_whose_cp_are_not_known_is_no_part_of_the_curve() -> None:
    """0,50 € by the contract that is priced; 150 ÷ 100 would be 1,50 €, more than the rule asks."""
    (end, *_) = curve([PRICED, WITHOUT])
    assert [end.signed, end.in_force, end.declared, end.certified, end.same] == [Decimal("0.5")] * 5
    assert left_out([PRICED, WITHOUT]) == ("B",)
    assert left_out([PRICED]) == ()


def test_what_promises_nothing_is_not_left_out() -> None:
    nothing = ContractCurve(2022, 2022, Promised({}, {}), Promised({}, {}), {}, {}, {}, "C")
    assert left_out([PRICED, nothing]) == ()


def test_returns_of_many_leave_it_out_too() -> None:
    for code, above, below in (("R1", 180, 200), ("R2", 90, 150), ("R3a", 180, 400), ("R3b", 90, 300), ("R4", 75, 150)):
        found = pooled(code, [A_CONTRACT, UNPRICED])
        assert [found.numerator, found.denominator, found.left_out] == [above, below, ("B",)]
        assert found.ratio == found.ratio_of_both


def test_p6_leaves_it_out_too() -> None:
    signed = {"signed_on": date(2020, 1, 1)}
    rows = [ContractDates(code, code.upper(), **signed) for code in "ab"]  # type: ignore[arg-type]
    found = of_fund(rows, {"a": (Decimal(50), Decimal(100)), "b": (Decimal(30), None)}, DAY)
    assert [found.numerator, found.denominator, found.left_out] == [50, 100, ("B",)]


def test_the_workbook_writes_a_formula_only_where_it_gives_the_figure() -> None:
    """The sum of promised savings bears B's; R1 does not, and stands as a figure."""
    _, by_ministry, *_ = tables([A_CONTRACT, UNPRICED])
    book = Workbook()
    sheet = book.worksheets[0]
    Writer(sheet).table(by_ministry)
    rows = list(sheet.iter_rows(values_only=True))
    (place,) = (row.index("R1") for row in rows if "R1" in row)
    (shown,) = (row for row in rows if row[0] == "Intérieur")
    assert shown[place] == Decimal("0.9")
    assert Group("A", (A_CONTRACT,)).pooled("R1").ratio == Decimal("0.9")


def test_the_page_names_it(contract: Contract, secretariat: User, client: Client) -> None:
    version = ContractVersion.objects.get(contract=contract)
    SavingsTerms.objects.create(line=SavingsLine.objects.get(contract=contract), version=version, recurrent_cp=25_000)
    PlannedCredit.objects.filter(version=version).update(cp=None)
    client.force_login(secretariat)
    page = words(client.get("/portefeuille/retours/"))
    assert "Aucun crédit de paiement n’est connu pour ces contrats" in page
