"""The one kind of column that holds money: euros with cents."""

from decimal import Decimal
from typing import Any

from djmoney.models.fields import MoneyField

MAX_DIGITS = 15


class EuroField(MoneyField):
    """An exact amount in euros; NULL means that nothing was stated, which is not zero."""

    def __init__(self, verbose_name: str | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", MAX_DIGITS)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("default_currency", "EUR")
        kwargs.setdefault("currency_choices", [("EUR", "€")])
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(verbose_name, **kwargs)  # type: ignore[no-untyped-call]


def amount(money: Any) -> Decimal | None:
    """The euros of a money column; None when nothing was stated. (An amount of zero is false: never test its truth.)"""
    return None if money is None else Decimal(money.amount)
