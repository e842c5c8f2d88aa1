"""An amount that the method of its line does not give: refused without a reason, kept and shown with one."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from djmoney.money import Money

from accounts.models import User
from contracts.amendments.checks import require_valid
from contracts.amendments.contradictions import contradictions_of
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import prepare_amendment
from contracts.checks.registry import anomalies_of
from contracts.contract_file.errors import ContractFileError, FileError
from contracts.contract_file.writer import write_contract_file
from contracts.models import ContractVersion
from contracts.services import load_contract_file
from savings.models import PlannedPost, PlannedSaving, SavingsTerms
from savings.overrides import misfits
from savings.valuations import valuations
from tests.contracts.a_contract import TEXT

pytestmark = pytest.mark.django_db
AMOUNT = "annees.2021 = { ae = 49.5, cp = 49.5 }"
OTHER = "annees.2021 = { ae = 60, cp = 49.5 }"
METHOD = 'methode = "postes"'
REASON = 'motif_ecart = "Deux départs avancés au printemps."'
RECURRENT = "perenne = { ae = 99, cp = 99 }"
POST = "annees.2021 = { supprimes = 3, redeployes = 0 }"


def changed(*pairs: tuple[str, str]) -> bytes:
    """The file with texts replaced, each of which must be there once."""
    text = TEXT
    for old, new in pairs:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text.encode()


def load(content: bytes) -> ContractVersion:
    return load_contract_file(file_name="phare.toml", content=content, actor=None).version


def errors_of(content: bytes) -> list[FileError]:
    with pytest.raises(ContractFileError) as refusal:
        load(content)
    return list(refusal.value.errors)


def test_another_amount_without_a_reason_is_refused_at_its_place() -> None:
    (error,) = errors_of(changed((AMOUNT, OTHER)))
    assert (error.path, error.value) == ("economies.lignes[1].annees.2021.ae", "60")
    assert error.message.startswith(
        "60\u202f000\u00a0€, quand la méthode de la ligne donne 49\u202f500\u00a0€\u00a0: dites pourquoi"
    )


def test_a_recurrent_amount_is_held_against_a_full_year() -> None:
    errors = errors_of(changed((RECURRENT, "perenne = { ae = 99, cp = 120 }")))
    assert [error.path for error in errors] == ["economies.lignes[1].perenne.cp"]


def test_another_amount_with_a_reason_is_kept_written_back_and_shown() -> None:
    version = load(changed((AMOUNT, OTHER), (RECURRENT, f"{RECURRENT}\n{REASON}")))
    assert SavingsTerms.objects.get(version=version).override_reason == "Deux départs avancés au printemps."
    assert REASON in write_contract_file(version)
    (shown,) = valuations(version)
    assert [(one.when, one.stated, one.given, one.is_override) for one in shown.amounts] == [
        ("2021", Decimal(60_000), Decimal(49_500), True),
        ("2022", Decimal(99_000), Decimal(99_000), False),
        ("Pérenne", Decimal(99_000), Decimal(99_000), False),
    ]
    assert (shown.reason, shown.page) == ("Deux départs avancés au printemps.", "postes")


def test_an_override_in_cp_alone_is_shown_as_well() -> None:
    version = load(changed((AMOUNT, "annees.2021 = { ae = 49.5, cp = 40 }"), (RECURRENT, f"{RECURRENT}\n{REASON}")))
    (shown,) = valuations(version)
    assert shown.has_override
    assert [(one.gap, one.gap_cp) for one in shown.amounts if one.is_override] == [(Decimal(0), Decimal(-9_500))]


def test_an_amount_rounded_as_printed_overrides_nothing() -> None:
    """49,5 k€ printed « 50 »: half a thousand is the rounding of what is printed."""
    assert load(changed((AMOUNT, "annees.2021 = { ae = 50, cp = 49.5 }"))).number == 0


def test_the_month_of_the_removal_moves_its_year() -> None:
    """3 posts of 33 000 € from October: three twelfths, 24 750 €."""
    text = changed((POST, "annees.2021 = { supprimes = 3, redeployes = 0, mois = 10 }"))
    assert [error.path.rpartition("2021.")[2] for error in errors_of(text)] == ["ae", "cp"]
    version = load(
        changed((POST, POST.replace("redeployes = 0", "mois = 10")), (AMOUNT, AMOUNT.replace("49.5", "24.75")))
    )
    assert PlannedPost.objects.get(version=version).month == 10
    assert "mois = 10" in write_contract_file(version)


@pytest.mark.parametrize("month", [0, 13])
def test_a_month_is_one_of_twelve(month: int) -> None:
    errors = errors_of(changed((POST, f"annees.2021 = {{ supprimes = 3, mois = {month} }}")))
    assert "Le mois de départ va de 1 à 12." in [error.message for error in errors]


METHODS: dict[str, tuple[str, str, list[tuple[str, Any, Any]]]] = {
    "cout_evite": (
        "parametres = { sans_projet.2021 = 120000, sans_projet.2022 = 120000, avec_projet.2021 = 70500 }",
        "annees.2022 = { ae = 120, cp = 120 }",
        [("2021", 49_500, 49_500), ("2022", 120_000, 120_000), ("Pérenne", 99_000, None)],
    ),
    "internalisation": (
        "parametres = { prix_du_jour = 900, cout_interne = 300, jours.2021 = 82.5, jours.2022 = 165 }",
        "annees.2022 = { ae = 99, cp = 99 }",
        [("2021", 49_500, 49_500), ("2022", 99_000, 99_000), ("Pérenne", 99_000, None)],
    ),
    "part_base": (
        "parametres = { base = 495000, taux = 20 }",
        "annees.2022 = { ae = 99, cp = 99 }",
        [("2021", 49_500, None), ("2022", 99_000, None), ("Pérenne", 99_000, 99_000)],
    ),
    "part_base, montee": (
        "parametres = { base = 495000, taux = 20, montee.2021 = 50, montee.2022 = 100 }",
        "annees.2022 = { ae = 99, cp = 99 }",
        [("2021", 49_500, 49_500), ("2022", 99_000, 99_000), ("Pérenne", 99_000, 99_000)],
    ),
    "rampe": (
        "parametres = { postes = 3, cout_unitaire = 33000, taux.2021 = 50, taux.2022 = 100 }",
        "annees.2022 = { ae = 99, cp = 99 }",
        [("2021", 49_500, 49_500), ("2022", 99_000, 99_000), ("Pérenne", 99_000, 99_000)],
    ),
    "montants": (
        "",
        "annees.2022 = { ae = 99, cp = 99 }",
        [("2021", 49_500, 49_500), ("2022", 99_000, 99_000), ("Pérenne", 99_000, None)],
    ),
}


def of_method(method: str, *more: tuple[str, str]) -> bytes:
    """The contract with its line valued by another method, without posts."""
    parameters, second, _ = METHODS[method]
    posts = TEXT[TEXT.index("[[economies.lignes.postes]]") : TEXT.index("[[indicateurs]]")]
    named = (METHOD, f'methode = "{method.partition(",")[0]}"\n{parameters}')
    return changed(named, ("annees.2022 = { ae = 99, cp = 99 }", second), (posts, ""), *more)


@pytest.mark.parametrize("method", METHODS)
def test_each_method_is_loaded_valued_and_written_back(method: str) -> None:
    version = load(of_method(method))
    (shown,) = valuations(version)
    assert [(one.when, one.stated, one.given) for one in shown.amounts] == METHODS[method][2]
    written = write_contract_file(version)
    again = load_contract_file(file_name="phare.toml", content=written.encode(), actor=None)
    assert write_contract_file(again.version) == written


@pytest.mark.parametrize("method", ["cout_evite", "internalisation", "part_base, montee", "rampe"])
def test_each_schedule_refuses_another_amount_without_a_reason(method: str) -> None:
    errors = errors_of(of_method(method, (AMOUNT, OTHER)))
    assert [error.path for error in errors] == ["economies.lignes[1].annees.2021.ae"]


def test_the_share_of_a_base_refuses_another_full_year_without_a_reason() -> None:
    errors = errors_of(of_method("part_base", (RECURRENT, "perenne = { ae = 120, cp = 99 }")))
    assert [error.path for error in errors] == ["economies.lignes[1].perenne.ae"]


def test_the_reasons_of_the_real_contracts(cap2030: ContractVersion, incub_o: ContractVersion) -> None:
    """CAP2030 keeps the half effect of its last year as recurrent, and rounds the base of its travel expenses."""
    found = {one.label: one for one in valuations(cap2030) if one.has_override}
    assert [
        (cell.when, cell.stated, cell.given) for one in found.values() for cell in one.amounts if cell.is_override
    ] == [
        ("Pérenne", Decimal(1_492_500), Decimal(1_761_000)),
        ("Pérenne", Decimal(265_000), Decimal(260_000)),
    ]
    assert all(one.reason for one in found.values())
    assert [one.label for one in valuations(incub_o) if one.has_override] == []


def test_the_article_shows_each_method_and_the_reason_of_a_gap(
    cap2030: ContractVersion, client: Any, secretariat: User
) -> None:
    client.force_login(secretariat)
    page = client.get("/contrats/cap2030/economies/").content.decode()
    assert "Comment chaque économie est calculée" in page
    assert "1\u202f761\u202f000" in page
    assert "En année pleine, les 2 postes" in page
    assert "/calculs/postes/" in page


def test_a_reason_left_by_an_amendment_that_moves_the_amounts_says_what_act_it_dates_from(secretariat: User) -> None:
    """60 k€ at signature, for 49.5 k€ by the method; 70 k€ by the amendment, whose reason is still the signature's."""
    signed = load(changed((AMOUNT, f"{OTHER}\n{REASON}")))
    draft = prepare_amendment(signed.contract, ["economies"], secretariat)

    def told(version: ContractVersion) -> list[str]:
        return [one.explanation for one in anomalies_of(version) if one.code == "A20"]

    reason = "Motif indiqué\u00a0: Deux départs avancés au printemps."
    assert [one.endswith(reason) for one in told(signed)] == [True]
    assert [one.endswith(reason) for one in told(draft)] == [True], "copied with its amounts"
    more: Any = Money(70_000, "EUR")
    PlannedSaving.objects.filter(version=draft, year=2021).update(ae=more)
    since = f"{reason} (donné à la signature, avant que les montants ne changent)"
    assert [one.endswith(since) for one in told(draft)] == [True]
    SavingsTerms.objects.filter(version=draft).update(override_reason="Trois départs avancés.")
    assert [one.endswith("Motif indiqué\u00a0: Trois départs avancés.") for one in told(draft)] == [True]


