"""Certifying savings: a reviewer who did not declare, never above what is declared, all or nothing."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from djmoney.money import Money
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import Role
from accounts.models import User
from contracts.fields import amount
from contracts.models import Contract
from figures.ae_cp import AeCp
from monitoring.enums import FilingAction
from monitoring.errors import FilingError, NotAllowedError
from monitoring.models import Filing, FilingTransition
from monitoring.rules import findings
from monitoring.services.evidence import add_attachment, remove_attachment
from reports.history import history
from savings.calc import SavingLine, SavingsSituation
from savings.certification import STAFF_DIFFERS, CertificationEntry
from savings.locks import ABOVE_DECLARED, BELOW_DECLARED, DECLARED_BY_THEM, NOT_SUBMITTED, REASON_NEEDED
from savings.models import RealisedSaving, SavingCertification, SavingsLine
from savings.sections import prepare
from savings.selectors import savings_situation
from savings.services import (
    CertificationRefused,
    StaleCertification,
    certify_saving,
    certify_savings,
    record_saving,
)
from tests.contracts.evidence_files import pdf
from tests.factories import CampaignFactory, FilingFactory, UserFactory, grant
from tests.savings.test_calc import line as calc_line

SignedIn = Callable[[User], Client]


@pytest.fixture
def annual(contract: Contract) -> Filing:
    """The fourth quarter of 2021, open, its two savings rows made."""
    SavingsLine.objects.create(contract=contract, key="achats", label="Achats", method="montants", position=2)
    campaign = CampaignFactory(fourth_quarter=True)
    filing = FilingFactory(contract=contract, campaign=campaign)
    prepare(filing)
    return filing


@pytest.fixture
def rent(annual: Filing, lead: User) -> RealisedSaving:
    """28 000 € declared on the rents by the lead, for 30 000 € planned; the filing is submitted."""
    row = RealisedSaving.objects.select_related("filing", "line").get(filing=annual, line__label="Loyers")
    record_saving(
        row=row, revision=0, ae=Decimal(28_000), cp=Decimal(28_000), reason="Bail prolongé",
        evidence_level="documented", evidence="Bail", actor=lead,
    )  # fmt: skip
    submitted(annual, lead)
    return RealisedSaving.objects.select_related("filing", "line").get(pk=row.pk)


def submitted(filing: Filing, by: User) -> None:
    """As the lead submits, with the row that says so."""
    Filing.objects.filter(pk=filing.pk).update(state="submitted", submitted_by=by, submitted_at=timezone.now())
    FilingTransition.objects.create(
        filing=filing, action=FilingAction.SUBMIT, from_state="draft", to_state="submitted", actor=by
    )


def reopened(filing: Filing) -> None:
    Filing.objects.filter(pk=filing.pk).update(state="sent_back")


def certify(realised: RealisedSaving, actor: User, euros: int | None = 28_000, **changes: Any) -> SavingCertification:
    value = None if euros is None else Decimal(euros)
    return certify_saving(**{"realised": realised, "ae": value, "cp": value, "actor": actor, **changes})


@pytest.mark.parametrize("person", ["ditp_reviewer", "db_reviewer"])
@pytest.mark.parametrize("state", ["submitted", "validated", "locked"])
def test_a_reviewer_certifies(rent: RealisedSaving, person: str, state: str, request: pytest.FixtureRequest) -> None:
    Filing.objects.filter(pk=rent.filing_id).update(state=state, locked_at=timezone.now())
    reviewer = request.getfixturevalue(person)
    made = certify(rent, reviewer, 27_500, level="budgeted")
    assert (amount(made.ae), amount(made.cp), made.level) == (Decimal(27_500), Decimal(27_500), "budgeted")
    assert (made.certified_by, amount(made.declared_cp), made.revision) == (reviewer, Decimal(28_000), 0)


@pytest.mark.parametrize(
    "person", ["lead", "contributor", "reader", "secretariat", "stranger", "administrator", "other_lead"]
)
def test_nobody_else_certifies(rent: RealisedSaving, person: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowedError, match="revient aux instructeurs"):
        certify(rent, request.getfixturevalue(person))


def test_a_reviewer_who_declared_does_not_certify(annual: Filing, lead: User) -> None:
    """Overwritten since by the lead, who submitted: what was typed once counts."""
    both = grant(grant(UserFactory(), Role.LEAD, annual.contract), Role.DITP_REVIEWER)
    row = RealisedSaving.objects.get(filing=annual, line__label="Loyers")
    record_saving(row=row, revision=0, ae=Decimal(1), cp=Decimal(1), actor=both)
    record_saving(row=row, revision=1, ae=Decimal(2), cp=Decimal(2), actor=lead)
    submitted(annual, lead)
    row.refresh_from_db()
    with pytest.raises(NotAllowedError, match="Vous avez saisi ou soumis"):
        certify(row, both, 2)
    refused_by_sql(row, both, DECLARED_BY_THEM)


def test_who_submitted_does_not_certify_even_after_another_submission(rent: RealisedSaving, lead: User) -> None:
    both = grant(grant(UserFactory(), Role.LEAD, rent.filing.contract), Role.DB_REVIEWER)
    submitted(rent.filing, both)
    submitted(rent.filing, lead)
    with pytest.raises(NotAllowedError, match="saisi ou soumis"):
        certify(rent, both)
    refused_by_sql(rent, both, DECLARED_BY_THEM)


def refused_by_sql(realised: RealisedSaving, person: User, message: str) -> None:
    """The database itself refuses, whatever the path."""
    with pytest.raises(IntegrityError, match=message), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO savings_savingcertification
                (realised_id, ae, ae_currency, cp_currency, level, reason, certified_by_id, certified_at, revision,
                 declared_ae_currency, declared_cp_currency)
                VALUES (%s, 0, 'EUR', 'EUR', 'certified', '', %s, now(), 0, 'EUR', 'EUR')""",
            [realised.pk, person.pk],
        )


