"""Evidence of a filing: joined while it is open, kept for ever, read through permissions only."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from contracts.evidence.examination import MAX_FILE, MEGABYTE
from contracts.evidence.refusals import EvidenceRefused
from contracts.models import Contract
from monitoring.errors import FilingError, NotAllowedError
from monitoring.evidence_selectors import attachments_of, count_by_row, has_lines_to_prove, lines_of, lines_to_prove
from monitoring.locks import MESSAGE
from monitoring.models import Attachment, Filing
from monitoring.permissions import declarants
from monitoring.sections import sections_of
from monitoring.services.evidence import add_attachment, refuse_total, remove_attachment
from monitoring.templatetags.filings import file_size
from tests.constraints import refuses_by_sql, says_why
from tests.contracts.evidence_files import office, pdf, png
from tests.factories import FilingFactory, UserFactory, grant

SignedIn = Callable[[User], Client]
CLOSED = ["submitted", "validated", "locked"]


@pytest.fixture
def open_filing(filing: Filing) -> Filing:
    """The draft with its entry rows."""
    shown = Filing.objects.select_related("campaign", "version", "contract").get(pk=filing.pk)
    for section in sections_of(shown):
        section.prepare(shown)
    return shown


@pytest.fixture
def piece(open_filing: Filing, lead: User) -> Attachment:
    return add_attachment(filing=open_filing, actor=lead, name="facture.pdf", content=pdf())


def close(filing: Filing, state: str) -> Filing:
    now = timezone.now()
    Filing.objects.filter(pk=filing.pk).update(
        state=state, submitted_by=UserFactory(), submitted_at=now, locked_at=now if state == "locked" else None
    )
    return Filing.objects.get(pk=filing.pk)


def sent(name: str, content: bytes, proves: str = ":", content_type: str = "application/pdf") -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, content, content_type), "proves": proves}


def stored(settings: LazySettings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_is_joined_to_a_line(open_filing: Filing, lead: User, settings: LazySettings) -> None:
    line = next(one for one in lines_of(open_filing) if one.label == "Études")
    content = pdf()
    made = add_attachment(
        filing=open_filing, actor=lead, name="../Facture.pdf", content=content, section="credits", row=line.row
    )
    assert (made.name, made.content_type, made.size) == ("Facture.pdf", "application/pdf", len(content))
    assert (made.sha256, made.line) == (hashlib.sha256(content).hexdigest(), "Études")
    assert count_by_row(open_filing, "credits", [line.row, 0]) == {line.row: 1, 0: 0}
    [file] = stored(settings)
    assert file.read_bytes() == content
    assert "acture" not in str(file), "the name on disk says nothing"
    assert not file.suffix


def test_the_same_file_is_joined_once_to_a_line(open_filing: Filing, piece: Attachment, lead: User) -> None:
    with piece.file.open("rb") as stored:
        content = stored.read()
    with pytest.raises(ValidationError, match="déjà joint"):
        add_attachment(filing=open_filing, actor=lead, name="autre nom.pdf", content=content)
    remove_attachment(attachment=piece, actor=lead)
    add_attachment(filing=open_filing, actor=lead, name="facture.pdf", content=content)


def test_a_refused_file_leaves_nothing(open_filing: Filing, lead: User, settings: LazySettings) -> None:
    with pytest.raises(EvidenceRefused):
        add_attachment(filing=open_filing, actor=lead, name="facture.pdf", content=png())
    assert (Attachment.objects.count(), stored(settings)) == (0, [])


def test_all_the_pieces_of_a_filing_have_a_limit(open_filing: Filing, lead: User) -> None:
    piece = {"filing": open_filing, "content_type": "image/png", "uploaded_by": lead}
    Attachment.objects.bulk_create(
        Attachment(**piece, file=f"{rank}", name="a.png", size=MAX_FILE, sha256=f"{rank}") for rank in range(5)
    )
    with pytest.raises(EvidenceRefused, match=r"il reste 0\u00a0Mo"):
        add_attachment(filing=open_filing, actor=lead, name="facture.pdf", content=pdf())
    remove_attachment(attachment=Attachment.objects.order_by("pk")[0], actor=lead)
    add_attachment(filing=open_filing, actor=lead, name="facture.pdf", content=pdf())


@pytest.mark.parametrize(("section", "row"), [("credits", 999_999), ("magie", None), ("", 1), ("economies", None)])
def test_a_line_of_nowhere_is_refused(open_filing: Filing, lead: User, section: str, row: int | None) -> None:
    with pytest.raises(FilingError, match="n’est pas de ce dossier"):
        add_attachment(filing=open_filing, actor=lead, name="a.pdf", content=pdf(), section=section, row=row)


@pytest.mark.parametrize("state", CLOSED)
def test_a_closed_filing_refuses_by_every_path(
    piece: Attachment, lead: User, state: str, settings: LazySettings
) -> None:
    stale, filing = Filing.objects.get(pk=piece.filing_id), close(piece.filing, state)
    for read in (filing, stale):
        with pytest.raises(FilingError, match="n’est plus ouvert"):
            add_attachment(filing=read, actor=lead, name="photo.png", content=png())
    assert len(stored(settings)) == 1, "what the database refused is not kept in the storage"
    piece.filing = filing
    with pytest.raises(FilingError, match="n’est plus ouvert"):
        remove_attachment(attachment=piece, actor=lead)
    with pytest.raises(IntegrityError, match=MESSAGE), transaction.atomic():
        Attachment.objects.filter(pk=piece.pk).update(removed_at=timezone.now(), removed_by=lead)


def test_a_piece_is_never_changed_nor_deleted(piece: Attachment) -> None:
    rows = Attachment.objects.filter(pk=piece.pk)
    for change in ({"sha256": "0" * 64}, {"file": "x"}, {"uploaded_by": UserFactory()}):
        with pytest.raises(DatabaseError, match=r"[Cc]annot"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError, match=r"[Cc]annot"), transaction.atomic():
        rows.delete()


def test_removing_keeps_the_file_and_its_history(piece: Attachment, lead: User, settings: LazySettings) -> None:
    remove_attachment(attachment=piece, actor=lead)
    assert (piece.is_removed, piece.removed_by, len(stored(settings))) == (True, lead, 1)
    events = Attachment.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert [event.pgh_label for event in events] == ["insert", "update"]
    with pytest.raises(FilingError, match="déjà retirée"):
        remove_attachment(attachment=piece, actor=lead)


def test_a_contributor_joins_to_the_lines_of_their_sheets_only(open_filing: Filing, contributor: User) -> None:
    given = {line.label: line for line in lines_to_prove(contributor, open_filing)}
    assert list(given) == ["Outil", "Jalon 1"], "sheet 1 has a line of credits and a milestone"
    others = {line.label: line for line in lines_of(open_filing) if line.label not in given}
    assert list(others) == ["Études", "Satisfaction des usagers", "Jalon 2"]
    for rank, line in enumerate(given.values()):
        add_attachment(
            filing=open_filing,
            actor=contributor,
            name=f"{rank}.pdf",
            content=pdf(),
            section=line.section.code,
            row=line.row,
        )
    for line in others.values():
        with pytest.raises(NotAllowedError, match="fiche qui ne vous est pas confiée"):
            add_attachment(
                filing=open_filing,
                actor=contributor,
                name="a.pdf",
                content=pdf(),
                section=line.section.code,
                row=line.row,
            )
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize("section", ["", "credits", "risques", "meteo"])
def test_a_section_or_the_whole_filing_is_proved_by_the_lead(
    open_filing: Filing, contributor: User, lead: User, section: str
) -> None:
    with pytest.raises(NotAllowedError, match="par le chef de projet"):
        add_attachment(filing=open_filing, actor=contributor, name="a.pdf", content=pdf(), section=section)
    assert add_attachment(filing=open_filing, actor=lead, name="a.pdf", content=pdf(), section=section).pk


def test_a_contributor_removes_their_own_pieces_only(piece: Attachment, contributor: User, lead: User) -> None:
    with pytest.raises(NotAllowedError, match="par qui l’a jointe"):
        remove_attachment(attachment=piece, actor=contributor)
    filing, line = piece.filing, lines_to_prove(contributor, piece.filing)[0]
    for person in (contributor, lead):
        mine = add_attachment(
            filing=filing, actor=contributor, name="a.png", content=png(), section=line.section.code, row=line.row
        )
        assert remove_attachment(attachment=mine, actor=person).is_removed


@pytest.mark.parametrize("person", ["ditp_reviewer", "secretariat", "reader", "stranger", "other_lead"])
def test_others_join_nothing(open_filing: Filing, person: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowedError):
        add_attachment(filing=open_filing, actor=request.getfixturevalue(person), name="a.pdf", content=pdf())


def test_who_joins_evidence_has_declared(piece: Attachment, lead: User) -> None:
    assert declarants(piece.filing) == {lead.pk}


def test_who_removes_evidence_has_declared(piece: Attachment, other_lead: User, contract: Contract) -> None:
    remove_attachment(attachment=piece, actor=grant(other_lead, Role.LEAD, contract))
    assert declarants(piece.filing) == {piece.uploaded_by_id, other_lead.pk}


CONSTRAINTS = {
    "attachment_unique": None,
    "attachment_size_within_limit": {"size": MAX_FILE + 1},
    "attachment_type_accepted": {"content_type": "image/svg+xml"},
    "attachment_row_has_section": {"row": 1, "section": ""},
    "attachment_removed_by_somebody": {"removed_at": timezone.now(), "removed_by": None},
}


def test_each_constraint_is_tried() -> None:
    assert {constraint.name for constraint in Attachment._meta.constraints} == set(CONSTRAINTS)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_refuses_and_says_why(name: str, piece: Attachment) -> None:
    constraint = next(one for one in Attachment._meta.constraints if one.name == name)
    says_why(constraint, Attachment, CONSTRAINTS[name])
    if CONSTRAINTS[name] is None or "removed_at" in (CONSTRAINTS[name] or {}):
        refuses_by_sql(name, Attachment, CONSTRAINTS[name])
        return
    row = {"filing": piece.filing, "file": "x", "name": "a", "size": 1, "sha256": "1", "uploaded_by": piece.uploaded_by}
    kept = {"content_type": "image/png", **row, **(CONSTRAINTS[name] or {})}
    with pytest.raises(IntegrityError, match=name):
        Attachment.objects.create(**kept)


@pytest.mark.parametrize(
    ("octets", "words"),
    [(647, "647\u00a0o"), (4_800, "5\u00a0Ko"), (MAX_FILE, "10,0\u00a0Mo")],
)
def test_sizes_are_written_in_french(octets: int, words: str) -> None:
    assert file_size(octets) == words


# --- Pages ---


def test_joining_by_the_page(open_filing: Filing, lead: User, signed_in: SignedIn) -> None:
    client, page = signed_in(lead), f"/dossiers/{open_filing.pk}/pieces/"
    line = next(one for one in lines_of(open_filing) if one.label == "Études")
    answer = client.post(page, sent("facture.pdf", pdf(), f"credits:{line.row}", "text/html"), follow=True)
    html = answer.content.decode()
    assert "La pièce «\u00a0facture.pdf\u00a0» est jointe." in html
    [made] = attachments_of(Filing.objects.get(pk=open_filing.pk))
    assert (made.line, made.content_type) == ("Études", "application/pdf"), "the browser's header plays no part"
    assert "Études" in client.get(page).content.decode()


def test_the_page_offers_a_contributor_the_lines_of_their_sheets(
    open_filing: Filing, contributor: User, signed_in: SignedIn
) -> None:
    client, page = signed_in(contributor), f"/dossiers/{open_filing.pk}/pieces/"
    html = client.get(f"{page}?ligne=credits:").content.decode()
    assert "Outil</option>" in html
    assert "Jalon 1</option>" in html
    for other in ("Études</option>", "Satisfaction des usagers</option>", "Jalon 2</option>", "Toute la rubrique"):
        assert other not in html
    assert "L’ensemble du dossier</option>" not in html
    line = next(one for one in lines_of(open_filing) if one.label == "Études")
    for refused in (":", "credits:", "", f"credits:{line.row}"):
        answer = client.post(page, sent("a.pdf", pdf(), refused))
        assert answer.status_code == 422
        assert "Choisissez une ligne" in answer.content.decode()
    assert not Attachment.objects.exists()
    mine = lines_to_prove(contributor, open_filing)[0]
    assert client.post(page, sent("a.pdf", pdf(), f"credits:{mine.row}")).status_code == 302
    assert attachments_of(open_filing)[0].line == "Outil"


def test_a_contributor_without_any_line_is_told_so(
    open_filing: Filing, contract: Contract, signed_in: SignedIn
) -> None:
    person = grant(UserFactory(), Role.CONTRIBUTOR, contract, sheets=["9"])
    client, page = signed_in(person), f"/dossiers/{open_filing.pk}/pieces/"
    html = client.get(page).content.decode()
    assert "Joindre le fichier" not in html
    assert "Aucune ligne de ce dossier n’est d’une fiche qui vous est confiée" in html
    assert "Joindre une pièce" not in client.get(f"/dossiers/{open_filing.pk}/calendrier/").content.decode()


@pytest.mark.parametrize(
    ("section", "offers"), [("credits", True), ("calendrier", True), ("indicateurs", False), ("risques", False)]
)
def test_a_section_proposes_to_join_where_the_contributor_has_a_line(
    open_filing: Filing, contributor: User, lead: User, section: str, offers: bool
) -> None:
    assert has_lines_to_prove(contributor, open_filing, section) is offers
    assert has_lines_to_prove(lead, open_filing, section)
    assert offers is any(line.section.code == section for line in lines_to_prove(contributor, open_filing))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("facture.pdf", png(), "mais son contenu est celui"),
        ("facture.pdf", b"", "est vide"),
        ("trop.pdf", b"%PDF-" + b"0" * (10 * MEGABYTE), "dépasse 10"),
        ("bombe.xlsx", office("xlsx", {"a.xml": b"0" * (3 * MEGABYTE)}), "dépasse les limites"),
        ("macro.xlsx", office("xlsx", {"xl/vbaProject.bin": b"x"}), "macros"),
        ("page.html", b"<script>alert(1)</script>", "n’est pas accepté"),
    ],
)
def test_the_page_says_why_a_file_is_refused(
    open_filing: Filing, lead: User, signed_in: SignedIn, name: str, content: bytes, message: str
) -> None:
    answer = signed_in(lead).post(f"/dossiers/{open_filing.pk}/pieces/", sent(name, content))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Attachment.objects.exists()


def test_joining_to_a_closed_filing_by_the_page(open_filing: Filing, lead: User, signed_in: SignedIn) -> None:
    close(open_filing, "submitted")
    answer = signed_in(lead).post(f"/dossiers/{open_filing.pk}/pieces/", sent("a.pdf", pdf()))
    assert answer.status_code == 422
    assert "n’est plus ouvert" in answer.content.decode()


def test_a_file_is_given_to_be_saved_and_never_shown(piece: Attachment, lead: User, signed_in: SignedIn) -> None:
    answer = signed_in(lead).get(f"/dossiers/{piece.filing_id}/pieces/{piece.pk}/")
    with piece.file.open("rb") as stored:
        assert b"".join(answer.streaming_content) == stored.read()  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="facture.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert signed_in(lead).get(piece.file.url).status_code == 404, "the storage itself has no address"


def test_a_stranger_gets_404_for_another_contract_s_file(
    piece: Attachment, other_lead: User, other_contract: Contract, signed_in: SignedIn
) -> None:
    own = FilingFactory(contract=other_contract, campaign=piece.filing.campaign)
    client = signed_in(other_lead)
    assert client.get(f"/dossiers/{piece.filing_id}/pieces/{piece.pk}/").status_code == 404
    assert client.get(f"/dossiers/{own.pk}/pieces/{piece.pk}/").status_code == 404, "nor through their own filing"
    assert client.post(f"/dossiers/{own.pk}/pieces/{piece.pk}/retirer/").status_code == 404
    assert client.get(f"/dossiers/{own.pk}/pieces/").status_code == 200


def test_a_removed_piece_is_read_by_reviewers_only(
    piece: Attachment, lead: User, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    page = f"/dossiers/{piece.filing_id}/pieces/"
    assert signed_in(lead).post(f"{page}{piece.pk}/retirer/").status_code == 302
    assert "Retirée" in signed_in(lead).get(page).content.decode()
    assert signed_in(lead).get(f"{page}{piece.pk}/").status_code == 404
    assert signed_in(ditp_reviewer).get(f"{page}{piece.pk}/").status_code == 200


def test_a_file_missing_from_the_storage_is_404(
    piece: Attachment, lead: User, signed_in: SignedIn, settings: LazySettings
) -> None:
    for path in stored(settings):
        path.unlink()
    assert signed_in(lead).get(f"/dossiers/{piece.filing_id}/pieces/{piece.pk}/").status_code == 404


def test_the_review_shows_the_pieces_beside_the_figures(
    open_filing: Filing, lead: User, ditp_reviewer: User, signed_in: SignedIn
) -> None:
    line = next(one for one in lines_of(open_filing) if one.label == "Études")
    add_attachment(filing=open_filing, actor=lead, name="f.pdf", content=pdf(), section="credits", row=line.row)
    html = signed_in(ditp_reviewer).get(f"/dossiers/{open_filing.pk}/revue/").content.decode()
    (beside,) = [one for one in html.split('<tbody class="line">') if "f.pdf</a>" in one]
    assert ">Études</a>" in beside


def test_a_filing_has_room_for_fifty_megabytes() -> None:
    refuse_total(40 * MEGABYTE, 10 * MEGABYTE)
    with pytest.raises(EvidenceRefused, match="50\u00a0Mo en tout\u00a0: il reste 9\u00a0Mo"):
        refuse_total(41 * MEGABYTE, 10 * MEGABYTE)
