"""Posts of a savings line as a table: categories down, years across. Pure; posts are ETPT, costs euros."""

from dataclasses import dataclass
from decimal import Decimal

from figures import formats
from figures.ae_cp import total
from savings.calc import Post, SavingLine, SavingsSituation


@dataclass(frozen=True)
class PostsRow:
    """One category: removed posts by year, their sum, how many of them are redeployed."""

    category: str
    unit_cost: Decimal | None
    removed: tuple[Decimal | None, ...]
    redeployed: Decimal | None
    months: tuple[int | None, ...] = ()

    @property
    def cells(self) -> tuple[tuple[Decimal | None, str], ...]:
        """By year, the posts and the month of their removal in French; blank where the contract gives none."""
        return tuple((removed, month_fr(month)) for removed, month in zip(self.removed, self.months, strict=True))

    @property
    def total(self) -> Decimal | None:
        return total(self.removed)


@dataclass(frozen=True)
class PostsTable:
    """The posts of one savings line."""

    line: SavingLine
    years: tuple[int, ...]
    rows: tuple[PostsRow, ...]

    @property
    def by_year(self) -> tuple[Decimal | None, ...]:
        """Removed posts of all categories, by year."""
        return tuple(total(row.removed[rank] for row in self.rows) for rank in range(len(self.years)))

    @property
    def removed(self) -> Decimal | None:
        return total(row.total for row in self.rows)

    @property
    def redeployed(self) -> Decimal | None:
        return total(row.redeployed for row in self.rows)


def posts_tables(savings: SavingsSituation) -> tuple[PostsTable, ...]:
    """One table for each line that counts posts, in the contract's order."""
    return tuple(_table(line) for line in savings.lines if line.posts)


def month_fr(month: int | None) -> str:
    """« octobre »; blank for none."""
    return formats.MONTHS[month - 1] if month else ""


def _table(line: SavingLine) -> PostsTable:
    years = tuple(sorted({post.year for post in line.posts}))
    categories = dict.fromkeys(post.category for post in line.posts)
    return PostsTable(line, years, tuple(_row(name, years, line.posts) for name in categories))


def _row(category: str, years: tuple[int, ...], posts: tuple[Post, ...]) -> PostsRow:
    own = {post.year: post for post in posts if post.category == category}
    costs = {post.unit_cost for post in own.values()}
    return PostsRow(
        category=category,
        unit_cost=costs.pop() if len(costs) == 1 else None,
        removed=tuple(own[year].removed_etpt if year in own else None for year in years),
        redeployed=total(post.redeployed_etpt for post in own.values()),
        months=tuple(own[year].month if year in own else None for year in years),
    )
