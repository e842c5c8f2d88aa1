"""Invented sub-projects of Lean in the demo, at each step of the pipeline, written through the services people use."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import User
from contracts.models import Contract, SubProject
from contracts.subprojects.calc import YearFigures
from contracts.subprojects.enums import SubProjectAction
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
from ftap.demonstration.review import one_page_pdf

INVENTED = "Démonstration, inventé."
_A = SubProjectAction
_WAY = (_A.PRESELECT, _A.FRAME, _A.LAUNCH, _A.FINISH)


@dataclass(frozen=True)
class DemoSubProject:
    """An invented sub-project: amounts in euros (fund, co-financing, recurrent saving), how far it went, and when.

    `acts` are the acts done, each on a day; `left` is how it left the pipeline, with the reason.
    """

    title: str
    holder: str
    purpose: str
    year: int
    ftap: int | None
    co_financing: int | None
    recurrent: int | None
    days: tuple[date, ...] = ()
    exception: str = ""
    left: tuple[SubProjectAction, date, str] | None = None

    @property
    def acts(self) -> list[tuple[SubProjectAction, date]]:
        """The steps of the pipeline that it went through."""
        return list(zip(_WAY, self.days, strict=False))


SUB_PROJECTS = (
    DemoSubProject(
        "Instruction des titres de séjour",
        "Préfecture A (inventée)",
        "Réorganiser le circuit des dossiers et automatiser les relances.",
        2023,
        420_000,
        380_000,
        610_000,
        (date(2023, 9, 12), date(2023, 10, 3), date(2023, 10, 16), date(2024, 4, 30)),
    ),
    DemoSubProject(
        "Paiement des aides à l’installation",
        "Direction départementale B (inventée)",
        "Réduire le délai de paiement par un robot de contrôle des pièces.",
        2024,
        260_000,
        240_000,
        205_000,
        (date(2024, 1, 18), date(2024, 2, 15), date(2024, 3, 4)),
        exception="Retour proche du niveau requis ; délai de paiement divisé par trois, méthode à généraliser.",
    ),
    DemoSubProject(
        "Accueil mutualisé des usagers",
        "Sous-préfecture C (inventée)",
        "Réunir trois guichets en un seul et simplifier la prise de rendez-vous.",
        2024,
        310_000,
        290_000,
        365_000,
        (date(2024, 2, 6), date(2024, 3, 14)),
    ),
    DemoSubProject(
        "Gestion des contrôles de sécurité",
        "Direction régionale D (inventée)",
        "Planifier les contrôles par secteur et dématérialiser les comptes rendus.",
        2025,
        540_000,
        500_000,
        590_000,
        (date(2024, 11, 20),),
    ),
    DemoSubProject(
        "Courrier et numérisation",
        "Secrétariat général commun E (inventé)",
        "Centraliser le courrier.",
        2025,
        None,
        None,
        None,
    ),
    DemoSubProject(
        "Refonte d’un système d’information",
        "Direction F (inventée)",
        "Remplacer l’application de gestion.",
        2025,
        1_500_000,
        700_000,
        900_000,
        left=(
            _A.REFUSE,
            date(2024, 6, 11),
            "Montant total supérieur à 2 M€ : le critère de l’article 4.3 n’est pas respecté.",
        ),
    ),
    DemoSubProject(
        "Parc de véhicules partagé",
        "Préfecture G (inventée)",
        "Partager les véhicules entre services.",
        2024,
        150_000,
        150_000,
        160_000,
        (date(2024, 1, 18),),
        left=(_A.ABANDON, date(2024, 5, 2), "Le service porteur a renoncé à son cofinancement."),
    ),
)
ANSWERS = (
    Answered("porteur-etat", "oui", ""),
    Answered("qualite-service", "oui", f"Enquête avant et après. {INVENTED}"),
    Answered("strategique-novateur", "oui", INVENTED),
    Answered("gouvernance", "oui", f"Agents associés au comité. {INVENTED}"),
    Answered("etat-plateforme", "sans_objet", ""),
)


def play_sub_projects(contract: Contract, *, lead: User, decider: User, on: date) -> None:
    """Write each invented sub-project as far as it went; safe to run twice."""
    if not contract.sub_projects.exists():
        for planned in SUB_PROJECTS:
            _play(contract, planned, lead, decider, on)


def _play(contract: Contract, planned: DemoSubProject, lead: User, decider: User, on: date) -> None:
    purpose = f"{planned.purpose} {INVENTED}"
    given = Description(planned.title, planned.holder, purpose, f"Un cabinet de conseil. {INVENTED}")
    row = identify(contract=contract, given=given, actor=lead, is_demo=True)
    if planned.ftap is not None:
        _fill(row, planned, lead)
    for action, day in planned.acts:
        if action == _A.FRAME and planned.exception:
            row.refresh_from_db()
            record_exception(sub_project=row, reason=planned.exception, revision=row.revision, actor=decider)
        actor = decider if action == _A.FRAME else lead
        row = move(sub_project=row, action=action, on=day, reason=INVENTED, actor=actor, today=on)
    if planned.left:
        action, day, reason = planned.left
        move(sub_project=row, action=action, on=day, reason=f"{reason} {INVENTED}", actor=decider, today=on)


def _fill(row: SubProject, planned: DemoSubProject, lead: User) -> None:
    """Amounts, answers and the framing document."""
    fund, others = _both(planned.ftap), _both(planned.co_financing)
    rising = (Decimal("0.4"), Decimal("0.8"), Decimal(1))
    saved = [
        YearFigures(planned.year + rank, savings=(planned.recurrent or 0) * share)
        for rank, share in enumerate(rising, start=1)
    ]
    row = record_figures(
        sub_project=row,
        years=[YearFigures(planned.year, fund, others), *saved],
        recurrent=None if planned.recurrent is None else Decimal(planned.recurrent),
        basis=f"Temps de travail gagné, valorisé au coût moyen. {INVENTED}",
        revision=row.revision,
        actor=lead,
    )
    answer_grid(sub_project=row, given=ANSWERS, revision=row.revision, actor=lead)
    if planned.days:
        join_document(sub_project=row, name="document-de-cadrage-invente.pdf", content=one_page_pdf(), actor=lead)


def _both(amount: int | None) -> AeCp:
    """AE = CP."""
    euros = None if amount is None else Decimal(amount)
    return AeCp(euros, euros)
