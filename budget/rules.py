"""Rules of the ledger of credits: pure checks of a filing's lines, with the amount at stake and the cell to look at."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from budget.entry import CreditFacts, CreditRow, same_amounts
from figures.ae_cp import NOTHING
from figures.formats import date_fr, euros
from figures.periods import months_between
from monitoring.entry.cells import cell_anchor, row_anchor, total_anchor
from monitoring.enums import Severity
from monitoring.rules import Finding, Rule

FTAP_PROGRAMME: Final = "0349"
STILL_MONTHS: Final = 6  # ours: two quarters without any movement
Credit = Literal["ae", "cp"]
LineCheck = Callable[[CreditRow], Finding | None]


def _each_line(check: LineCheck) -> Callable[[CreditFacts], list[Finding]]:
    """A check of one line, made on all."""
    return lambda facts: [found for row in facts.rows if (found := check(row)) is not None]


def _at(row: CreditRow, credit: Credit, message: str, amount: Decimal | None = None) -> Finding:
    return Finding(f"{row.label}\u00a0: {message}", cell_anchor(row.pk, credit), amount)


def _cp_above_ae(row: CreditRow) -> Finding | None:
    """CP cumulated since the line began exceed AE: more would be paid than was committed."""
    life = row.over_life
    if (row.consumed.ae is None) != (row.consumed.cp is None):
        return None
    if life.ae is None or life.cp is None or life.cp <= life.ae:
        return None
    gap = life.cp - life.ae
    return _at(
        row,
        "cp",
        f"depuis l’origine, les CP ({euros(life.cp)}) dépassent les AE ({euros(life.ae)}) de {euros(gap)}.",
        gap,
    )


def _falling(facts: CreditFacts) -> list[Finding]:
    """A figure cumulated since 1 January below the previous filing's, or above the following one's.

    AE may fall when commitments are withdrawn.
    """
    return [found for row in facts.rows for found in _falls_of(row)]


def _falls_of(row: CreditRow) -> Iterator[Finding]:
    following = row.following or NOTHING
    cells: list[tuple[Credit, Decimal | None, Decimal | None, Decimal | None]] = [
        ("ae", row.consumed.ae, row.last_known.ae, following.ae),
        ("cp", row.consumed.cp, row.last_known.cp, following.cp),
    ]
    for credit, now, last, after in cells:
        if now is not None and last is not None and now < last:
            message = f"le cumul des {credit.upper()} baisse de {euros(last - now)} depuis la période précédente."
            yield _at(row, credit, message, last - now)
        if now is not None and after is not None and now > after:
            message = f"le cumul des {credit.upper()} dépasse de {euros(now - after)} celui de la période suivante."
            yield _at(row, credit, message, now - after)


def _t2_ae_differs(row: CreditRow) -> Finding | None:
    """Titre 2: AE equal CP."""
    ae, cp = row.consumed.ae, row.consumed.cp
    if row.titre != "2" or ae is None or cp is None or ae == cp:
        return None
    return _at(row, "ae", f"en titre 2, les AE égalent les CP\u00a0: {euros(abs(ae - cp))} d’écart.", abs(ae - cp))


def _t2_on_349(row: CreditRow) -> Finding | None:
    """Programme 349 bears no posts: staff money travels by transfer to the holder's programme."""
    amount = row.consumed.cp or row.consumed.ae
    if row.titre != "2" or row.programme != FTAP_PROGRAMME or not amount:
        return None
    message = (
        f"{euros(amount)} de titre 2 déclarés sur le programme 349, qui ne porte pas d’emplois\u00a0: "
        "la dépense s’impute sur le programme du porteur, après transfert."
    )
    return _at(row, "ae", message, amount)


def _above_plan(row: CreditRow, credit: Credit) -> Finding | None:
    """More than the version plans for the year."""
    now, planned = (row.consumed.ae, row.planned.ae) if credit == "ae" else (row.consumed.cp, row.planned.cp)
    if now is None or planned is None or now <= planned:
        return None
    gap = now - planned
    what = "d’AE" if credit == "ae" else "de CP"
    message = f"{euros(now)} {what} pour {euros(planned)} prévus cette année, soit {euros(gap)} de plus."
    return _at(row, credit, message, gap)