@pytest.mark.parametrize("state", ["draft", "sent_back", "reopened"])
def test_an_open_filing_is_not_certified(rent: RealisedSaving, ditp_reviewer: User, state: str) -> None:
    Filing.objects.filter(pk=rent.filing_id).update(state=state)
    with pytest.raises(FilingError, match="une fois son dossier soumis"):
        certify(rent, ditp_reviewer)
    refused_by_sql(rent, ditp_reviewer, NOT_SUBMITTED)


@pytest.mark.parametrize(
    ("ae", "cp", "message"),
    [
        (28_000, 28_001, {"cp": "dépasse le déclaré de 1,00\u00a0€"}),
        (None, -5, {"cp": "Un montant négatif"}),
        (30_000, None, {"ae": "dépasse le déclaré de 2\u202f000,00\u00a0€"}),
    ],
)
def test_nothing_is_certified_above_the_declared_amount_whatever_the_reason(
    rent: RealisedSaving, ditp_reviewer: User, ae: int | None, cp: int | None, message: dict[str, str]
) -> None:
    amounts: dict[str, Any] = {"ae": None if ae is None else Decimal(ae), "cp": None if cp is None else Decimal(cp)}
    with pytest.raises(CertificationRefused) as refused:
        certify_saving(realised=rent, actor=ditp_reviewer, reason="Constaté en paie", **amounts)
    cells = refused.value.cells[rent.pk]
    assert {field: message[field] in said for field, said in cells.items()} == dict.fromkeys(message, True)
    assert not SavingCertification.objects.exists()


@pytest.mark.parametrize(
    ("ae", "cp", "message"),
    [
        (28_000, "28000.01", ABOVE_DECLARED),
        (30_000, None, ABOVE_DECLARED),
        (None, -5, BELOW_DECLARED),
    ],
)
def test_the_database_too_holds_what_is_certified_within_what_is_declared(
    rent: RealisedSaving, ditp_reviewer: User, ae: int | None, cp: Any, message: str
) -> None:
    """Written without the service, new or over a certification; the declared amounts copied beside are no way round."""
    amounts: dict[str, Any] = {"ae": ae, "cp": None if cp is None else Decimal(cp)}
    copied: dict[str, Any] = {"declared_ae": Decimal(90_000), "declared_cp": Decimal(90_000)}
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        SavingCertification.objects.create(
            realised=rent, **amounts, **copied, certified_by=ditp_reviewer, certified_at=timezone.now()
        )
    rows = SavingCertification.objects.filter(pk=certify(rent, ditp_reviewer).pk)
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        rows.update(**amounts, reason="Constaté en paie")
    assert amount(rows.get().cp) == Decimal(28_000)


