"""How one wants to be told: the page of preferences, and unsubscribing from a message without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.roles import roles_on
from monitoring import unsubscribe as signed
from monitoring.reminder_forms import PreferencesForm
from monitoring.selectors import ways_chosen
from monitoring.services.preferences import record_preferences
from monitoring.services.preferences import unsubscribe as stop
from monitoring.topics import topic, topics_of
from monitoring.views.access import viewer

_TRAIL = [("Accueil", "/"), ("Mon compte", "/compte/"), ("Préférences", "")]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Each topic that concerns the person: at once, in the digest, or never."""
    person = viewer(request)
    concerned = topics_of({held.role for held in roles_on(person)})
    optional = [one for one in concerned if not one.is_fixed]
    form = PreferencesForm(optional, ways_chosen(person), request.POST or None)
    if form.is_valid():
        record_preferences(user=person, ways=form.cleaned_data)
        messages.success(request, "Vos préférences sont enregistrées.")
        return redirect("monitoring:preferences")
    context = {"form": form, "fixed": [one for one in concerned if one.is_fixed], "breadcrumbs": _TRAIL}
    return render(request, "monitoring/preferences.html", context, status=422 if form.errors else 200)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asks for a confirmation; posted, by a person or by their mail reader (RFC 8058), stops what the address names.

    The signature in the address stands for the sign-in and for the form's token: a mail reader has neither.
    """
    read = signed.read(token)
    if read is None:
        raise Http404
    user, topics = read
    if request.method == "POST":
        stop(user=user, topics=topics)
    titles = [topic(code).title for code in topics]
    context = {"titles": titles, "done": request.method == "POST", "breadcrumbs": [("Accueil", "/"), ("Messages", "")]}
    return render(request, "monitoring/unsubscribe.html", context)
