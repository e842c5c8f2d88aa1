"""Demo accounts: one for each role, named by what they do, so that nobody takes them for a real person."""

from dataclasses import dataclass

from django.db import transaction

from accounts.enums import PerimeterKind, Role
from accounts.models import RoleGrant, User

PASSWORD = "demonstration-ftap"  # noqa: S105 - printed on the terminal, for a trial on one machine only
DOMAIN = "demo.example"


@dataclass(frozen=True)
class DemoPerson:
    """An account of the trial: name before the @, what it shows, role and perimeter."""

    name: str
    title: str
    role: Role
    kind: PerimeterKind = PerimeterKind.ALL
    key: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.name}@{DOMAIN}"


PEOPLE = (
    DemoPerson("secretariat", "Secrétariat du fonds", Role.SECRETARIAT),
    DemoPerson("ditp", "Instruction DITP", Role.DITP_REVIEWER),
    DemoPerson("db", "Instruction direction du budget", Role.DB_REVIEWER),
    DemoPerson("incub-o", "Chef de projet Incub-O", Role.LEAD, PerimeterKind.CONTRACT, "incub-o"),
    DemoPerson("cap2030", "Chef de projet CAP2030", Role.LEAD, PerimeterKind.CONTRACT, "cap2030"),
    DemoPerson("lean", "Chef de projet Lean management", Role.LEAD, PerimeterKind.CONTRACT, "lean-management"),
    DemoPerson("lab-minnov", "Chef de projet Lab Minnov", Role.LEAD, PerimeterKind.CONTRACT, "lab-minnov"),
    # The four real contracts tie no row to a sheet: only the invented one has something for a contributor to fill.
    DemoPerson(
        "contributeur", "Contributeur du contrat inventé", Role.CONTRIBUTOR, PerimeterKind.SHEETS, "exemple", ("1",)
    ),
    DemoPerson("lecteur", "Lecteur ministère de l’Intérieur", Role.READER, PerimeterKind.MINISTRY, "interieur"),
    DemoPerson("admin", "Administration des comptes", Role.ADMINISTRATOR),
)


@transaction.atomic
def create_people() -> dict[str, User]:
    """Create the accounts that are missing, with their role; give them all by the name before the @."""
    return {person.name: _create(person) for person in PEOPLE}


def _create(person: DemoPerson) -> User:
    user: User | None = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email,
            PASSWORD,
            first_name=person.title,
            last_name="(démonstration)",
            is_demo=True,
            is_staff=person.role == Role.ADMINISTRATOR,
        )
    RoleGrant.objects.get_or_create(
        user=user,
        role=person.role,
        perimeter_kind=person.kind,
        perimeter_key=person.key,
        defaults={"sheets": list(person.sheets)},
    )
    return user
