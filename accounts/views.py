"""Coming in, going out, one's own account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Role
from accounts.forms import NewPasswordForm, SignInForm
from accounts.resuming import ask_to_sign_in, resume
from accounts.unsaved import unsealed


class SignIn(LoginView):
    """Address and password; what was typed in a session that ended is offered again once the person is known."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        """Whoever has signed in elsewhere meanwhile goes on at once; whoever was locked out comes back to the form."""
        left = unsealed(request)
        if left and request.user.is_authenticated:
            return resume(request, left)
        if left and "username" not in request.POST:
            return ask_to_sign_in(request, left)
        return super().dispatch(request, *args, **options)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Signs the person in."""
        answer, left = super().form_valid(form), unsealed(self.request)
        return resume(self.request, left) if left else answer

    def get_context_data(self, **options: Any) -> dict[str, Any]:
        """A wrong password loses nothing."""
        return super().get_context_data(**options) | {"unsaved": unsealed(self.request)}


sign_in = SignIn.as_view()
sign_out = LogoutView.as_view(http_method_names=["post", "options"])

_TRAIL = [("Accueil", "/"), ("Mon compte", "/compte/")]


@require_safe
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """What the person may do, and on which contracts."""
    grants = request.user.grants.all()  # type: ignore[union-attr]
    context = {"breadcrumbs": _TRAIL, "grants": grants, "contributor": Role.CONTRIBUTOR}
    return render(request, "accounts/profile.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Asks for the present password; the other sessions of the person are closed."""
    form = NewPasswordForm(user=request.user, data=request.POST or None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        messages.success(request, "Votre mot de passe est changé. Vos autres sessions sont fermées.")
        return redirect("accounts:profile")
    trail = [*_TRAIL, ("Mot de passe", "")]
    context = {"form": form, "breadcrumbs": trail}
    return render(request, "accounts/change_password.html", context, status=422 if form.errors else 200)
