"""CAP2030: the check figures that the contract itself prints, all computed from its lines."""

from decimal import Decimal

from contracts.models import ContractVersion, PlannedSheet
from contracts.parts import part_of
from contracts.selectors import contract_frame
from contracts.stated import Verdict, stated_checks
from savings.models import PlannedPost
from savings.schedules import category_schedule


def computed(version: ContractVersion, **expression: object) -> Decimal | None:
    """The value of an expression, in euros, as a stated figure would ask for it."""
    return part_of(str(expression["table"])).calculator(version)(expression).value


def test_total_cost_and_ftap(cap2030: ContractVersion) -> None:
    assert computed(cap2030, table="fiches", mesure="cout") == 4_070_775
    assert computed(cap2030, table="fiches", mesure="ftap") == 1_800_200
    assert computed(cap2030, table="credits", mesure="cp") == 4_070_775
    assert computed(cap2030, table="credits", mesure="cp", source="FTAP") == 1_800_200


def test_seventeen_sheets_on_three_axes(cap2030: ContractVersion) -> None:
    frame = contract_frame(cap2030.contract, cap2030)
    assert (len(frame.sheets), [axis.code for axis in frame.axes]) == (17, ["I", "II", "III"])
    assert [len(axis.sheets) for axis in frame.axes] == [6, 7, 4]
    assert (frame.sheets_cost, frame.sheets_ftap) == (Decimal(4_070_775), Decimal(1_800_200))
    assert frame.sheets_share is not None
    assert round(frame.sheets_share, 5) == Decimal("0.44223")


def test_every_sheet_s_share_is_the_printed_one(cap2030: ContractVersion) -> None:
    for row in PlannedSheet.objects.filter(version=cap2030):
        assert row.cost is not None
        assert row.ftap is not None
        assert round(100 * Decimal(row.ftap.amount) / Decimal(row.cost.amount), 2) == row.printed_share


def test_savings_over_2020_2022_and_recurrent(cap2030: ContractVersion) -> None:
    assert computed(cap2030, table="economies", mesure="cp", annees=[2020, 2022]) == 1_774_000
    assert computed(cap2030, table="economies", mesure="perenne_cp") == 1_757_500


def test_the_posts_method_alone_gives_the_printed_savings(cap2030: ContractVersion) -> None:
    given = {
        year: computed(cap2030, table="economies", mesure="valeur_postes", annee=year) for year in range(2020, 2024)
    }
    assert given == {2020: 0, 2021: 322_500, 2022: 934_500, 2023: 1_492_500}


def test_category_b_costs_33_000_euros_a_post(cap2030: ContractVersion) -> None:
    posts = list(PlannedPost.objects.filter(version=cap2030, category="B").order_by("year"))
    assert category_schedule(posts) == {2020: 0, 2021: 16_500, 2022: 49_500, 2023: 66_000}


def test_the_open_gap_of_60_000_euros_stays_visible(cap2030: ContractVersion) -> None:
    gap = next(check for check in stated_checks(cap2030) if check.key == "financement-ftap-cumul-ae")
    assert (gap.printed, gap.computed) == (Decimal(1_800_200), Decimal(1_860_200))
    assert gap.difference == -60_000
    assert gap.verdict is Verdict.DIFFERENCE


def test_return_on_investment_r1(cap2030: ContractVersion) -> None:
    """R1 = contractual recurrent savings ÷ contractual FTAP amount."""
    recurrent = computed(cap2030, table="economies", mesure="perenne_cp")
    ftap = computed(cap2030, table="fiches", mesure="ftap")
    assert recurrent is not None
    assert ftap is not None
    assert round(recurrent / ftap, 3) == Decimal("0.976")


def test_labels_that_the_contract_itself_corrects(cap2030: ContractVersion) -> None:
    """What the scan misread stays beside what another article forces; a label that nothing forces is as printed."""
    found = {one.path: one for one in cap2030.readings.filter(path__regex=r"\.(libelle|intitule|thematique)$")}
    assert sorted(found) == [
        "credits.lignes[1].libelle",
        "fiches[1].thematique",
        "fiches[4].intitule",
        "fiches[6].intitule",
        "fiches[6].thematique",
    ]
    osmose = found["fiches[4].intitule"]
    assert osmose.printed.endswith("avec DÉMUSE")
    assert osmose.retained == cap2030.contract.sheets.get(number="4").title
    assert osmose.retained.endswith("avec OSMOSE")
    assert "article 1" in osmose.evidence
    assert cap2030.contract.sheets.get(number="13").title.startswith("ETALIA 2.0")


def test_the_misread_co_financing_line_is_all_that_the_fund_does_not_pay(cap2030: ContractVersion) -> None:
    """4 070 775 − 1 800 200 = 2 270 575: what its corrected label rests on."""
    others = computed(cap2030, table="credits", mesure="ae", source="etat")
    assert others == 2_270_575 == 4_070_775 - 1_800_200
