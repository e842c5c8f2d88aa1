from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import formats
from figures.periods import Quarter

D = Decimal


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (formats.euros(D("1234.5")), "1\u202f234,50\u00a0€"),
        (formats.euros(D("-1234567.895")), "−1\u202f234\u202f567,90\u00a0€"),
        (formats.euros(D("1800200"), 0), "1\u202f800\u202f200\u00a0€"),
        (formats.euros(None), "n.\u00a0r."),
        (formats.euros(D(0)), "0,00\u00a0€"),
        (formats.euros(D(0), zero="–"), "–"),
        (formats.euros(D("-0.004")), "0,00\u00a0€"),
        (formats.keur(D("322500"), 1), "322,5\u00a0k€"),
        (formats.keur(D("322500")), "323\u00a0k€"),
        (formats.meur(D("1800200"), 2), "1,80\u00a0M€"),
        (formats.ratio(D(1757500) / D(1800200)), "0,976"),
        (formats.ratio(D(339) / D(687)), "0,493"),
        (formats.ratio(None), "n.\u00a0c."),
        (formats.percent(D(1800200) / D(4070775), 3), "44,223\u00a0%"),
        (formats.percent(None), "n.\u00a0c."),
        (formats.rate(D("48.20")), "48,2\u00a0%"),
        (formats.rate(D("120")), "120\u00a0%"),
        (formats.rate(None), "n.\u00a0r."),
        (formats.etpt(D("17.50")), "17,5\u00a0ETPT"),
        (formats.etpt(D("18")), "18\u00a0ETPT"),
        (formats.etpt(D("2.005")), "2,01\u00a0ETPT"),
        (formats.etpt(D("100")), "100\u00a0ETPT"),
        (formats.number(D("1.25"), 1), "1,3"),
        (formats.number(D("1.2500"), None), "1,25"),
        (formats.number(D("2500"), None), "2\u202f500"),
        (formats.number(None, missing=formats.NOT_COMPUTABLE), "n.\u00a0c."),
        (formats.date_fr(date(2021, 12, 31)), "31\u00a0décembre\u00a02021"),
        (formats.date_fr(date(2022, 1, 1)), "1er\u00a0janvier\u00a02022"),
        (formats.date_fr(None), "n.\u00a0r."),
        (formats.short_date_fr(date(2022, 1, 9)), "09/01/2022"),
        (formats.quarter_fr(Quarter(2021, 2)), "2e\u00a0trimestre\u00a02021"),
        (formats.quarter_fr(Quarter(2021, 1)), "1er\u00a0trimestre\u00a02021"),
        (formats.quarter_fr(None), "n.\u00a0r."),
    ],
)
def test_shows_figures_as_a_french_reader_sees_them(shown: str, expected: str) -> None:
    assert shown == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Attention : rien !", "Attention\u00a0: rien\u202f!"),
        ("Pourquoi?", "Pourquoi\u202f?"),
        ("Le « plan »; la suite", "Le «\u00a0plan\u00a0»\u202f; la suite"),
        ("«plan»", "«\u00a0plan\u00a0»"),
        ("Quoi ?!", "Quoi\u202f?!"),
        ("à 14:03, voir https://exemple.fr/?a=1;b", "à 14:03, voir https://exemple.fr/?a=1;b"),
        ("12 k€ et 5 % de 3 €", "12\u00a0k€ et 5\u00a0% de 3\u00a0€"),
        ("Avenant n° 1", "Avenant n°\u00a01"),
        ("", ""),
    ],
)
def test_typesets_french(text: str, expected: str) -> None:
    assert formats.typeset(text) == expected


@given(st.text(alphabet="ab1 :;!?«»\u00a0\u202f%€)\n", max_size=20))
def test_typesetting_twice_changes_nothing_more(text: str) -> None:
    once = formats.typeset(text)
    assert formats.typeset(once) == once


def test_periods_have_one_name() -> None:
    assert formats.period_fr(2020, 4) == "4e\u00a0trimestre\u00a02020"
    assert formats.period_fr(2024, None) == "Année\u00a02024"
    assert formats.of_period_fr(2021, 1) == "du 1er\u00a0trimestre\u00a02021"
    assert formats.of_period_fr(2024, None) == "de l’année\u00a02024"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "aujourd’hui"), (1, "demain"), (20, "dans 20 jours"), (60, "dans 60 jours"), (61, "dans 2 mois")],
)
def test_delays_are_told_in_days_then_in_months(days: int, words: str) -> None:
    assert formats.delay_fr(days) == words


def test_rates_differ_by_points() -> None:
    told = [formats.points(Decimal(text)) for text in ("2.5", "-0.4", "1.99")]
    assert told == ["2,5\u00a0points", "\u22120,4\u00a0point", "1,99\u00a0point"]
    assert formats.points(None) == "n.\u00a0r."


def test_a_label_within_a_sentence_keeps_its_acronyms() -> None:
    assert formats.lower_first("Validé par la DITP") == "validé par la DITP"
    assert formats.lower_first("CP au-delà des AE") == "CP au-delà des AE"
    assert formats.lower_first("") == ""


def test_an_instant_is_told_one_way_in_paris() -> None:
    """19:09 UTC is 20 h 09 in winter, 21 h 09 in summer; an instant of the evening may be of the next day."""
    assert formats.hour_fr(datetime(2026, 11, 28, 19, 9, tzinfo=UTC)) == "20\u00a0h\u00a009"
    assert formats.moment_fr(datetime(2026, 7, 28, 19, 9, tzinfo=UTC)) == "28/07/2026 à 21\u00a0h\u00a009"
    assert formats.moment_fr(datetime(2026, 11, 28, 23, 30, tzinfo=UTC)) == "29/11/2026 à 00\u00a0h\u00a030"
    assert formats.moment_fr(None) == "n.\u00a0r."
