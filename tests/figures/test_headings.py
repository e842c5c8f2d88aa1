"""Rows under their headings."""

from figures.headings import under_headings


def test_rows_keep_their_order_and_none_is_read_under_the_heading_of_another() -> None:
    rows = [("", "a"), ("Axe 1", "b"), ("Axe 1", "c"), ("", "d"), ("Axe 1", "e")]
    found = under_headings(rows, lambda row: row[0])
    assert [(title, "".join(name for _, name in members)) for title, members in found] == [
        ("", "a"),
        ("Axe 1", "bc"),
        ("Hors axe", "d"),
        ("Axe 1", "e"),
    ]


def test_rows_without_any_heading_stand_under_none() -> None:
    assert under_headings(["a", "b"], lambda row: "") == [("", ["a", "b"])]
    assert under_headings([], str) == []
