"""Addresses of the ledger of credits."""

from django.urls import include, path

from budget.views import article

app_name = "budget"

urlpatterns = [
    path("contrats/<slug:code>/financement/", article.article, name="article"),
    path("dossiers/<int:pk>/credits/", include("budget.entry_urls")),
    path("", include("budget.tranches.urls")),
]
