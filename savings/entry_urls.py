"""Addresses of the entry of savings, under /dossiers/<pk>/economies/."""

from monitoring.entry.addresses import grid_addresses
from savings.entry_grid import LEDGER

urlpatterns = grid_addresses(LEDGER, "savings/entry.html")
