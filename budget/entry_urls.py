"""Addresses of the entry of credits, under /dossiers/<pk>/credits/."""

from budget.entry_grid import LEDGER
from monitoring.entry.addresses import grid_addresses

urlpatterns = grid_addresses(LEDGER, "budget/entry.html")
