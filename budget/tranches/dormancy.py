"""Dormant contracts: which sleep, which nobody tells about, what might be released. Pure, in euros.

The rule is ours: docs/calculs/contrat-dormant.md. A contract that does not report is not dormant: nobody knows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from figures import formats
from figures.ae_cp import minus, share
from figures.periods import months_between

IDLE_MONTHS: Final = 12
LOW_SHARE: Final = Decimal("0.25")
LATE_ELAPSED: Final = Decimal("0.5")


@dataclass(frozen=True)
class Activity:
    """What tells whether a contract sleeps.

    - `moved_on`: end of the last period in which AE moved; `told_on`: of the last one whose AE are reported.
    - `blank_years`: years with a plan or a tranche, up to the last one told, of which nothing is reported.
    - `granted_ae`: decided for the years whose consumption is reported.
    """

    starts_on: date
    ends_on: date
    moved_on: date | None
    told_on: date | None
    planned_ae: Decimal | None
    consumed_ae: Decimal | None
    granted_ae: Decimal | None
    blank_years: tuple[int, ...] = ()

    @property
    def part(self) -> Decimal | None:
        """AE consumed ÷ AE planned; None when one is missing."""
        return share(self.consumed_ae, self.planned_ae)

    def is_awake(self, on: date) -> bool:
        """Not begun, or its plan wholly committed, whatever is not told."""
        return on < self.starts_on or (self.part is not None and self.part >= 1)


@dataclass(frozen=True)
class Sleep:
    """Why a contract is called dormant, and what might be released: AE decided and not consumed.

    `release` is None when no tranche was decided for a year whose consumption is reported.
    """

    reasons: tuple[str, ...]
    release: Decimal | None


def elapsed(activity: Activity, on: date) -> Decimal:
    """The share of the contract's time that has gone, from 0 to 1."""
    days = (activity.ends_on - activity.starts_on).days
    gone = Decimal((on - activity.starts_on).days) / days if days > 0 else Decimal(1)
    return min(max(gone, Decimal(0)), Decimal(1))


def silence(activity: Activity, on: date, *, months: int = IDLE_MONTHS, after: Decimal = LATE_ELAPSED) -> str:
    """Why nobody can tell whether the contract sleeps, in French; blank when enough is reported, or nothing due yet.

    Nothing reported for `months` months, nothing at all after `after` of the time, or a year left blank on the way.
    """
    if activity.is_awake(on):
        return ""
    if activity.blank_years:
        years = ", ".join(map(str, activity.blank_years))
        return f"consommation de {years} non renseignée"
    still = months_between(activity.told_on or activity.starts_on, on)
    if activity.told_on is not None:
        since = formats.date_fr(activity.told_on)
        return f"consommation non renseignée depuis le {since} ({still}\u00a0mois)" if still >= months else ""
    gone = elapsed(activity, on)
    is_due = still >= months or gone >= after
    return f"aucune consommation renseignée après {formats.percent(gone, 0)} de la durée" if is_due else ""


def sleep(
    activity: Activity,
    on: date,
    *,
    months: int = IDLE_MONTHS,
    least: Decimal = LOW_SHARE,
    after: Decimal = LATE_ELAPSED,
) -> Sleep | None:
    """Dormant: no AE for `months` months, or less than `least` of the plan after `after` of the time. Rule of ours.

    None for a contract of which `silence` says that nobody can tell, and for one whose plan is wholly committed.
    """
    if activity.is_awake(on) or silence(activity, on, months=months, after=after):
        return None
    reasons = [*_idle(activity, months), *_slow(activity, on, least, after)]
    if not reasons:
        return None
    left = minus(activity.granted_ae, activity.consumed_ae)
    return Sleep(tuple(reasons), None if left is None else max(left, Decimal(0)))


def _idle(activity: Activity, months: int) -> Iterable[str]:
    """Up to the end of the last period that is told: what came after it is not known yet."""
    if activity.told_on is None:
        return
    still = months_between(activity.moved_on or activity.starts_on, activity.told_on)
    if still >= months:
        since = f"du {formats.date_fr(activity.moved_on)}" if activity.moved_on else "du début du contrat"
        yield f"aucune AE {since} au {formats.date_fr(activity.told_on)} ({still}\u00a0mois)"


def _slow(activity: Activity, on: date, least: Decimal, after: Decimal) -> Iterable[str]:
    gone, part = elapsed(activity, on), activity.part
    if gone >= after and part is not None and part < least:
        yield f"{formats.percent(part)} des AE prévues consommées après {formats.percent(gone, 0)} de la durée"
