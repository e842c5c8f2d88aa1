"""The page on which the fund's envelope of a year is recorded."""

import pytest

from accounts.models import User
from budget.models import FundEnvelope
from tests.budget.tranches.acting import TO_COME, SignIn, refused
from tests.reading import words

pytestmark = pytest.mark.django_db


def test_the_envelope_is_recorded(secretariat: User, signed_in: SignIn) -> None:
    client = signed_in(secretariat)
    data = {"voted_ae": "65,3 M€", "voted_cp": "30 M€", "carried_ae": "0", "carried_cp": "0", "source": "LFI 2021"}
    data["dated_on"] = "2020-12-30"
    assert client.post("/fonds/2021/enveloppe/", data).status_code == 302
    assert FundEnvelope.objects.get().voted_ae.amount == 65_300_000
    report = {**data, "carried_ae": "2 M€", "source": "Arrêté de report", "dated_on": "2021-03-15"}
    assert client.post("/fonds/2021/enveloppe/", report).status_code == 302
    page = words(client.get("/fonds/2021/enveloppe/"))
    assert "15/03/2021 Arrêté de report 65 300 000 30 000 000 2 000 000 0 le" in page
    assert "30/12/2020 LFI 2021 65 300 000 30 000 000 0 0 le" in page
    wrong = (
        (TO_COME, "Cet acte est à venir"),
        ("2019-03-15", "L’acte qui ouvre les crédits de 2021 date de 2020 ou de 2021."),
    )
    for day, told in wrong:
        assert told in refused(client.post("/fonds/2021/enveloppe/", {**data, "dated_on": day}))
    answer = client.post("/fonds/2021/enveloppe/", {**data, "voted_cp": "-1"})
    assert "sans montant négatif" in refused(answer)
    assert client.get("/fonds/1999/enveloppe/").status_code == 404
