"""The promise's frame: who signed what, in which parts, with which codes and which printed figures."""

from contracts.models.anomalies import AnomalyDecision, AnomalyTally
from contracts.models.calls import ProjectCall
from contracts.models.contract import Contract, ContractVersion
from contracts.models.life import ActDateCorrection, LifeEvent, NomenclatureChange
from contracts.models.organisations import Organisation
from contracts.models.people import Committee, Party, Recipient, Signatory
from contracts.models.provisions import NomenclatureCode, Observation, Provision, SelectionCriterion
from contracts.models.readings import Reading, StatedFigure
from contracts.models.structure import Axis, Milestone, PlannedMilestone, PlannedSheet, ProjectSheet
from contracts.models.subprojects import (
    CriterionAnswer,
    FramingDocument,
    SubProject,
    SubProjectMove,
    SubProjectYear,
)

__all__ = [
    "ActDateCorrection",
    "AnomalyDecision",
    "AnomalyTally",
    "Axis",
    "Committee",
    "Contract",
    "ContractVersion",
    "CriterionAnswer",
    "FramingDocument",
    "LifeEvent",
    "Milestone",
    "NomenclatureChange",
    "NomenclatureCode",
    "Observation",
    "Organisation",
    "Party",
    "PlannedMilestone",
    "PlannedSheet",
    "ProjectCall",
    "ProjectSheet",
    "Provision",
    "Reading",
    "Recipient",
    "SelectionCriterion",
    "Signatory",
    "StatedFigure",
    "SubProject",
    "SubProjectMove",
    "SubProjectYear",
]
