"""Words of the sub-projects."""

from django.db import models


class SubProjectState(models.TextChoices):
    """Where a sub-project stands; `contracts.subprojects.transitions` says how it moves."""

    IDENTIFIED = "identified", "Identifié"
    PRESELECTED = "preselected", "Présélectionné"
    FRAMED = "framed", "Cadré"
    RUNNING = "running", "En cours"
    FINISHED = "finished", "Terminé"
    REFUSED = "refused", "Refusé"
    ABANDONED = "abandoned", "Abandonné"

    @classmethod
    def pipeline(cls) -> "tuple[SubProjectState, ...]":
        """The states that lead from one to the next, in order."""
        return (cls.IDENTIFIED, cls.PRESELECTED, cls.FRAMED, cls.RUNNING, cls.FINISHED)

    @classmethod
    def closed(cls) -> "tuple[SubProjectState, ...]":
        """Those in which nothing is written any more."""
        return (cls.FINISHED, cls.REFUSED, cls.ABANDONED)


class SubProjectAction(models.TextChoices):
    PRESELECT = "preselect", "Présélectionner"
    SEND_BACK = "send_back", "Renvoyer à l’étape précédente"
    FRAME = "frame", "Retenir et cadrer"
    LAUNCH = "launch", "Lancer"
    FINISH = "finish", "Terminer"
    REFUSE = "refuse", "Refuser"
    ABANDON = "abandon", "Abandonner"
    REOPEN = "reopen", "Reprendre"


class GridAnswer(models.TextChoices):
    """What a person answers to a criterion that is not computed; blank is no answer yet."""

    YES = "oui", "Oui"
    NO = "non", "Non"
    NOT_APPLICABLE = "sans_objet", "Sans objet"