def _above_plan_over_life(row: CreditRow) -> Finding | None:
    """AE since the line began above all that the version plans."""
    now, planned = row.over_life.ae, row.planned_over_life.ae
    if now is None or planned is None or now <= planned:
        return None
    message = f"depuis l’origine, {euros(now)} d’AE pour {euros(planned)} au plan, soit {euros(now - planned)} de plus."
    return _at(row, "ae", message, now - planned)


def _negative_ae(row: CreditRow) -> Finding | None:
    """Withdrawn commitments: possible, worth saying."""
    ae = row.consumed.ae
    if ae is None or ae >= 0:
        return None
    return _at(row, "ae", f"AE négatives ({euros(ae)}), ce qui s’explique par des retraits d’engagements.", ae)


def _negative_cp(row: CreditRow) -> Finding | None:
    """Payments of a year cannot be below zero but for a refund: to be explained."""
    cp = row.consumed.cp
    if cp is None or cp >= 0 or row.comment:
        return None
    return _at(row, "cp", f"CP négatifs ({euros(cp)})\u00a0: expliquez-les en commentaire.", cp)


def _before_contract(facts: CreditFacts) -> list[Finding]:
    """Something consumed before the contract was signed, or that may have been.

    Figures are cumulated since 1 January. In the year of the signature, the first that a line declares may hold
    something older: a comment says that it does not.
    """
    signed = facts.contract_date
    if signed is None or signed <= date(facts.year, 1, 1):
        return []
    is_over = facts.period_end < signed
    told = (_ALL_BEFORE if is_over else _SOME_BEFORE).format(date_fr(signed))
    found: list[Finding] = []
    for row in facts.rows:
        if not row.is_ftap or not (is_over or (row.last is None and not row.comment)):
            continue
        ae, cp = row.consumed.ae, row.consumed.cp
        if ae:
            found.append(_at(row, "ae", f"{euros(ae)} d’AE {told}", ae))
        elif cp:
            found.append(_at(row, "cp", f"{euros(cp)} de CP {told}", cp))
    return found


_ALL_BEFORE = "déclarés pour une période close avant la signature du contrat, le {}."
_SOME_BEFORE = (
    "cumulés depuis le 1er\u00a0janvier, pour un contrat signé le {}\u00a0: "
    "dites en commentaire que rien ne précède la signature."
)


def _still(facts: CreditFacts) -> list[Finding]:
    """Nothing consumed for `STILL_MONTHS` months on a line whose plan is not exhausted and wants CP this year."""
    waiting = ((row, row.moved_on or facts.contract_date) for row in facts.rows if _waits(row))
    found = ((row, months_between(since, facts.period_end)) for row, since in waiting if since is not None)
    return [
        _at(row, "cp", f"rien n’est consommé depuis {months} mois, pour {euros(row.planned.cp)} de CP prévus.")
        for row, months in found
        if months >= STILL_MONTHS
    ]


def _waits(row: CreditRow) -> bool:
    """Reported, unchanged since the last period, with CP planned this year and some left over life."""
    planned = row.planned_over_life.cp
    is_still = row.consumed.is_reported and same_amounts(row.consumed, row.last_known)
    has_left = planned is not None and (row.over_life.cp or 0) < planned
    return row.is_ftap and is_still and bool(row.planned.cp) and has_left


def _nothing_reported(row: CreditRow) -> Finding | None:
    """A line left blank: zero is a figure, blank is not."""
    if row.consumed.is_reported:
        return None
    return Finding(
        f"{row.label}\u00a0: rien n’est renseigné\u00a0; tapez 0 si rien n’a été consommé.",
        row_anchor(row.pk),
        cell=cell_anchor(row.pk, "ae"),
    )


def _half_reported(row: CreditRow) -> Finding | None:
    """AE without CP, or CP without AE."""
    ae, cp = row.consumed.ae, row.consumed.cp
    if (ae is None) == (cp is None):
        return None
    missing: Credit = "ae" if ae is None else "cp"
    return _at(row, missing, f"les {missing.upper()} manquent\u00a0; tapez 0 si rien n’a été consommé.")


