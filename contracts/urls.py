"""Addresses of a contract's frame."""

from django.urls import path

from contracts.views import article, upload

app_name = "contracts"

urlpatterns = [
    path("contrats/importer/", upload.upload, name="upload"),
    path("contrats/<slug:code>/fichier.toml", upload.export, name="export"),
    path("contrats/<slug:code>/projets/", article.projects, name="projects"),
    path("contrats/<slug:code>/gouvernance/", article.governance, name="governance"),
]
