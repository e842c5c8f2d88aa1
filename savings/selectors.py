"""Reads of the ledger of savings: constant in queries, whatever the number of lines and years."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from djmoney.money import Money

from contracts.fields import amount
from contracts.models import Contract, ContractVersion
from contracts.parts import is_withdrawn, standing
from figures.ae_cp import NOTHING, AeCp
from monitoring.models import Filing
from monitoring.reality import counting_filings, last_of_each_year
from monitoring.validated_texts import with_validated_texts
from savings.calc import Post, SavingLine, SavingsSituation, SavingYear
from savings.enums import SavingsMethod
from savings.models import (
    TEXTS,
    PlannedPost,
    PlannedSaving,
    RealisedSaving,
    SavingCertification,
    SavingsLine,
    SavingsTerms,
)
from savings.planned import is_lost


def savings_situation(
    contract: Contract,
    version: ContractVersion | None,
    on: date | None = None,
    *,
    filing: Filing | None = None,
    filings: Sequence[Filing] | None = None,
) -> SavingsSituation:
    """Article 3 of a version held against the filings that count, in euros; declared and certified are kept apart.

    After the contract's table, what recurs is expected each year until the day's, as long as savings are followed.
    A year's savings are those of the year's last filing that has savings rows (they are asked for once a year).
    Five queries, six when `filings` (oldest first) is not given.
    """
    counting = counting_filings(contract, on=on, filing=filing) if filings is None else filings
    planned = _planned(version)
    realised = _realised(counting)
    followed = years_after(contract, version, (year for _, year in planned))
    seen = filing.campaign.ends_on if filing else on or timezone.localdate()
    after = [year for year in followed if year <= seen.year]
    years = tuple(sorted({*contract.funding_years, *after, *(year for _, year in (*planned, *realised))}))
    terms = {terms.line_id: terms for terms in SavingsTerms.objects.filter(version=version)} if version else {}
    posts = _posts(version)
    shown = {*terms, *(line for line, _ in (*planned, *realised))}
    return SavingsSituation(
        years,
        tuple(
            _line(
                line,
                terms.get(line.pk),
                posts.get(line.pk, ()),
                _cells(line.pk, years, planned, realised, _recurring(line, terms.get(line.pk), followed)),
            )
            for line in standing(_lines(contract, version), version, "terms", "planned")
            if not is_withdrawn(line, shown)
        ),
    )


def _lines(contract: Contract, version: ContractVersion | None) -> QuerySet[SavingsLine]:
    """The lines of the contract, each with whether the scan lost amounts that the version promises on it."""
    return SavingsLine.objects.filter(contract=contract).annotate(is_lost=is_lost("position", version))


@dataclass(frozen=True)
class _Realised:
    declared: AeCp
    certified: AeCp
    row: RealisedSaving


Planned = Mapping[tuple[int, int], AeCp]
Realised = Mapping[tuple[int, int], _Realised]


def years_after(contract: Contract, version: ContractVersion | None, printed: Iterable[int]) -> range:
    """The years after a version's table in which savings are still followed (three after the last funding).

    `printed` are the years of the table, whatever the line; a version that a prolongation followed ended before it.
    """
    funded = version.extends_to if version else None
    last = max((funded or contract.last_year, *printed))
    return range(last + 1, contract.savings_followed_until + 1)


def _planned(version: ContractVersion | None) -> Planned:
    rows = PlannedSaving.objects.filter(version=version).order_by("pk") if version else PlannedSaving.objects.none()
    return {(line, year): AeCp(ae, cp) for line, year, ae, cp in rows.values_list("line_id", "year", "ae", "cp")}


def _realised(filings: Sequence[Filing]) -> Realised:
    """By line and year, from the last filing of each year that has savings rows."""
    declared = RealisedSaving.objects.filter(filing__in=[filing.pk for filing in filings]).order_by("pk")
    rows = with_validated_texts(declared.select_related("certification"), filings, TEXTS)
    telling = {row.filing_id for row in rows}
    year_of = {
        filing.pk: year for year, filing in last_of_each_year(one for one in filings if one.pk in telling).items()
    }
    return {(row.line_id, year_of[row.filing_id]): _realised_of(row) for row in rows if row.filing_id in year_of}


def _realised_of(row: RealisedSaving) -> _Realised:
    certification = getattr(row, "certification", None)
    certified = _amounts(certification.ae, certification.cp) if certification else NOTHING
    return _Realised(_amounts(row.ae, row.cp), certified, row)


def _posts(version: ContractVersion | None) -> Mapping[int, Sequence[Post]]:
    found: dict[int, list[Post]] = defaultdict(list)
    rows = PlannedPost.objects.filter(version=version).order_by("line", "category", "year") if version else ()
    for row in rows:
        cost = amount(row.unit_cost)
        found[row.line_id].append(Post(row.category, row.year, cost, row.removed_etpt, row.redeployed_etpt, row.month))
    return found


def _recurring(line: SavingsLine, terms: SavingsTerms | None, followed: Collection[int]) -> Mapping[int, AeCp]:
    """By year after the table, what a recurrent line promises each year."""
    if terms is None or not line.is_recurrent:
        return {}
    return dict.fromkeys(followed, _amounts(terms.recurrent_ae, terms.recurrent_cp))


def _cells(
    line: int, years: Sequence[int], planned: Planned, realised: Realised, recurring: Mapping[int, AeCp]
) -> tuple[SavingYear, ...]:
    return tuple(
        _cell(year, planned.get((line, year), NOTHING), realised.get((line, year)), recurring.get(year, NOTHING))
        for year in years
    )


def _cell(year: int, planned: AeCp, realised: _Realised | None, recurring: AeCp) -> SavingYear:
    if realised is None:
        return SavingYear(year, planned, NOTHING, NOTHING, recurring=recurring)
    row = realised.row
    certification = getattr(row, "certification", None)
    return SavingYear(
        year=year,
        planned=planned,
        declared=realised.declared,
        certified=realised.certified,
        filing=row.filing_id,
        reason=row.reason,
        evidence_level=certification.level if certification else row.evidence_level,
        evidence_level_label=_level_label(row, certification),
        evidence=row.evidence,
        recurring=recurring,
    )


def _level_label(row: RealisedSaving, certification: SavingCertification | None) -> str:
    return certification.get_level_display() if certification else row.get_evidence_level_display()


def _line(
    line: SavingsLine, terms: SavingsTerms | None, posts: Sequence[Post], cells: tuple[SavingYear, ...]
) -> SavingLine:
    return SavingLine(
        key=line.key,
        label=line.label,
        nature=line.nature,
        titre=line.titre,
        programme=line.programme,
        method=line.method,
        method_label=line.get_method_display(),
        parameters=terms.parameters if terms else {},
        is_recurrent=line.is_recurrent,
        is_redeployed=line.is_redeployed,
        recurrent=_amounts(terms.recurrent_ae, terms.recurrent_cp) if terms else NOTHING,
        posts=tuple(posts),
        years=cells,
        is_for_information=line.method == SavingsMethod.UNVALUED,
        is_lost=line.is_lost,  # type: ignore[attr-defined]  # annotated above
    )


def _amounts(ae: Money | None, cp: Money | None) -> AeCp:
    return AeCp(amount(ae), amount(cp))
