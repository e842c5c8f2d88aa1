"""Small bars for the cell of a table: the share of what was promised that came."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from figures import formats
from figures.charts import svg
from figures.charts.data import ChartUnit, ShareBar
from figures.charts.svg import Colour

ROW_HEIGHT: Final = 13
BAR_HEIGHT: Final = 8
SIZE: Final = 9


def share_bars(key: str, title: str, bars: Sequence[ShareBar], width: int = 150) -> str:
    """One thin bar for each share, usually AE and CP: promised hatched, realised solid over it, the percentage beside.

    Amounts in euros. More than promised goes past a mark at 100 %. A missing or zero promise is « n. c. », a missing
    realised amount « n. r. ».
    """
    names = max((svg.text_width(bar.label, SIZE) for bar in bars), default=0.0) + 5
    shares = max((svg.text_width(_share_label(bar), SIZE) for bar in bars), default=0.0) + 5
    room = max(20.0, width - names - shares)
    rows = "".join(_row(key, bar, ROW_HEIGHT * rank, names, room) for rank, bar in enumerate(bars))
    body = svg.hatches(key, [Colour.LILAC]) + rows
    text = " ".join(_sentence(bar) for bar in bars)
    return svg.drawing(key, title, text, body, width, ROW_HEIGHT * len(bars))


def _row(key: str, bar: ShareBar, y: float, left: float, room: float) -> str:
    share = _share(bar)
    full = room if share is None or share <= 1 else room / float(share)
    marks = [svg.label(bar.label, 0, y + 9, size=SIZE)]
    if bar.planned is not None and bar.planned > 0:
        hatching = svg.hatched(key, Colour.LILAC)
        marks.append(svg.mark("rect", x=left + 0.5, y=y + 2.5, width=full - 1, height=BAR_HEIGHT, **hatching))
    if share is not None and share > 0:
        marks.append(svg.box(left, y + 2, full * float(share), BAR_HEIGHT + 1, Colour.BLUE))
    if share is not None and share > 1:
        marks.append(svg.line(left + full, y, left + full, y + ROW_HEIGHT, Colour.WHITE, 1.5))
    marks.append(svg.label(_share_label(bar), left + room + 5, y + 10, size=SIZE))
    return "".join(marks)


def _share(bar: ShareBar) -> Decimal | None:
    if bar.realised is None or bar.planned is None or bar.planned <= 0:
        return None
    return bar.realised / bar.planned


def _share_label(bar: ShareBar) -> str:
    return formats.NOT_REPORTED if bar.realised is None else formats.percent(_share(bar), 0)


def _sentence(bar: ShareBar) -> str:
    realised = ChartUnit.EUR.written(bar.realised)
    planned = "un montant illisible" if bar.is_lost else ChartUnit.EUR.written(bar.planned)
    told = f"{bar.label}{formats.NO_BREAK_SPACE}: {realised} sur {planned}"
    return f"{told}." if bar.realised is None else f"{told}, soit {_share_label(bar)}."
