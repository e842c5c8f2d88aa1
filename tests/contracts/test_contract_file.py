"""Loading a contract file: what is written, twice the same, changed in place, refused when filings depend on it."""

import re
import tomllib
from datetime import date
from decimal import Decimal

import pytest
from djmoney.money import Money

from accounts.models import User
from budget.models import BudgetLine, PlannedCredit
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.rows import Changes
from contracts.contract_file.writer import write_contract_file
from contracts.models import Contract, ContractVersion, Organisation, PlannedMilestone, PlannedSheet, Reading
from contracts.services import LoadResult, load_contract_file
from indicators.models import Indicator, Target
from savings.models import PlannedPost
from tests.contracts.a_contract import TEXT, changed
from tests.factories import FilingFactory
from tests.fixtures_contracts import CODES, load
from tests.reports.filed import filed

pytestmark = pytest.mark.django_db


def load_text(content: bytes | str, actor: User | None = None) -> LoadResult:
    data = content.encode() if isinstance(content, str) else content
    return load_contract_file(file_name="phare.toml", content=data, actor=actor)


def history(model: type) -> int:
    return model.pgh_event_model.objects.count()  # type: ignore[attr-defined,no-any-return]


def test_amounts_are_in_euros_and_dates_are_days() -> None:
    load_text(TEXT)
    credit = PlannedCredit.objects.get(line__key="etudes", year=2020)
    assert (credit.ae, credit.cp) == (Money(100_000, "EUR"), Money(80_500, "EUR"))
    lancement = PlannedMilestone.objects.get()
    assert (lancement.starts_on, lancement.ends_on) == (date(2020, 4, 1), date(2020, 12, 31))
    post = PlannedPost.objects.get()
    assert (post.unit_cost, post.removed_etpt) == (Money(33_000, "EUR"), Decimal(3))


def test_the_contract_s_date_is_the_last_signature_s() -> None:
    assert load_text(TEXT).version.signed_on == date(2020, 5, 6)


def test_an_unreadable_cell_is_null_and_has_its_reading() -> None:
    version = load_text(TEXT).version
    assert PlannedCredit.objects.get(line__key="agents").ae is None
    reading = version.readings.get(path="credits.lignes[2].annees.2020.ae")
    assert (reading.kind, reading.label) == ("unreadable", "Agents, 2020, AE (k€)")


def test_a_corrected_cell_keeps_what_is_printed_and_the_evidence() -> None:
    version = load_text(TEXT).version
    assert PlannedSheet.objects.get().ftap == Money(180_000, "EUR")
    reading = version.readings.get(path="fiches[1].ftap")
    assert (reading.printed, reading.retained) == ("120000", "180000")
    assert reading.evidence == "La part imprimée, 60 %, donne 180 000 €."


def test_a_value_that_is_not_printed_but_forced_says_so() -> None:
    forced = changed("cout = 300000", 'cout = { retenu = 300000, preuve = "180 000 € font 60 %." }')
    reading = load_text(forced).version.readings.get(path="fiches[1].cout")
    assert (reading.printed, reading.retained) == ("", "300000")


def test_a_label_that_the_scan_misread_keeps_both_readings() -> None:
    forced = changed('libelle = "Études"', 'libelle = { imprime = "Etu0es", retenu = "Études", preuve = "Article 2." }')
    version = load_text(forced).version
    assert BudgetLine.objects.get(key="etudes").label == "Études"
    reading = version.readings.get(path="credits.lignes[1].libelle")
    assert (reading.label, reading.printed, reading.retained) == ("Études, libellé", "Etu0es", "Études")
    written = tomllib.loads(write_contract_file(version))["credits"]["lignes"][0]["libelle"]
    assert written == {"imprime": "Etu0es", "retenu": "Études", "preuve": "Article 2."}


def test_missing_is_not_zero() -> None:
    load_text(changed("annees.2021 = { ae = 80, cp = 99.5 }", "annees.2021 = { ae = 80 }"))
    assert PlannedCredit.objects.get(line__key="etudes", year=2021).cp is None


def test_readings_follow_targets_sorted_by_date() -> None:
    version = load_text(TEXT).version
    found = list(Target.objects.order_by("on").values_list("on", "value"))
    assert found == [(date(2021, 12, 31), None), (date(2022, 12, 31), 80)]
    paths = set(version.readings.values_list("path", flat=True))
    assert {"indicateurs[1].cibles[1].valeur", "indicateurs[1].cibles[2].composantes.2"} <= paths
    baseline = Indicator.objects.get()
    assert (baseline.baseline, baseline.baseline_on, baseline.baseline_printed) == (
        Decimal(10),
        date(2019, 12, 31),
        "10 %",
    )


def test_a_target_without_a_date_comes_last_and_is_written_back() -> None:
    version = load_text(changed("date = 2021-12-31\n", "")).version
    assert list(Target.objects.order_by("on").values_list("on", "value")) == [(date(2022, 12, 31), 80), (None, None)]
    assert version.readings.filter(path="indicateurs[1].cibles[2].valeur").exists()
    dated, undated = tomllib.loads(write_contract_file(version))["indicateurs"][0]["cibles"]
    assert (dated["date"], undated) == (date(2022, 12, 31), {"operateur": ">=", "valeur": "illisible"})


