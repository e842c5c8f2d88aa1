from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who: people, roles on perimeters, what each role may do, audit trail."""

    name = "accounts"
    verbose_name = "Comptes"
