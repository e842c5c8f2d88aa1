"""Template filters over `figures.formats`: `{% load figures %}`. None is « n. r. », never a zero."""

import re
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from djmoney.money import Money

from figures import formats
from figures.periods import closing_fr, opening_fr
from figures.rounding import places_shown, round_half_up

register = template.Library()
WHOLE: Final = "\ue000"
CENTS: Final = "\ue001"
"""Marks of Unicode's private use after an amount without and with cents: none is left in a page."""
TABLE: Final = re.compile(r"<table\b.*?</table>", re.DOTALL)
_HELD: ContextVar[bool] = ContextVar("held", default=False)

Figure = Decimal | Money | int | str | None

register.filter("lower_first", formats.lower_first)


@register.filter
def moment(value: datetime | None) -> str:
    """`28/11/2026 à 20 h 09`, in Paris."""
    return formats.moment_fr(value)


@register.filter
def euros(value: Figure) -> str:
    """`1 234 €`: rounded to the euro, from euros."""
    return formats.euros(_decimal(value), 0)


@register.filter
def euros2(value: Figure) -> str:
    """`1 234,50 €`, from euros."""
    return formats.euros(_decimal(value), 2)


@register.filter
def amount(value: Figure) -> str:
    """`1 234`, `1 234,50`: for a column whose header bears the unit, euros; cents are shown when there are some.

    In a table of a page, `1 234,00` where another of its amounts has cents (`even_amounts`).
    """
    exact = _decimal(value)
    places = places_shown(exact)
    shown = formats.number(exact, places)
    return shown if exact is None or not _HELD.get() else shown + (CENTS if places else WHOLE)


@register.tag
def even_amounts(parser: Parser, token: Token) -> "EvenAmounts":
    """What is between the tags, where the amounts of a table all have cents or none has."""
    nodelist = parser.parse(("end_even_amounts",))
    parser.delete_first_token()
    return EvenAmounts(nodelist)


class EvenAmounts(Node):
    """Writes each amount with a mark, until the whole of its table says whether it has cents."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """The page, each table of one precision."""
        held = _HELD.set(True)
        try:
            text = self.nodelist.render(context)
        finally:
            _HELD.reset(held)
        return mark_safe(TABLE.sub(_even, text).replace(WHOLE, "").replace(CENTS, ""))


def _even(table: re.Match[str]) -> str:
    text = table[0]
    return text.replace(WHOLE, ",00" if CENTS in text else "").replace(CENTS, "")


@register.filter
def promised(row: Any, kind: str) -> str:
    """`1 234`, the AE or CP (`ae`, `cp`) that a row of credits plans; « illisible » where the scan lost it."""
    return formats.ILLEGIBLE if kind in row.lost else amount(getattr(row.planned, kind))


@register.filter
def or_illegible(value: Figure, row: Any) -> str:
    """`1 234`, an amount that a row promises; « illisible » where it is not known and the scan lost amounts of it."""
    return formats.ILLEGIBLE if value is None and row.is_lost else amount(value)


@register.filter
def or_illegible2(value: Figure, row: Any) -> str:
    """`1 234,50`, the same with cents."""
    return formats.ILLEGIBLE if value is None and row.is_lost else amount2(value)


@register.filter
def term(row: Any, which: str) -> str:
    """`1 234`, the `numerator` or `denominator` of a return; « illisible » where the scan lost the promise it is."""
    return formats.ILLEGIBLE if which in row.lost else amount(getattr(row, which))


@register.filter
def side(move: Any, which: str) -> str:
    """`1 234,50`, the amount `before` or `after` an amendment; « illisible » where the scan lost it."""
    return formats.ILLEGIBLE if which in move.lost else amount2(getattr(move, which))


@register.filter
def amount2(value: Figure) -> str:
    """`1 234,50`: for a column whose header bears the unit, euros."""
    return formats.number(_decimal(value), 2)


@register.filter
def keur(value: Figure) -> str:
    """`1 234 k€`, from euros."""
    return formats.keur(_decimal(value))


@register.filter
def meur(value: Figure) -> str:
    """`1,8 M€`, from euros."""
    return formats.meur(_decimal(value))


@register.filter
def pct(value: Figure, decimals: int = 1) -> str:
    """`44,2 %`, from a ratio (0.442); None is « n. c. »."""
    return formats.percent(_decimal(value), decimals)


@register.filter
def rate(value: Figure) -> str:
    """`48,2 %`, from percentage points (48.2)."""
    return formats.rate(_decimal(value))


@register.filter
def ratio(value: Figure) -> str:
    """`0,976`; None is « n. c. »."""
    return formats.ratio(_decimal(value))


@register.filter
def number(value: Figure, decimals: int | None = None) -> str:
    """`1 234,5` with the decimals that the value bears, or so many."""
    return formats.number(_decimal(value), decimals)


@register.filter
def fine(value: Figure) -> str:
    """`0,0005`: at most four decimals, no trailing zero, for differences."""
    exact = _decimal(value)
    return formats.number(None if exact is None else round_half_up(exact, 4), None)


@register.filter
def etpt(value: Figure) -> str:
    """`17,5 ETPT`."""
    return formats.etpt(_decimal(value))


@register.filter
def date_fr(value: date | datetime | None) -> str:
    """`31 décembre 2021`; an instant is taken in the site's time zone."""
    return formats.date_fr(_day(value))


@register.filter
def short_date(value: date | datetime | None) -> str:
    """`31/12/2021`."""
    return formats.short_date_fr(_day(value))


@register.filter
def opening(value: date) -> str:
    """`T1 2021` for the first day of a quarter, any other day as `15/02/2021`."""
    return opening_fr(value)


@register.filter
def closing(value: date) -> str:
    """`T4 2021` for the last day of a quarter, any other day as `15/12/2021`."""
    return closing_fr(value)


@register.filter
def delay(due: date, today: date) -> str:
    """`dans 20 jours`, from one day to a later one."""
    return formats.delay_fr((due - today).days)


@register.filter
def nr(value: object) -> object:
    """The value, or « n. r. » when nothing was given."""
    return formats.NOT_REPORTED if value is None or value == "" else value


@register.filter
def s(count: Decimal | int, ending: str = "s") -> str:
    """The mark of the plural after a count: French begins it at two (`0 dossier`, `2 dossiers`, `−5 points`)."""
    return ending if count >= 2 or count <= -2 else ""


@register.filter
def typo(value: object) -> str:
    """The text with the no-break spaces of French typography."""
    return formats.typeset(str(value))


@register.filter
def prose(value: object) -> str:
    """A text of our own, with the spaces that do not break inside numbers too."""
    return formats.typeset_prose(str(value))


@register.filter
def svg(value: str) -> SafeString:
    """A drawing made by `figures`, which escapes every text it is given."""
    return mark_safe(value)


def _decimal(value: Figure) -> Decimal | None:
    """The bare number of an amount or figure; an empty text is nothing."""
    if value is None or value == "":
        return None
    return value.amount if isinstance(value, Money) else Decimal(value)


def _day(value: date | datetime | None) -> date | None:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