def test_staff_is_certified_the_same_in_ae_and_in_cp(rent: RealisedSaving, ditp_reviewer: User) -> None:
    """Titre 2: by the service at its cell, by the database; one of the two alone is not judged."""
    SavingsLine.objects.filter(pk=rent.line_id).update(titre="2")
    with pytest.raises(CertificationRefused) as refused:
        certify_saving(realised=rent, ae=Decimal(28_000), cp=Decimal(27_000), actor=ditp_reviewer)
    assert refused.value.cells == {rent.pk: {"ae": STAFF_DIFFERS}}
    made = certify(rent, ditp_reviewer, 27_000)
    with pytest.raises(IntegrityError, match=STAFF_DIFFERS), transaction.atomic():
        SavingCertification.objects.filter(pk=made.pk).update(ae=Money(26_000, "EUR"), reason="Autre")
    certify_saving(realised=rent, ae=None, cp=Decimal(27_000), reason="AE non vues", actor=ditp_reviewer)


def test_what_nobody_declared_is_not_certified(rent: RealisedSaving, ditp_reviewer: User) -> None:
    other = RealisedSaving.objects.select_related("filing").get(filing=rent.filing, line__label="Achats")
    with pytest.raises(CertificationRefused) as refused:
        certify(other, ditp_reviewer, 10)
    assert "n’est déclaré par personne" in refused.value.cells[other.pk]["ae"]


def test_a_change_asks_for_a_reason_and_keeps_the_history(
    rent: RealisedSaving, ditp_reviewer: User, db_reviewer: User
) -> None:
    certify(rent, ditp_reviewer)
    with pytest.raises(CertificationRefused) as refused:
        certify(rent, db_reviewer, 20_000)
    assert refused.value.cells[rent.pk]["reason"].startswith("Vous changez une certification")
    with pytest.raises(CertificationRefused, match="Rien n’est enregistré"):
        certify(rent, db_reviewer, None, reason="Je retire")
    made = certify(rent, db_reviewer, 0, reason="Pièce d’un autre contrat")
    assert (amount(made.cp), made.certified_by, made.revision) == (Decimal(0), db_reviewer, 1)
    events = SavingCertification.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [(event.cp, event.certified_by_id) for event in events] == [
        (Money(28_000, "EUR"), ditp_reviewer.pk),
        (Money(0, "EUR"), db_reviewer.pk),
    ]


def test_the_database_asks_for_the_reason_too_and_keeps_certifications(
    rent: RealisedSaving, ditp_reviewer: User
) -> None:
    rows = SavingCertification.objects.filter(pk=certify(rent, ditp_reviewer).pk)
    with pytest.raises(IntegrityError, match=REASON_NEEDED), transaction.atomic():
        rows.update(cp=Money(1, "EUR"))
    with pytest.raises(DatabaseError, match=r"[Cc]annot"), transaction.atomic():
        rows.delete()


def test_all_or_nothing(rent: RealisedSaving, ditp_reviewer: User) -> None:
    other = RealisedSaving.objects.get(filing=rent.filing, line__label="Achats")
    good = CertificationEntry(rent.pk, Decimal(1), Decimal(1), "certified")
    with pytest.raises(CertificationRefused) as refused:
        certify_savings(
            filing=rent.filing, entries=[good, CertificationEntry(other.pk, Decimal(5), None, "certified")],
            actor=ditp_reviewer,
        )  # fmt: skip
    assert set(refused.value.cells) == {other.pk}
    with pytest.raises(FilingError, match="n’a pas de ligne 999999"):
        certify_savings(
            filing=rent.filing, entries=[good, CertificationEntry(999_999, Decimal(5), None, "certified")],
            actor=ditp_reviewer,
        )  # fmt: skip
    assert not SavingCertification.objects.exists()


