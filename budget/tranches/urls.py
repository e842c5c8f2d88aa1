"""Addresses of the tranches, under those of the ledger of credits."""

from django.urls import path

from budget.tranches.views import affectations, contract, fund

urlpatterns = [
    path("contrats/<slug:code>/tranches/", contract.tranches, name="tranches"),
    path("contrats/<slug:code>/tranches/affectations/", affectations.affectation, name="tranche_affectation"),
    path(
        "contrats/<slug:code>/tranches/affectations/<int:phase>/retrait/",
        affectations.withdrawal,
        name="tranche_withdrawal",
    ),
    path("contrats/<slug:code>/tranches/<int:year>/", contract.decide, name="tranche_decide"),
    path("contrats/<slug:code>/tranches/<int:year>/<slug:action>/", contract.act, name="tranche_act"),
    path("tranches/", fund.to_decide, name="tranche_list"),
    path("fonds/<int:year>/enveloppe/", fund.envelope, name="fund_envelope"),
]
