"""What changed on a contract: who, when, the old and the new value, read from the history that the database keeps."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from contracts.models import Contract
from figures import formats

LIMIT: Final = 200
NOBODY: Final = "chargement ou tâche automatique"
# By what a tracked table is tied to a contract, nearest first.
_PATHS: Final = (
    "contract",
    "version__contract",
    "filing__contract",
    "realised__filing__contract",
    "snapshot__filing__contract",
    "sub_project__contract",
    "line__contract",
    "phase__line__contract",
)
_SUBJECTS: Final = (
    "line",
    "indicator",
    "milestone",
    "sheet",
    "sub_project",
    "criterion",
    "realised__line",
    "phase__line",
    "filing__campaign",
    "realised__filing__campaign",
    "snapshot__filing__campaign",
)
_UNSHOWN: Final = frozenset({"id", "revision", "updated_at", "position", "created_at", "expression", "content"})
_NAMES: Final = ("label", "title", "name", "subject", "printed", "text")
# Who wrote the row, when the event was not born of a request.
_AUTHORS: Final = ("updated_by_id", "actor_id", "certified_by_id", "removed_by_id", "uploaded_by_id", "author_id")
_VERBS: Final = {"insert": "Création", "update": "Modification", "delete": "Suppression"}


@dataclass(frozen=True)
class Change:
    """One field's old and new value, as a reader sees them."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """Something that happened: to one thing (an update lists its changes), or the creation of several at once.

    `source` is the file that it comes from, when it is an annex.
    """

    at: datetime
    who: str
    verb: str
    what: str
    subject: str
    changes: tuple[Change, ...] = ()
    count: int = 1
    source: str = ""


def history(contract: Contract, *, hidden: Collection[int] = (), limit: int = LIMIT) -> list[Entry]:
    """The last events of a contract, the newest first; rows made by the same act are told once.

    `hidden`: numbers of the filings that the reader may not see yet; nothing is told of what is typed in them.

    The number of queries depends on the number of tables that have a history, not on the number of events.
    """
    events = [event for model, path in _tracked() for event in _events(model, path, contract, hidden)[:limit]]
    # Everything written in one transaction bears the same instant: rows of one table stay together.
    events.sort(key=lambda event: (event.pgh_created_at, type(event).__name__, event.pgh_id), reverse=True)
    kept = events[:limit]
    people, before = _people(kept), _before(kept)
    entries = [_entry(event, people, before.get((type(event), event.pgh_id))) for event in kept]
    return _told_once([entry for entry in entries if entry.changes or entry.verb != _VERBS["update"]])


def _tracked() -> list[tuple[Any, str]]:
    """Every table of events that is tied to a contract, and by which path."""
    found = []
    for model in apps.get_models():
        events = getattr(model, "pgh_event_model", None)
        if events is None:
            continue
        if model is Contract:
            found.append((events, "pgh_obj"))
        names = {field.name for field in model._meta.get_fields()}
        path = next((path for path in _PATHS if path.partition("__")[0] in names), None)
        if path is not None:
            found.append((events, path))
    return found


def _events(model: Any, path: str, contract: Contract, hidden: Collection[int]) -> QuerySet[Any]:
    names = {field.name for field in model._meta.get_fields() if field.is_relation}
    subjects = [subject for subject in _SUBJECTS if subject.partition("__")[0] in names]
    rows = model._default_manager.filter(**{path: contract.pk}).select_related("pgh_context", *subjects)
    through_filing = path.removesuffix("contract") + "in" if "filing" in path else ""
    if through_filing:
        rows = rows.exclude(**{through_filing: hidden})
    ordered: QuerySet[Any] = rows.order_by("-pgh_created_at", "-pgh_id")
    return ordered


def _author(event: Any) -> str:
    """The number of who acted: the one whose request it was, else the one that the row names; empty for nobody."""
    asked = event.pgh_context.metadata.get("user") if event.pgh_context else None
    named = next((getattr(event, name) for name in _AUTHORS if getattr(event, name, None)), None)
    return str(asked or named or "")


def _people(events: Iterable[Any]) -> dict[str, str]:
    """Names of those who acted, by number."""
    numbers = {int(number) for event in events if (number := _author(event)).isdigit()}
    return {str(user.pk): user.get_full_name() for user in User.objects.filter(pk__in=numbers)}


def _before(events: Sequence[Any]) -> dict[tuple[Any, int], Any]:
    """For each update, the event that preceded it on the same row: one query a table."""
    updated: dict[Any, set[int]] = defaultdict(set)
    for event in events:
        if event.pgh_label == "update":
            updated[type(event)].add(event.pgh_obj_id)
    found: dict[tuple[Any, int], Any] = {}
    for model, rows in updated.items():
        previous: dict[int, Any] = {}
        for event in model._default_manager.filter(pgh_obj__in=rows).order_by("pgh_obj_id", "pgh_id"):
            found[model, event.pgh_id] = previous.get(event.pgh_obj_id)
            previous[event.pgh_obj_id] = event
    return found


def _entry(event: Any, people: dict[str, str], previous: Any) -> Entry:
    return Entry(
        at=event.pgh_created_at,
        who=people.get(_author(event), NOBODY),
        verb=_VERBS.get(event.pgh_label, event.pgh_label),
        what=str(type(event).pgh_tracked_model._meta.verbose_name),
        subject=_subject(event),
        changes=tuple(_changes(event, previous)) if event.pgh_label == "update" else (),
        source=_source(event),
    )


def _source(event: Any) -> str:
    """The annex that the event comes from, with the file's SHA-256; empty for another way in."""
    said = event.pgh_context.metadata if event.pgh_context else {}
    if said.get("source") != "annexe":
        return ""
    return formats.typeset(f"annexe « {said['load']} », SHA-256 {said['sha256']}")


