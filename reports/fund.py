"""The fund as a whole: its envelope by year, what may be carried over, contracts that sleep. Figures in euros."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budget.tranches.calc import EnvelopeYear, TrancheYear
from budget.tranches.dormancy import IDLE_MONTHS, LATE_ELAPSED, LOW_SHARE, Sleep, silence, sleep
from budget.tranches.selectors import Standing, envelope_years, standings
from contracts.lifecycle.selectors import ended
from contracts.models import Contract
from figures.ae_cp import total, total_ae_cp
from figures.formats import legible
from reports.tables.model import EUROS_NOTE, Column, Kind, Role, Row, Table, Value


@dataclass(frozen=True)
class Thresholds:
    """From when a contract is called dormant."""

    months: int = IDLE_MONTHS
    least: Decimal = LOW_SHARE
    after: Decimal = LATE_ELAPSED


@dataclass(frozen=True)
class CarryOver:
    """A tranche made available in a past year and not wholly consumed, or of which nobody reported what was."""

    contract: Contract
    tranche: TrancheYear


@dataclass(frozen=True)
class Sleeper:
    """A dormant contract, why, and what might be released."""

    standing: Standing
    sleep: Sleep


@dataclass(frozen=True)
class Untold:
    """A contract of which nobody can tell whether it sleeps, and why."""

    standing: Standing
    why: str


@dataclass(frozen=True)
class Fund:
    """The fund on a day, each envelope as the acts dated by then left it."""

    on: date
    years: tuple[EnvelopeYear, ...]
    carry_overs: tuple[CarryOver, ...]
    sleepers: tuple[Sleeper, ...]
    untold: tuple[Untold, ...] = ()

    @property
    def release(self) -> Decimal | None:
        """What all the dormant contracts might release, in AE."""
        return total(one.sleep.release for one in self.sleepers)


def fund(on: date, thresholds: Thresholds | None = None) -> Fund:
    """Every contract's tranches as of a day. Eight queries, whatever the number of contracts."""
    rows = standings(Contract.objects.select_related("holder__ministry"), on)
    over = ended([one.contract for one in rows], on)
    going = [one for one in rows if one.contract.pk not in over]
    limits = thresholds or Thresholds()
    years, left = tuple(envelope_years(rows, on)), carry_overs(rows, on.year)
    return Fund(on, years, left, sleepers(going, on, limits), untold(going, on, limits))


def carry_overs(rows: Sequence[Standing], year: int) -> tuple[CarryOver, ...]:
    """Tranches of the years before `year`, not closed, of which AE or CP made available are left, or may be."""
    return tuple(
        CarryOver(one.contract, tranche)
        for one in rows
        for tranche in one.situation.years
        if tranche.year < year and tranche.may_be_carried
    )


def sleepers(rows: Sequence[Standing], on: date, limits: Thresholds) -> tuple[Sleeper, ...]:
    """The contracts that sleep, the largest release first; `rows` are those whose execution has not ended."""
    found = [
        Sleeper(one, why)
        for one in rows
        if (why := sleep(one.activity, on, months=limits.months, least=limits.least, after=limits.after)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (-(one.sleep.release or Decimal(-1)), one.standing.contract.title)))


def untold(rows: Sequence[Standing], on: date, limits: Thresholds) -> tuple[Untold, ...]:
    """The contracts that report too little for anybody to tell, in the order given."""
    why = [(one, silence(one.activity, on, months=limits.months, after=limits.after)) for one in rows]
    return tuple(Untold(one, told) for one, told in why if told)


# --- The same as tables, for the page and for the workbook ---

_YEARS = (
    Column("year", "Exercice", width=10),
    Column("voted_ae", "AE", Kind.EUROS, 11, "Voté"),
    Column("voted_cp", "CP", Kind.EUROS, 11, "Voté"),
    Column("carried_ae", "AE", Kind.EUROS, 11, "Reporté"),
    Column("carried_cp", "CP", Kind.EUROS, 11, "Reporté"),
    Column("decided_ae", "AE", Kind.EUROS, 11, "Décidé"),
    Column("decided_cp", "CP", Kind.EUROS, 11, "Décidé"),
    Column("available_ae", "AE", Kind.EUROS, 11, "Mis à disposition"),
    Column("available_cp", "CP", Kind.EUROS, 11, "Mis à disposition"),
    Column("consumed_ae", "AE", Kind.EUROS, 11, "Consommé"),
    Column("consumed_cp", "CP", Kind.EUROS, 11, "Consommé"),
    Column("left_ae", "AE", Kind.EUROS, 11, "Reste à décider"),
    Column("left_cp", "CP", Kind.EUROS, 11, "Reste à décider"),
)
_CARRIED = (
    Column("contract", "Contrat", width=28),
    Column("year", "Tranche", width=8),
    Column("available_ae", "AE", Kind.EUROS, 11, "Mis à disposition"),
    Column("available_cp", "CP", Kind.EUROS, 11, "Mis à disposition"),
    Column("consumed_ae", "AE", Kind.EUROS, 11, "Consommé"),
    Column("consumed_cp", "CP", Kind.EUROS, 11, "Consommé"),
    Column("left_ae", "AE", Kind.EUROS, 11, "Reportable"),
    Column("left_cp", "CP", Kind.EUROS, 11, "Reportable"),
)
_SLEEPING = (
    Column("contract", "Contrat", width=28),
    Column("years", "Financement", width=12),
    Column("planned", "AE prévues", Kind.EUROS, 12),
    Column("granted", "AE décidées, exercices renseignés", Kind.EUROS, 14),
    Column("consumed", "AE consommées", Kind.EUROS, 12),
    Column("why", "Pourquoi", width=40),
    Column("release", "Libération proposée", Kind.EUROS, 14),
)
_UNTOLD = (
    Column("contract", "Contrat", width=28),
    Column("years", "Financement", width=12),
    Column("planned", "AE prévues", Kind.EUROS, 12),
    Column("granted", "AE décidées", Kind.EUROS, 12),
    Column("consumed", "AE consommées", Kind.EUROS, 12),
    Column("why", "Pourquoi", width=40),
)


