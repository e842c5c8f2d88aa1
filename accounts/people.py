"""How accounts are created: the address is the name."""

from typing import Any

from django.contrib.auth.base_user import BaseUserManager


class People(BaseUserManager[Any]):
    """Creates people identified by their e-mail address, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Save and return a person; without password the account cannot sign in with one."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Any:
        """Save and return a technical administrator of the site."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
