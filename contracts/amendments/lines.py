"""Lines of a draft: those that it promises, those that it alone promises and that go with it; those of two versions."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import models

from contracts.models import ContractVersion
from contracts.parts import PARTS, Part, Promise

Lines = Mapping[type[models.Model], set[int]]


@dataclass(frozen=True)
class LineChange:
    """A line that one of two versions alone promises, with figures or without any; `kind` says in French what it is."""

    theme: str
    kind: str
    subject: str
    pk: int
    is_added: bool

    @property
    def change(self) -> str:
        """« ajout » or « retrait »."""
        return "ajout" if self.is_added else "retrait"


def changed_lines(before: ContractVersion, after: ContractVersion) -> tuple[LineChange, ...]:
    """The lines that an amendment adds and removes, by part. A query for each promise, and one for each kind of line
    of which some changed.
    """
    promised: dict[type[models.Model], dict[int, set[int]]] = {}
    themes = {line_model(promise): promise.theme for promise in _promises()}
    for promise in _promises():
        mine = promised.setdefault(line_model(promise), {before.pk: set(), after.pk: set()})
        rows = promise.model._default_manager.filter(version__in=[before, after]).order_by()
        for version, line in rows.values_list("version_id", f"{promise.subject}_id").distinct():
            mine[version].add(line)
    return tuple(
        one
        for model, lines in promised.items()
        for one in _changes(model, themes[model], lines[before.pk], lines[after.pk])
    )


def _changes(model: type[models.Model], theme: str, old: set[int], new: set[int]) -> Iterator[LineChange]:
    kind = str(model._meta.verbose_name)
    if old != new:
        for line in model._default_manager.filter(pk__in=old ^ new).order_by("position", "pk"):
            yield LineChange(theme, kind, str(line), line.pk, is_added=line.pk in new)


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
