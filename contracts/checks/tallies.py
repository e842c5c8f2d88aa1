"""What the checks last found in each contract, kept so that lists and syntheses need not look again.

Whatever a check reads is written by a service that asks for the tally again: a contract file or its annex (all that is
printed), the signature of an amendment, a change of codes, a tranche, a sub-project, an event of its life; the fund's
envelopes and the reference of unit costs, for every contract. The clock does the rest every hour: a version comes into
force on its day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone

from contracts.checks.decisions import Last, last_decisions, standing_of
from contracts.checks.registry import Anomaly, Check, Severity, anomalies_of, check_of
from contracts.models import AnomalyDecision, AnomalyTally, Contract, ContractVersion
from contracts.selectors import version_in_force

log = structlog.get_logger(__name__)

TALLY_TASK: Final = "contracts.tally_anomalies"
STALE_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """An anomaly as it is kept: its place and figures as French text, and what tells whether they changed."""

    key: str
    fingerprint: str
    article: str
    where: str
    difference: str
    explanation: str

    @property
    def code(self) -> str:
        """Of the check that found it."""
        return self.key.partition("-")[0]

    @property
    def check(self) -> Check | None:
        """None when the check is no longer in the catalogue: the next tally drops what it found."""
        return check_of(self.code)

    @property
    def title(self) -> str:
        return self.check.title if self.check else ""


@dataclass(frozen=True, slots=True)
class Tally:
    """What the checks found in a contract, by where it stands now, what contradicts first.

    `facts` ask for nothing. `computed_at` is None when found on the spot; `failed_at`: the last attempt failed, and
    the rest is of the one before.
    """

    open: tuple[Kept, ...]
    accepted: tuple[Kept, ...]
    facts: tuple[Kept, ...]
    computed_at: datetime | None = None
    failed_at: datetime | None = None

    def open_of(self, severity: Severity) -> tuple[Kept, ...]:
        """The open ones of a severity."""
        return tuple(one for one in self.open if one.check and one.check.severity is severity)


def kept(anomaly: Anomaly) -> Kept:
    """What of an anomaly is kept."""
    return Kept(
        anomaly.key,
        anomaly.fingerprint,
        anomaly.article,
        anomaly.where,
        anomaly.difference,
        anomaly.explanation,
    )


def sorted_out(
    found: Iterable[Kept], last: Last, computed_at: datetime | None = None, failed_at: datetime | None = None
) -> Tally:
    """Anomalies by where they stand, from the last decision of each."""
    known = [one for one in found if one.check is not None]
    facts = tuple(one for one in known if one.check and one.check.severity is Severity.INFO)
    asking = [one for one in known if one.check and one.check.severity is not Severity.INFO]
    is_accepted = {one.key: standing_of(one.key, one.fingerprint, last).is_accepted for one in asking}
    still_open = tuple(one for one in asking if not is_accepted[one.key])
    accepted = tuple(one for one in asking if is_accepted[one.key])
    return Tally(still_open, accepted, facts, computed_at, failed_at)


def tallies_of(contracts: Iterable[int]) -> dict[int, Tally]:
    """By contract, what was last found in it; one never computed is not there. Two queries."""
    wanted = list(contracts)
    last: dict[int, dict[str, AnomalyDecision]] = {}
    for row in AnomalyDecision.objects.filter(contract__in=wanted).order_by("at", "pk"):
        last.setdefault(row.contract_id, {})[row.key] = row
    rows = AnomalyTally.objects.filter(contract__in=wanted, computed_at__isnull=False).order_by("pk")
    return {row.contract_id: _read(row, last.get(row.contract_id, {})) for row in rows}


def fresh_tally(version: ContractVersion, now: datetime) -> Tally | None:
    """What was last found in a version; None when that is of another version, too old, or missing. Two queries.

    What was found before the checks failed is told however old it is: looking again would fail too.
    """
    row = AnomalyTally.objects.filter(version=version, computed_at__isnull=False).first()
    if row is None or (row.failed_at is None and row.computed_at and row.computed_at < now - STALE_AFTER):
        return None
    return _read(row, last_decisions(version.contract))


def _read(row: AnomalyTally, last: Mapping[str, AnomalyDecision]) -> Tally:
    return sorted_out((Kept(**one) for one in row.found), last, row.computed_at, row.failed_at)


# --- Computed again ---


def tally_soon(contract: Contract | None = None) -> None:
    """Ask for a contract's tally once the transaction is written, for every contract's without one: computing it takes
    up to 0.2 s.
    """
    args = [] if contract is None else [contract.pk]
    transaction.on_commit(partial(current_app.send_task, TALLY_TASK, args=args), robust=True)


def tally_all(contract_id: int | None = None) -> int:
    """Compute the tally of one contract, or of all. Gives how many were computed.

    A contract whose checks break keeps what was last found, with the failure on its row and in the log; the others are
    computed all the same.
    """
    contracts = Contract.objects.order_by("pk") if contract_id is None else Contract.objects.filter(pk=contract_id)
    done = 0
    for contract in contracts:
        try:
            version = version_in_force(contract)
        except ContractVersion.DoesNotExist:
            continue  # never signed: nothing is checked
        done += _tallied(version)
    return done


def _tallied(version: ContractVersion) -> bool:
    """Whether the tally could be computed."""
    try:
        with transaction.atomic():
            tally(version)
    except SoftTimeLimitExceeded:
        raise  # the worker's clock, and no fault of a check: the next hour begins again
    except Exception as error:  # a fault of one check must not hide the other contracts: told, kept, and gone on
        log.exception("tally failed", contract=version.contract.code, version=version.number)
        AnomalyTally.objects.update_or_create(
            contract_id=version.contract_id,
            defaults={"failed_at": timezone.now(), "failure": f"{type(error).__name__}: {error}"[:500]},
        )
        return False
    return True


def tally(version: ContractVersion, at: datetime | None = None) -> AnomalyTally:
    """Compute again what the checks find in the version in force of a contract, and keep it."""
    found = [asdict(kept(one)) for one in anomalies_of(version)]
    row, _ = AnomalyTally.objects.update_or_create(
        contract_id=version.contract_id,
        defaults={
            "version": version,
            "found": found,
            "computed_at": at or timezone.now(),
            "failed_at": None,
            "failure": "",
        },
    )
    return row
