"""A wrong contract file: file, path and value of each error, and nothing written."""

import pytest

from contracts.contract_file.document import MAX_BYTES
from contracts.contract_file.errors import ContractFileError, FileError
from contracts.models import Contract, Organisation
from contracts.services import load_contract_file
from tests.contracts.a_contract import TEXT, changed

pytestmark = pytest.mark.django_db


def errors_of(content: bytes) -> tuple[FileError, ...]:
    """The errors of a file that must be refused without anything being written."""
    with pytest.raises(ContractFileError) as refusal:
        load_contract_file(file_name="phare.toml", content=content, actor=None)
    assert not Contract.objects.exists()
    assert not Organisation.objects.exists()
    return refusal.value.errors


UNDATED = """date = 2022-12-31
operateur = ">="
valeur = 80
composantes = [50, "illisible"]

[[indicateurs.cibles]]
date = 2021-12-31
"""

BAD = {
    "unknown titre": ('titre = "3"', 'titre = "9"', "credits.lignes[1].titre", "9", "Valeur inconnue"),
    "unknown nature": ('"prestations"', '"prestation"', "credits.lignes[1].nature", "prestation", "Valeur inconnue"),
    "misspelt key": ('libelle = "Études"', 'libele = "Études"', "credits.lignes[1].libele", "Études", "« libelle »"),
    "missing key": ('\nnature = "personnel"', "", "credits.lignes[2].nature", "", "obligatoire"),
    "unknown table": ("[credits]", "[credit]", "credit", "{ unite = keur", "Clé inconnue"),
    "broken reference to an axis": (
        'axe = "I"\nfiche',
        'axe = "IV"\nfiche',
        "credits.lignes[1].axe",
        "IV",
        "Référence",
    ),
    "broken reference to a sheet": ('fiche = "1"', 'fiche = "7"', "credits.lignes[1].fiche", "7", "Référence"),
    "broken source": ('source = "sgar"', 'source = "drac"', "credits.lignes[2].source", "drac", "Référence"),
    "broken holder": ('porteur = "sgar"', 'porteur = "sgr"', "contrat.porteur", "sgr", "« sgar »"),
    "broken stated reference": (
        'source = "FTAP" }',
        'source = "X" }',
        "chiffres_affiches[1].calcul.source",
        "X",
        "Référence",
    ),
    "unknown measure": (
        'mesure = "ae"',
        'mesure = "a"',
        "chiffres_affiches[1].calcul.mesure",
        "a",
        "« nombre », « exercices » ou « programme »",
    ),
    "duplicate cle": ('cle = "agents"', 'cle = "etudes"', "credits.lignes[2].cle", "etudes", "Doublon"),
    "duplicate date": (
        "date = 2021-12-31",
        "date = 2022-12-31",
        "indicateurs[1].cibles[2].date",
        "2022-12-31",
        "Doublon",
    ),
    "second target without a date": (
        UNDATED,
        'operateur = ">="\nvaleur = 80\n\n[[indicateurs.cibles]]\n',
        "indicateurs[1].cibles[2].date",
        "",
        "une cible sans date",
    ),
    "corrected label without evidence": (
        'libelle = "Agents"',
        'libelle = { imprime = "Agnts", retenu = "Agents" }',
        "credits.lignes[2].libelle.preuve",
        "",
        "obligatoire",
    ),
    "corrected label that is a number": (
        'libelle = "Agents"',
        'libelle = { imprime = "Agnts", retenu = 3, preuve = "Article 2." }',
        "credits.lignes[2].libelle.retenu",
        "3",
        "un texte entre guillemets",
    ),
    "text for a number": ("cout = 300000", 'cout = "300 000"', "fiches[1].cout", "300 000", "un nombre est attendu"),
    "number for a text": ('titre = "3"', "titre = 3", "credits.lignes[1].titre", "3", "Type incorrect"),
    "text for a date": (
        "date = 2020-05-06",
        'date = "6 mai"',
        "signataires[1].date",
        "6 mai",
        "une date sans guillemets",
    ),
    "wrong quarter": ('"2020-T2"', '"2020-T5"', "calendrier[1].debut", "2020-T5", "Un trimestre est attendu"),
    "end before start": (
        'fin = "2020-T4"',
        'fin = "2020-T1"',
        "calendrier[1].fin",
        "2020-T1",
        "La fin précède le début",
    ),
    "wrong unit": (
        '[credits]\nunite = "keur"',
        '[credits]\nunite = "meur"',
        "credits.unite",
        "meur",
        "« eur » ou « keur »",
    ),
    "too many decimals": (
        "cp = 99.5",
        "cp = 99.123456",
        "credits.lignes[1].annees.2021.cp",
        "99.123456",
        "Trop de décimales",
    ),
    "year outside the contract": (
        "annees.2021 = { ae = 80, cp = 99.5 }",
        "annees.2024 = { ae = 80, cp = 99.5 }",
        "credits.lignes[1].annees.2024",
        "{ ae = 80, cp = 99.5 }",
        "de 2020 à 2022",
    ),
    "year far outside": (
        "annees.2021 = { ae = 80",
        "annees.2031 = { ae = 80",
        "credits.lignes[1].annees.2031",
        "",
        "hors du contrat",
    ),
    "CP above AE over life": (
        "cp = 99.5",
        "cp = 119.5",
        "credits.lignes[1].annees",
        "",
        "200 000,00 € de CP pour 180 000,00 € d’AE",
    ),
    "FTAP above cost": (
        "cout = 300000",
        "cout = 150000",
        "fiches[1].ftap",
        "imprime = 120000",
        "dépasse le coût total",
    ),
    "correction without evidence": (
        ', preuve = "La part imprimée, 60 %, donne 180 000 €."',
        "",
        "fiches[1].ftap.preuve",
        "",
        "obligatoire",
    ),
    "programme of five digits": ('"0349"\nporteur', '"03490"\nporteur', "contrat.programme", "03490", "4 au plus"),
    "programme of letters": (
        '"0349"\nsource',
        '"P349"\nsource',
        "credits.lignes[1].programme",
        "P349",
        "quatre chiffres",
    ),
    "years in disorder": (
        "derniere_annee = 2022",
        "derniere_annee = 2019",
        "contrat.derniere_annee",
        "2019",
        "précède",
    ),
    "unreadable year": (
        "premiere_annee = 2020",
        'premiere_annee = "illisible"',
        "contrat.premiere_annee",
        "illisible",
        "n’est pas admis",
    ),
    "negative posts": (
        "supprimes = 3",
        "supprimes = -3",
        "economies.lignes[1].postes[1].annees.2021.supprimes",
        "-3",
        "négatif",
    ),
    "component too many": (
        '[50, "illisible"]',
        "[50, 20, 10]",
        "indicateurs[1].cibles[1].composantes",
        "[50, 20, 10]",
        "3 valeurs pour 2",
    ),
    "meetings in disorder": (
        "reunions_par_an_max = 4",
        "reunions_par_an_max = 1",
        "comites[1].reunions_par_an_max",
        "1",
        "inférieur",
    ),
    "code in capitals": ('code = "phare"', 'code = "Le Phare"', "contrat.code", "Le Phare", "minuscules"),
    "another format": ("format = 1", "format = 2", "format", "2", "1 attendu"),
    "not finite": ("cout = 300000", "cout = inf", "fiches[1].cout", "Infinity", "un nombre est attendu"),
}


