"""Build the situation of a contract: the promise of the version in force, held against the filings that count."""

from datetime import date

from django.utils import timezone

from budget.calc import CreditGroup, CreditSituation, ftap_funding
from budget.selectors import credit_situation
from budget.tranches.beside import tranches_beside
from contracts.frame import ContractFrame
from contracts.models import Contract
from contracts.selectors import contract_frame, funded_by, version_in_force
from indicators.selectors import results_situation
from monitoring.models import Filing, MilestoneProgress
from monitoring.models.filings import COMMENTS
from monitoring.models.progress import MILESTONE_TEXTS, RISK_TEXTS
from monitoring.reality import counting_filings, filing_ref
from monitoring.selectors import worst_first
from monitoring.validated_texts import with_validated_texts
from reports.anomalies import readings_of, wrong_figures
from reports.baseline import signed_promise
from reports.facts import MilestoneStanding, RiskFacts, Situation, WeatherFacts, cost_funding
from reports.missing import not_reported
from reports.pipeline import sub_projects_of
from reports.signal import signal
from savings.calc import Investment, returns
from savings.selectors import savings_situation


def contract_situation(
    contract: Contract, on: date | None = None, filing: Filing | None = None, *, checked: bool = True
) -> Situation:
    """Everything that is promised and known of a contract on a day (today without day), amounts in euros.

    With `filing`: the situation at the end of its period, against the version that the filing is bound to, the filing
    included whatever its state. Without `checked`, for pages that show neither, stated figures and anomalies are left
    out: the checks are a third of the queries. The number of queries does not depend on the number of lines, years or
    filings. Raises `ContractVersion.DoesNotExist` for a contract that was never loaded.
    """
    day = on or (filing.campaign.ends_on if filing else timezone.localdate())
    version = filing.version if filing else version_in_force(contract, on)
    contract = funded_by(contract, version)
    filings = counting_filings(contract, on=None if filing else day, filing=filing)
    frame = contract_frame(contract, version)
    credits_ = credit_situation(contract, version, day, filings=filings)
    savings = savings_situation(contract, version, day, filings=filings)
    results = results_situation(contract, version, day, filings=filings)
    last = next(iter(with_validated_texts(filings[-1:], filings[-1:], COMMENTS)), None)
    calendar = _calendar(frame, last, day)
    stated, anomalies = wrong_figures(version, day) if checked else ((), ())
    refs = tuple(filing_ref(one) for one in filings)
    return Situation(
        on=day,
        frame=frame,
        filing=filing_ref(filing) if filing else None,
        filings=refs,
        signature=signed_promise(contract, version, day),
        credits=credits_,
        tranches=tranches_beside(contract, credits_, day),
        sub_projects=sub_projects_of(contract, day, day if on or filing else None),
        savings=savings,
        results=results,
        calendar=calendar,
        risks=_risks(last),
        weather=WeatherFacts(
            declared=last.weather if last else "",
            declared_label=last.get_weather_display() if last and last.weather else "",
            comment=last.weather_comment if last else "",
            progress=last.progress_comment if last else "",
            difficulties=last.difficulties if last else "",
            as_of=last.campaign.ends_on if last else None,
            age_in_days=(day - last.campaign.ends_on).days if last else None,
            signal=signal(credits_, results, calendar, last.campaign.ends_on if last else None),
        ),
        returns=returns(savings, _investment(contract, frame, credits_, day), day),
        stated_figures=stated,
        readings=readings_of(version),
        anomalies=anomalies,
        not_reported=not_reported(
            on=day,
            filings=refs,
            credits_=credits_,
            savings=savings,
            results=results,
            calendar=calendar,
            weather=last.weather if last else "",
        ),
    )


def _investment(contract: Contract, frame: ContractFrame, credits_: CreditSituation, on: date) -> Investment:
    ftap, cost = ftap_funding((sheet.ftap for sheet in frame.sheets), credits_), cost_funding(frame, credits_)
    return Investment(
        ftap_planned=ftap.amount,
        total_planned=cost.amount,
        ftap_consumed=credits_.ftap.consumed.cp,
        total_consumed=credits_.total.consumed.cp,
        measured_on=date(contract.savings_followed_until, 12, 31),
        ftap_untold=_untold(credits_.ftap, on),
        total_untold=_untold(credits_.total, on),
        ftap_beside=ftap.beside,
        total_beside=cost.beside,
        is_lost="cp" in credits_.ftap.lost,
    )


def _untold(group: CreditGroup, on: date) -> tuple[int, ...]:
    """The years gone by on a day in which CP were planned and none is reported."""
    return tuple(
        cell.year for cell in group.years if cell.year < on.year and cell.planned.cp and cell.consumed.cp is None
    )


def _calendar(frame: ContractFrame, last: Filing | None, on: date) -> tuple[MilestoneStanding, ...]:
    progress = {row.milestone.key: row for row in _milestones_told(last)} if last else {}
    standings = []
    for one in frame.milestones:
        row = progress.get(one.key)
        standings.append(
            MilestoneStanding(
                key=one.key,
                kind=one.kind,
                kind_label=one.kind_label,
                label=one.label,
                axis=one.axis,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                is_start_unreadable=one.is_start_unreadable,
                is_end_unreadable=one.is_end_unreadable,
                state=row.state if row else "",
                state_label=row.get_state_display() if row and row.state else "",
                done_on=row.done_on if row else None,
                expected_on=row.expected_on if row else None,
                comment=row.comment if row else "",
                on=on,
            )
        )
    return tuple(standings)


def _milestones_told(last: Filing) -> list[MilestoneProgress]:
    rows = MilestoneProgress.objects.filter(filing=last).select_related("milestone").order_by("pk")
    return with_validated_texts(rows, [last], MILESTONE_TEXTS)


def _risks(last: Filing | None) -> tuple[RiskFacts, ...]:
    """The last filing's risks, worst first."""
    if last is None:
        return ()
    return tuple(
        RiskFacts(
            row.title,
            row.description,
            row.probability,
            row.severity,
            row.mitigation,
            row.state,
            row.get_state_display(),
        )
        for row in with_validated_texts(worst_first(last), [last], RISK_TEXTS)
    )
