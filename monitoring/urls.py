"""Addresses of campaigns and filings."""

from django.urls import path

from monitoring.views import (
    campaigns,
    entry,
    evidence,
    filings,
    preferences,
    reminders,
    review,
    risks,
    several,
    threads,
    workbook,
)

app_name = "monitoring"

urlpatterns = [
    path("campagnes/", campaigns.campaigns, name="campaigns"),
    path("campagnes/nouvelle/", campaigns.create, name="campaign_create"),
    path("campagnes/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campagnes/<int:pk>/ouvrir/", campaigns.open_now, name="campaign_open"),
    path("campagnes/<int:pk>/relancer/", reminders.nudge_leads, name="campaign_nudge"),
    path("campagnes/<int:pk>/export/<slug:file_format>/", reminders.export, name="campaign_export"),
    path("campagnes/<int:pk>/validation/", several.several, name="several"),
    path("dossiers/<int:pk>/", filings.filing, name="filing"),
    path("dossiers/<int:pk>/recapitulatif/", filings.recap, name="recap"),
    path("dossiers/<int:pk>/revue/", review.review, name="review"),
    path("dossiers/<int:pk>/remarques/", threads.threads, name="threads"),
    path("dossiers/<int:pk>/remarques/ouvrir/", threads.thread_open, name="thread_open"),
    path("dossiers/<int:pk>/remarques/<int:thread_pk>/repondre/", threads.thread_answer, name="thread_answer"),
    path("dossiers/<int:pk>/remarques/<int:thread_pk>/resoudre/", threads.thread_resolve, name="thread_resolve"),
    path("dossiers/<int:pk>/echeance/", reminders.due_date, name="due_date"),
    path("dossiers/<int:pk>/action/<slug:action>/", filings.act, name="act"),
    path("dossiers/<int:pk>/pieces/", evidence.evidence, name="evidence"),
    path("dossiers/<int:pk>/pieces/<int:attachment_pk>/", evidence.evidence_file, name="evidence_file"),
    path("dossiers/<int:pk>/pieces/<int:attachment_pk>/retirer/", evidence.evidence_remove, name="evidence_remove"),
    path("dossiers/<int:pk>/classeur/", workbook.download, name="workbook"),
    path("dossiers/<int:pk>/classeur/deposer/", workbook.upload, name="workbook_upload"),
    path("dossiers/<int:pk>/classeur/confirmer/", workbook.confirm, name="workbook_confirm"),
    path("dossiers/<int:pk>/classeur/a-corriger/", workbook.marked, name="workbook_marked"),
    path("dossiers/<int:pk>/calendrier/", entry.calendar, name="calendar"),
    path("dossiers/<int:pk>/risques/", risks.risks, name="risks"),
    path("dossiers/<int:pk>/risques/ajouter/", risks.add, name="risk_add"),
    path("dossiers/<int:pk>/risques/<int:risk_pk>/", risks.risk, name="risk"),
    path("dossiers/<int:pk>/risques/<int:risk_pk>/clore/", risks.close, name="risk_close"),
    path("dossiers/<int:pk>/meteo/", entry.weather, name="weather"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("desabonnement/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
]