@pytest.mark.parametrize(("old", "new", "path", "value", "message"), BAD.values(), ids=BAD.keys())
def test_each_error_names_file_path_and_value(old: str, new: str, path: str, value: str, message: str) -> None:
    found = [error for error in errors_of(changed(old, new)) if error.path == path]
    assert found, [str(error) for error in errors_of(changed(old, new))]
    assert found[0].file == "phare.toml"
    assert value in found[0].value
    messages = [error.message.replace("\u00a0", " ").replace("\u202f", " ") for error in found]
    assert any(message in told for told in messages), messages


def test_a_year_written_twice_is_told_with_its_line() -> None:
    content = changed("annees.2021 = { ae = 80, cp = 99.5 }", "annees.2021 = { ae = 80 }\nannees.2021 = { ae = 90 }")
    (error,) = errors_of(content)
    assert error.path == "ligne 72"
    assert error.value == "annees.2021 = { ae = 90 }"
    assert "écrite deux fois" in error.message


def test_what_is_not_toml_is_told_with_its_line() -> None:
    (error,) = errors_of(changed("cout = 300000", "cout = 300 000"))
    assert error.path.startswith("ligne ")
    assert error.value == "cout = 300 000"


def test_what_is_not_text_is_refused() -> None:
    (error,) = errors_of(b"\xff\xfe\x00")
    assert "UTF-8" in error.message


def test_what_is_too_large_is_refused_unread() -> None:
    (error,) = errors_of(b"#" * (MAX_BYTES + 1))
    assert "2 Mo" in error.message


def test_an_empty_file_is_refused() -> None:
    assert {error.path for error in errors_of(b"")} >= {"format", "contrat"}


def test_every_error_is_told_at_once() -> None:
    content = TEXT.replace('titre = "3"', 'titre = "9"').replace("cout = 300000", 'cout = "x"').encode()
    assert {error.path for error in errors_of(content)} == {"credits.lignes[1].titre", "fiches[1].cout"}
