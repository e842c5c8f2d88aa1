"""Which lines enter a total: the condition in SQL of what `savings.calc.SavingLine.counts` says of one."""

from django.db.models import Q

from savings.enums import SavingsMethod


def counted() -> Q:
    """Rows whose line is a budget saving: neither redeployed posts nor a saving that the contract does not value."""
    return Q(line__is_redeployed=False) & ~Q(line__method=SavingsMethod.UNVALUED)
