"""The figures of the four contracts against a second transcription, made from their texts apart from the files loaded.

The tables of `transcription/` have the shape that the contracts print (see `transcribed.py`). Each row is compared with
what is in the database; none is left on either side. The frame of the contracts and what they print
beside the lines are in `test_transcription_frame.py` and `test_transcription_printed.py`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import pytest

from budget.models import BudgetLine
from contracts.fields import amount
from contracts.models import ContractVersion, PlannedSheet
from indicators.models import Indicator, Target
from savings.models import PlannedPost, SavingsLine
from tests.worked_examples.transcribed import (
    alike,
    amounts,
    as_far_as_said,
    by_year,
    figure,
    kept,
    scale_of,
    table,
    told,
    yes_or_no,
)

pytestmark = pytest.mark.django_db


def test_each_sheet(version: ContractVersion) -> None:
    found = PlannedSheet.objects.filter(version=version).select_related("sheet__axis").order_by("sheet__position")
    assert [
        (
            one.sheet.number,
            one.sheet.axis.code if one.sheet.axis else "",
            told(one.sheet.theme),
            told(one.sheet.title),
            told(one.sheet.item),
            amount(one.cost),
            amount(one.ftap),
            one.printed_share,
        )
        for one in found
    ] == [
        (
            row["fiche"],
            row["axe"],
            told(kept(row["thématique"])),
            told(kept(row["intitulé"])),
            told(row["item"]),
            figure(row["coût"]),
            figure(row["FTAP"]),
            figure(row["part FTAP"]),
        )
        for row in table("sheets", version.contract.code)
    ]


def test_each_action_that_the_act_gives_to_a_sheet(version: ContractVersion) -> None:
    expected = {
        (row["fiche"], rank): told(action)
        for row in table("sheets", version.contract.code)
        for rank, action in enumerate(row["actions"].split("|"))
        if action
    }
    found = {
        (sheet.number, rank): alike(expected.get((sheet.number, rank), ""), action)
        for sheet in version.contract.sheets.all()
        for rank, action in enumerate(sheet.actions)
    }
    assert found == expected


def test_each_budget_line_and_sub_line(version: ContractVersion) -> None:
    code = version.contract.code
    rows = table(f"{code}.credits")
    lines = list(BudgetLine.objects.filter(contract=version.contract).select_related("axis").order_by("position"))
    assert [(line.axis.code if line.axis else "", line.lot, told(line.group), told(line.label)) for line in lines] == [
        (row.get("axe", ""), row.get("lot", ""), told(kept(row["groupe"])), told(kept(row["libellé"]))) for row in rows
    ]
    for line, row in zip(lines, rows, strict=True):
        planned = line.planned.filter(version=version)
        found = by_year(row, ((one.year, amount(one.ae), amount(one.cp)) for one in planned))
        assert found == amounts(row, scale_of(code, 2)), line.label


def test_what_each_budget_line_is_and_who_pays_it(version: ContractVersion) -> None:
    """Titre, nature, programme, posts printed in the label, and the co-financer by its name."""
    rows = table(f"{version.contract.code}.credits")
    lines = BudgetLine.objects.filter(contract=version.contract).select_related("co_financer").order_by("position")
    assert [
        (line.titre, line.nature, line.programme, line.etp, alike(row["source"], line.source_label))
        for line, row in zip(lines, rows, strict=True)
    ] == [(row["titre"], row["nature"], row["programme"], figure(row["ETP"]), told(row["source"])) for row in rows]


def test_each_savings_line(version: ContractVersion) -> None:
    code = version.contract.code
    rows = table(f"{code}.savings")
    lines = list(SavingsLine.objects.filter(contract=version.contract).order_by("position"))
    assert [(line.titre, line.programme, line.nature, told(line.label)) for line in lines] == [
        (row["titre"], row["programme"], row["nature"], told(row["libellé"])) for row in rows
    ]
    for line, row in zip(lines, rows, strict=True):
        planned, scale = line.planned.filter(version=version), scale_of(code, 3)
        assert by_year(row, ((one.year, amount(one.ae), amount(one.cp)) for one in planned)) == amounts(row, scale)
        if "pérenne AE" in row:
            terms = line.terms.get(version=version)
            assert (amount(terms.recurrent_ae), amount(terms.recurrent_cp)) == (
                figure(row["pérenne AE"], scale),
                figure(row["pérenne CP"], scale),
            )


def test_how_each_saving_is_valued(version: ContractVersion) -> None:
    """The method with its parameters, whether the saving recurs and whether its posts are redeployed."""
    rows = table(f"{version.contract.code}.savings")
    lines = SavingsLine.objects.filter(contract=version.contract).order_by("position")
    for line, row in zip(lines, rows, strict=True):
        stored = {
            "méthode": line.method,
            "récurrente": yes_or_no(line.is_recurrent),
            "redéployée": yes_or_no(line.is_redeployed),
        }
        found, expected = as_far_as_said(row, stored)
        assert found == expected, line.label
        parameters = line.terms.get(version=version).parameters
        assert dict(_flat(parameters)) == dict(one.split("=") for one in row["paramètres"].split()), line.label


def _flat(parameters: dict[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Parameters as the tables write them: `taux.2019` and its figure."""
    for name, value in parameters.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def test_each_post(version: ContractVersion) -> None:
    expected = {
        (row["catégorie"], int(year)): (
            figure(row["coût unitaire"]),
            figure(row[year]),
            figure(row[f"redéployés {year}"]),
        )
        for row in table("posts", version.contract.code)
        for year in row
        if year.isdigit() and row[year]
    }
    found = {
        (one.category, one.year): (amount(one.unit_cost), one.removed_etpt, one.redeployed_etpt)
        for one in PlannedPost.objects.filter(version=version)
    }
    assert found == expected


