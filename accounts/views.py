"""Coming in, going out, one's own account."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Role
from accounts.forms import NewPasswordForm, SignInForm

sign_in = LoginView.as_view(
    template_name="accounts/sign_in.html", authentication_form=SignInForm, redirect_authenticated_user=True
)
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
    return render(request, "accounts/change_password.html", {"form": form, "breadcrumbs": trail})
