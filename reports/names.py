"""Names of report files: what they hold can be read from them."""

from reports.facts import Situation


def period_of(situation: Situation) -> str:
    """`2021-T2`, `2021`, or the day of a situation that is no filing's."""
    filing = situation.filing
    if filing is None:
        return situation.on.isoformat()
    return f"{filing.year}-T{filing.quarter}" if filing.quarter else str(filing.year)


def file_name(situation: Situation, kind_label: str, extension: str) -> str:
    """`cap2030-2021-T2-rapport-trimestriel.pdf`."""
    return f"{situation.frame.code}-{period_of(situation)}-{kind_label.lower().replace(' ', '-')}.{extension}"
