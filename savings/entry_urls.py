"""Addresses of the entry of savings, under /dossiers/<pk>/economies/."""

from django.urls import path

from savings.views import entry

urlpatterns = [
    path("", entry.entry, name="entry"),
    path("lignes/", entry.entry_rows, name="entry_rows"),
    path("lignes/<int:row>/", entry.entry_row, name="entry_row"),
]
