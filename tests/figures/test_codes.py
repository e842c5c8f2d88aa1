import pytest

from figures.codes import (
    HT2,
    CodeFinding,
    Titre,
    check_activity_code,
    check_centre_financier,
    check_domaine_fonctionnel,
    check_programme,
    is_programme,
    normalise_code,
)


def messages(findings: tuple[CodeFinding, ...]) -> list[str]:
    return [finding.message for finding in findings]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0349-CDBU- DR 31", "0349-CDBU-DR31"),
        ("PR00/0349-CDBU-DR31", "0349-CDBU-DR31"),
        ("xx00/034901011101", "034901011101"),
        ("0349\u202f01\u00a0011101", "0349" + "01011101"),
        ("0349–01", "0349-01"),
    ],
)
def test_normalises_spaces_and_prefix(text: str, code: str) -> None:
    assert normalise_code(text) == code


@pytest.mark.parametrize("text", ["0349", "349", "P349", "p 0349"])
def test_the_programme_of_the_fund(text: str) -> None:
    assert check_programme(text) == ()


def test_another_programme_is_shown() -> None:
    assert messages(check_programme("354")) == [
        "Programme «\u00a0354\u00a0»\u00a0: désigne le programme 0354 et non 0349."
    ]
    assert check_programme("P354", programme="0354") == ()
    assert "n’est pas un numéro de programme" in messages(check_programme("à répartir"))[0]


def test_the_codes_of_incub_o_are_right() -> None:
    assert check_centre_financier("0349-CDBU- DR 31") == ()
    assert check_domaine_fonctionnel("0349-01") == ()
    assert check_activity_code("034901011101") == ()


def test_lab_minnov_names_another_programme_and_lacks_a_digit() -> None:
    [centre] = check_centre_financier("0348-CDBU-CINT")
    assert (centre.start, centre.end) == (0, 4)
    assert (
        centre.message == "Centre financier «\u00a00348-CDBU-CINT\u00a0»\u00a0: désigne le programme 0348 et non 0349."
    )
    assert messages(check_activity_code("34901018801")) == [
        "Code d’activité «\u00a034901018801\u00a0»\u00a0: compte 11 caractères au lieu de 12.",
        "Code d’activité «\u00a034901018801\u00a0»\u00a0: désigne le programme 3490 et non 0349.",
    ]


def test_lean_writes_an_activity_after_the_action() -> None:
    [finding] = check_domaine_fonctionnel("0349-0101B501")
    assert finding.code[finding.start : finding.end] == "B501"
    assert messages(check_activity_code("0349")) == [
        "Code d’activité «\u00a00349\u00a0»\u00a0: compte 4 caractères au lieu de 12."
    ]


@pytest.mark.parametrize("text", ["", "CDBU-DR31", "0349CDBU", "0349-CDBU-", "349-CDBU-DR31"])
def test_a_shapeless_centre_is_one_finding(text: str) -> None:
    [finding] = check_centre_financier(text)
    assert "n’a pas la forme" in finding.message


def test_a_shapeless_domain_or_activity() -> None:
    assert "n’a pas la forme" in messages(check_domaine_fonctionnel("01"))[0]
    assert "n’est pas fait de chiffres" in messages(check_activity_code("0349-1011101"))[0]
    assert len(check_activity_code("")) == 3


def test_titres_have_the_words_of_the_lolf_and_ht2_is_all_but_staff() -> None:
    assert [titre.code for titre in Titre] == ["T1", "T2", "T3", "T4", "T5", "T6", "T7"]
    assert Titre.DETTE.label == "Charges de la dette de l’État"
    assert set(Titre) - HT2 == {Titre.PERSONNEL}


@pytest.mark.parametrize("text", ["349", "9999", "0012", "03490", "034x", ""])
def test_what_is_written_as_no_programme(text: str) -> None:
    assert is_programme("0349")
    assert not is_programme(text)
