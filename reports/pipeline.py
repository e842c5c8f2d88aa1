"""The sub-projects of an umbrella contract as facts of a situation: steps, sub-projects, consolidated return."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.models import Contract
from contracts.subprojects.selectors import Pipeline, is_umbrella, pipeline_of
from figures.ae_cp import AeCp
from reports.subprojects import StateRow, conclusion, consolidated_returns, return_of, state_rows, warning
from savings.calc import Return


@dataclass(frozen=True)
class StepFacts:
    """A step of the pipeline, or a way out of it (`has_left`): how many sub-projects, and their amounts added."""

    state: str
    state_label: str
    has_left: bool
    count: int
    ftap: AeCp
    co_financing: AeCp
    recurrent: Decimal | None


@dataclass(frozen=True)
class SubProjectFacts:
    """A sub-project with its own return at three years; `exception` is why it is retained below the rule."""

    number: int
    title: str
    holder: str
    state: str
    state_label: str
    ftap: AeCp
    co_financing: AeCp
    own_return: Return
    exception: str
    is_demo: bool


@dataclass(frozen=True)
class PipelineFacts:
    """Where the sub-projects stand, in euros; `returns`: consolidated, of the retained ones, then with candidates.

    `conclusion` and `warning` are sentences; the second is blank while the whole respects the rule.
    """

    steps: tuple[StepFacts, ...]
    sub_projects: tuple[SubProjectFacts, ...]
    returns: tuple[Return, ...]
    conclusion: str
    warning: str

    @property
    def is_demo(self) -> bool:
        """Whether some of them are invented for a demonstration."""
        return any(one.is_demo for one in self.sub_projects)


def sub_projects_of(contract: Contract, on: date, by: date | None = None) -> PipelineFacts | None:
    """The pipeline of an umbrella contract, each return of the day `on`; None for another contract, without a query.

    `by`: where each stood on a day that is past (see `pipeline_of`). Seven queries at most.
    """
    return pipeline_facts(pipeline_of(contract, by), on) if is_umbrella(contract) else None


def pipeline_facts(pipeline: Pipeline, on: date) -> PipelineFacts:
    """A pipeline as facts. Pure."""
    return PipelineFacts(
        steps=tuple(_step(one) for one in state_rows(pipeline)),
        sub_projects=tuple(
            SubProjectFacts(
                number=one.row.number,
                title=one.row.title,
                holder=one.row.holder,
                state=one.state.value,
                state_label=str(one.state.label),
                ftap=one.figures.ftap,
                co_financing=AeCp(one.figures.co_financing.ae, one.figures.co_financing_cp),
                own_return=return_of(one.figures, on),
                exception=one.row.exception,
                is_demo=one.row.is_demo,
            )
            for one in pipeline.standings
        ),
        returns=consolidated_returns(pipeline, on),
        conclusion=conclusion(pipeline),
        warning=warning(pipeline),
    )


def _step(one: StateRow) -> StepFacts:
    label = str(one.state.label)
    return StepFacts(one.state.value, label, one.has_left, one.count, one.ftap, one.co_financing, one.recurrent)
