"""The one reader of French numbers, used by forms, imports and the API; `static/js/numbers.js` is its mirror.

Every text is read right or refused, never misread. Both readers are held to the table in `number_cases.json`.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, NoReturn, TypeAlias

AmountUnit: TypeAlias = Literal["eur", "keur", "meur"]

CENT: Final = Decimal("0.01")
LARGEST_AMOUNT: Final = Decimal("999999999999.99")
MAX_WHOLE_DIGITS: Final = 15
MAX_DECIMALS: Final = 10
MAX_LENGTH: Final = 60
POWER_OF_UNIT: Final[dict[str, int]] = {"eur": 0, "keur": 3, "meur": 6}
POWER_OF_PREFIX: Final[dict[str, int]] = {"": 0, "k": 3, "K": 3, "M": 6, "Md": 9, "Mds": 9}

_SPACES = " \u00a0\u202f\u2009"
_S = f"[{_SPACES}]"
_MINUS = "-\u2212\u2013"
_UNIT = rf"(?:%|(?:(?:Mds?|[kKMm]){_S}?)?(?:€|[eE][uU][rR](?:[oO][sS]?)?))"
_WHOLE_TEXT = re.compile(
    rf"(?P<open>\({_S}*)?(?P<sign>[{_MINUS}+])?{_S}*(?P<body>[0-9](?:[0-9.,{_SPACES}]*[0-9])?)?(?P<after>[-\u2212])?"
    rf"{_S}*(?P<unit>{_UNIT})?(?P<close>{_S}*\))?{_S}*(?P<outer_unit>{_UNIT})?"
)
_PLAIN = re.compile(r"(?P<whole>[0-9]+)(?:(?P<mark>[.,])(?P<decimals>[0-9]+))?")
_SPACED = re.compile(rf"(?P<whole>[0-9]{{1,3}}(?:{_S}[0-9]{{3}})+)(?:(?P<mark>[.,])(?P<decimals>[0-9]+))?")
_MARKED = (
    re.compile(r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+)(?P<mark>,)(?P<decimals>[0-9]+)"),
    re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+)(?P<mark>\.)(?P<decimals>[0-9]+)"),
    re.compile(r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3}){2,})(?P<mark>)(?P<decimals>)"),
    re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3}){2,})(?P<mark>)(?P<decimals>)"),
)
_NOT_REPORTED = re.compile(rf"n\.{_S}?r\.")
_SEPARATORS = re.compile(rf"[.,{_SPACES}]")


class NumberError(ValueError):
    """A text that is not read as a number; `message` tells the user, in French, what to write instead."""

    def __init__(self, text: str, message: str) -> None:
        super().__init__(message)
        self.text = text
        self.message = message


class UnreadableNumber(NumberError):  # noqa: N818 - says what the text is
    """A text that has no reading as a number."""


class AmbiguousNumber(NumberError):  # noqa: N818 - says what the text is
    """A text with several readings: `readings` gives them (in euros for an amount), `writings` how to write each."""

    def __init__(self, text: str, message: str, readings: tuple[Decimal, ...], writings: tuple[str, ...]) -> None:
        super().__init__(text, message)
        self.readings = readings
        self.writings = writings


@dataclass(frozen=True, slots=True)
class _Parts:
    """A text taken apart: its sign, its digits as written (none for the accounting dash), its unit."""

    text: str
    is_negative: bool
    body: str
    unit: str


def parse_number(text: str) -> Decimal | None:
    """Read a bare number; None for a blank text or « n. r. » (not reported), 0 for the accounting dash.

    Raises `AmbiguousNumber` (`1.234`, `12,345`) or `UnreadableNumber`; a unit is refused.
    """
    parts = _take_apart(text)
    if parts is None:
        return None
    if parts.unit:
        _refuse(parts.text, f"« {parts.text} » porte une unité : un nombre seul est attendu.")
    return _value(parts, power=0)


def parse_amount(text: str, unit: AmountUnit = "eur") -> Decimal | None:
    """Read an amount and give it in euros with two decimals; None when blank.

    `unit` is the unit of the column; a suffix (€, k€, M€, Md€, EUR…) prevails over it. An amount finer than a cent is
    refused, never rounded.
    """
    parts = _take_apart(text)
    if parts is None:
        return None
    if parts.unit == "%":
        _refuse(parts.text, f"« {parts.text} » est un pourcentage : un montant est attendu.")
    return _in_cents(parts.text, _value(parts, _power(parts, unit), is_amount=True))


def parse_rate(text: str) -> Decimal | None:
    """Read a rate in percentage points: `48,2 %` and `48,2` both give 48.2; None when blank. Nothing is clipped."""
    parts = _take_apart(text)
    if parts is None:
        return None
    if parts.unit not in ("", "%"):
        _refuse(parts.text, f"« {parts.text} » est un montant : un taux en % est attendu.")
    return _value(parts, power=0)


def _take_apart(text: str) -> _Parts | None:
    stripped = text.strip(_SPACES + "\t\r\n")
    if not stripped or _NOT_REPORTED.fullmatch(stripped):
        return None
    match = _WHOLE_TEXT.fullmatch(stripped) if len(stripped) <= MAX_LENGTH else None
    if match is None:
        _refuse(stripped[:MAX_LENGTH])
    signs = [name for name in ("open", "sign", "after") if match[name]]
    units = [match[name] for name in ("unit", "outer_unit") if match[name]]
    is_dash = not match["body"] and signs == ["sign"] and match["sign"] != "+"
    if bool(match["open"]) != bool(match["close"]) or len(signs) > 1 or len(units) > 1:
        _refuse(stripped)
    if not match["body"] and not is_dash:
        _refuse(stripped)
    return _Parts(stripped, bool(signs) and match["sign"] != "+", match["body"] or "", units[0] if units else "")


def _power(parts: _Parts, column: AmountUnit) -> int:
    if not parts.unit:
        return POWER_OF_UNIT[column]
    prefix = re.sub(rf"{_S}|€|[eE][uU][rR](?:[oO][sS]?)?$", "", parts.unit)
    if prefix == "m":
        _doubt_unit(parts)
    return POWER_OF_PREFIX[prefix]


def _doubt_unit(parts: _Parts) -> NoReturn:
    """`m€` is written for thousands (mille) as well as for millions."""
    readings = tuple(_value(parts, power, is_amount=True) for power in (3, 6))
    sign = "\u2212" if parts.is_negative else ""
    writings = tuple(f"{sign}{parts.body or 0}\u00a0{unit}" for unit in ("k€", "M€"))
    raise AmbiguousNumber(parts.text, _ambiguous_message(parts.text, writings), readings, writings)


def _value(parts: _Parts, power: int, *, is_amount: bool = False) -> Decimal:
    """The value of the digits, times ten to the power, with its sign; a zero has none."""
    if not parts.body:
        return Decimal(0)
    whole, decimals, is_ambiguous = _digits(parts)
    value = _signed(parts, Decimal(f"{whole}.{decimals}" if decimals else whole), power)
    if is_ambiguous:
        grouped = _signed(parts, Decimal(whole + decimals), power)
        _doubt(parts, (grouped, value), whole, decimals, is_amount=is_amount)
    return value


def _signed(parts: _Parts, value: Decimal, power: int) -> Decimal:
    scaled = value.scaleb(power)
    return -scaled if parts.is_negative and scaled else scaled


def _digits(parts: _Parts) -> tuple[str, str, bool]:
    """Whole digits, decimals, and whether the one mark could as well be a thousands separator."""
    for pattern in (_PLAIN, _SPACED, *_MARKED):
        if match := pattern.fullmatch(parts.body):
            break
    else:
        _refuse(parts.text)
    whole, decimals = _SEPARATORS.sub("", match["whole"]), match["decimals"] or ""
    if len(whole) > 1 and whole.startswith("0"):
        _refuse(parts.text, f"« {parts.text} » commence par un zéro : écrivez le nombre sans ce zéro.")
    if len(whole) > MAX_WHOLE_DIGITS or len(decimals) > MAX_DECIMALS:
        _refuse(parts.text, f"« {parts.text} » a trop de chiffres.")
    could_group = len(decimals) == 3 and whole != "0"
    is_plain_doubt = pattern is _PLAIN and len(whole) <= 3
    is_spaced_doubt = pattern is _SPACED and match["mark"] == "."
    return whole, decimals, could_group and (is_plain_doubt or is_spaced_doubt)


def _doubt(parts: _Parts, readings: tuple[Decimal, Decimal], whole: str, decimals: str, *, is_amount: bool) -> NoReturn:
    suffix = f"\u00a0{parts.unit}" if parts.unit else ""
    sign = "\u2212" if parts.is_negative else ""
    writings = tuple(f"{sign}{_grouped(digits)}{suffix}" for digits in (whole + decimals, f"{whole},{decimals}0"))
    if is_amount and readings[1] != readings[1].quantize(CENT):
        advice = f"écrivez « {writings[0]} », ou un montant au centime près."
        message = (
            f"« {parts.text} » est ambigu, {_grouped(whole + decimals)} ou {_grouped(whole)},{decimals} : {advice}"
        )
        raise AmbiguousNumber(parts.text, _unbroken(message), readings, writings[:1])
    raise AmbiguousNumber(parts.text, _ambiguous_message(parts.text, writings), readings, writings)


def _ambiguous_message(text: str, writings: tuple[str, ...]) -> str:
    return _unbroken(f"« {text} » est ambigu : écrivez « {writings[0]} » ou « {writings[1]} ».")


def _grouped(digits: str) -> str:
    whole, comma, decimals = digits.partition(",")
    return f"{int(whole):,}".replace(",", "\u202f") + comma + decimals


def _in_cents(text: str, value: Decimal) -> Decimal:
    if abs(value) > LARGEST_AMOUNT:
        _refuse(text, f"« {text} » dépasse 999 milliards d’euros : vérifiez l’unité.")
    if value != value.quantize(CENT):
        _refuse(text, f"« {text} » est plus fin que le centime : donnez deux décimales d’euro au plus.")
    return value.quantize(CENT)


def _refuse(text: str, message: str = "") -> NoReturn:
    default = f"« {text} » n’est pas un nombre lisible : écrivez par exemple « 1\u202f234,56 »."
    raise UnreadableNumber(text, _unbroken(message or default))


def _unbroken(message: str) -> str:
    """No-break spaces of French typography around the signs of our own messages."""
    return message.replace("« ", "«\u00a0").replace(" »", "\u00a0»").replace(" :", "\u00a0:").replace(" %", "\u00a0%")
