"""Reads of unit costs: what the versions in force state, and the fund's references."""

from collections.abc import Iterable, Iterator
from datetime import date

from contracts.fields import amount
from contracts.models import Contract, ContractVersion
from contracts.selectors import versions_in_force
from savings.enums import SavingsMethod
from savings.models import PlannedPost, SavingsTerms, UnitCostReference
from savings.schedules import parameter
from savings.unit_costs.calc import NO_CATEGORY, Reference, StatedCost


def references() -> tuple[Reference, ...]:
    """Every reference, by category and year. One query."""
    return tuple(
        Reference(row.category, row.year, cost, row.source)
        for row in UnitCostReference.objects.order_by("category", "year")
        if (cost := amount(row.amount)) is not None
    )


def stated_costs(contracts: Iterable[Contract], on: date) -> list[StatedCost]:
    """What the version in force of each contract says a post costs, year by year. Three queries for all."""
    versions = [version.pk for version in versions_in_force(contracts, on).values()]
    rows = [*_of_posts(versions), *_of_ramps(versions)]
    return sorted(rows, key=lambda row: (row.title, row.line, row.category, row.year))


def costs_of(version: ContractVersion) -> list[StatedCost]:
    """The same for one version. Two queries."""
    return [*_of_posts([version.pk]), *_of_ramps([version.pk])]


def _of_posts(versions: Iterable[int]) -> Iterator[StatedCost]:
    """Posts by category and year, of a line valued by posts."""
    posts = PlannedPost.objects.filter(version__in=versions).exclude(unit_cost=None)
    for post in posts.select_related("line__contract").order_by("pk"):
        contract, cost = post.line.contract, amount(post.unit_cost)
        if cost is not None:
            yield StatedCost(contract.code, contract.title, post.line.label, post.category, post.year, cost)


def _of_ramps(versions: Iterable[int]) -> Iterator[StatedCost]:
    """The cost that a ramp takes as its parameter, in each year that has a rate above zero."""
    ramps = SavingsTerms.objects.filter(version__in=versions, line__method=SavingsMethod.RAMP)
    for terms in ramps.select_related("line__contract").order_by("pk"):
        contract, cost = terms.line.contract, parameter(terms, "cout_unitaire")
        category = terms.parameters.get("categorie") or NO_CATEGORY
        years = [int(year) for year, rate in terms.parameters.get("taux", {}).items() if rate and float(rate) > 0]
        if cost is not None:
            for year in years:
                yield StatedCost(contract.code, contract.title, terms.line.label, category, year, cost)
