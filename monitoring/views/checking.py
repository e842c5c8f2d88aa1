"""What the rules would say of a form of words and dates, were it saved as it stands: asked while typing.

The form is written by the same service as for good, the rules read it, and the whole is undone: nothing else could say
exactly what will be said after saving. Answered by a fragment that static/js/checks.js puts in its places.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monitoring import rules
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Filing
from monitoring.rules import FilingFinding

ASKED: Final = "controler"
"""The field that checks.js adds: without it the form is saved."""
CLOSED, UNREADABLE = 409, 422
Written = TypeVar("Written")


@dataclass(frozen=True)
class Place:
    """What is said at one place of the page: its id there, what was not understood, what the rules find.

    `has_links`: whether the cells are on this very page.
    """

    anchor: str
    errors: Sequence[str] = ()
    findings: Sequence[FilingFinding] = ()
    has_links: bool = True


def is_asked(request: HttpRequest) -> bool:
    """Whether the form is sent to be looked at only."""
    return ASKED in request.POST


def answer(
    request: HttpRequest,
    filing: Filing,
    write: Callable[[], Written],
    *,
    within: Collection[str],
    errors: Mapping[str, Sequence[str]] | None = None,
    here: Callable[[Written, Sequence[FilingFinding]], Place] | None = None,
) -> HttpResponse:
    """The findings of these sections once `write` is done, and `errors` by place; the write is undone.

    `here` makes of the findings the one place of a page that has no rows.

    409 for a filing that takes no more, 422 for what the service would refuse: the page then keeps what it shows.
    """
    try:
        with undone():
            written = write()
            findings = rules.findings(filing, within=within)
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except FilingError as error:
        return refused(str(error), CLOSED)
    except ValidationError as error:
        return refused(" ".join(error.messages))
    said = [here(written, findings)] if here else places(findings, errors or {})
    context = {"findings": [] if here else findings, "places": said}
    return render(request, "monitoring/_checked.html", context)


def refused(text: str = "Formulaire incomplet.", status: int = UNREADABLE) -> HttpResponse:
    """Nothing to say of a form that cannot be read."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def places(findings: Sequence[FilingFinding], errors: Mapping[str, Sequence[str]]) -> list[Place]:
    """What is to be said at each place, by its id."""
    by_anchor: dict[str, list[FilingFinding]] = {anchor: [] for anchor in errors}
    for one in findings:
        by_anchor.setdefault(one.finding.anchor, []).append(one)
    return [Place(anchor, errors.get(anchor, ()), found) for anchor, found in by_anchor.items() if anchor]


def at(findings: Sequence[FilingFinding], anchor: str) -> list[FilingFinding]:
    """The findings on one place."""
    return [one for one in findings if one.finding.anchor == anchor]


def errors_of(form: Any) -> list[str]:
    """What the form says of its fields, without their names."""
    return [str(error) for errors in form.errors.values() for error in errors]


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is forgotten when the block ends, and so is what it would have sent."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
