"""Lines of a draft: those that it promises, those that it alone promises and that go with it."""

from collections import defaultdict
from collections.abc import Mapping

from django.db import models

from contracts.models import ContractVersion
from contracts.parts import PARTS, Part, Promise

Lines = Mapping[type[models.Model], set[int]]


def promised_by(draft: ContractVersion) -> Lines:
    """The lines of which the draft promises something, by model."""
    found: defaultdict[type[models.Model], set[int]] = defaultdict(set)
    for promise in _promises():
        rows = promise.model._default_manager.filter(version=draft)
        found[line_model(promise)].update(rows.values_list(f"{promise.subject}_id", flat=True))
    return found


def drop(draft: ContractVersion) -> None:
    """Remove the draft's figures, then the lines that no other version promises."""
    lines = promised_by(draft)
    for promise in reversed(_promises()):
        promise.model._default_manager.filter(version=draft).delete()
    drop_unpromised(lines)


def withdraw(draft: ContractVersion, part: Part, line: models.Model) -> None:
    """Remove all that the draft promises of a line of a part; the line itself too when nobody else promises it."""
    mine = [promise for promise in part.promises if line_model(promise) is type(line)]
    for promise in reversed(mine):
        promise.model._default_manager.filter(version=draft, **{promise.subject: line}).delete()
    drop_unpromised({type(line): {line.pk}})


def drop_unpromised(lines: Lines) -> None:
    """Remove those of the lines that no version promises any more."""
    for promise in reversed(_promises()):
        model = line_model(promise)
        keys = lines.get(model, set())
        model._default_manager.filter(pk__in=keys - _still_promised(model, keys)).delete()


def line_model(promise: Promise) -> type[models.Model]:
    """The model of the lines that a promise is about."""
    model = promise.model._meta.get_field(promise.subject).related_model
    assert isinstance(model, type)  # noqa: S101 - a subject is a foreign key
    return model


def _promises() -> list[Promise]:
    return [promise for part in PARTS for promise in part.promises]


def _still_promised(model: type[models.Model], keys: set[int]) -> set[int]:
    kept: set[int] = set()
    for promise in _promises():
        if line_model(promise) is model:
            rows = promise.model._default_manager.filter(**{f"{promise.subject}__in": keys})
            kept.update(rows.values_list(f"{promise.subject}_id", flat=True))
    return kept
