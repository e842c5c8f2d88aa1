"""Names of report files: what they hold can be read from them."""

from figures.formats import NO_BREAK_SPACE, date_fr, period_fr
from reports.enums import ReportKind
from reports.facts import Situation


def file_name(code: str, year: int, quarter: int | None, kind_label: str, extension: str) -> str:
    """`cap2030-2021-T2-rapport-trimestriel.pdf`, `cap2030-2021-rapport-annuel.pdf`."""
    period = f"{year}-T{quarter}" if quarter else str(year)
    return f"{code}-{period}-{kind_label.lower().replace(' ', '-')}.{extension}"


def period_of(kind: ReportKind, year: int, quarter: int | None) -> str:
    """What a report is of: an annual one is of its year, even when a fourth quarter's filing makes it."""
    return period_fr(year, None if kind == ReportKind.YEARLY else quarter)


def period_label(situation: Situation, kind: ReportKind) -> str:
    """« 2e trimestre 2021 », « Année 2021 », or « situation au 31 décembre 2021 »."""
    filing = situation.filing
    if filing is None:
        return f"situation au {date_fr(situation.on)}"
    return period_of(kind, filing.year, filing.quarter)


def risk_reference(rank: int) -> str:
    """« n° 1 »: a risk in its table and in the matrix; « R1 » is a return."""
    return f"n°{NO_BREAK_SPACE}{rank}"
