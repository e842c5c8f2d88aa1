"""Names of report files: what they hold can be read from them."""

from figures.formats import date_fr
from reports.facts import Situation


def file_name(code: str, year: int, quarter: int | None, kind_label: str, extension: str) -> str:
    """`cap2030-2021-T2-rapport-trimestriel.pdf`, `cap2030-2021-rapport-annuel.pdf`."""
    period = f"{year}-T{quarter}" if quarter else str(year)
    return f"{code}-{period}-{kind_label.lower().replace(' ', '-')}.{extension}"


def period_label(situation: Situation) -> str:
    """« 2e trimestre 2021 », « Année 2021 », or « situation au 31 décembre 2021 »."""
    filing = situation.filing
    if filing is None:
        return f"situation au {date_fr(situation.on)}"
    return filing.label
