"""Dates of a signed act that were written down wrong: corrected, kept written, followed by what depends on them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from budget.tranches.decided import decided_of
from budget.tranches.services import make_available, record_envelope
from contracts.amendments.act_dates import ActDates, correct_dates
from contracts.amendments.nomenclature import change_code
from contracts.amendments.prolongation import set_last_year
from contracts.amendments.refusals import AmendmentRefused
from contracts.amendments.services import prepare_amendment, record_signature, required_parties, sign_amendment
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.writer import write_contract_file
from contracts.lifecycle.selectors import corrected_dates, events_of
from contracts.models import ActDateCorrection, Contract, ContractVersion
from contracts.selectors import codes_on, version_in_force
from contracts.services import load_contract_file
from figures.ae_cp import AeCp
from monitoring.enums import FilingState
from tests.constraints import copy_of_first, refused
from tests.factories import CampaignFactory, FilingFactory
from tests.reading import words

pytestmark = pytest.mark.django_db
SIGNED, EFFECT = date(2021, 9, 1), date(2021, 10, 1)
TODAY = date(2024, 1, 31)


def amended(contract: Contract, actor: User, *kinds: str, **more: Any) -> ContractVersion:
    """An amendment signed by all on 1 September 2021, in force from 1 October."""
    draft = prepare_amendment(contract, kinds or ["budget"], actor)
    for prepare in more.get("prepared", ()):
        prepare(draft)
    for role in required_parties(contract):
        record_signature(draft, role, f"Signataire {role}", "directeur", SIGNED, actor)
    return sign_amendment(draft, SIGNED, more.get("effect", EFFECT), draft.number, "Retard", actor)


def correct(version: ContractVersion, actor: User, why: str = "Mal lue.", **given: Any) -> int:
    dates = ActDates(given.get("signatures", {}), given.get("signed_on"), given.get("effective_on"))
    return correct_dates(version, dates, why, actor, today=given.get("today", TODAY))


def why_not(version: ContractVersion, actor: User, **given: Any) -> str:
    before = (version.signed_on, version.effective_on)
    with pytest.raises(AmendmentRefused) as refusal:
        correct(version, actor, **given)
    version.refresh_from_db()
    assert (version.signed_on, version.effective_on) == before, "nothing was written"
    assert not ActDateCorrection.objects.exists()
    return str(refusal.value).replace("\u00a0", " ")


def test_an_effect_corrected_moves_the_version_in_force_on_every_day(contract: Contract, secretariat: User) -> None:
    version = amended(contract, secretariat)
    assert correct(version, secretariat, effective_on=date(2021, 9, 15)) == 1
    assert version_in_force(contract, date(2021, 9, 14)).number == 0
    assert version_in_force(contract, date(2021, 9, 15)).number == 1
    (kept,) = corrected_dates(contract)
    assert (kept.whose, kept.before, kept.after, kept.reason, kept.corrected_by) == (
        "Prise d’effet",
        EFFECT,
        date(2021, 9, 15),
        "Mal lue.",
        secretariat,
    )
    assert [one.on for one in events_of(contract) if one.version == 1 and one.label == "Prise d’effet"] == [kept.after]
    assert corrected_dates(contract, date(2021, 9, 14)) == []
    assert corrected_dates(contract, number=0) == []


def test_signatures_and_the_date_of_the_act_go_together(contract: Contract, secretariat: User) -> None:
    version = amended(contract, secretariat)
    last = version.signatories.order_by("position")[2]
    later = date(2021, 9, 20)
    assert "celle de la dernière signature, le 20 septembre 2021" in why_not(
        version, secretariat, signatures={last.pk: later}
    )
    assert correct(version, secretariat, signatures={last.pk: later}, signed_on=later) == 2
    last.refresh_from_db()
    version.refresh_from_db()
    assert (last.signed_on, version.signed_on) == (later, later)
    assert [one.kind for one in ActDateCorrection.objects.all()] == ["partie", "acte"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Aucune date ne change."),
        ({"effective_on": EFFECT}, "Aucune date ne change."),
        ({"effective_on": date(2021, 8, 31)}, "L’effet précède la signature"),
        ({"effective_on": date(2020, 1, 1)}, "L’effet précède celui de la version d’avant"),
        ({"signed_on": date(2024, 2, 1), "effective_on": date(2024, 2, 2)}, "Une date de signature est à venir."),
        ({"signed_on": date(2021, 8, 31)}, "celle de la dernière signature, le 1er septembre 2021"),
        ({"effective_on": date(2021, 9, 15), "why": " "}, "Dites ce qui était faux"),
    ],
)
def test_what_cannot_be_is_refused(contract: Contract, secretariat: User, given: Any, told: str) -> None:
    assert told in why_not(amended(contract, secretariat), secretariat, **given)


def test_an_effect_stays_between_those_of_its_neighbours(contract: Contract, secretariat: User) -> None:
    first = amended(contract, secretariat)
    amended(contract, secretariat, effect=date(2021, 12, 1))
    assert "L’effet suit celui de la version d’après (1er décembre 2021)." in why_not(
        first, secretariat, effective_on=date(2021, 12, 2)
    )
    correct(first, secretariat, effective_on=date(2021, 12, 1))


def test_a_draft_s_dates_are_those_of_its_signature(contract: Contract, secretariat: User) -> None:
    draft = prepare_amendment(contract, ["budget"], secretariat)
    assert "en préparation" in why_not(draft, secretariat, effective_on=EFFECT)


@pytest.mark.parametrize(
    ("before", "after", "is_refused"),
    [
        (date(2021, 10, 1), date(2021, 12, 1), False),  # both after the period locked
        (date(2021, 10, 1), date(2021, 9, 30), True),  # brought into it
        (date(2021, 10, 1), date(2021, 6, 30), True),  # brought to the other side of it
    ],
)
def test_no_date_moves_across_a_locked_period(
    contract: Contract, secretariat: User, before: date, after: date, is_refused: bool
) -> None:
    """The third quarter of 2021 is locked: what was promised on each of its days is said."""
    version = amended(contract, secretariat, "erreur", effect=before)
    third = CampaignFactory(next_quarter=True)
    FilingFactory(contract=contract, campaign=third, state=FilingState.LOCKED)
    if is_refused:
        told = "Du 1er juillet 2021 au 30 septembre 2021, la période est verrouillée : la prise d’effet n’y change pas."
        assert told in why_not(version, secretariat, effective_on=after)
    else:
        correct(version, secretariat, effective_on=after)


def test_a_signature_in_a_locked_period_keeps_its_date(contract: Contract, secretariat: User) -> None:
    version = amended(contract, secretariat)
    third = CampaignFactory(next_quarter=True)
    FilingFactory(contract=contract, campaign=third, state=FilingState.LOCKED)
    who = version.signatories.order_by("position")[0]
    told = f"la date de la signature de {who.name} n’y change pas."
    assert told in why_not(version, secretariat, signatures={who.pk: date(2021, 8, 30)})


def test_what_was_granted_upon_the_version_in_force_keeps_it(contract: Contract, secretariat: User) -> None:
    """The first year, fixed by the signature, is made available on 15 September 2021."""
    Contract.objects.filter(pk=contract.pk).update(first_tranche_year=2021)
    contract.refresh_from_db()
    version = amended(contract, secretariat)
    euros, none = (AeCp(Decimal(one), Decimal(one)) for one in (900_000, 0))
    record_envelope(year=2021, voted=euros, carried=none, source="LFI", actor=secretariat, on=SIGNED)
    make_available(contract=contract, year=2021, actor=secretariat, on=date(2021, 9, 15))
    told = "La mise à disposition de la tranche 2021, le 15 septembre 2021, repose sur la version en vigueur ce jour-là"
    assert told in why_not(version, secretariat, effective_on=date(2021, 9, 15))
    correct(version, secretariat, effective_on=date(2021, 9, 16))


def test_the_year_that_the_signature_fixes_is_dated_from_it_whenever_it_was_written(
    contract: Contract, secretariat: User
) -> None:
    """Signed on 1 March 2020 as recorded, on 20 February in truth; made available in between, on 15 March 2021."""
    Contract.objects.filter(pk=contract.pk).update(first_tranche_year=2021)
    contract.refresh_from_db()
    euros, none = (AeCp(Decimal(one), Decimal(one)) for one in (900_000, 0))
    record_envelope(year=2021, voted=euros, carried=none, source="LFI", actor=secretariat, on=SIGNED)
    make_available(contract=contract, year=2021, actor=secretariat, on=date(2021, 3, 15))
    signature = contract.versions.get(number=0)
    correct(signature, secretariat, signed_on=date(2020, 2, 20))
    told = decided_of(contract, SIGNED)[2021]
    assert (told.decided_on, told.made_available_on) == (date(2020, 2, 20), date(2021, 3, 15))
    assert decided_of(contract, date(2020, 2, 20))[2021].state == "decided"


def test_the_codes_that_came_with_the_act_follow(lab_minnov: ContractVersion, secretariat: User) -> None:
    contract = lab_minnov.contract
    old = contract.codes.get(kind="centre_financier")

    def code(draft: ContractVersion) -> None:
        change_code(contract, old.kind, "0349-DR31-DP31", "BOP", secretariat, replaces=old, version=draft)

    day = date(2023, 9, 1)
    draft = prepare_amendment(contract, ["nomenclature"], secretariat)
    code(draft)
    for role in required_parties(contract):
        record_signature(draft, role, f"Signataire {role}", "directeur", day, secretariat)
    version = sign_amendment(draft, day, day, 1, "BOP régional", secretariat)
    correct(version, secretariat, effective_on=date(2023, 10, 1))

    def printed(on: date) -> list[str]:
        return [one.printed for one in codes_on(contract, on) if one.kind == "centre_financier"]

    assert printed(date(2023, 9, 30)) == [old.printed]
    assert printed(date(2023, 10, 1)) == ["0349-DR31-DP31"]
    assert version.code_changes.get().effective_on == date(2023, 10, 1)


def test_a_date_that_the_scan_had_lost_is_no_longer_lost(lab_minnov: ContractVersion, secretariat: User) -> None:
    """Four signatures that nothing tells apart: one of them is known at last; the file written says it."""
    who = lab_minnov.signatories.order_by("position")[0]
    lost = set(lab_minnov.readings.values_list("path", flat=True))
    assert correct(lab_minnov, secretariat, signatures={who.pk: date(2022, 1, 19)}) == 1
    assert ActDateCorrection.objects.get().before is None
    assert "date = 2022-01-19" in write_contract_file(lab_minnov)
    assert lost - set(lab_minnov.readings.values_list("path", flat=True)) == {"signataires[1].date"}


def test_a_funding_already_prolonged_stays_so(contract: Contract, secretariat: User) -> None:
    """The effect of a prolongation is put off while it is to come, and brought to today with its year; not back."""
    today = timezone.localdate()
    version = amended(
        contract,
        secretariat,
        "calendrier",
        effect=today + timedelta(days=30),
        prepared=[lambda draft: set_last_year(draft, 2024, secretariat)],
    )
    correct(version, secretariat, effective_on=today, today=today)
    contract.refresh_from_db()
    assert contract.last_year == 2024
    with pytest.raises(AmendmentRefused, match="Le financement est déjà prolongé"):
        correct(version, secretariat, effective_on=today + timedelta(days=1), today=today)


def test_the_signature_s_own_dates_keep_its_file_from_replacing_it(cap2030: ContractVersion, secretariat: User) -> None:
    """A file that says the old date is refused; the one exported since says the right one, and changes nothing."""
    before = write_contract_file(cap2030)
    who = cap2030.signatories.order_by("position")[0]
    correct(cap2030, secretariat, signatures={who.pk: date(2021, 5, 7)})
    after = write_contract_file(cap2030)
    with pytest.raises(ContractFileError, match="Une date de cet acte a été corrigée"):
        load_contract_file(file_name="cap2030.toml", content=before.encode(), actor=None)
    assert not load_contract_file(file_name="cap2030.toml", content=after.encode(), actor=None).changes


def test_the_database_keeps_what_was_corrected(contract: Contract, secretariat: User) -> None:
    correct(amended(contract, secretariat), secretariat, effective_on=date(2021, 9, 15))
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        ActDateCorrection.objects.all().delete()
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        ActDateCorrection.objects.update(reason="Autre.")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("act_date_correction_has_reason", {"reason": " "}),
        ("act_date_correction_of_a_date", {"kind": "partie"}),
        ("act_date_correction_moves", {"before": date(2021, 9, 15)}),
    ],
)
def test_each_constraint_refuses_and_says_why(
    contract: Contract, secretariat: User, name: str, change: dict[str, Any]
) -> None:
    correct(amended(contract, secretariat), secretariat, effective_on=date(2021, 9, 15))
    constraint = next(one for one in ActDateCorrection._meta.constraints if one.name == name)
    refused(copy_of_first(ActDateCorrection, change), constraint)


def test_the_pages(contract: Contract, secretariat: User, lead: User, signed_in: Callable[[User], Client]) -> None:
    version = amended(contract, secretariat)
    url = "/contrats/marine/versions/1/dates/"
    assert signed_in(lead).get(url).status_code == 403
    assert url not in signed_in(lead).get("/contrats/marine/vie/").content.decode()
    client = signed_in(secretariat)
    for page in ("/contrats/marine/vie/", "/contrats/marine/avenants/1/"):
        assert f'href="{url}"' in client.get(page).content.decode()
    form = client.get(url).content.decode()
    assert 'value="2021-10-01"' in form
    dates = {f"signature-{one.pk}": "2021-09-01" for one in version.signatories.all()}
    typed = {**dates, "signed_on": "2021-09-01", "effective_on": "2021-08-01", "why": "Mal tapée."}
    answer = client.post(url, typed)
    assert answer.status_code == 422
    assert "L’effet précède la signature" in answer.content.decode()
    assert 'value="2021-08-01"' in answer.content.decode(), "as it was typed"
    blank = client.post(url, {**typed, "effective_on": ""})
    assert "Une date connue se corrige, elle ne s’efface pas." in blank.content.decode()
    assert client.post(url, {**typed, "effective_on": "2021-09-15"}).status_code == 302
    told = "Prise d’effet 01/10/2021 15/09/2021 Mal tapée. par"
    assert told in words(client.get("/contrats/marine/avenants/1/"))
    assert f"Avenant n° 1 {told}" in words(client.get("/contrats/marine/vie/"))
    assert "Dates corrigées" not in words(client.get("/contrats/marine/avenants/0/"))
    prepare_amendment(contract, ["budget"], secretariat)
    assert client.get("/contrats/marine/versions/2/dates/").status_code == 404
