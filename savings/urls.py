"""Addresses of the ledger of savings."""

from django.urls import include, path

from savings.views import article, certification

app_name = "savings"

urlpatterns = [
    path("contrats/<slug:code>/economies/", article.article, name="article"),
    path("dossiers/<int:pk>/certification/", certification.certification, name="certification"),
    path("dossiers/<int:pk>/economies/", include("savings.entry_urls")),
]
