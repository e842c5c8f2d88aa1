"""Reads of sub-projects: a constant number of queries, whatever their number."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from django.apps import apps
from django.utils import timezone

from contracts.enums import ContractKind
from contracts.fields import amount
from contracts.models import (
    Contract,
    ContractVersion,
    FramingDocument,
    SelectionCriterion,
    SubProject,
    SubProjectMove,
    SubProjectYear,
)
from contracts.subprojects.calc import COUNTED, ONE_FOR_ONE, Consolidated, Figures, Member, YearFigures, numbered
from contracts.subprojects.criteria import Check, Criterion, Given, Grid, grid
from contracts.subprojects.enums import SubProjectState
from contracts.subprojects.transitions import Need, Transition, transitions_from
from figures import formats
from figures.ae_cp import AeCp

WITH_FIGURES: Final = ("years", "answers__criterion", "answers__answered_by", "documents")
"""What the figures and the grid of a sub-project are read from."""


@dataclass(frozen=True)
class Standing:
    """A sub-project with what is computed of it; `document` is the framing document in force, None without."""

    row: SubProject
    figures: Figures
    grid: Grid
    document: FramingDocument | None

    @property
    def state(self) -> SubProjectState:
        return SubProjectState(self.row.state)

    @property
    def member(self) -> Member:
        """The same as a member of the whole."""
        return Member(self.row.number, self.row.title, self.figures, self.row.exception)

    @property
    def warnings(self) -> list[str]:
        """What does not agree in the amounts, in French; blocks nothing."""
        found = []
        for label, pair in (("FTAP", self.figures.ftap), ("Cofinancement", self.figures.co_financing)):
            if pair.ae is not None and pair.cp is not None and pair.ae != pair.cp:
                found.append(f"{label}\u00a0: les AE et les CP prévus ne s’accordent pas sur la durée du sous-projet.")
        if self.figures.ftap_cp != self.figures.ftap.cp:
            found.append(
                "FTAP\u00a0: les CP ne sont pas tous renseignés\u00a0; le retour compte ceux qui s’accordent aux AE, "
                f"{formats.exact_euros(self.figures.ftap_cp)} sur la durée."
            )
        expected, recurrent = self.figures.expected, self.figures.recurrent
        if expected is not None and recurrent is not None and expected < recurrent:
            found.append(
                f"L’économie pérenne annoncée n’est pas atteinte en {self.figures.return_year}, trois ans après le "
                "dernier financement\u00a0: le retour compte l’économie de cette année-là."
            )
        return found

    @property
    def is_to_complete(self) -> bool:
        """Whether its team has something to bring before it may be decided upon: the document, an answer."""
        return self.document is None or self.grid.answered < len(self.grid.rows)

    def missing(self, line: Transition) -> list[str]:
        """What the sub-project itself still lacks for this act, in French; empty when nothing."""
        found: dict[Need, Callable[[], list[str]]] = {
            Need.ELIGIBILITY: self.grid.missing_eligibility,
            Need.SELECTION: self.grid.missing_selection,
            Need.DOCUMENT: lambda: [] if self.document else ["Le document de cadrage n’est pas joint."],
        }
        return [reason for need in line.needs if need in found for reason in found[need]()]


@dataclass(frozen=True)
class Pipeline:
    """Every sub-project of an umbrella contract."""

    standings: tuple[Standing, ...]
    threshold: Decimal

    @cached_property
    def by_state(self) -> dict[SubProjectState, tuple[Standing, ...]]:
        """By state, the pipeline first, then those that left it."""
        return {state: tuple(one for one in self.standings if one.state == state) for state in SubProjectState}

    @cached_property
    def retained(self) -> Consolidated:
        """Those retained (framed, running, finished), taken together."""
        return self._whole(one for one in self.standings if one.row.state in COUNTED)

    @cached_property
    def with_candidates(self) -> Consolidated:
        """The same with those preselected: what the whole would be if all were retained."""
        states = (*COUNTED, SubProjectState.PRESELECTED)
        return self._whole(one for one in self.standings if one.row.state in states)

    def missing(self, standing: Standing, line: Transition) -> list[str]:
        """What a sub-project lacks for this act, itself and beside those retained, in French; empty when nothing."""
        missing = standing.missing(line)
        return [*missing, *self._unborne_exception(standing)] if Need.WHOLE in line.needs else missing

    def _unborne_exception(self, standing: Standing) -> list[str]:
        """An exception stands only as long as the whole respects the rule (Lean, article 3)."""
        whole = self.retained.with_member(standing.member)
        if standing.grid.refused_return is None or not standing.row.exception or whole.is_respected:
            return []
        if whole.unpriced:
            unknown = f"aucun montant du fonds n’est renseigné pour {numbered(whole.unpriced)}"
            return [f"L’exception n’est pas admise\u00a0: {unknown}, le retour de l’ensemble n’est pas calculable."]
        shortfall = formats.exact_euros(whole.shortfall)
        said = f"L’exception n’est pas admise\u00a0: avec ce sous-projet, il manque {shortfall} d’économies pérennes"
        return [f"{said} par an pour que l’ensemble des sous-projets retenus respecte la règle."]

    def _whole(self, standings: Iterable[Standing]) -> Consolidated:
        return Consolidated(tuple(one.member for one in standings), self.threshold)


def is_umbrella(contract: Contract) -> bool:
    """Whether the contract may have sub-projects."""
    return contract.kind == ContractKind.UMBRELLA


def criteria_of(contract: Contract) -> tuple[Criterion, ...]:
    """The criteria that the contract writes, in its order; one query."""
    return tuple(_criterion(one) for one in contract.criteria.all())


def pipeline_of(contract: Contract, by: date | None = None) -> Pipeline:
    """Every sub-project of the contract, by number; five queries, seven with a day.

    With `by`: those known on that day, each in the state that it then had. Amounts and answers are those of now.
    """
    criteria = criteria_of(contract)
    rows = contract.sub_projects.select_related("updated_by").order_by("number")
    rows = rows.prefetch_related(*WITH_FIGURES)
    known = list(rows) if by is None else _as_of(list(rows), by)
    for row in known:
        row.contract = contract
    return _pipeline(criteria, known)


def pipelines_of(contracts: Iterable[int]) -> dict[Contract, Pipeline]:
    """The pipelines of the umbrella contracts among these that have sub-projects, by title. Seven queries, whatever
    their number; one when none has any.
    """
    rows = SubProject.objects.filter(contract__in=list(contracts)).select_related("contract", "updated_by")
    rows = rows.prefetch_related("contract__criteria", *WITH_FIGURES).order_by("contract__title", "number")
    found: dict[Contract, list[SubProject]] = {}
    for row in rows:
        found.setdefault(row.contract, []).append(row)
    return {contract: _pipeline(criteria_of(contract), known) for contract, known in found.items()}


def _pipeline(criteria: Sequence[Criterion], rows: Iterable[SubProject]) -> Pipeline:
    return Pipeline(tuple(_standing(row, criteria) for row in rows), threshold_of(criteria))


def counts_of(contracts: Iterable[int]) -> dict[int, tuple[int, int]]:
    """By contract that has sub-projects, how many there are and how many are retained. One query."""
    found: dict[int, tuple[int, int]] = {}
    rows = SubProject.objects.filter(contract__in=list(contracts)).order_by()
    for contract, state in rows.values_list("contract_id", "state"):
        count, retained = found.get(contract, (0, 0))
        found[contract] = (count + 1, retained + (state in COUNTED))
    return found


def standing_of(sub_project: SubProject) -> Standing:
    """One sub-project with what is computed of it."""
    return _standing(sub_project, criteria_of(sub_project.contract))


def threshold_of(criteria: Sequence[Criterion]) -> Decimal:
    """What the contract asks of the return, in euros a year by euro of the fund; one for one when it writes nothing."""
    written = (one.threshold for one in criteria if one.check == Check.RETURN)
    return next((one for one in written if one is not None), ONE_FOR_ONE)


def acts_on(standing: Standing, pipeline: Pipeline) -> list[tuple[Transition, list[str]]]:
    """What may come next of a sub-project, each with what it still lacks."""
    return [(line, pipeline.missing(standing, line)) for line in transitions_from(standing.row.state)]


def missing_of(sub_project: SubProject, line: Transition) -> list[str]:
    """What a sub-project still lacks for an act, in French; empty when nothing. Five queries."""
    pipeline = pipeline_of(sub_project.contract)
    standing = next(one for one in pipeline.standings if one.row.pk == sub_project.pk)
    return pipeline.missing(standing, line)


def sub_projects_hang_on(version: ContractVersion) -> str:
    """Why a contract file may not replace a version in place: its criteria bear answers."""
    hang = SubProject.objects.filter(contract=version.contract_id).exists()
    return "Des sous-projets s’appuient sur ses critères." if hang else ""


def _as_of(rows: Sequence[SubProject], day: date) -> list[SubProject]:
    """Rows in the state that their acts gave them by a day, in memory only; not those that came after it."""
    acted = SubProjectMove.objects.filter(sub_project__in=rows, on__lte=day).order_by("on", "at", "pk")
    states: dict[int, str] = dict(acted.values_list("sub_project_id", "to_state"))
    written = apps.get_model("contracts", "SubProjectEvent").objects.filter(pgh_obj__in=rows, pgh_label="insert")
    since = {pk: timezone.localdate(at) for pk, at in written.values_list("pgh_obj_id", "pgh_created_at")}
    found = []
    for row in rows:
        if row.pk in states or since.get(row.pk, day) <= day:
            row.state = states.get(row.pk, SubProjectState.IDENTIFIED)
            found.append(row)
    return found


def _standing(row: SubProject, criteria: Sequence[Criterion]) -> Standing:
    figures = Figures(tuple(_year(one) for one in row.years.all()), amount(row.recurrent))
    given = {
        one.criterion.code: Given(one.answer, one.comment, str(one.answered_by), one.answered_at)
        for one in row.answers.all()
    }
    document = next(iter(row.documents.all()), None)
    return Standing(row, figures, grid(criteria, given, figures, row.exception), document)


def _year(row: SubProjectYear) -> YearFigures:
    return YearFigures(
        row.year,
        AeCp(amount(row.ftap_ae), amount(row.ftap_cp)),
        AeCp(amount(row.co_financing_ae), amount(row.co_financing_cp)),
        amount(row.savings),
    )


def _criterion(row: SelectionCriterion) -> Criterion:
    return Criterion(
        code=row.code,
        family=row.family,
        family_label=row.get_family_display(),
        label=row.label,
        article=row.article,
        check=row.computed_check,
        threshold=amount(row.threshold),
        is_alternative=row.is_alternative,
        may_not_apply=row.may_not_apply,
        allows_exception=row.allows_exception,
    )