def test_two_reviewers_at_once(rent: RealisedSaving, ditp_reviewer: User, db_reviewer: User) -> None:
    """Both read the page before either wrote: the second is told, and overwrites nothing."""
    seen = f"{rent.revision}.-"
    first = CertificationEntry(rent.pk, Decimal(28_000), None, "certified", seen=seen)
    certify_savings(filing=rent.filing, entries=[first], actor=ditp_reviewer)
    second = CertificationEntry(rent.pk, Decimal(1), None, "certified", "Autre lecture", seen)
    with pytest.raises(StaleCertification) as stale:
        certify_savings(filing=rent.filing, entries=[second], actor=db_reviewer)
    assert stale.value.rows == {rent.pk}
    assert amount(SavingCertification.objects.get().ae) == Decimal(28_000)
    assert certify_savings(filing=rent.filing, entries=[first], actor=ditp_reviewer) == [], "the same again: nothing"


# --- Rules ---


def codes(filing: Filing) -> set[str]:
    return {found.rule.code for found in findings(Filing.objects.get(pk=filing.pk))}


def test_rules_of_certification(rent: RealisedSaving, lead: User, ditp_reviewer: User) -> None:
    certify(rent, ditp_reviewer)
    assert codes(rent.filing) & {"E08", "E09"} == {"E08"}
    reopened(rent.filing)
    shown = Filing.objects.select_related("campaign", "contract", "version").get(pk=rent.filing_id)
    add_attachment(filing=shown, actor=lead, name="bail.pdf", content=pdf(), section="economies", row=rent.pk)
    assert not codes(rent.filing) & {"E08", "E09"}
    remove_attachment(attachment=shown.attachments.get(), actor=lead)
    assert codes(rent.filing) & {"E08", "E09"} == {"E08"}
    add_attachment(filing=shown, actor=lead, name="bail.pdf", content=pdf(), section="economies")
    assert not codes(rent.filing) & {"E08", "E09"}, "a piece of the whole section proves each of its lines"
    record_saving(
        row=RealisedSaving.objects.get(pk=rent.pk), revision=1, ae=Decimal(28_000), cp=Decimal(40_000), actor=lead
    )
    [changed] = [found for found in findings(shown) if found.rule.code == "E09"]
    assert changed.finding.amount == Decimal(12_000)
    assert "28\u202f000,00\u00a0€ étaient déclarés en CP, 40\u202f000,00\u00a0€ le sont à présent" in changed.message


# --- Declared and certified apart ---


def test_the_situation_keeps_both(rent: RealisedSaving, ditp_reviewer: User, contract: Contract) -> None:
    certify(rent, ditp_reviewer, 20_000)
    whole = savings_situation(contract, rent.filing.version).total
    assert (whole.declared.cp, whole.certified.cp) == (Decimal(28_000), Decimal(20_000))


def test_the_history_tells_which_saving_was_certified_anew(rent: RealisedSaving, ditp_reviewer: User) -> None:
    certify(rent, ditp_reviewer, 20_000)
    certify_saving(
        realised=rent, ae=Decimal(15_000), cp=Decimal(15_000), reason="Constaté en paie", actor=ditp_reviewer
    )
    changed, made = (one for one in history(rent.filing.contract) if one.what == "certification")
    assert changed.subject == made.subject == f"Loyers, {rent.filing.campaign}"
    assert ("CP certifiés", "20\u202f000,00\u00a0€", "15\u202f000,00\u00a0€") in [
        (one.label, one.before, one.after) for one in changed.changes
    ]


cells = st.tuples(*[st.none() | st.integers(-1000, 1000)] * 3)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=4))
def test_changing_what_is_declared_never_changes_what_is_certified(figures: list[list[Any]]) -> None:
    def situation(lines: list[list[Any]]) -> SavingsSituation:
        made: list[SavingLine] = [calc_line(*each) for each in lines]
        return SavingsSituation((2021, 2022), tuple(made))

    before = situation(figures)
    declared_anew = situation([[(plan, 7, held) for plan, _, held in each] for each in figures])
    certified_anew = situation([[(plan, said, 7) for plan, said, _ in each] for each in figures])
    assert declared_anew.total.certified == before.total.certified
    assert declared_anew.certified_recurrent == before.certified_recurrent
    assert (certified_anew.total.declared, certified_anew.net_compensation) == (
        before.total.declared,
        before.net_compensation,
    )
    known = [held for each in figures for _, _, held in each if held is not None]
    assert before.total.certified == (AeCp(Decimal(sum(known)), Decimal(sum(known))) if known else AeCp())


# --- The page ---


def page(filing: Filing) -> str:
    return f"/dossiers/{filing.pk}/certification/"


