import re

import pytest

from figures.risk_matrix import Risk, risk_matrix
from tests.figures.drawings import assert_is_sound, texts


def test_places_risks_and_counts_those_that_do_not_fit() -> None:
    crowd = [Risk(f"R{rank}", "Retard", 3, 3) for rank in range(1, 7)]
    drawn = risk_matrix("risques", "Risques", [*crowd, Risk("R9", "Départ <chef>", 5, 4, is_late=True)])
    assert_is_sound(drawn, "risques")
    assert [text for text in texts(drawn) if text[0] in "R+"] == ["R9", "R1", "R2", "R3", "+3"]
    assert "R9 Départ &lt;chef&gt;, probabilité 5, gravité 4, traitement en retard." in drawn
    assert "R6 Retard, probabilité 3, gravité 3." in drawn


def test_no_word_of_the_matrix_is_under_seven_points_on_paper() -> None:
    """The style sheet prints it 80 mm wide."""
    drawn = risk_matrix("risques", "Risques", [Risk("n° 1", "Retard", 3, 3)])
    (width,) = re.findall(r'viewBox="0 0 ([\d.]+)', drawn)
    points = 80 / 25.4 * 72 / float(width)
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)', drawn)]
    assert sizes
    assert min(sizes) * points >= 7


def test_an_empty_matrix_says_so() -> None:
    drawn = risk_matrix("risques", "Risques", [], size=4)
    assert_is_sound(drawn, "risques")
    assert "Aucune donnée" in texts(drawn)


def test_a_risk_outside_the_matrix_is_refused() -> None:
    with pytest.raises(ValueError, match="outside a matrix of 4"):
        risk_matrix("k", "t", [Risk("R1", "", 5, 1)], size=4)
