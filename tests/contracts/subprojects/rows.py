"""Sub-projects as the tests need them: an umbrella contract, and one sub-project at each step."""

from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from contracts.enums import ContractKind
from contracts.models import (
    Contract,
    CriterionAnswer,
    FramingDocument,
    SelectionCriterion,
    SubProject,
    SubProjectMove,
    SubProjectYear,
)
from contracts.subprojects.calc import YearFigures
from contracts.subprojects.services import (
    Answered,
    Description,
    answer_grid,
    identify,
    join_document,
    move,
    record_exception,
    record_figures,
)
from figures.ae_cp import AeCp
from tests.contracts.evidence_files import pdf

TODAY = date(2024, 1, 31)
YES = [
    Answered(code, "oui", "") for code in ("porteur-etat", "qualite-service", "strategique-novateur", "gouvernance")
] + [Answered("etat-plateforme", "sans_objet", "")]


def euros(amount: float | str | None) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def both(amount: float | str | None) -> AeCp:
    """AE = CP."""
    return AeCp(euros(amount), euros(amount))


def make_umbrella(contract: Contract) -> Contract:
    """Any contract turned into an umbrella, with the criteria that the pages need."""
    Contract.objects.filter(pk=contract.pk).update(kind=ContractKind.UMBRELLA)
    if not contract.criteria.exists():
        SelectionCriterion.objects.create(
            contract=contract, code="porteur-etat", family="porteur", label="L’État", is_alternative=True
        )
    contract.refresh_from_db()
    return contract


def make_sub_project(contract: Contract, person: User) -> SubProject:
    """A sub-project with one of each thing that hangs on it, written straight into the tables."""
    contract = make_umbrella(contract)
    row = SubProject.objects.create(
        contract=contract, number=1, title="Accueil", holder="Préfecture", purpose="Simplifier", updated_by=person
    )
    SubProjectYear.objects.create(sub_project=row, year=2021)
    criterion = contract.criteria.order_by("position", "pk")[0]
    CriterionAnswer.objects.create(sub_project=row, criterion=criterion, answered_by=person, answered_at=timezone.now())
    FramingDocument.objects.create(
        sub_project=row,
        file=ContentFile(b"%PDF-1.7", name="document"),
        name="cadrage.pdf",
        content_type="application/pdf",
        size=8,
        sha256="0" * 64,
        uploaded_by=person,
    )
    move_ = {"action": "preselect", "from_state": "identified", "to_state": "preselected"}
    SubProjectMove.objects.create(sub_project=row, on=TODAY, actor=person, **move_)
    return row


def description(title: str = "Accueil simplifié") -> Description:
    return Description(title, "Préfecture de la Manche", "Simplifier l’accueil.", "Un cabinet de conseil.")


def identified(contract: Contract, actor: User, title: str = "Accueil simplifié") -> SubProject:
    return identify(contract=contract, given=description(title), actor=actor)


def with_figures(
    row: SubProject,
    actor: User,
    ftap: float | str | None,
    co_financing: float | str | None,
    recurrent: float | str | None,
    *,
    year: int = 2024,
) -> SubProject:
    """One year of credits, AE = CP, and a recurrent saving."""
    row.refresh_from_db()
    return record_figures(
        sub_project=row,
        years=[YearFigures(year, both(ftap), both(co_financing))],
        recurrent=euros(recurrent),
        basis="Temps gagné",
        revision=row.revision,
        actor=actor,
    )


def answered(row: SubProject, actor: User, given: list[Answered] | None = None) -> SubProject:
    row.refresh_from_db()
    return answer_grid(sub_project=row, given=YES if given is None else given, revision=row.revision, actor=actor)


def moved(row: SubProject, actor: User, action: str, on: date = TODAY, reason: str = "Comité") -> SubProject:
    return move(sub_project=row, action=action, on=on, reason=reason, actor=actor, today=TODAY)


def framed(
    contract: Contract, lead: User, decider: User, title: str, amounts: tuple[float, float, float], exception: str = ""
) -> SubProject:
    """A sub-project of Lean brought to « cadré » through the services."""
    row = identified(contract, lead, title)
    with_figures(row, lead, *amounts)
    answered(row, lead)
    join_document(sub_project=row, name="cadrage.pdf", content=pdf(), actor=lead)
    moved(row, lead, "preselect")
    if exception:
        row.refresh_from_db()
        record_exception(sub_project=row, reason=exception, revision=row.revision, actor=decider)
    return moved(row, decider, "frame")
