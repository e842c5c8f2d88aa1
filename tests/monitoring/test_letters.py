"""What messages say of invented figures."""

from accounts.models import User
from contracts.models import Contract
from monitoring.enums import FilingState
from monitoring.letters import decision, opening
from monitoring.services.filings import send_back_filing
from tests.factories import FilingFactory


def test_a_filing_of_the_demo_says_so_in_each_message(contract: Contract, ditp_reviewer: User) -> None:
    submitted = FilingFactory(contract=contract, state=FilingState.SUBMITTED)
    submitted.is_demo = True
    send_back_filing(filing=submitted, actor=ditp_reviewer, reason="Précisez l’avancement.")
    back = decision(submitted, submitted.transitions.latest("pk"))
    assert back.subject.startswith("[démonstration] Dossier renvoyé – ")
    assert "Chiffres de démonstration, inventés." in back.body
    assert "Motif\u00a0: Précisez l’avancement." in back.body


def test_a_real_filing_says_nothing_of_the_kind(contract: Contract) -> None:
    letter = opening(FilingFactory(contract=contract))
    assert letter.subject.startswith("Dossier de suivi ouvert – ")
    assert "démonstration" not in letter.subject + letter.body
