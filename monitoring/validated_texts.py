"""Texts while they are typed again: elsewhere than on its own pages, a filing tells those that were validated.

Its figures go on counting (`monitoring.reality`), so that its texts have to stand beside them until others
are submitted.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import TypeVar

from django.db.models import Max, Model

from monitoring.enums import FilingAction
from monitoring.models import Filing, FilingTransition

Row = TypeVar("Row", bound=Model)
Texts = Mapping[int, Mapping[str, str]]


def validated_texts(model: type[Model], filings: Iterable[Filing], names: Sequence[str]) -> Texts:
    """By number of row, the texts `names` as they stood when the texts alone of its filing were reopened.

    `model`: the filing itself or one of its rows. Only those of the filings being typed again: two queries when there
    is one among `filings`, none otherwise.
    """
    open_again = [filing.pk for filing in filings if filing.takes_texts_only]
    if not open_again:
        return {}
    reopened = FilingTransition.objects.filter(filing__in=open_again, action=FilingAction.REOPEN_TEXTS).order_by()
    since = dict(reopened.values_list("filing").annotate(Max("at")))
    owner = "pgh_obj_id" if model is Filing else "filing_id"
    events = model.pgh_event_model.objects.filter(**{f"{owner}__in": list(since)}).order_by("pgh_id")  # type: ignore[attr-defined]
    return {
        row: dict(zip(names, texts, strict=True))
        for row, filing, typed_at, *texts in events.values_list("pgh_obj_id", owner, "updated_at", *names)
        if typed_at is None or typed_at <= since[filing]
    }


def with_validated_texts(rows: Iterable[Row], filings: Iterable[Filing], names: Sequence[str]) -> list[Row]:
    """The rows of these filings, those being typed again with the texts that were validated; never to be saved."""
    kept = list(rows)
    texts = validated_texts(type(kept[0]), filings, names) if kept else {}
    return [_with(row, texts[row.pk]) if row.pk in texts else row for row in kept]


def _with(row: Row, texts: Mapping[str, str]) -> Row:
    told = copy(row)
    for name, text in texts.items():
        setattr(told, name, text)
    return told
