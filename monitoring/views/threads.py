"""Threads of remarks on the rows of a filing: asked from the review, answered from the lead's own pages."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.resuming import signed_in_or_kept
from monitoring.errors import FilingError, NotAllowedError
from monitoring.forms import LongText, RemarkForm
from monitoring.models import Filing, Thread
from monitoring.permissions import can_answer_thread, can_open_thread, can_resolve_thread, can_review_filing
from monitoring.services.threads import answer_thread, open_thread, resolve_thread
from monitoring.threads_selectors import place_of, threads_of
from monitoring.views.access import discussed_filing, trail, viewer
from monitoring.views.review import VIEWS

REFUSED = 422


@require_safe
@login_required
def threads(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything said of the filing: what is open first, then what was resolved."""
    person, shown = viewer(request), discussed_filing(request, pk)
    context = {
        "filing": shown,
        "threads": [(thread, place_of(thread, shown)) for thread in threads_of(shown)],
        "can_answer": can_answer_thread(person, shown),
        "can_resolve": can_resolve_thread(person, shown),
        "view": "",
        **trail(shown, ("Remarques", request.path)),
    }
    return render(request, "monitoring/threads.html", context)


@require_POST
@signed_in_or_kept
def thread_open(request: HttpRequest, pk: int) -> HttpResponse:
    """A question on a row of the review."""
    person, shown = viewer(request), discussed_filing(request, pk)
    if not can_open_thread(person, shown):
        raise PermissionDenied
    return _said(
        request,
        shown,
        lambda text: (
            open_thread(
                filing=shown,
                actor=person,
                section=request.POST.get("section", ""),
                row=request.POST.get("row", ""),
                text=text,
            ).anchor
        ),
    )


@require_POST
@signed_in_or_kept
def thread_answer(request: HttpRequest, pk: int, thread_pk: int) -> HttpResponse:
    """An answer in an open thread."""
    person, shown = viewer(request), discussed_filing(request, pk)
    if not can_answer_thread(person, shown):
        raise PermissionDenied
    thread = get_object_or_404(shown.threads, pk=thread_pk)

    def say(text: str) -> str:
        anchor: str = answer_thread(thread=thread, actor=person, text=text).thread.anchor
        return anchor

    return _said(request, shown, say, thread.label)


@require_POST
@signed_in_or_kept
def thread_resolve(request: HttpRequest, pk: int, thread_pk: int) -> HttpResponse:
    """The question is settled."""
    person, shown = viewer(request), discussed_filing(request, pk)
    if not can_resolve_thread(person, shown):
        raise PermissionDenied
    thread: Thread = get_object_or_404(shown.threads, pk=thread_pk)
    return _done(request, shown, lambda: resolve_thread(thread=thread, actor=person).anchor, "La remarque est résolue.")


def _said(request: HttpRequest, shown: Filing, say: Callable[[str], str], about: str = "") -> HttpResponse:
    """Writes what was said; what is refused comes back as it was typed, on a page of its own."""
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            anchor = say(form.cleaned_data["text"])
        except NotAllowedError as error:
            raise PermissionDenied(str(error)) from error
        except FilingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "La remarque est enregistrée.")
            return redirect(f"{_back(request, shown)}#{anchor}")
    return _refused(request, shown, form, about)


def _refused(request: HttpRequest, shown: Filing, form: RemarkForm, about: str) -> HttpResponse:
    context = {
        "filing": shown,
        "form": form,
        "about": about,
        "typed": len(LongText().to_python(form["text"].value() or "")),
        "kept": [(name, request.POST[name]) for name in ("section", "row", "vue") if name in request.POST],
        "back": _back(request, shown),
        **trail(shown, ("Remarque non enregistrée", request.path)),
    }
    return render(request, "monitoring/remark_refused.html", context, status=REFUSED)


def _done(request: HttpRequest, shown: Filing, write: Callable[[], str], words: str) -> HttpResponse:
    """Back to where the person was, at the thread; what the service refused is said there."""
    try:
        anchor = write()
    except NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except FilingError as error:
        messages.error(request, str(error))
        return redirect(_back(request, shown))
    messages.success(request, words)
    return redirect(f"{_back(request, shown)}#{anchor}")


def _back(request: HttpRequest, shown: Filing) -> str:
    """The review, in the view that the person had, or the page of threads."""
    view = request.POST.get("vue", "")
    if view in VIEWS and can_review_filing(viewer(request), shown):
        return reverse("monitoring:review", args=[shown.pk]) + f"?vue={view}"
    return reverse("monitoring:threads", args=[shown.pk])
