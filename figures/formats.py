"""Figures and dates as a French reader sees them; each is rounded once, half up, in Decimal.

Thousands are parted by U+202F, the minus is U+2212, the unit follows a no-break space. A missing figure is « n. r. »
(non renseigné), or « n. c. » (non calculable) where the caller says so: never a zero.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar
from zoneinfo import ZoneInfo

from figures.rounding import HUNDRED, places_shown, round_half_up

if TYPE_CHECKING:
    from figures.periods import Quarter

THIN_SPACE: Final = "\u202f"
T = TypeVar("T")
NO_BREAK_SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"
NOT_REPORTED: Final = f"n.{NO_BREAK_SPACE}r."
NOT_COMPUTABLE: Final = f"n.{NO_BREAK_SPACE}c."
ILLEGIBLE: Final = "illisible"
"""What the scan of a contract lost: not known, and not left blank by the act."""
PARIS: Final = ZoneInfo("Europe/Paris")
DAYS_TOLD: Final = 60
DAYS_A_MONTH: Final = 30.44
MONTHS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip


def missing(*, is_lost: bool) -> str:
    """What stands for a promised figure that is not known: « illisible » where the scan lost it, else « n. r. »."""
    return ILLEGIBLE if is_lost else NOT_REPORTED


def legible(value: T | None, *, is_lost: bool) -> T | str | None:
    """A promised figure; « illisible » where there is none because the scan lost it."""
    return ILLEGIBLE if value is None and is_lost else value


def number(value: Decimal | None, decimals: int | None = 0, *, missing: str = NOT_REPORTED, zero: str = "") -> str:
    """`1 234,50`. `decimals=None` keeps those of the value, trailing zeros apart; `zero` replaces a shown zero."""
    if value is None:
        return missing
    kept = max(0, -_exponent(value)) if decimals is None else decimals
    rounded = round_half_up(value, kept)
    if zero and not rounded:
        return zero
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    sign = MINUS if rounded < 0 else ""
    return sign + whole.replace(",", THIN_SPACE) + (f",{fraction}" if fraction else "")


def euros(value: Decimal | None, decimals: int = 2, *, missing: str = NOT_REPORTED, zero: str = "") -> str:
    """`1 234,50 €`, from euros."""
    return _with_unit(value, decimals, "€", missing=missing, zero=zero)


def exact_euros(value: Decimal | None, *, missing: str = NOT_REPORTED) -> str:
    """`1 234 €`, `1 234,50 €`: never rounded, so that figures told together add up as they are shown."""
    return euros(value, places_shown(value), missing=missing)


def signed_euros(value: Decimal | None, decimals: int = 2, *, missing: str = "") -> str:
    """`+1 234,50 €`, a difference with its sign; blank when it cannot be told."""
    if value is None:
        return missing
    return ("+" if value > 0 else "") + euros(value, decimals)


def keur(value: Decimal | None, decimals: int = 0, *, missing: str = NOT_REPORTED, zero: str = "") -> str:
    """`1 234 k€`, from euros."""
    return _with_unit(_scaled(value, -3), decimals, "k€", missing=missing, zero=zero)


def meur(value: Decimal | None, decimals: int = 1, *, missing: str = NOT_REPORTED, zero: str = "") -> str:
    """`1,8 M€`, from euros."""
    return _with_unit(_scaled(value, -6), decimals, "M€", missing=missing, zero=zero)


def ratio(value: Decimal | None, decimals: int = 3, *, missing: str = NOT_COMPUTABLE) -> str:
    """`0,976`; a ratio that cannot be computed is « n. c. »."""
    return number(value, decimals, missing=missing)


def percent(value: Decimal | None, decimals: int = 1, *, missing: str = NOT_COMPUTABLE) -> str:
    """`44,2 %`, from a ratio (0.442). For a rate already in points, see `rate`."""
    points = None if value is None else value * HUNDRED
    return _with_unit(points, decimals, "%", missing=missing)


def rate(points: Decimal | None, decimals: int | None = None, *, missing: str = NOT_REPORTED) -> str:
    """`48,2 %`, from percentage points (48.2), with the decimals it was given with."""
    return _with_unit(points, decimals, "%", missing=missing)


def points(value: Decimal | None, *, missing: str = NOT_REPORTED) -> str:
    """`2,5 points`, `0,4 point`: the difference of two rates, with the decimals it was given with."""
    if value is None:
        return missing
    return f"{number(value, None)}{NO_BREAK_SPACE}point{'s' if abs(value) >= 2 else ''}"


def etpt(value: Decimal | None, *, missing: str = NOT_REPORTED) -> str:
    """`17,5 ETPT`: at most two decimals, no trailing zero."""
    rounded = None if value is None else round_half_up(value, 2)
    return _with_unit(rounded, None, "ETPT", missing=missing)


def date_fr(day: date | None, *, missing: str = NOT_REPORTED) -> str:
    """`31 décembre 2021`, `1er janvier 2022`, unbroken."""
    if day is None:
        return missing
    ordinal = "1er" if day.day == 1 else str(day.day)
    return NO_BREAK_SPACE.join((ordinal, MONTHS[day.month - 1], str(day.year)))


def short_date_fr(day: date | None, *, missing: str = NOT_REPORTED) -> str:
    """`31/12/2021`."""
    return missing if day is None else f"{day:%d/%m/%Y}"


def hour_fr(at: datetime) -> str:
    """`20 h 09`, unbroken, in Paris, from an instant of any zone."""
    return f"{at.astimezone(PARIS):%H}{NO_BREAK_SPACE}h{NO_BREAK_SPACE}{at.astimezone(PARIS):%M}"


def moment_fr(at: datetime | None, *, missing: str = NOT_REPORTED) -> str:
    """`28/11/2026 à 20 h 09`, in Paris, from an instant of any zone."""
    return missing if at is None else f"{at.astimezone(PARIS):%d/%m/%Y} à {hour_fr(at)}"


def quarter_fr(quarter: "Quarter | None", *, missing: str = NOT_REPORTED) -> str:
    """`2e trimestre 2021`, `1er trimestre 2022`, unbroken."""
    if quarter is None:
        return missing
    return _quarter_name(quarter.year, quarter.number)


def short_quarter_fr(quarter: "Quarter") -> str:
    """`T2 2021`, unbroken: the name of a quarter where there is little room, and in a list of quarters."""
    return f"T{quarter.number}{NO_BREAK_SPACE}{quarter.year}"


def period_fr(year: int, quarter: int | None) -> str:
    """`2e trimestre 2021`, `Année 2021`: the one name of a period followed."""
    return _quarter_name(year, quarter) if quarter else f"Année{NO_BREAK_SPACE}{year}"


def of_period_fr(year: int, quarter: int | None) -> str:
    """`du 2e trimestre 2021`, `de l’année 2021`: what belongs to the period."""
    return f"du {_quarter_name(year, quarter)}" if quarter else f"de l’année{NO_BREAK_SPACE}{year}"


def delay_fr(days: int) -> str:
    """`aujourd’hui`, `demain`, `dans 20 jours`; in months after sixty days."""
    if days < 2:
        return "demain" if days else "aujourd’hui"
    return f"dans {days} jours" if days <= DAYS_TOLD else f"dans {round(days / DAYS_A_MONTH)} mois"


def _quarter_name(year: int, quarter: int) -> str:
    ordinal = "1er" if quarter == 1 else f"{quarter}e"
    return NO_BREAK_SPACE.join((ordinal, "trimestre", str(year)))


def lower_first(text: str) -> str:
    """A label within a sentence: its first letter small, its acronyms whole (« validé par la DITP »)."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def typeset(text: str) -> str:
    """The text with the no-break spaces of French typography: before : ; ! ? », after « and n°, before a unit.

    Existing spaces are replaced; a missing one is added after a letter, a digit or a closing sign when the mark ends
    the word, so that `14:03` and `https://` stay. Applying it twice changes nothing more.
    """
    text = re.sub(r"«[ \u00a0\u202f]*", f"«{NO_BREAK_SPACE}", text)
    text = re.sub(r"[ \u00a0\u202f]*»", f"{NO_BREAK_SPACE}»", text)
    text = re.sub(r"(?<=[\w)\]%€»])[ \u00a0\u202f]?:(?=\s|$)", f"{NO_BREAK_SPACE}:", text)
    text = re.sub(r"(?<=[\w)\]%€»])[ \u00a0\u202f]?([;!?]+)(?=[\s\u00a0»)]|$)", rf"{THIN_SPACE}\1", text)
    text = re.sub(r"(?<=\bn°) (?=\d)", NO_BREAK_SPACE, text)
    return re.sub(r"(?<=\d) (?=(?:%|€|k€|M€|Md€|ETPT)(?!\w))", NO_BREAK_SPACE, text)


def typeset_prose(text: str) -> str:
    """The same of a text of our own, where groups of three digits are one number and apostrophes are curved."""
    return typeset(re.sub(r"(?<=\d) (?=\d{3}(?!\d))", THIN_SPACE, text.replace("'", "’")))


def _with_unit(value: Decimal | None, decimals: int | None, unit: str, *, missing: str, zero: str = "") -> str:
    shown = number(value, decimals, missing="", zero=zero)
    if not shown:
        return missing
    return shown if zero and shown == zero else f"{shown}{NO_BREAK_SPACE}{unit}"


def _scaled(value: Decimal | None, power: int) -> Decimal | None:
    return None if value is None else value.scaleb(power)


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{value} is not a finite number")
    return exponent
