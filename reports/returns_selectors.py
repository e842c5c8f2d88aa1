"""What the returns of a selection of contracts are made of, read with the portfolio."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from contracts.enums import OrganisationKind
from contracts.models import Contract, Organisation
from reports.returns import ContractTerms
from reports.selectors import PortfolioRow, portfolio


def contract_terms(user: User, on: date, contracts: QuerySet[Contract] | None = None) -> list[ContractTerms]:
    """The terms of each contract that the person may see, as of a day; the queries of the portfolio, no more."""
    return [_terms(row, on) for row in portfolio(user, on=on, contracts=contracts)]


def _terms(row: PortfolioRow, on: date) -> ContractTerms:
    holder, due_on = row.contract.holder, date(row.contract.savings_followed_until, 12, 31)
    return ContractTerms(
        code=row.contract.code,
        title=row.contract.title,
        ministry=_ministry(holder),
        region=holder.region,
        promised=row.savings_recurrent.cp,
        certified=row.certified_recurrent.cp,
        certified_when_due=row.certified_when_due.cp if on >= due_on else None,
        certified_year=row.certified_year,
        certified_when_due_year=row.certified_when_due_year if on >= due_on else None,
        ftap=row.ftap.amount,
        cost=row.cost.amount,
        ftap_paid=row.consumed.cp,
        paid=row.total_consumed.cp,
        due_on=due_on,
        on=on,
        is_demo=row.is_demo,
        ftap_funding=row.ftap,
        cost_funding=row.cost,
        lost=_lost(row),
    )


def _lost(row: PortfolioRow) -> tuple[str, ...]:
    """The promised terms that are not known because the scan lost them."""
    is_unread = "cp" in row.lost
    terms = (
        ("promised", row.savings_recurrent.cp, row.is_lost),
        ("ftap", row.ftap.amount, is_unread),
        ("cost", row.cost.amount, is_unread),
    )
    return tuple(term for term, amount, is_lost in terms if is_lost and amount is None)


def _ministry(holder: Organisation) -> str:
    """The holder's ministry, which may be the holder itself; blank when it has none."""
    if holder.ministry:
        return holder.ministry.name
    return holder.name if holder.kind == OrganisationKind.MINISTRY else ""