def test_the_same_file_twice_writes_nothing() -> None:
    first = load_text(TEXT)
    events = [history(model) for model in (Contract, ContractVersion, PlannedCredit, Organisation, Reading)]
    again = load_text(TEXT)
    assert (first.is_new, again.is_new, bool(again.changes)) == (True, False, False)
    assert events == [history(model) for model in (Contract, ContractVersion, PlannedCredit, Organisation, Reading)]


def test_a_changed_file_writes_only_what_changed() -> None:
    load_text(TEXT)
    kept = BudgetLine.objects.get(key="etudes").pk
    result = load_text(changed("ae = 80, cp = 99.5", "ae = 90, cp = 99.5"))
    assert result.changes.changed == {"versions du contrat": 1, "crédits prévus": 1}
    assert not result.changes.added
    assert not result.changes.removed
    assert BudgetLine.objects.get(key="etudes").pk == kept


def test_what_leaves_the_file_leaves_the_contract() -> None:
    load_text(TEXT)
    start, end = TEXT.index('[[credits.lignes]]\ncle = "agents"'), TEXT.index("[economies]")
    result = load_text(TEXT[:start] + TEXT[end:])
    assert result.changes.removed == {"lignes de crédits": 1, "crédits prévus": 1, "lectures": 1}
    assert not BudgetLine.objects.filter(key="agents").exists()


def test_a_version_that_filings_depend_on_is_not_replaced() -> None:
    version = load_text(TEXT).version
    FilingFactory(contract=version.contract, version=version)
    with pytest.raises(ContractFileError, match="un dossier de suivi en dépend") as refusal:
        load_text(changed("ae = 80, cp = 99.5", "ae = 90, cp = 99.5"))
    assert refusal.value.errors[0].path == "contrat.code"
    assert PlannedCredit.objects.get(line__key="etudes", year=2021).ae == Money(80_000, "EUR")
    assert not load_text(TEXT).changes


def test_a_file_completes_an_organisation_but_does_not_rename_it() -> None:
    Organisation.objects.create(code="sgar", name="SGAR de Bretagne", kind="prefecture")
    load_text(TEXT)
    assert Organisation.objects.get(code="sgar").region == "Bretagne"
    with pytest.raises(ContractFileError, match="déjà enregistrée avec «\u00a0SGAR de Bretagne\u00a0»") as refusal:
        load_text(changed('nom = "SGAR de Bretagne"', 'nom = "SGAR de Corse"'))
    assert refusal.value.errors[0].path == "organisations[2].nom"


def test_the_history_says_who_loaded_which_file(secretariat: User) -> None:
    load_text(TEXT, secretariat)
    event = Contract.pgh_event_model.objects.select_related("pgh_context").get()  # type: ignore[attr-defined]
    assert event.pgh_label == "insert"
    assert event.pgh_context.metadata == {"load": "phare.toml", "user": secretariat.pk}


def test_export_then_load_changes_nothing() -> None:
    version = load_text(TEXT).version
    text = write_contract_file(version)
    result = load_text(text)
    assert result.changes.changed == {"versions du contrat": 1}  # the file's own fingerprint
    assert (result.changes.added, result.changes.removed) == ({}, {})
    assert "annees.2020 = { ae = 100, cp = 80.5 }" in text
    assert "ftap = { imprime = 120000, retenu = 180000, preuve = " in text
    assert 'debut = "2020-T2"' in text


@pytest.mark.parametrize("code", CODES)
def test_each_real_contract_comes_back_from_its_export(code: str) -> None:
    version = load(code)
    content = write_contract_file(version).encode()
    result = load_contract_file(file_name=f"{code}.toml", content=content, actor=None)
    assert result.changes.changed == {"versions du contrat": 1}
    assert (result.changes.added, result.changes.removed) == ({}, {})


def test_the_export_of_a_contract_in_use_loads_back_and_another_is_refused() -> None:
    """Filings hang on the version: its own figures are taken again, a cent more is not."""
    version = load("cap2030")
    filed(version)
    text = write_contract_file(version)
    again = load_contract_file(file_name="cap2030.toml", content=text.encode(), actor=None)
    assert (again.is_new, again.changes) == (False, Changes())
    changed_text = text.replace("{ ae = 995200, cp = 868200 }", "{ ae = 995200.01, cp = 868200 }")
    without_line = re.sub(r'((?:cle|ligne|lignes) = \[?)"ftap"', r'\1"autre"', text)
    for other in (changed_text, without_line):
        assert other != text
        with pytest.raises(ContractFileError, match="ne se remplace plus"):
            load_contract_file(file_name="cap2030.toml", content=other.encode(), actor=None)
    assert write_contract_file(ContractVersion.objects.get(pk=version.pk)) == text


def test_an_amendment_starts_as_a_copy_and_differs_by_what_it_changes() -> None:
    from contracts.parts import Difference, compare_versions, copy_version

    version = load_text(TEXT).version
    amendment = ContractVersion.objects.create(contract=version.contract, number=1, kind="avenant", state="draft")
    copy_version(version, amendment)
    assert compare_versions(version, amendment) == ()
    PlannedCredit.objects.filter(version=amendment, line__key="etudes", year=2021).update(ae=Money(70_000, "EUR"))
    (difference,) = compare_versions(version, amendment)
    assert difference == Difference("budget", "Études", (2021,), "ae", Decimal(80_000), Decimal(70_000))