def test_each_indicator_baseline_and_target(version: ContractVersion) -> None:
    rows = table("targets", version.contract.code)
    indicators = list(Indicator.objects.filter(contract=version.contract).select_related("axis").order_by("position"))
    assert [(one.article, one.axis.code if one.axis else "", told(one.label)) for one in indicators] == list(
        dict.fromkeys((row["article"], row["axe"], told(kept(row["indicateur"]))) for row in rows)
    )
    found = [aim for one in indicators for aim in _aims(one, version)]
    assert found == [
        (told(kept(row["indicateur"])), row["date"], row["comparaison"], figure(row["valeur"]), row["dont"])
        for row in rows
        if row["date"]
    ]


def test_what_each_indicator_measures(version: ContractVersion) -> None:
    """Kind, orientation, unit, direction, accumulation, parts and scope, as far as the act says them."""
    rows = table("indicators", version.contract.code)
    indicators = list(Indicator.objects.filter(contract=version.contract).order_by("position"))
    assert [told(one.label) for one in indicators] == [told(row["indicateur"]) for row in rows]
    for one, row in zip(indicators, rows, strict=True):
        stored = {
            "type": one.kind,
            "orientation": one.orientation,
            "unité": one.unit,
            "sens": one.direction,
            "cumul": one.accumulation,
            "composantes": "/".join(one.components),
            "périmètre": one.scope,
        }
        found, expected = as_far_as_said(row, stored)
        assert found == expected, one.label


def test_the_words_of_each_baseline_and_target(version: ContractVersion) -> None:
    """« 60% min », « 5 (3/2) »: what the act prints of each value, where it can be read."""
    rows = [row for row in table("targets", version.contract.code) if row["date"]]
    indicators = Indicator.objects.filter(contract=version.contract).order_by("position")
    printed = [words for one in indicators for words in _words(one, version)]
    for words, row in zip(printed, rows, strict=True):
        found, expected = as_far_as_said(row, {"imprimé": words})
        assert found == expected, row["indicateur"]


def _words(indicator: Indicator, version: ContractVersion) -> Iterator[str]:
    """In the order of `_aims`."""
    if next(_aims(indicator, version), ("", ""))[1].startswith("initiale"):
        yield indicator.baseline_printed
    for one in Target.objects.filter(indicator=indicator, version=version).order_by("on"):
        yield one.printed


def _aims(indicator: Indicator, version: ContractVersion) -> Iterator[tuple[str, str, str, Decimal | None, str]]:
    """The baseline, when the contract has one, then the targets."""
    label, path = told(indicator.label), f"indicateurs[{indicator.position}].valeur_initiale.valeur"
    if indicator.baseline is not None or version.readings.filter(path=path).exists():
        when = f"initiale {_day(indicator.baseline_on)}" if indicator.baseline_on else "initiale"
        yield label, when, indicator.baseline_operator, indicator.baseline, _parts(indicator.baseline_components)
    for one in Target.objects.filter(indicator=indicator, version=version).order_by("on"):
        yield label, _day(one.on) if one.on else "sans date", one.operator, one.value, _parts(one.components)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _parts(components: Sequence[Decimal | None]) -> str:
    return "/".join("?" if part is None else f"{part:.0f}" for part in components)
