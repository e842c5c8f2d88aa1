"""Sample data for the page that shows each component."""

from decimal import Decimal
from typing import Any

from figures.charts import Category, Frame, Series, ShareBar, grouped_bars, share_bars

_YEARS = ("2020", "2021", "2022")
_PLANNED = (Decimal(120_000), Decimal(480_000), Decimal(240_000))
_CONSUMED = (Decimal(118_500), Decimal(395_000), None)

SAMPLES: dict[str, Any] = {
    "keys": [
        {"label": "Promis (CP)", "value": "840\u202f000\u00a0€", "note": "contrat signé"},
        {"label": "Consommé (CP)", "value": "513\u202f500\u00a0€", "note": "au 31\u00a0décembre\u00a02021"},
        {"label": "Économies certifiées", "value": "n.\u00a0r.", "note": ""},
    ],
    "chart": {
        "title": "CP par année",
        "sentence": "À fin 2021, 513\u202f500\u00a0€ de CP sont consommés sur 600\u202f000\u00a0€ prévus.",
        "svg": grouped_bars(
            Frame("exemple", "CP par année"),
            [Category(year) for year in _YEARS],
            [Series("Prévu", _PLANNED, is_planned=True), Series("Consommé", _CONSUMED)],
        ),
        "unit": "k€",
        "columns": _YEARS,
        "rows": [("Prévu", ("120", "480", "240")), ("Consommé", ("119", "395", "n.\u00a0r."))],
    },
    "bars": share_bars(
        "barres", "Part consommée", [ShareBar("AE", _PLANNED[1], _PLANNED[0]), ShareBar("CP", _PLANNED[0], None)]
    ),
}
