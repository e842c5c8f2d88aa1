"""The terms of the returns of one contract, figures in clear: what tests pool, divide and leave out."""

from datetime import date
from decimal import Decimal

from reports.returns import ContractTerms

DAY = date(2026, 11, 28)
A_CONTRACT = ContractTerms(
    code="a",
    title="A",
    ministry="Intérieur",
    region="Bretagne",
    promised=Decimal(180),
    certified=Decimal(90),
    certified_when_due=None,
    ftap=Decimal(200),
    cost=Decimal(400),
    ftap_paid=Decimal(150),
    paid=Decimal(300),
    due_on=date(2026, 12, 31),
    on=DAY,
)