def _subject(event: Any) -> str:
    """The row in a few words: the line, indicator or milestone it is of, the period it is for, or its own name."""
    parts = [str(one) for path in _SUBJECTS if (one := _along(event, path)) is not None]
    if getattr(event, "year", None):
        parts.append(str(event.year))
    own = next((str(getattr(event, name)) for name in _NAMES if getattr(event, name, "")), "")
    return ", ".join(parts) or own


def _along(event: Any, path: str) -> Any:
    """What a path of relations leads to from an event; None where one of them is missing."""
    for name in path.split("__"):
        event = getattr(event, name, None)
    return event


def _changes(event: Any, previous: Any) -> Iterable[Change]:
    model = type(event).pgh_tracked_model
    for field in model._meta.concrete_fields:
        if field.name in _UNSHOWN or field.is_relation or field.name.endswith("_currency"):
            continue
        after = getattr(event, field.attname)
        before = getattr(previous, field.attname) if previous is not None else None
        if previous is None or before != after:
            yield Change(str(field.verbose_name), _shown(field, before), _shown(field, after))


def _shown(field: Any, value: Any) -> str:
    """A value as pages write it; nothing is « n. r. »."""
    if value is None or value == "":
        return formats.NOT_REPORTED
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if hasattr(value, "amount"):
        return formats.euros(value.amount)
    return _WRITTEN.get(type(value), str)(value)


_WRITTEN: Final[dict[type, Callable[[Any], str]]] = {
    bool: lambda value: "oui" if value else "non",
    datetime: lambda value: formats.date_fr(timezone.localtime(value).date()),
    date: formats.date_fr,
    Decimal: lambda value: formats.number(value, None),
}


def _told_once(entries: list[Entry]) -> list[Entry]:
    """Creations of the same kind, by the same person in the same second, as one entry with their number."""
    told: list[Entry] = []
    for entry in entries:
        last = told[-1] if told else None
        if last is not None and not entry.changes and _same_act(last, entry):
            told[-1] = Entry(last.at, last.who, last.verb, last.what, "", (), last.count + 1, last.source)
        else:
            told.append(entry)
    return told


def _same_act(one: Entry, other: Entry) -> bool:
    same = (one.verb, one.what, one.who) == (other.verb, other.what, other.who)
    return same and not one.changes and abs((one.at - other.at).total_seconds()) < 1