@pytest.fixture
def kept(secretariat: User) -> ContractVersion:
    """A savings amendment of a contract signed with 60 k€ in 2021, where its method gives 49.5 k€, and why."""
    signed = load(changed((AMOUNT, f"{OTHER}\n{REASON}")))
    return prepare_amendment(signed.contract, ["economies"], secretariat)


AGAIN = "«\u00a0motif de l’écart à la méthode\u00a0», ou corrigez."


def test_an_amendment_that_moves_a_gap_is_asked_why_anew(kept: ContractVersion) -> None:
    require_valid(kept)
    more: Any = Money(70_000, "EUR")
    PlannedSaving.objects.filter(version=kept, year=2021).update(ae=more)
    (told,) = contradictions_of(kept).refusals
    assert told.endswith(AGAIN)
    assert " ".join(told.split()).startswith(
        "« Emplois supprimés », 2021, AE : 70 000 €, quand la méthode de la ligne donne 49 500 € : le motif écrit est "
        "celui de la version modifiée, avant cet écart ; redites pourquoi"
    )
    with pytest.raises(AmendmentRefused, match="redites pourquoi"):
        require_valid(kept)
    SavingsTerms.objects.filter(version=kept).update(override_reason="Trois départs avancés.")
    require_valid(kept)


def test_a_gap_that_its_method_moves_is_asked_too(kept: ContractVersion) -> None:
    """Two posts instead of three: 33 k€ by the method, for the same 60 k€; nor does a full year give what is stated."""
    PlannedPost.objects.filter(version=kept, year=2021).update(removed_etpt=2)
    assert [one.key[1:] for one in misfits(kept) if one.figure == "ae"] == [(2021,), (2022,)]


