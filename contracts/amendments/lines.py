"""Lines that only a draft promises: added with it, dropped with it."""

from django.db import models

from contracts.models import ContractVersion
from contracts.parts import PARTS, Promise


def drop(draft: ContractVersion) -> None:
    """Remove the draft's figures, then the lines that no other version promises."""
    for part in reversed(PARTS):
        lines: dict[type[models.Model], set[int]] = {}
        for promise in part.promises:
            rows = promise.model._default_manager.filter(version=draft)
            model = line_model(promise)
            lines.setdefault(model, set()).update(rows.values_list(f"{promise.subject}_id", flat=True))
            rows.delete()
        for model, keys in lines.items():
            _drop_unpromised(part.promises, model, keys)


def line_model(promise: Promise) -> type[models.Model]:
    """The model of the lines that a promise is about."""
    model = promise.model._meta.get_field(promise.subject).related_model
    assert isinstance(model, type)  # noqa: S101 - a subject is a foreign key
    return model


def _drop_unpromised(promises: tuple[Promise, ...], model: type[models.Model], keys: set[int]) -> None:
    kept: set[int] = set()
    for promise in promises:
        if line_model(promise) is model:
            rows = promise.model._default_manager.filter(**{f"{promise.subject}__in": keys})
            kept.update(rows.values_list(f"{promise.subject}_id", flat=True))
    model._default_manager.filter(pk__in=keys - kept).delete()
