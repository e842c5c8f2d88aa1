"""Reopening in two strengths: figures of the latest filing, texts alone when a later one rests on them."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.enums import Role
from accounts.models import User
from budget.models import BudgetLine, Consumption
from budget.selectors import credit_situation
from contracts.models import Contract
from monitoring.errors import BlockedError, FilingError, NotAllowedError
from monitoring.locks import MESSAGE
from monitoring.models import FiledRisk, Filing, OutgoingMail
from monitoring.reality import counting_filings
from monitoring.services.filings import (
    reopen_filing,
    reopen_texts,
    send_back_filing,
    submit_filing,
    take_back_filing,
    validate_filing,
)
from monitoring.services.progress import add_risk, record_texts
from reports.jobs import make_report, request_report
from reports.models import Delivery, Job, Snapshot
from tests.factories import CampaignFactory, FilingFactory, grant

WHY = "Le commentaire cite un autre contrat."


@pytest.fixture
def first(contract: Contract) -> Filing:
    """A locked filing that a later, submitted one follows; 4 000 € of CP."""
    first = FilingFactory(contract=contract, weather="secured", progress_comment="Tout avance.")
    line = BudgetLine.objects.get(contract=contract, key="etudes")
    Consumption.objects.create(line=line, filing=first, ae=5_000, cp=4_000)
    FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True), state="submitted")
    return _put(first, "locked")


@pytest.fixture
def texts(first: Filing, secretariat: User) -> Filing:
    """The same, its texts reopened."""
    return reopen_texts(filing=first, actor=secretariat, reason=WHY)


def _put(filing: Filing, state: str) -> Filing:
    model = FilingFactory(contract=filing.contract, campaign__whole_year=True, state=state)
    fields = ("state", "submitted_by", "submitted_at", "locked_at")
    Filing.objects.filter(pk=filing.pk).update(**{name: getattr(model, name) for name in fields})
    Filing.objects.filter(pk=model.pk).update(state="draft")
    return Filing.objects.select_related("campaign", "version", "contract").get(pk=filing.pk)


def words(filing: Filing, **changes: str) -> dict[str, str]:
    kept = {name: getattr(filing, name) for name in ("weather", "weather_comment", "progress_comment", "difficulties")}
    return kept | changes


def test_a_followed_filing_reopens_its_texts_only(first: Filing, secretariat: User) -> None:
    with pytest.raises(FilingError, match=r"3e\s*trimestre\s*2021.*seuls les textes"):
        reopen_filing(filing=first, actor=secretariat, reason=WHY)
    assert reopen_texts(filing=first, actor=secretariat, reason=WHY).state == "texts_open"


def test_the_latest_filing_reopens_whole(contract: Contract, secretariat: User) -> None:
    latest = FilingFactory(contract=contract, state="locked")
    FilingFactory(contract=contract, campaign=CampaignFactory(next_quarter=True))  # a draft counts for nothing
    with pytest.raises(FilingError, match="en entier"):
        reopen_texts(filing=latest, actor=secretariat, reason=WHY)
    assert reopen_filing(filing=latest, actor=secretariat, reason=WHY).state == "reopened"


def test_reopening_texts_is_the_secretariat_s_and_asks_for_a_reason(
    first: Filing, lead: User, ditp_reviewer: User, db_reviewer: User, secretariat: User
) -> None:
    for person in (lead, ditp_reviewer, db_reviewer):
        with pytest.raises(NotAllowedError, match="Secrétariat"):
            reopen_texts(filing=first, actor=person, reason=WHY)
    with pytest.raises(FilingError, match="motif"):
        reopen_texts(filing=first, actor=secretariat, reason=" \n")


def test_the_database_takes_comments_and_nothing_else(texts: Filing) -> None:
    for write in (
        "UPDATE budget_consumption SET cp = 9000 WHERE filing_id = %s",
        "DELETE FROM budget_consumption WHERE filing_id = %s",
        "UPDATE monitoring_filing SET weather = 'compromised' WHERE id = %s",
        "UPDATE monitoring_filing SET version_id = version_id + 1 WHERE id = %s",
        """INSERT INTO monitoring_filedrisk
            (filing_id, title, description, probability, severity, mitigation, state, revision)
            VALUES (%s, 'x', '', 1, 1, '', 'open', 0)""",
    ):
        with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(write, [texts.pk])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE monitoring_filing SET difficulties = 'x' WHERE id = %s", [texts.pk])


def test_the_lead_writes_comments_and_nothing_else(texts: Filing, lead: User, contributor: User) -> None:
    written = record_texts(filing=texts, actor=lead, revision=0, values=words(texts, progress_comment="Corrigé."))
    assert (written.progress_comment, written.weather) == ("Corrigé.", "secured")
    with pytest.raises(FilingError, match="météo"):
        record_texts(filing=texts, actor=lead, revision=1, values=words(texts, weather="support"))
    with pytest.raises(FilingError, match="n’est plus ouvert"):
        add_risk(filing=texts, actor=lead, values={"title": "Marché", "probability": 1, "severity": 1})
    with pytest.raises(NotAllowedError):
        record_texts(filing=texts, actor=contributor, revision=1, values=words(texts))
    assert not FiledRisk.objects.exists()


def test_figures_go_on_counting_while_texts_are_open(texts: Filing, lead: User, contract: Contract) -> None:
    assert texts in counting_filings(contract)
    assert submit_filing(filing=texts, actor=lead) in counting_filings(contract)
    assert credit_situation(contract, texts.version, filings=[texts]).ftap.consumed.cp == 4_000


def test_no_way_from_open_texts_to_open_figures(texts: Filing, lead: User, ditp_reviewer: User) -> None:
    submitted = submit_filing(filing=texts, actor=lead)
    assert submitted.state == "texts_filed"
    assert take_back_filing(filing=submitted, actor=lead).state == "texts_open"
    submit_filing(filing=texts, actor=lead)
    assert send_back_filing(filing=texts, actor=ditp_reviewer, reason="Précisez.").state == "texts_open"


def test_rules_on_figures_do_not_stop_texts_but_rules_on_texts_do(texts: Filing, lead: User) -> None:
    Filing.objects.filter(pk=texts.pk).update(progress_comment="")
    assert submit_filing(filing=texts, actor=lead).state == "texts_filed"
    storm = FilingFactory(contract=texts.contract, campaign__quarter=1, campaign__starts_on="2021-01-01",
                          campaign__ends_on="2021-03-31", state="texts_open", weather="compromised")  # fmt: skip
    with pytest.raises(BlockedError) as blocked:
        submit_filing(filing=storm, actor=lead)
    assert [found.rule.code for found in blocked.value.findings] == ["S02"]


def test_whoever_wrote_the_texts_does_not_validate_them(texts: Filing, lead: User, ditp_reviewer: User) -> None:
    grant(lead, Role.DITP_REVIEWER)
    record_texts(filing=texts, actor=lead, revision=0, values=words(texts, difficulties="Aucune."))
    submit_filing(filing=texts, actor=lead)
    with pytest.raises(NotAllowedError, match="autre personne"):
        validate_filing(filing=texts, actor=lead)
    assert validate_filing(filing=texts, actor=ditp_reviewer).state == "locked"


def test_an_earlier_filing_reopened_stops_the_next(contract: Contract, lead: User, secretariat: User) -> None:
    first = FilingFactory(contract=contract, state="locked")
    later = FilingFactory(
        contract=contract,
        campaign=CampaignFactory(next_quarter=True),
        weather="secured",
        progress_comment="Tout avance.",
    )
    reopen_filing(filing=first, actor=secretariat, reason=WHY)
    with pytest.raises(BlockedError) as blocked:
        submit_filing(filing=later, actor=lead)
    assert [found.rule.code for found in blocked.value.findings] == ["S15"]


@pytest.mark.django_db(transaction=True)
def test_locking_again_makes_one_more_report_and_mails_it_once(
    first: Filing, lead: User, ditp_reviewer: User, secretariat: User
) -> None:
    make_report(request_report(first, None).pk)
    texts = reopen_texts(filing=first, actor=secretariat, reason=WHY)
    record_texts(filing=texts, actor=lead, revision=0, values=words(texts, progress_comment="Corrigé."))
    submit_filing(filing=texts, actor=lead)
    validate_filing(filing=texts, actor=ditp_reviewer)
    (job,) = Job.objects.filter(filing=first, state="queued")
    assert make_report(job.pk)
    assert not make_report(job.pk)
    before, after = Snapshot.objects.filter(filing=first).order_by("pk")
    assert before.sha256 != after.sha256
    assert "Corrigé." in after.content
    mails = OutgoingMail.objects.filter(topic="report").values_list("recipient", flat=True)
    assert list(mails) == [secretariat.email] * 2
    assert Delivery.objects.filter(snapshot=after).count() == 1
