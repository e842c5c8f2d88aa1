"""The sub-projects of an umbrella contract: all of them, and each one."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from budget.selectors import credit_situation
from contracts.pages import SUB_PROJECTS
from contracts.subprojects.enums import SubProjectAction
from contracts.subprojects.permissions import can_edit, can_except, can_move, can_propose
from contracts.subprojects.selectors import Pipeline, Standing, acts_on, pipeline_of
from contracts.views.subprojects import sub_project_of, umbrella_page
from reports import subprojects
from reports.pipeline import pipeline_facts

FORWARD = (SubProjectAction.PRESELECT, SubProjectAction.FRAME, SubProjectAction.LAUNCH, SubProjectAction.FINISH)


@require_safe
@login_required
def sub_projects(request: HttpRequest, code: str) -> HttpResponse:
    """Where do the sub-projects stand, and does the whole respect the rule of the fund?"""
    page = umbrella_page(request, code)
    today = timezone.localdate()
    pipeline = pipeline_of(page.contract, page.on)
    facts = pipeline_facts(pipeline, page.on or today)
    credits_ = credit_situation(page.contract, page.version, page.on)
    years = subprojects.year_rows(pipeline, credits_)
    context = page.context | {
        "pipeline": pipeline,
        "facts": facts,
        "rows": [(one, told.own_return) for one, told in zip(pipeline.standings, facts.sub_projects, strict=True)],
        "keys": subprojects.key_figures(pipeline, credits_),
        "years": years,
        "year_total": subprojects.year_total(years),
        "chart": subprojects.chart(years),
        "today": today,
        "may_add": page.on is None and can_propose(cast("User", request.user), page.contract),
    }
    return render(request, "reports/subprojects/list.html", context)


@require_safe
@login_required
def sub_project(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What is this sub-project, may it be retained, what does it give back?"""
    page = umbrella_page(request, code)
    row = sub_project_of(page, number)
    pipeline = pipeline_of(page.contract)
    standing = next(one for one in pipeline.standings if one.row.pk == row.pk)
    user, today = cast("User", request.user), timezone.localdate()
    own = subprojects.return_of(standing.figures, today)
    trail = [*page.context["breadcrumbs"][:-1], (SUB_PROJECTS, reverse("reports:sub_projects", args=[code]))]
    context = page.context | {
        "standing": standing,
        "row": standing.row,
        "return_": own,
        "own_returns": [own],
        "whole": pipeline.retained.with_member(standing.member),
        "documents": list(standing.row.documents.select_related("uploaded_by").order_by("-pk")),
        "moves": standing.row.moves.select_related("actor").order_by("-on", "-pk"),
        "acts": _acts(user, standing, pipeline),
        "may_edit": can_edit(user, standing.row),
        "may_except": can_except(user, standing.row) and standing.grid.refused_return is not None,
        "today": today,
        "breadcrumbs": [*trail, (row.title, "")],
    }
    return render(request, "reports/subprojects/one.html", context)


def _acts(user: User, standing: Standing, pipeline: Pipeline) -> list[dict[str, Any]]:
    """What this person may do next, with what is still missing."""
    return [
        {"line": line, "missing": missing, "is_forward": line.action in FORWARD}
        for line, missing in acts_on(standing, pipeline)
        if can_move(user, standing.row, line)
    ]
