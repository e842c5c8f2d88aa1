"""Addresses of a contract's frame."""

from django.urls import path

from contracts.views import article

app_name = "contracts"

urlpatterns = [
    path("contrats/<slug:code>/projets/", article.projects, name="projects"),
    path("contrats/<slug:code>/gouvernance/", article.governance, name="governance"),
]
