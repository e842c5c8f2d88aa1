"""Who the people are, and what a group of them gets."""

ON_ALL = ["secretariat", "ditp_reviewer", "db_reviewer"]
ON_CONTRACT = ["lead", "contributor", "reader"]
WITHOUT = ["stranger", "administrator"]
PEOPLE = [*ON_ALL, *ON_CONTRACT, *WITHOUT]
TO_LOGIN = 302
Statuses = dict[str, int]


def everybody(status: int) -> Statuses:
    return dict.fromkeys(PEOPLE, status)


def only(status: int, *people: str, others: int) -> Statuses:
    """This status for these people, the other one for the others."""
    return {person: status if person in people else others for person in PEOPLE}


SEEN = only(200, *ON_ALL, *ON_CONTRACT, others=404)
WORKED_ON = only(200, *ON_ALL, "lead", "contributor", others=404)
"""A draft: readers do not see it yet."""


def typed(status: int, *people: str) -> Statuses:
    """Writing in a draft: those who see it and may not write get 403."""
    return WORKED_ON | dict.fromkeys([*ON_ALL, "lead", "contributor"], 403) | dict.fromkeys(people, status)


def decided(status: int, *people: str) -> Statuses:
    """An act on a filing that everybody with a role sees: 403 to those who may not do it."""
    return only(status, *people, others=403) | dict.fromkeys(WITHOUT, 404)


MINE = only(200, "secretariat", others=403)
POSTED = only(422, "secretariat", others=403)
FUND = only(200, *ON_ALL, others=403)
"""Figures of the whole fund."""
FOLLOWED = only(200, *ON_ALL, *ON_CONTRACT, others=403)
BY_SECRETARIAT = dict.fromkeys(["ditp_reviewer", "db_reviewer", *ON_CONTRACT], 403)
"""Joined to `SEEN`: an act of the secretariat on a contract that the others see."""
REVIEWED = only(200, *ON_ALL, others=403) | dict.fromkeys(WITHOUT, 404)
DRAFT_SEEN = only(200, *ON_ALL, "lead", others=404)
"""An amendment in preparation: those who prepare it or will sign it."""
DRAFT_WRITTEN = DRAFT_SEEN | dict.fromkeys(["ditp_reviewer", "db_reviewer"], 403)
PROPOSED_200, PROPOSED_422 = (decided(status, "secretariat", "ditp_reviewer", "lead") for status in (200, 422))
"""A sub-project: the lead proposes, the secretariat and the DITP too."""