def test_what_an_amendment_leaves_keeps_its_reason(kept: ContractVersion) -> None:
    """An amount brought to what its method gives needs no reason; the other gaps have theirs."""
    zero: Any = Money("49500", "EUR")
    PlannedSaving.objects.filter(version=kept, year=2021).update(ae=zero)
    assert misfits(kept) == []
    require_valid(kept)


def test_the_page_of_an_amendment_asks_why_at_the_cell(
    kept: ContractVersion, secretariat: User, client: Client
) -> None:
    client.force_login(secretariat)
    url = f"/contrats/{kept.contract.code}/avenants/1/modifier/savings/"
    line = kept.contract.savings_lines.get().pk
    amount, reason = f"0-{line}-2021-ae", f"1-{line}-override_reason"
    answer = client.post(url, {amount: "70000"})
    assert answer.status_code == 422
    assert f'aria-describedby="e-{amount}"' in answer.content.decode()
    assert "redites pourquoi" in answer.content.decode()
    assert client.post(url, {amount: "70000", reason: "Trois départs avancés."}).status_code == 302
    assert SavingsTerms.objects.get(version=kept).override_reason == "Trois départs avancés."


def test_the_article_names_the_act_that_gave_the_reason(kept: ContractVersion) -> None:
    assert [one.reason_given for one in valuations(kept)] == ["à la signature"]
    SavingsTerms.objects.filter(version=kept).update(override_reason="Trois départs avancés.")
    assert [one.reason_given for one in valuations(kept)] == ["avec l’avenant n°\u00a01"]
    assert kept.based_on is not None
    assert [one.reason_given for one in valuations(kept.based_on)] == ["à la signature"]
