"""Addresses of the entry of measurements, under /dossiers/<pk>/indicateurs/."""

from indicators.entry_grid import LEDGER
from monitoring.entry.addresses import grid_addresses

urlpatterns = grid_addresses(LEDGER, "indicators/entry.html")
