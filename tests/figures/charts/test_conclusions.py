from datetime import date
from decimal import Decimal

import pytest

from figures.charts import credits_conclusion

D = Decimal


@pytest.mark.parametrize(
    ("promised", "consumed", "sentence"),
    [
        (1800200, 812400, "812 400 € de CP ont été consommés sur 1 800 200 € promis, soit 45,1 %."),
        (100, 123, "123 € de CP ont été consommés sur 100 € promis, soit 123,0 % (23 € de plus que promis)."),
        (100, 0, "0 € de CP a été consommé sur 100 € promis, soit 0,0 %."),
        (100, None, "Aucune consommation de CP n’est renseignée sur 100 € promis."),
        (None, None, "Aucune consommation de CP n’est renseignée."),
        (None, 5, "5 € de CP ont été consommés, le montant promis n’est pas renseigné."),
        (0, 5, "5 € de CP ont été consommés alors qu’aucun n’était promis."),
        (0, 0, "Aucun CP n’était promis et aucun n’a été consommé."),
    ],
)
def test_says_what_the_credits_chart_shows(promised: int | None, consumed: int | None, sentence: str) -> None:
    said = credits_conclusion(*(None if value is None else D(value) for value in (promised, consumed)))
    assert said.replace("\u00a0", " ").replace("\u202f", " ") == sentence


def test_cents_are_told_as_they_are() -> None:
    said = credits_conclusion(D("48038.50"), D("48037.50"))
    assert said.startswith("48\u202f037,50\u00a0€ de CP ont été consommés sur 48\u202f038,50\u00a0€ promis")


def test_begins_with_the_date_of_the_data() -> None:
    said = credits_conclusion(D(100), D(50), kind="AE", on=date(2021, 12, 31))
    assert said == (
        "Au 31\u00a0décembre\u00a02021, 50\u00a0€ d’AE ont été consommés sur 100\u00a0€ promis, soit 50,0\u00a0%."
    )
