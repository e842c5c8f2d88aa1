"""The computed weather of a situation: the definition of `monitoring.signal` on the facts that the situation holds."""

from collections.abc import Sequence
from datetime import date

from budget.calc import CreditSituation
from budget.signal import paid_on_plan
from figures import formats
from indicators.calc import ResultsSituation
from indicators.signal import measured_and_behind
from monitoring.lateness import is_late
from monitoring.signal import DEFINITION, SignalFacts, computed_weather
from reports.facts import MilestoneStanding, Signal


def signal(
    credits_: CreditSituation, results: ResultsSituation, calendar: Sequence[MilestoneStanding], as_of: date | None
) -> Signal:
    """The computed weather at the end of the last filing's period, `as_of`; None and an empty code without filing."""
    if as_of is None:
        return signal_of(None)
    consumed, planned = paid_on_plan(credits_, as_of)
    measured, behind = measured_and_behind(results)
    late = sum(is_late(one.state, one.ends_on, as_of) for one in calendar)
    return signal_of(SignalFacts(consumed, planned, measured, behind, milestones=len(calendar), late=late))


def signal_of(facts: SignalFacts | None) -> Signal:
    """The signal that these facts make; None is a contract of which nothing was ever reported."""
    if facts is None:
        return Signal("", formats.NOT_COMPUTABLE, ("aucun dossier de suivi soumis",), DEFINITION)
    computed = computed_weather(facts)
    return Signal(computed.weather.value, computed.weather.label, computed.reasons, DEFINITION)
