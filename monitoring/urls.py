"""Addresses of campaigns and filings."""

from django.urls import path

from monitoring.views import campaigns, entry, evidence, filings

app_name = "monitoring"

urlpatterns = [
    path("campagnes/", campaigns.campaigns, name="campaigns"),
    path("campagnes/nouvelle/", campaigns.create, name="campaign_create"),
    path("campagnes/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campagnes/<int:pk>/ouvrir/", campaigns.open_now, name="campaign_open"),
    path("dossiers/<int:pk>/", filings.filing, name="filing"),
    path("dossiers/<int:pk>/revue/", filings.review, name="review"),
    path("dossiers/<int:pk>/action/<slug:action>/", filings.act, name="act"),
    path("dossiers/<int:pk>/pieces/", evidence.evidence, name="evidence"),
    path("dossiers/<int:pk>/pieces/<int:attachment_pk>/", evidence.evidence_file, name="evidence_file"),
    path("dossiers/<int:pk>/pieces/<int:attachment_pk>/retirer/", evidence.evidence_remove, name="evidence_remove"),
    path("dossiers/<int:pk>/calendrier/", entry.calendar, name="calendar"),
    path("dossiers/<int:pk>/risques/", entry.risks, name="risks"),
    path("dossiers/<int:pk>/risques/ajouter/", entry.add, name="risk_add"),
    path("dossiers/<int:pk>/risques/<int:risk_pk>/", entry.risk, name="risk"),
    path("dossiers/<int:pk>/risques/<int:risk_pk>/clore/", entry.close, name="risk_close"),
    path("dossiers/<int:pk>/meteo/", entry.weather, name="weather"),
]
