"""Going on after a session has ended in the middle of entry: sign in on the spot, then save what had been sent."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from accounts import unsaved
from accounts.forms import SignInForm
from accounts.unsaved import Unsaved

UNAUTHORISED, FORBIDDEN = 401, 403
View = Callable[..., HttpResponse]
_KEEPS: Final = "keeps_what_was_sent"


def signed_in_or_kept(view: View) -> View:
    """As `login_required`, for a page where people type: a form sent without a session comes back with the sign-in.

    A form in which nothing is typed, such as a button, leads to the sign-in and from there back to its page.
    """
    signed_in = login_required(view)

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if request.user.is_authenticated or request.method != "POST":
            return signed_in(request, *args, **options)
        left = unsaved.sent(request)
        return ask_to_sign_in(request, left) if left else redirect_to_login(unsaved.page_of(request))

    setattr(kept, _KEEPS, True)
    return kept


@never_cache
def ask_to_sign_in(request: HttpRequest, left: Unsaved) -> HttpResponse:
    """The page of sign-in, which holds what was sent."""
    context = {"form": SignInForm(request), "next": left.back, "unsaved": left}
    answer = render(request, "accounts/sign_in.html", context, status=UNAUTHORISED)
    answer["WWW-Authenticate"] = 'Session realm="FTAP"'
    return answer


@never_cache
def resume(request: HttpRequest, left: Unsaved, status: int = 200) -> HttpResponse:
    """Asks the person who has signed in whether to save what they had sent; what somebody else had sent is dropped.

    Nothing is written here: the page sends the form again, to the view that checks it as it checks any other.
    """
    if left.author != request.user.pk:
        messages.warning(
            request, "Ce qui avait été saisi l’a été par une autre personne\u00a0: rien n’en est enregistré."
        )
        return redirect("/")
    if not left.has_text:
        return redirect(left.back)
    return render(request, "accounts/resume.html", {"unsaved": left}, status=status)


def refused_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page of a form whose token is not the present one, as after a sign-in in another tab: nothing is saved.

    What was typed is offered again, but never for a form that another site has sent in the person's name.
    """
    left = _left_in(request) if request.headers.get("Sec-Fetch-Site") == "same-origin" else None
    if left is None:
        return render(request, "403_csrf.html", status=FORBIDDEN)
    return resume(request, left, FORBIDDEN) if request.user.is_authenticated else ask_to_sign_in(request, left)


def _left_in(request: HttpRequest) -> Unsaved | None:
    """What a refused request holds: a form of a page of entry, or what the page of sign-in brought along."""
    keeps = request.resolver_match is not None and getattr(request.resolver_match.func, _KEEPS, False)
    return unsaved.sent(request) if keeps else unsaved.unsealed(request)
