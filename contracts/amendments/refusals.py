"""Why an amendment is refused: every reason, in French."""

from collections.abc import Sequence

from contracts.models import ContractVersion
from figures.formats import date_fr


class AmendmentRefused(ValueError):  # noqa: N818 - says what happened
    """Nothing was written; `reasons` holds every reason found, in French."""

    def __init__(self, reasons: Sequence[str] | str) -> None:
        self.reasons = (reasons,) if isinstance(reasons, str) else tuple(reasons)
        super().__init__(" ".join(self.reasons))


def require_draft(version: ContractVersion) -> None:
    """Refuse what is done to an amendment in preparation once it is signed by all."""
    if not version.is_draft:
        raise AmendmentRefused("Cette version est signée\u00a0: elle ne change plus, préparez un avenant.")


def require_unsigned(version: ContractVersion) -> None:
    """Refuse to touch what an amendment says once a party has signed it: what takes effect is what was signed."""
    require_draft(version)
    first = version.signatories.order_by("signed_on", "pk").first()
    if first is not None:
        raise AmendmentRefused(
            f"{first.name} a signé l’avenant le {date_fr(first.signed_on)}\u00a0: ce qui est signé ne change plus. "
            "Retirez d’abord les signatures, sur la page de l’avenant."
        )
