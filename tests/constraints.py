"""What the tests of database constraints share: each named constraint refuses by SQL, and says why in French."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import BaseConstraint, CheckConstraint


def named_constraints(
    *apps_labels: str, but: Iterable[str] = ()
) -> dict[str, tuple[type[models.Model], BaseConstraint]]:
    """Every constraint of these apps' models, by name; those of the history excepted."""
    return {
        constraint.name: (model, constraint)
        for label in apps_labels
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
        if constraint.name not in but
    }


def refuses_by_sql(name: str, model: type[models.Model], change: dict[str, Any] | None) -> None:
    """The database itself refuses: an UPDATE of the first row, or a second copy of it when nothing changes."""
    rows = model._default_manager.order_by("pk")
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        if change is None:
            model._default_manager.bulk_create([_copy(rows)])
        else:
            rows.filter(pk=rows.values_list("pk", flat=True)[0]).update(**change)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert f'"{name}"' in str(refusal.value)


def says_why(constraint: BaseConstraint, model: type[models.Model], change: dict[str, Any] | None) -> None:
    """A form gets the French message of the constraint."""
    _told(copy_of_first(model, change or {}), constraint)


def refused(row: models.Model, constraint: BaseConstraint) -> None:
    """The database refuses to take in this row, by this constraint; a form says why in French."""
    _told(row, constraint)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row.save()
    assert f'"{constraint.name}"' in str(refusal.value)


def copy_of_first(model: type[models.Model], change: dict[str, Any]) -> models.Model:
    """A new row, unsaved: the model's first one, with these values instead of its own."""
    row = _copy(model._default_manager.order_by("pk"))
    for field, value in change.items():
        setattr(row, field, value)
    return row


def _told(row: models.Model, constraint: BaseConstraint) -> None:
    with pytest.raises(ValidationError) as refusal:
        constraint.validate(type(row), row)
    (message,) = refusal.value.messages
    assert message == constraint.violation_error_message
    assert message != CheckConstraint.default_violation_error_message
    assert message.endswith(".")


def _copy(rows: models.QuerySet[Any]) -> models.Model:
    row: models.Model | None = rows.first()
    assert row is not None, f"no row of {rows.model.__name__} to break"
    row.pk = None
    row._state.adding = True
    return row