def sent(row: RealisedSaving, seen: str = "1.-", **texts: str) -> dict[str, str]:
    return {f"r{row.pk}": seen, **{f"c{row.pk}-{name}": text for name, text in texts.items()}}


def test_a_quarter_without_savings_has_no_certification(
    filing: Filing, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    assert signed_in(ditp_reviewer).get(page(filing)).status_code == 404


def test_amounts_are_typed_in_french(rent: RealisedSaving, ditp_reviewer: User, signed_in: SignedIn) -> None:
    client = signed_in(ditp_reviewer)
    assert "28\u202f000,00" in client.get(page(rent.filing)).content.decode()
    answer = client.post(page(rent.filing), sent(rent, ae="27 500,50", cp="27,5 k€", level="certified"), follow=True)
    html = answer.content.decode()
    assert "Une économie est certifiée." in html
    assert f"Certifiée par {ditp_reviewer}" in html
    made = SavingCertification.objects.get()
    assert (amount(made.ae), amount(made.cp)) == (Decimal("27500.50"), Decimal(27_500))


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"ae": "1.234", "cp": "1"}, "1.234"),
        ({"ae": "30000", "cp": "28000"}, "dépasse le déclaré de"),
        ({"ae": "28000", "level": "documented"}, "n’est pas dans la liste"),
        ({"ae": "", "cp": "", "reason": "Rien"}, "Tapez le montant certifié"),
    ],
)
def test_a_refused_page_keeps_what_was_typed(
    rent: RealisedSaving, ditp_reviewer: User, signed_in: SignedIn, texts: dict[str, str], message: str
) -> None:
    answer = signed_in(ditp_reviewer).post(page(rent.filing), sent(rent, **{"level": "certified", **texts}))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert message in html
    assert f'value="{texts["ae"]}"' in html
    assert not SavingCertification.objects.exists()


def test_every_line_to_correct_is_told_at_once(rent: RealisedSaving, ditp_reviewer: User, signed_in: SignedIn) -> None:
    """An amount that cannot be read on one line, and one that nobody declared on another."""
    other = RealisedSaving.objects.get(filing=rent.filing, line__key="achats")
    typed = sent(rent, ae="1.234", cp="1", level="certified") | sent(other, "0.-", ae="500", level="certified")
    html = signed_in(ditp_reviewer).post(page(rent.filing), typed).content.decode()
    assert "1.234" in html
    assert "n’est déclaré par personne" in html
    assert not SavingCertification.objects.exists()


def test_a_stale_page_is_refused(rent: RealisedSaving, ditp_reviewer: User, signed_in: SignedIn) -> None:
    answer = signed_in(ditp_reviewer).post(page(rent.filing), sent(rent, "0.-", ae="1", level="certified"))
    assert answer.status_code == 409
    assert "Changée entre-temps" in answer.content.decode()


def test_blank_lines_are_not_certified(rent: RealisedSaving, ditp_reviewer: User, signed_in: SignedIn) -> None:
    answer = signed_in(ditp_reviewer).post(page(rent.filing), sent(rent, ae="", cp="", level="certified"), follow=True)
    assert "Rien n’a changé." in answer.content.decode()
    assert not SavingCertification.objects.exists()


def test_others_read_or_are_refused(
    rent: RealisedSaving, secretariat: User, lead: User, other_lead: User, signed_in: SignedIn
) -> None:
    html = signed_in(secretariat).get(page(rent.filing)).content.decode()
    assert "revient aux instructeurs" in html
    assert f'name="c{rent.pk}-ae"' not in html
    assert signed_in(secretariat).post(page(rent.filing), sent(rent, ae="1")).status_code == 403
    assert signed_in(lead).get(page(rent.filing)).status_code == 403
    assert signed_in(other_lead).get(page(rent.filing)).status_code == 404


def test_a_reviewer_who_declared_reads_why_not(rent: RealisedSaving, signed_in: SignedIn, lead: User) -> None:
    grant(lead, Role.DITP_REVIEWER)
    client = signed_in(User.objects.get(pk=lead.pk))
    assert "revient à une autre personne" in client.get(page(rent.filing)).content.decode()
    assert client.post(page(rent.filing), sent(rent, ae="1", level="certified")).status_code == 403