def _above_tranche(facts: CreditFacts) -> list[Finding]:
    """AE of the fund in the year above the tranche that the secretariat decided (article 6)."""
    given, spent = facts.tranche.ae, facts.fund_ae
    if given is None or spent is None or spent <= given:
        return []
    gap = spent - given
    message = f"{euros(spent)} d’AE du FTAP pour une tranche {facts.year} de {euros(given)}, soit {euros(gap)} de plus."
    return [Finding(message, total_anchor("ae"), gap)]


def _above_affectation(facts: CreditFacts) -> list[Finding]:
    """Titre 5: AE since the line began above what was affected to its phases."""
    said = "{} d’AE de titre 5 pour {} affectés à ses tranches fonctionnelles."
    return [
        _at(row, "ae", said.format(euros(spent), euros(affected)), gap)
        for row in facts.rows
        if row.titre == "5" and (affected := facts.affectations.get(row.line)) is not None
        if (spent := row.over_life.ae) is not None and (gap := spent - affected) > 0
    ]


def _rule(
    code: str, title: str, severity: Severity, article: str, source: str, check: Callable[[CreditFacts], list[Finding]]
) -> Rule:
    return Rule(code, title, severity, article, source, check, section="credits")


_BLOCKING, _WARNING, _INFO = Severity.BLOCKING, Severity.WARNING, Severity.INFO
_LOLF = "LOLF, article 8"

RULES: Final = (
    _rule("C01", "CP au-delà des AE sur la vie de la ligne", _BLOCKING, "5.1", _LOLF, _each_line(_cp_above_ae)),
    _rule("C02", "Chiffre cumulé qui baisse dans l’année", _WARNING, "5.1", "Cumul depuis le 1er janvier", _falling),
    _rule("C03", "Titre 2 dont les AE diffèrent des CP", _WARNING, "2", _LOLF, _each_line(_t2_ae_differs)),
    _rule(
        "C04", "Titre 2 imputé sur le programme 349", _WARNING, "2",
        "Documents budgétaires du programme 349", _each_line(_t2_on_349),
    ),
    _rule(
        "C05", "AE au-delà du plan de l’année", _WARNING, "2", "Plan de financement de la version",
        _each_line(lambda row: _above_plan(row, "ae")),
    ),
    _rule(
        "C06", "CP au-delà du plan de l’année", _WARNING, "2", "Plan de financement de la version",
        _each_line(lambda row: _above_plan(row, "cp")),
    ),
    _rule(
        "C07", "AE au-delà du plan sur la vie de la ligne", _WARNING, "2", "Plan de financement de la version",
        _each_line(_above_plan_over_life),
    ),
    _rule("C08", "AE négatives", _INFO, "5.1", "Retraits d’engagements", _each_line(_negative_ae)),
    _rule("C09", "CP négatifs non expliqués", _WARNING, "5.1", "Rétablissement de crédits", _each_line(_negative_cp)),
    _rule("C10", "Consommation antérieure au contrat", _WARNING, "6", "Date du contrat", _before_contract),
    _rule("C11", "Ligne sans rien de renseigné", _WARNING, "5.1", "Suivi des crédits", _each_line(_nothing_reported)),
    _rule("C12", "AE ou CP seuls renseignés", _WARNING, "5.1", "Suivi des crédits", _each_line(_half_reported)),
    _rule("C13", "Rien de consommé depuis six mois", _WARNING, "5.1", "Plan de financement de la version", _still),
    _rule(
        "C14", "AE au-delà de la tranche de l’année", _WARNING, "6",
        "Tranche décidée par le secrétariat du fonds", _above_tranche,
    ),
    _rule("C15", "AE de titre 5 au-delà des affectations", _WARNING, "2", _LOLF, _above_affectation),
)  # fmt: skip

YEAR_RULES: Final = tuple(rule for rule in RULES if rule.code == "C14")
"""Those on all the lines together, told below the totals."""
