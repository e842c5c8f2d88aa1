"""Two sessions typing in the same grid, by the pages: what was accepted is in the history, what was late was told."""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from budget.models import Consumption
from contracts.fields import amount
from monitoring.models import Filing
from tests.budget.rows import add_lines, rows_of
from tests.factories import UserFactory, grant

LINES, EDITS, SEED = 5, 500, 20260401
Values = tuple[Decimal, Decimal]
ROW = re.compile(
    r'data-row="(\d+)" data-state="(\w*)".*?<tr class="grid-checks"(.*?)</tr>\s*(?=<tr id|</tbody>)', re.DOTALL
)


@pytest.fixture
def deputy(filing: Filing) -> User:
    """A second project lead of the same contract."""
    return grant(UserFactory(last_name="Adjointe", email="adjointe@ftap.example"), Role.LEAD, filing.contract)


@dataclass
class Session:
    """A person with a page open: the revisions that they read, which age until they save or reload."""

    client: Client
    address: str
    person: User
    revisions: dict[int, int] = field(default_factory=dict)

    def reload(self) -> None:
        html = self.client.get(self.address).content.decode()
        self.revisions = {int(row): int(seen) for row, seen in re.findall(r'name="r(\d+)" value="(\d+)"', html)}

    def save(self, typed: dict[int, Values]) -> dict[int, tuple[str, str]]:
        """Sends the rows, one alone or a block, and gives by row its state and what is said below it."""
        form = {f"r{row}": str(self.revisions[row]) for row in typed}
        for row, (ae, cp) in typed.items():
            form |= {f"c{row}-ae": str(ae).replace(".", ","), f"c{row}-cp": str(cp).replace(".", ",")}
        alone = f"{next(iter(typed))}/" if len(typed) == 1 else ""
        answer = self.client.post(f"{self.address}lignes/{alone}", form)
        html = answer.content.decode()
        found = ROW.findall(html)
        states = {int(row): (state, below) for row, state, below in found}
        assert set(states) == set(typed)
        assert answer.status_code == (409 if "stale" in [state for state, _ in states.values()] else 200)
        for row, seen in re.findall(r'name="r(\d+)" value="(\d+)"', html):
            if states[int(row)][0] == "saved":
                self.revisions[int(row)] = int(seen)
        return states


def session_of(person: User, filing: Filing) -> Session:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = Session(client, f"/dossiers/{filing.pk}/credits/", person)
    session.reload()
    return session


def history(row: int) -> list[tuple[int, Any, Any, int | None]]:
    events = Consumption.pgh_event_model.objects.filter(pgh_obj_id=row).order_by("pgh_id")  # type: ignore[attr-defined]
    return [(one.revision, amount(one.ae), amount(one.cp), one.updated_by_id) for one in events]


def french(value: Decimal) -> str:
    whole, cents = f"{value:.2f}".split(".")
    return f"{int(whole):,}".replace(",", "\u202f") + f",{cents}"


def test_five_hundred_interleaved_edits_lose_nothing(filing: Filing, lead: User, deputy: User) -> None:
    """Rows, blocks and reloads of two people at random; a model in memory says which write had to be refused."""
    add_lines(filing.contract, LINES)
    keys = [row.pk for row in rows_of(filing)]
    chance, sessions = random.Random(SEED), [session_of(person, filing) for person in (lead, deputy)]
    accepted: dict[int, list[tuple[int, Any, Any, int | None]]] = {key: [(0, None, None, None)] for key in keys}
    refused = 0
    for edit in range(1, EDITS + 1):
        session = chance.choice(sessions)
        if chance.random() < 0.3:
            session.reload()
        size = chance.choice([1, 1, 1, 2, LINES])
        typed = {
            key: (Decimal(edit * 10 + rank) / 4, Decimal(edit)) for rank, key in enumerate(chance.sample(keys, size))
        }
        late = {key for key in typed if session.revisions[key] != accepted[key][-1][0]}
        read = {key: session.revisions[key] for key in late}
        for key, (state, below) in session.save(typed).items():
            if key not in late:
                assert state == "saved"
                accepted[key].append((accepted[key][-1][0] + 1, *typed[key], session.person.pk))
                continue
            refused += 1
            (_, theirs, _, _), (_, before, _, _) = accepted[key][-1], accepted[key][read[key]]
            told = "n.\u00a0r." if before is None else french(before)
            assert state == "stale"
            shown = {"Vous": french(typed[key][0]), "Enregistré": french(theirs), "Avant": told}
            assert [f'<td data-label="{whose}">{text}</td>' in below for whose, text in shown.items()] == [True] * 3
    assert {key: history(key) for key in keys} == accepted
    stored = Consumption.objects.in_bulk(keys)
    assert {key: amount(stored[key].ae) for key in keys} == {key: accepted[key][-1][1] for key in keys}
    assert refused > EDITS // 10


@pytest.mark.django_db(transaction=True)
def test_two_people_pasting_at_once_through_the_pages(filing: Filing, lead: User, deputy: User) -> None:
    """Twenty rounds of one block from one reading, rows in opposite orders: one is written whole each time."""
    add_lines(filing.contract, 20)
    keys = [row.pk for row in rows_of(filing)]
    sessions, together = [session_of(person, filing) for person in (lead, deputy)], Barrier(2)

    def paste(rank: int, round_: int) -> set[str]:
        try:
            order = keys if rank else keys[::-1]
            typed = {key: (Decimal(round_ * 100 + rank), Decimal(rank)) for key in order}
            together.wait(timeout=30)
            return {state for state, _ in sessions[rank].save(typed).values()}
        finally:
            connections.close_all()

    def reload(session: Session) -> None:
        session.reload()
        connections.close_all()

    winners: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        for round_ in range(1, 21):
            states = list(pool.map(paste, (0, 1), (round_, round_)))
            assert sorted(map(tuple, states)) == [("saved",), ("stale",)]
            winners.append(states.index({"saved"}))
            list(pool.map(reload, sessions))
    expected = [
        (rank, Decimal(rank * 100 + winner), Decimal(winner), sessions[winner].person.pk)
        for rank, winner in enumerate(winners, start=1)
    ]
    assert [history(key)[1:] for key in keys] == [expected] * 20


@pytest.mark.django_db
def test_a_whole_form_with_one_late_row_writes_nothing(filing: Filing, lead: User, deputy: User) -> None:
    """The form without script: no half of it is ever stored."""
    keys = [row.pk for row in rows_of(filing)]
    late, session = session_of(deputy, filing), session_of(lead, filing)
    session.save({keys[1]: (Decimal(7), Decimal(7))})
    form = {f"r{key}": str(late.revisions[key]) for key in keys} | {f"c{key}-ae": "9" for key in keys}
    assert late.client.post(late.address, form).status_code == 409
    assert [history(key)[-1][1] for key in keys] == [None, 7]
