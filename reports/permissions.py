"""Who may read reports, deliveries and jobs, and ask again for a report."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import User
from accounts.permissions import has_role, has_role_on
from contracts.models import Contract
from contracts.perimeters import perimeters_of
from monitoring.permissions import READING_ROLES
from reports.models import Delivery, Job, Snapshot

Viewer = User | AnonymousUser


def can_see_reports(user: Viewer) -> bool:
    """Whoever may read figures; the list holds the contracts of their perimeter."""
    return has_role(user, *READING_ROLES)


def can_see_deliveries(user: Viewer) -> bool:
    """The log of what left by mail is the secretariat's."""
    return has_role(user, Role.SECRETARIAT)


def can_retry(user: Viewer, job: Job) -> bool:
    """The secretariat of the job's contract asks again for a report that failed."""
    return has_role_on(user, perimeters_of(job.filing.contract), Role.SECRETARIAT)


def snapshots_visible_to(user: User) -> QuerySet[Snapshot]:
    """The reports of the contracts that the person may read, the last first."""
    rows = Snapshot.objects.filter(filing__contract__in=Contract.objects.visible_to(user))
    return rows.select_related("filing__campaign", "filing__contract").prefetch_related("files")


def jobs_visible_to(user: User) -> QuerySet[Job]:
    """The long tasks of these contracts, the last first."""
    rows = Job.objects.filter(filing__contract__in=Contract.objects.visible_to(user))
    return rows.select_related("filing__campaign", "filing__contract__holder__ministry", "requested_by", "snapshot")


def deliveries_visible_to(user: User) -> QuerySet[Delivery]:
    """What left by mail about the contracts on which the person is the secretariat."""
    contracts = Contract.objects.all().within(user, [Role.SECRETARIAT])
    rows = Delivery.objects.filter(snapshot__filing__contract__in=contracts)
    return rows.select_related("mail", "snapshot__filing__campaign", "snapshot__filing__contract")
