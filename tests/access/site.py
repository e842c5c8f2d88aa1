"""The site's own pages, signing in, preferences."""

from tests.access.cases import Case, public
from tests.access.people import everybody, only

ADDRESSES: dict[str, list[Case]] = {
    "health": public(),
    "help": public(),
    "glossary": public(),
    "rights": public(),
    "rules": public(),
    "rule": [Case(everybody(200), arguments=lambda world: ["A01"], anonymous=200, outsiders=200)],
    "guide": public(),
    "guide-page": public(arguments=lambda _: ["classeur"]),
    "calculs": public(),
    "calculs-page": public(arguments=lambda _: ["postes"]),
    "components": [Case(only(200, "administrator", others=403), outsiders=403)],
    "accessibility": public(),
    "legal": public(),
    "personal-data": public(),
    "cookies": public(),
    "sitemap": public(),
    "accounts:login": [Case(everybody(302), anonymous=200, outsiders=302)],
    "accounts:logout": [Case(everybody(302), method="post", anonymous=302, outsiders=302)],
    "accounts:profile": [Case(everybody(200), outsiders=200)],
    "accounts:password": [Case(everybody(200), outsiders=200)],
}
