from openpyxl import Workbook

from reports.xlsx.sheet import LINE_HEIGHT, TOP, set_heights


def test_a_row_is_as_high_as_its_longest_wrapped_words() -> None:
    sheet = Workbook().create_sheet()
    sheet.column_dimensions["A"].width = 20
    for line, words in enumerate(("court", "x" * 41), start=1):
        sheet.cell(line, 1, words).alignment = TOP
    sheet.cell(3, 1, "x" * 41)

    set_heights(sheet)

    assert [sheet.row_dimensions[line].height for line in (1, 2, 3)] == [None, 3 * LINE_HEIGHT, None]
