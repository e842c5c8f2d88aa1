"""Synthetic contracts by the hundred: the same number gives the same contract, named so that nobody is misled."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db import connection, transaction

from accounts.enums import PerimeterKind, Role
from accounts.models import RoleGrant, User
from budget.models import PlannedCredit
from contracts.enums import Frequency, NomenclatureAuthority, OrganisationKind, VersionKind
from contracts.models import Contract, ContractVersion, Organisation
from ftap.bench import promise, reality
from monitoring.enums import FilingState
from monitoring.models import Campaign, Filing

BATCH = 2000
MINISTRIES, SERVICES = 5, 30


@dataclass(frozen=True)
class Synthetic:
    """What `build` made: the contracts by number, their filings oldest first, and two people who may sign in."""

    contracts: list[Contract]
    filings: dict[int, list[Filing]]
    secretariat: User
    lead: User

    @property
    def draft(self) -> Filing:
        """The filing of contract 001 that its lead is filling in."""
        return self.filings[self.contracts[0].pk][-1]

    @property
    def middle(self) -> Filing:
        """The same of contract 002, the middle one."""
        return self.filings[self.contracts[1].pk][-1]


@transaction.atomic
def build(contracts: int = 150, *, lines: int = 40, filings: int = 8, versions: int = 2) -> Synthetic:
    """Save so many synthetic contracts, each with its versions, ledgers, quarterly filings and actuals.

    The lead is that of « Contrat synthétique 001 » and « 002 », whose last filings are drafts. Meant for an empty
    database, or one that holds the four real contracts: run once.
    """
    ditp, db, services = _organisations()
    secretariat, lead = _people()
    made = _contracts(contracts, services)
    acts = _versions(made, versions)
    promises = [
        promise.promised(rank, contract, acts[contract.pk], lines) for rank, contract in enumerate(made, start=1)
    ]
    for name in ("axes", "sheets", "lines", "savings", "indicators", "milestones"):
        _save(chain.from_iterable(getattr(one, name) for one in promises))
    credits_ = [list(promise.credits_of(one)) for one in promises]
    analyse()
    _save(chain.from_iterable(credits_))
    _save(chain.from_iterable(promise.sheets_of(one, rows) for one, rows in zip(promises, credits_, strict=True)))
    for rows_of in (promise.savings_of, promise.terms_of, promise.posts_of, promise.targets_of, promise.calendar_of):
        _save(chain.from_iterable(rows_of(one) for one in promises))
    _save(chain.from_iterable(promise.frame_of(one, ditp, db) for one in promises))
    campaigns = reality.open_campaigns(filings)
    analyse()
    return Synthetic(made, _filings(promises, credits_, campaigns, lead), secretariat, lead)


def _organisations() -> tuple[Organisation, Organisation, list[Organisation]]:
    """DITP and DB, which real contracts also name, and the synthetic holders."""
    ditp, db = (
        Organisation.objects.get_or_create(code=code, defaults={"name": name, "kind": OrganisationKind.DIRECTION})[0]
        for code, name in (("ditp", "DITP"), ("db", "Direction du budget"))
    )
    ministries = Organisation.objects.bulk_create(
        Organisation(
            code=f"ministere-synthetique-{n}", name=f"Ministère synthétique {n}", kind=OrganisationKind.MINISTRY
        )
        for n in range(1, MINISTRIES + 1)
    )
    services = Organisation.objects.bulk_create(
        Organisation(
            code=f"service-synthetique-{n:02d}",
            name=f"Service synthétique {n:02d}",
            kind=OrganisationKind.PREFECTURE,
            ministry=ministries[n % MINISTRIES],
            region=f"Région synthétique {n % 13}",
        )
        for n in range(1, SERVICES + 1)
    )
    return ditp, db, services


def _people() -> tuple[User, User]:
    """A secretary who sees everything and the lead of the first two contracts; neither can sign in with a password."""
    secretariat = _person("secretariat", "Secrétariat")
    lead = _person("chef-de-projet", "Chef de projet")
    RoleGrant.objects.create(user=secretariat, role=Role.SECRETARIAT, perimeter_kind=PerimeterKind.ALL)
    for rank in (promise.LARGE_RANK, promise.MIDDLE_RANK):
        RoleGrant.objects.create(
            user=lead, role=Role.LEAD, perimeter_kind=PerimeterKind.CONTRACT, perimeter_key=contract_code(rank)
        )
    return secretariat, lead


def _person(name: str, title: str) -> User:
    made: User = User.objects.create_user(
        f"{name}@synthetique.example", first_name=title, last_name="(synthétique)", is_demo=True
    )
    return made


def contract_code(rank: int) -> str:
    """`synthetique-001` for the first."""
    return f"synthetique-{rank:03d}"


def _contracts(count: int, services: Sequence[Organisation]) -> list[Contract]:
    return Contract.objects.bulk_create(
        Contract(
            code=contract_code(rank),
            title=f"Contrat synthétique {rank:03d}",
            long_title=f"Contrat synthétique {rank:03d}, fabriqué pour les mesures",
            summary="Contrat fabriqué pour mesurer l’application : tous ses chiffres sont inventés.",
            holder=services[rank % len(services)],
            first_year=promise.FIRST_YEAR,
            last_year=promise.LAST_YEAR,
            filing_frequency=Frequency.QUARTERLY,
            filing_frequency_article="5",
            nomenclature_authority=NomenclatureAuthority.SECRETARIAT,
            is_demo=True,
        )
        for rank in range(1, count + 1)
    )


def _versions(contracts: Iterable[Contract], count: int) -> dict[int, list[ContractVersion]]:
    """The signature, then amendments each beginning a year later."""
    found: dict[int, list[ContractVersion]] = defaultdict(list)
    rows = ContractVersion.objects.bulk_create(
        ContractVersion(
            contract=contract,
            number=number,
            kind=VersionKind.AMENDMENT if number else VersionKind.SIGNATURE,
            signed_on=date(promise.FIRST_YEAR - 1 + number, 12, 15),
            reason="Motif synthétique" if number else "",
        )
        for contract in contracts
        for number in range(count)
    )
    for row in rows:
        found[row.contract_id].append(row)
    return found


def _filings(
    promises: Sequence[promise.Promised],
    credits_: Sequence[Sequence[PlannedCredit]],
    campaigns: Sequence[Campaign],
    author: User,
) -> dict[int, list[Filing]]:
    """The filings of every contract, filled while they are drafts, then in their states."""
    by_contract = {one.contract.pk: list(reality.filings_of(one, campaigns)) for one in promises}
    _save(chain.from_iterable(by_contract.values()))
    analyse()
    by_state: dict[FilingState, list[Filing]] = defaultdict(list)
    for one, rows in zip(promises, credits_, strict=True):
        filings = by_contract[one.contract.pk]
        plan = {(row.version.number, row.line.position, row.year): row.ae.amount for row in rows}
        _save(reality.declared(one, filings, plan))
        by_state[FilingState.LOCKED] += filings[:-1]
        by_state[reality.last_state(one.rank)].append(filings[-1])
    for state, filings in by_state.items():
        reality.close(filings, state, author)
    return by_contract


def _save(rows: Iterable[Any]) -> None:
    """Bulk inserts, one table after the other in the order in which the rows name them; keys are set on the rows."""
    tables: dict[type[Any], list[Any]] = defaultdict(list)
    for row in rows:
        tables[type(row)].append(row)
    for table, members in tables.items():
        table._default_manager.bulk_create(members, batch_size=BATCH)


def analyse() -> None:
    """Tells the planner what was just inserted: the checks of foreign keys would go on reading whole tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
