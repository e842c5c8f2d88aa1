"""The one sentence that says what a chart shows, computed from the chart's own figures."""

from datetime import date
from decimal import Decimal

from figures import formats


def credits_conclusion(
    promised: Decimal | None,
    consumed: Decimal | None,
    *,
    kind: str = "CP",
    on: date | None = None,
) -> str:
    """« Au 31 décembre 2021, 812 400 € de CP ont été consommés sur 1 800 200 € promis, soit 45,1 %. »

    Amounts in euros, never rounded; `kind` is AE or CP; without a date the sentence does not begin with one. Says so
    when nothing was reported, when nothing was promised (no share), and by how much the promise is exceeded.
    """
    opening = f"Au {formats.date_fr(on)}, " if on else ""
    of_kind = f"d’{kind}" if kind[:1] in "AEIOUH" else f"de {kind}"
    if consumed is None:
        promise = "" if promised is None else f" sur {formats.exact_euros(promised)} promis"
        return _sentence(f"{opening}aucune consommation {of_kind} n’est renseignée{promise}.")
    verb = "a été consommé" if abs(consumed) < 2 else "ont été consommés"
    fact = f"{opening}{formats.exact_euros(consumed)} {of_kind} {verb}"
    if promised is None:
        return _sentence(f"{fact}, le montant promis n’est pas renseigné.")
    if not promised and not consumed:
        return _sentence(f"{opening}aucun {kind} n’était promis et aucun n’a été consommé.")
    if not promised:
        return _sentence(f"{fact} alors qu’aucun n’était promis.")
    excess = consumed - promised
    beyond = f" ({formats.exact_euros(excess)} de plus que promis)" if excess > 0 else ""
    share = formats.percent(consumed / promised)
    return _sentence(f"{fact} sur {formats.exact_euros(promised)} promis, soit {share}{beyond}.")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
