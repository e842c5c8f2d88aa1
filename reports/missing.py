"""What is not reported: years without filing, figures left blank, targets that the scan lost. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from budget.calc import CreditSituation
from figures.formats import NO_BREAK_SPACE, date_fr
from indicators.calc import IndicatorResult, ResultsSituation
from monitoring.reality import FilingRef
from reports.facts import MilestoneStanding, Missing
from savings.calc import SavingsSituation

CREDITS, SAVINGS, RESULTS, CALENDAR, WEATHER = "Crédits", "Économies", "Indicateurs", "Calendrier", "Météo"
UNREADABLE = "illisible sur le contrat numérisé"
_BLANK = {True: UNREADABLE, False: "absente du contrat", None: "absente ou illisible"}
"""A target without value: lost by the scan, left blank by the act, or a snapshot does not tell which."""


def not_reported(
    *,
    on: date,
    filings: Sequence[FilingRef],
    credits_: CreditSituation,
    savings: SavingsSituation,
    results: ResultsSituation,
    calendar: Sequence[MilestoneStanding],
    weather: str,
) -> tuple[Missing, ...]:
    """Every blank that a reader should know of, in the order of the report's chapters."""
    last = filings[-1] if filings else None
    return (
        *_credits(on, filings, credits_),
        *_savings(savings),
        *_results(results, last),
        *_calendar(calendar, last),
        *((Missing(WEATHER, "Météo du contrat", _in(last)),) if last and not weather else ()),
    )


def _in(filing: FilingRef, word: str = "non renseigné") -> str:
    return f"{word} dans le dossier {filing.of_period}"


def _credits(on: date, filings: Sequence[FilingRef], credits_: CreditSituation) -> Iterator[Missing]:
    by_pk = {filing.pk: filing for filing in filings}
    for cell in credits_.total.years:
        if cell.filing is None and cell.year <= on.year:
            yield Missing(CREDITS, f"Exercice {cell.year}", "aucun dossier de suivi soumis")
    for line in credits_.lines:
        for year in line.years:
            blank = _blanks(year.consumed.ae, year.consumed.cp)
            if year.filing is not None and blank:
                subject = f"{line.label} ({line.source}), {year.year}"
                yield Missing(CREDITS, subject, f"{blank[0]} {_in(by_pk[year.filing], blank[1])}")


def _blanks(ae: Decimal | None, cp: Decimal | None) -> tuple[str, str] | None:
    """What is blank, with the word that agrees with it: « autorisations », then « crédits », are plurals."""
    if ae is not None:
        return ("CP", "non renseignés") if cp is None else None
    return ("AE et CP", "non renseignés") if cp is None else ("AE", "non renseignées")


def _savings(savings: SavingsSituation) -> Iterator[Missing]:
    told = {year.year for line in savings.lines for year in line.years if year.filing is not None}
    for line in savings.lines:
        if line.method == "non_valorisee":
            continue  # followed for information, without an amount (domain § 5)
        blank = [year.year for year in line.years if year.year in told and not year.declared.is_reported]
        for year in blank:
            yield Missing(SAVINGS, f"{line.label}, {year}", "économie non déclarée")


def _results(results: ResultsSituation, last: FilingRef | None) -> Iterator[Missing]:
    for one in results.indicators:
        if one.is_followed:
            yield from _targets(one) if one.targets else ()
            continue
        if last is not None and one.value is None:
            yield Missing(RESULTS, one.label, f"mesure {_in(last, 'non renseignée')}")
        if one.baseline is None:
            blank = UNREADABLE if one.is_baseline_lost else "absente du contrat"
            yield Missing(RESULTS, one.label, f"valeur initiale {blank}")
        yield from _targets(one)


def _targets(one: IndicatorResult) -> Iterable[Missing]:
    if not one.targets:
        yield Missing(RESULTS, one.label, "aucune cible au contrat")
    for goal in one.targets:
        if goal.value is None:
            printed = f" (imprimé{NO_BREAK_SPACE}: {goal.printed})" if goal.printed else ""
            day = f"au {date_fr(goal.on)}" if goal.on else "sans date"
            yield Missing(RESULTS, one.label, f"cible {day} {_BLANK[goal.is_lost]}{printed}")
        elif goal.on is None:
            yield Missing(RESULTS, one.label, "cible sans date au contrat")


def _calendar(calendar: Sequence[MilestoneStanding], last: FilingRef | None) -> Iterator[Missing]:
    for one in calendar:
        if one.is_start_unreadable or one.is_end_unreadable:
            yield Missing(CALENDAR, one.label, f"date {UNREADABLE}")
        elif one.starts_on is None and one.ends_on is None:
            yield Missing(CALENDAR, one.label, "sans date au contrat")
        if last is not None and not one.state:
            yield Missing(CALENDAR, one.label, f"avancement {_in(last)}")
