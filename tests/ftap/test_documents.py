"""The guide and the pages of formulas, as users read them in the help."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client

from ftap.documents import DOCS, FOLDERS, FORMULAS, GUIDE, Folder, document, documents
from tests.reading import words

EVERY = [pytest.param(folder, one.slug, id=one.slug) for folder in FOLDERS for one in documents(folder)]


@pytest.mark.django_db
@pytest.mark.parametrize(("folder", "slug"), EVERY)
def test_each_file_is_a_page_whose_links_lead_somewhere(client: Client, folder: Folder, slug: str) -> None:
    address = f"/aide/{folder.name}/{slug}/"
    page = client.get(address).content.decode()
    assert page.count("<h1") == 1
    assert "toml exemple" not in page
    body = page.partition('<div class="document">')[2].partition("</main>")[0]
    assert " style=" not in body
    assert body.count("<table>") == body.count("<caption") == body.count('role="region"')
    for sibling in re.findall(r'href="\.\./([^"/]+)/"', body):
        assert document(folder, sibling) is not None, sibling
    for other, cousin in re.findall(r'href="\.\./\.\./([^"/]+)/([^"/]+)/"', body):
        assert document(next(one for one in FOLDERS if one.name == other), cousin) is not None, cousin
    assert "Fonction." not in body
    assert re.findall(r"[a-z0-9-]+\.md\b", body) == []


@pytest.mark.django_db
def test_a_formula_is_told_with_its_figures_and_without_what_the_tests_run(client: Client) -> None:
    page = words(client.get("/aide/calculs/postes/"))
    assert "1 492 500 €" in page
    assert "Contrat CAP2030, article 3" in page
    assert "fonction =" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_the_list_names_every_page(client: Client, folder: Folder) -> None:
    page = client.get(f"/aide/{folder.name}/").content.decode()
    assert len(documents(folder)) > 3
    assert all(f'href="{one.slug}/"' in page for one in documents(folder))


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["rien", "..%2F..%2Freadme", "README"])
def test_another_name_is_not_found(client: Client, slug: str) -> None:
    assert client.get(f"/aide/calculs/{slug}/").status_code == 404


@pytest.mark.parametrize("file", sorted((DOCS / "calculs").glob("*.md")), ids=lambda file: file.stem)
def test_no_formula_is_cut_by_a_sign_at_the_start_of_a_line(file: Path) -> None:
    """« + ½ × … » at the start of a line would be an item of a list, « = » a heading."""
    lines = file.read_text().splitlines()
    assert [
        line for above, line in pairwise(lines) if re.match(r"[+=*\u2212-] ?", line) and above and line[:2] != "**"
    ] == []


def test_words_are_typeset_and_code_is_not() -> None:
    guide = document(GUIDE, "fichier-contrat")
    assert guide is not None
    assert "l’unité de la table" in guide.html
    assert '<pre class="code" tabindex="0"><code>format = 1' in guide.html
    formula = document(FORMULAS, "postes")
    assert formula is not None
    assert '<td class="num">322\u202f500\u00a0€</td>' in formula.html
