"""The frame of the four contracts against a second transcription: who, when, how they are divided and followed."""

from collections.abc import Callable
from datetime import date

import pytest

from contracts.enums import CodeKind
from contracts.fields import amount
from contracts.models import Contract, ContractVersion, PlannedMilestone
from figures.periods import Quarter
from tests.worked_examples.transcribed import alike, as_far_as_said, figure, table, told, yes_or_no

pytestmark = pytest.mark.django_db
Told = tuple[str, ...]


def test_the_frame_of_each_contract(version: ContractVersion) -> None:
    """Title, holder, years, units, filing frequency, tranches, who changes the nomenclature, date of the act."""
    contract = version.contract
    [row] = table("contracts", contract.code)
    found, expected = as_far_as_said(row, _frame(contract, version))
    assert found == expected


def _frame(contract: Contract, version: ContractVersion) -> dict[str, str]:
    is_lost = version.readings.filter(path="contrat.premiere_tranche", retained="").exists()
    return {
        "intitulé": contract.title,
        "intitulé long": contract.long_title,
        "type": contract.kind,
        "programme": contract.programme,
        "porteur": contract.holder.name,
        "première année": str(contract.first_year),
        "dernière année": str(contract.last_year),
        "unité article 2": version.table_units.get("credits", contract.unit),
        "unité article 3": version.table_units.get("economies", contract.unit),
        "périodicité": contract.filing_frequency,
        "article": contract.filing_frequency_article,
        "première tranche": "?" if is_lost else str(contract.first_tranche_year),
        "tranches depuis": str(contract.tranches_decided_from),
        "nomenclature modifiable par": contract.nomenclature_authority,
        "date": _day(version.signed_on) if version.signed_on else "aucun",
        "mois par sous-projet": str(contract.accompaniment_months or "aucun"),
        "sous-projets par an": str(contract.sub_projects_a_year or "aucun"),
    }


def test_each_axis(version: ContractVersion) -> None:
    found = [(one.code, told(one.title)) for one in version.contract.axes.order_by("position")]
    assert found == [(row["axe"], told(row["intitulé"])) for row in table("axes", version.contract.code)]


def test_each_phase_and_milestone(version: ContractVersion) -> None:
    rows = table("calendar", version.contract.code)
    found = list(
        PlannedMilestone.objects.filter(version=version)
        .select_related("milestone__axis")
        .order_by("milestone__position")
    )
    assert len(found) == len(rows)
    lost = set(version.readings.filter(path__startswith="calendrier", retained="").values_list("path", flat=True))
    for rank, (one, row) in enumerate(zip(found, rows, strict=True), start=1):
        step = one.milestone
        assert (step.axis.code if step.axis else "", step.kind) == (row["axe"], row["type"])
        assert alike(row["libellé"], step.label) == told(row["libellé"])
        for key, column, day in (("debut", "début", one.starts_on), ("fin", "fin", one.ends_on)):
            is_lost = f"calendrier[{rank}].{key}" in lost
            assert ("?" if is_lost else str(Quarter.of(day)) if day else "") == row[column], step.label


def test_each_party_signatory_recipient_code_and_committee(version: ContractVersion) -> None:
    contract = version.contract
    lost = set(version.readings.filter(path__startswith="signataires", retained="").values_list("path", flat=True))
    people: dict[str, Callable[[], list[Told]]] = {
        "partie": lambda: [(one.organisation.name, one.role, "", "") for one in contract.parties.order_by("position")],
        "signataire": lambda: [
            (one.name, one.function, _signed(one.signed_on, f"signataires[{rank}].date" in lost), one.role)
            for rank, one in enumerate(version.signatories.order_by("position"), start=1)
        ],
        "destinataire": lambda: [
            (one.name, one.function, one.group, "") for one in contract.recipients.order_by("position")
        ],
        "code": lambda: [
            (one.printed, one.label, one.kind, one.comment if one.kind == CodeKind.ACTIVITE else "")
            for one in contract.codes.order_by("position")
        ],
        "comité": lambda: [
            (one.name, one.chair, _meetings(one.meetings_min, one.meetings_max), one.rhythm)
            for one in contract.committees.order_by("position")
        ],
    }
    rows = table("people", contract.code)
    for role, stored in people.items():
        told_rows = [list(row.values())[2:] for row in rows if row["rôle"] == role]
        found = stored()
        assert len(found) == len(told_rows), role
        for one, cells in zip(found, told_rows, strict=True):
            assert [alike(cell, text) for cell, text in zip(cells, one, strict=True)] == [told(cell) for cell in cells]


def test_each_selection_criterion_of_lean_management(lean_management: ContractVersion) -> None:
    """Article 4.3: three families, what the amounts answer by themselves and against which threshold."""
    rows = table("criteria")
    found = list(lean_management.contract.criteria.order_by("position"))
    for one, row in zip(found, rows, strict=True):
        assert [
            one.family,
            alike(row["intitulé"], one.label),
            one.computed_check,
            amount(one.threshold),
            *map(yes_or_no, (one.is_alternative, one.may_not_apply, one.allows_exception)),
        ] == [
            row["famille"],
            told(row["intitulé"]),
            row["contrôle"],
            figure(row["seuil"]),
            *(row[name] for name in ("au choix", "sans objet", "exception")),
        ]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _signed(day: date | None, is_lost: bool) -> str:
    return "?" if is_lost else _day(day) if day else ""


def _meetings(least: int | None, most: int | None) -> str:
    return f"{least}-{most or ''}" if least else ""
