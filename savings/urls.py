"""Addresses of the ledger of savings."""

from django.urls import include, path

from savings.views import article, certification, unit_costs

app_name = "savings"

urlpatterns = [
    path("contrats/<slug:code>/economies/", article.article, name="article"),
    path("fonds/couts-unitaires/", unit_costs.unit_costs, name="unit_costs"),
    path("dossiers/<int:pk>/certification/", certification.certification, name="certification"),
    path("dossiers/<int:pk>/economies/", include("savings.entry_urls")),
]
