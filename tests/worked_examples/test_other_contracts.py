"""Incub-O, Lean management and Lab Minnov: the check figures of their files, computed from their lines."""

from collections import Counter
from decimal import Decimal

from budget.models import BudgetLine, PlannedCredit
from contracts.fields import amount
from contracts.models import ContractVersion
from contracts.selectors import contract_frame
from contracts.stated import Verdict, stated_checks
from indicators.models import Target
from savings.models import PlannedSaving
from tests.worked_examples.test_cap2030 import computed


def verdicts(version: ContractVersion) -> Counter[Verdict]:
    return Counter(check.verdict for check in stated_checks(version))


def test_incub_o_ftap_over_four_axes(incub_o: ContractVersion) -> None:
    by_axis = [computed(incub_o, table="credits", mesure="ae", source="FTAP", axe=axis) for axis in "1234"]
    assert by_axis == [405_500, 321_500, 230_500, 277_500]
    assert computed(incub_o, table="credits", mesure="ae", source="FTAP") == 1_235_000
    assert computed(incub_o, table="credits", mesure="cp", source="FTAP") == 1_235_000


def test_incub_o_is_filed_quarterly_and_unsigned(incub_o: ContractVersion) -> None:
    frame = contract_frame(incub_o.contract, incub_o)
    assert (frame.frequency, len(frame.axes), incub_o.signed_on) == ("trimestrielle", 4, None)
    assert [signatory.signed_on for signatory in frame.signatories] == [None, None, None]


def test_incub_o_follows_its_ramp(incub_o: ContractVersion) -> None:
    """20 posts at 57 k€: 12,5 %, 37,5 %, 62,5 % then 100 %."""
    rows = PlannedSaving.objects.filter(version=incub_o, line__key="demarches-non-dematerialisees").order_by("year")
    assert [amount(row.ae) for row in rows] == [0, 142_500, 427_500, 712_500, 1_140_000]
    assert computed(incub_o, table="economies", mesure="postes") == 32


def test_incub_o_s_savings_target_of_1_3_million_has_no_date(incub_o: ContractVersion) -> None:
    target = Target.objects.get(version=incub_o, indicator__key="economies")
    assert (target.on, target.value) == (None, Decimal(1_300_000))
    assert not incub_o.readings.filter(path__endswith=".date").exists(), "no date was read into the act"


def test_incub_o_printed_totals(incub_o: ContractVersion) -> None:
    found = verdicts(incub_o)
    assert sum(found.values()) == incub_o.stated_figures.count()
    assert (found[Verdict.AGREES], found[Verdict.ROUNDING], found[Verdict.DIFFERENCE]) == (279, 82, 28)


def test_lean_ftap_in_three_lots(lean_management: ContractVersion) -> None:
    lots = list(dict.fromkeys(BudgetLine.objects.order_by("position").values_list("lot", flat=True)))
    by_lot = [computed(lean_management, table="credits", mesure="cp", source="FTAP", lot=lot) for lot in lots]
    assert by_lot == [3_000_000, 3_000_000, 9_000_000]
    assert computed(lean_management, table="credits", mesure="ae", source="FTAP") == 15_000_000


def test_lean_announces_what_its_tables_do_not_hold(lean_management: ContractVersion) -> None:
    gaps = [check for check in stated_checks(lean_management) if check.verdict is Verdict.DIFFERENCE]
    assert [(gap.key, gap.printed, gap.computed) for gap in gaps] == [
        ("part-cofinancement", Decimal(50), Decimal(0)),
        ("cycles-article-2", Decimal(9), Decimal(10)),
        ("cycles-article-4", Decimal(30), Decimal(10)),
        ("directeur-de-projet", Decimal(1), Decimal(0)),
        ("cofinancements-personnel", Decimal(2), Decimal(0)),
        ("programme-total-general", Decimal(329), Decimal(349)),
    ]


def test_lab_minnov_keeps_what_is_unreadable_unreadable(lab_minnov: ContractVersion) -> None:
    assert {(row.ae, row.cp) for row in PlannedCredit.objects.all()} == {(None, None)}
    assert computed(lab_minnov, table="credits", mesure="cp") is None
    values = Target.objects.filter(indicator__key="projets-accompagnes").order_by("on").values_list("value", flat=True)
    assert list(values) == [None, Decimal(4), Decimal(8)]
    assert lab_minnov.contract.first_tranche_year is None