def years_table(facts: Fund) -> Table:
    """One row for each year. Years are not added: what is carried over would count twice."""
    rows = tuple(
        Row(
            (
                str(one.year),
                *(one.voted.ae, one.voted.cp, one.carried.ae, one.carried.cp),
                *(one.decided.ae, one.decided.cp, one.available.ae, one.available.cp),
                *(one.consumed.ae, one.consumed.cp, one.left.ae, one.left.cp),
            )
        )
        for one in facts.years
    )
    note = f"{EUROS_NOTE} Reste à décider : voté et reporté, moins décidé. Crédits du FTAP."
    return Table("fonds-annees", "Enveloppe par exercice", _YEARS, rows, note, "Aucun exercice.", is_wide=True)


def carried_table(facts: Fund) -> Table:
    """One row for each tranche."""
    rows = [Row((one.contract.title, str(one.tranche.year), *_pairs(one.tranche))) for one in facts.carry_overs]
    if rows:
        given = total_ae_cp(one.tranche.available for one in facts.carry_overs)
        spent = total_ae_cp(one.tranche.consumed for one in facts.carry_overs)
        # Row by row: a tranche of which nothing was reported leaves an unknown amount, not its whole.
        left = total_ae_cp(one.tranche.unspent for one in facts.carry_overs)
        rows.append(Row(("Total", "", given.ae, given.cp, spent.ae, spent.cp, left.ae, left.cp), Role.TOTAL))
    empty = "Aucune tranche d’un exercice passé, mise à disposition et non close, ne laisse de crédits."
    return Table("fonds-reports", "Candidats au report", _CARRIED, tuple(rows), EUROS_NOTE, empty)


def _pairs(one: TrancheYear) -> tuple[Decimal | None, ...]:
    given, spent, left = one.available, one.consumed, one.unspent
    return given.ae, given.cp, spent.ae, spent.cp, left.ae, left.cp


def sleeping_table(facts: Fund) -> Table:
    """One row for each dormant contract, with the release proposed: AE decided and not consumed."""
    rows = [
        Row(
            (
                *_named(one.standing),
                _planned_ae(one.standing),
                one.standing.activity.granted_ae,
                one.standing.activity.consumed_ae,
                " ; ".join(one.sleep.reasons),
                one.sleep.release,
            )
        )
        for one in facts.sleepers
    ]
    if rows:
        held = [one.standing.activity for one in facts.sleepers]
        sums = [total(getattr(one, which) for one in held) for which in ("planned_ae", "granted_ae", "consumed_ae")]
        rows.append(Row(("Total", "", *sums, "", facts.release), Role.TOTAL))
    return Table("fonds-dormants", "Contrats dormants", _SLEEPING, tuple(rows), EUROS_NOTE, "Aucun contrat ne dort.")


def untold_table(facts: Fund) -> Table:
    """One row for each contract that reports too little to say whether it sleeps."""
    rows = tuple(
        Row(
            (
                *_named(one.standing),
                _planned_ae(one.standing),
                one.standing.situation.decided.ae,
                one.standing.situation.consumed.ae,
                one.why,
            )
        )
        for one in facts.untold
    )
    note = f"{EUROS_NOTE} AE consommées : ce qui est renseigné. Un silence n’est pas un zéro."
    empty = "Tous les contrats en cours renseignent leur consommation."
    return Table("fonds-inconnus", "Contrats dont on ne sait s’ils dorment", _UNTOLD, rows, note, empty)


def _planned_ae(one: Standing) -> Value:
    """The AE planned over the life of the contract; « illisible » where the scan lost them."""
    return legible(one.situation.planned.ae, is_lost="ae" in one.situation.lost)


def _named(one: Standing) -> tuple[str, str]:
    return one.contract.title, f"{one.contract.first_year}–{one.contract.last_year}"


def tables(facts: Fund) -> tuple[Table, ...]:
    """What the page and the workbook show, in order."""
    return years_table(facts), carried_table(facts), sleeping_table(facts), untold_table(facts)
