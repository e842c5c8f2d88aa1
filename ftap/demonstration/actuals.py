"""Fill a filing of the demo with invented actuals, through the services that people use."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from accounts.models import User
from budget.entry import ConsumptionEntry
from budget.entry_selectors import entry_rows as credit_rows
from budget.services import record_consumptions
from figures.formats import MONTHS
from ftap.demonstration.figures import LATE, Amounts, consumed, measured, reached, saved
from indicators.entry import MeasurementEntry, MeasureRow
from indicators.entry_selectors import entry_rows as measure_rows
from indicators.services import record_measurements
from monitoring.enums import ProgressState, Weather
from monitoring.models import FiledRisk, Filing, MilestoneProgress
from monitoring.sections import is_annual
from monitoring.services.progress import RowChange, add_risk, record_calendar, record_texts
from savings.entry import SavingEntry, SavingRow
from savings.entry_selectors import entry_rows as saving_rows
from savings.enums import EvidenceLevel
from savings.services import record_savings

LEVELS = (EvidenceLevel.DOCUMENTED, EvidenceLevel.DECLARED, EvidenceLevel.ESTIMATED)
INVENTED = "Chiffre de démonstration, inventé."
DAY: Final = re.compile(rf"\b(\d{{1,2}})(?:er)?\s({'|'.join(MONTHS)})\s(\d{{4}})\b")


def fill(filing: Filing, *, actor: User) -> None:
    """Type a whole filing: credits, savings when it closes a year, indicators, calendar, risks, weather."""
    _credits(filing, actor)
    if is_annual(filing):
        _savings(filing, actor)
    _measures(filing, actor)
    _calendar(filing, actor)
    _risks(filing, actor)
    _texts(filing, actor)


def _credits(filing: Filing, actor: User) -> None:
    quarter, share = filing.campaign.quarter or 4, reached(filing.contract.code)
    entries = []
    for rank, row in enumerate(credit_rows(filing)):
        plan = Amounts(row.planned.ae, row.planned.cp)
        real = consumed(plan, rank=rank, quarter=quarter, is_t2=row.titre == "2", share=share)
        entries.append(ConsumptionEntry(row.pk, row.revision, real.ae, real.cp))
    record_consumptions(filing=filing, entries=entries, actor=actor)


def _savings(filing: Filing, actor: User) -> None:
    entries = [_saving(rank, row) for rank, row in enumerate(saving_rows(filing)) if row.is_valued]
    record_savings(filing=filing, entries=entries, actor=actor)


def _saving(rank: int, row: SavingRow) -> SavingEntry:
    real = saved(Amounts(row.planned.ae, row.planned.cp), rank=rank)
    is_below = real.ae is not None and row.planned.ae is not None and real.ae < row.planned.ae
    return SavingEntry(
        row=row.pk,
        revision=row.revision,
        ae=real.ae,
        cp=real.cp,
        reason=f"{INVENTED} Déploiement plus lent que prévu." if is_below else "",
        evidence_level=LEVELS[rank % len(LEVELS)] if real.ae is not None else "",
        evidence=f"{INVENTED} Extraction de la paie et du logiciel comptable." if real.ae is not None else "",
    )


def _measures(filing: Filing, actor: User) -> None:
    share = reached(filing.contract.code)
    entries = [_measure(rank, row, share) for rank, row in enumerate(measure_rows(filing))]
    record_measurements(filing=filing, entries=entries, actor=actor)


def _measure(rank: int, row: MeasureRow, share: Decimal) -> MeasurementEntry:
    value = measured(row.promise.expected, rank=rank, share=share)
    return MeasurementEntry(row.pk, row.revision, value, _parts(row, value), INVENTED if value is not None else "")


def _parts(row: MeasureRow, value: Decimal | None) -> tuple[Decimal | None, ...]:
    """A breakdown that adds up: everything in the first component."""
    if value is None:
        return tuple(None for _ in row.components)
    return tuple(value if rank == 0 else Decimal(0) for rank, _ in enumerate(row.components))


def _calendar(filing: Filing, actor: User) -> None:
    rows = MilestoneProgress.objects.filter(filing=filing).select_related("milestone").order_by("milestone__position")
    until = filing.campaign.ends_on
    ends = dict(filing.version.planned_milestones.values_list("milestone_id", "ends_on"))
    changes = [
        RowChange(row.pk, row.revision, _standing(rank, row.milestone.label, ends.get(row.milestone_id), until))
        for rank, row in enumerate(rows)
    ]
    record_calendar(filing=filing, actor=actor, changes=changes)


def _standing(rank: int, label: str, planned_end: date | None, until: date) -> dict[str, object]:
    """Done when its end is past, on the day that its title names; without a legible date, every other one goes on."""
    if planned_end is not None and planned_end <= until:
        return {"state": ProgressState.DONE, "done_on": day_named(label) or planned_end, "comment": INVENTED}
    return {"state": (ProgressState.ONGOING, ProgressState.NOT_STARTED)[rank % 2], "comment": ""}


def day_named(title: str) -> date | None:
    """The day that the title of a step tells in words, as « 29 juin 2018 »; None when it names none."""
    told = DAY.search(title)
    return date(int(told[3]), MONTHS.index(told[2]) + 1, int(told[1])) if told else None


def _risks(filing: Filing, actor: User) -> None:
    if FiledRisk.objects.filter(filing=filing).exists():
        return
    for title, probability, severity in (
        ("Retard de recrutement dans les services", 3, 2),
        ("Faible disponibilité des équipes métiers", 2, 4),
    ):
        values = {
            "title": title,
            "probability": probability,
            "severity": severity,
            "description": f"Risque de démonstration, inventé ({filing.campaign}).",
            "mitigation": "Revue mensuelle en comité de projet.",
        }
        add_risk(filing=filing, actor=actor, values=values)


def _texts(filing: Filing, actor: User) -> None:
    filing.refresh_from_db()
    is_late = filing.contract.code in LATE
    weather = (Weather.SECURED, Weather.REACHABLE, Weather.REACHABLE, Weather.SUPPORT)[filing.pk % 4]
    pace = "un seul projet est lancé sur les dix prévus." if is_late else "le déploiement suit le calendrier prévu."
    values = {
        "weather": Weather.SUPPORT if is_late else weather,
        "weather_comment": "Météo de démonstration, inventée.",
        "progress_comment": f"Avancement de démonstration, inventé\u00a0: {pace}",
        "difficulties": "Difficulté de démonstration, inventée : deux recrutements sont reportés.",
    }
    record_texts(filing=filing, actor=actor, revision=filing.revision, values=values)
