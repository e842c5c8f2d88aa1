"""Natures of savings in French."""

from savings.natures import nature_label


def test_codes_and_words() -> None:
    told = [nature_label(each) for each in ("deplacements", "non_precisee", "loyers évités", "")]
    assert told == ["Déplacements", "Non précisée", "Loyers évités", ""]
