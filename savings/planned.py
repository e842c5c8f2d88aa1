"""What versions promise to save, read with what the scan lost of it, which the act did not leave blank. In SQL."""

from collections.abc import Collection, Mapping
from typing import Final

from django.db.models import CharField, Count, Exists, OuterRef, Sum, Value
from django.db.models.functions import Cast, Concat

from contracts.models import ContractVersion, Reading
from figures.ae_cp import AeCp
from savings.counting import counted
from savings.models import SavingsTerms

OF_THE_ROW: Final = OuterRef("version")


def recurrent_plan(versions: Collection[int]) -> tuple[Mapping[int, AeCp], Collection[int]]:
    """By version (its key), what recurs each year on the lines that count, in euros; the versions of which the scan
    lost amounts. One query.
    """
    rows = SavingsTerms.objects.filter(counted(), version__in=versions).order_by().values_list("version_id")
    found = list(rows.annotate(ae=Sum("recurrent_ae"), cp=Sum("recurrent_cp"), lost=Count("pk", filter=is_lost())))
    return {key: AeCp(ae, cp) for key, ae, cp, _ in found}, {key for key, _, _, lost in found if lost}


def is_lost(position: str = "line__position", version: ContractVersion | OuterRef | None = OF_THE_ROW) -> Exists:
    """Whether the scan lost amounts of the line at `position`, a column of the rows asked: `economies.lignes[3].`.

    In the version of the row, or in the one given; in none, nothing is lost.
    """
    place = Concat(Value("economies.lignes["), Cast(OuterRef(position), CharField()), Value("]."))
    return Exists(Reading.objects.filter(version=version, retained="", path__startswith=place))
