"""Addresses of the ledger of results."""

from django.urls import include, path

from indicators.views import article

app_name = "indicators"

urlpatterns = [
    path("contrats/<slug:code>/indicateurs/", article.article, name="article"),
    path("dossiers/<int:pk>/indicateurs/", include("indicators.entry_urls")),
]
