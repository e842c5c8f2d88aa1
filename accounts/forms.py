"""Sign-in and password forms, drawn by the State's design system."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from dsfr.forms import DsfrBaseForm


class SignInForm(DsfrBaseForm, AuthenticationForm):  # type: ignore[misc]
    """Address and password; a wrong pair never says which of the two is wrong."""

    error_messages = {
        "invalid_login": "Adresse électronique ou mot de passe incorrect. "
        "Vérifiez votre saisie, majuscules et minuscules comprises.",
        "inactive": "Ce compte n’est plus actif. Adressez-vous au secrétariat du fonds.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Adresse électronique"
        self.fields["username"].help_text = "Format attendu\u00a0: prenom.nom@exemple.gouv.fr"
        self.fields["username"].widget.attrs |= {"type": "email", "autocomplete": "email", "autofocus": False}
        self.fields["password"].label = "Mot de passe"


class NewPasswordForm(DsfrBaseForm, PasswordChangeForm):  # type: ignore[misc]
    """The present password, then the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Mot de passe actuel"
        self.fields["old_password"].widget.attrs["autofocus"] = False
        self.fields["new_password1"].label = "Nouveau mot de passe"
        self.fields["new_password2"].label = "Nouveau mot de passe, une seconde fois"
