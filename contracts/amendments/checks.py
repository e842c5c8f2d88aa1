"""What a draft must respect: its object, and everything that a contract file must."""

import tomllib

from contracts.amendments.calc import PROLONGING, THEME_LABELS, themes_of
from contracts.amendments.lines import LineChange, changed_lines
from contracts.amendments.refusals import AmendmentRefused
from contracts.contract_file.errors import ContractFileError
from contracts.contract_file.reader import read_contract_file
from contracts.contract_file.words import told
from contracts.contract_file.writer import write_contract_file
from contracts.enums import AmendmentType
from contracts.models import ContractVersion
from contracts.parts import PARTS, Difference, Misfit, compare_versions
from figures.formats import typeset

SHOWN = 5


def require_within_object(draft: ContractVersion) -> None:
    """Refuse what the amendment changes and that its object does not allow. Raises `AmendmentRefused`."""
    assert draft.based_on is not None  # noqa: S101 - a draft is a copy
    allowed = themes_of(draft.types)
    wrong = [one for one in compare_versions(draft.based_on, draft) if one.theme not in allowed]
    told = {(one.theme, one.line) for one in wrong}
    bare = [one for one in changed_lines(draft.based_on, draft) if one.theme not in allowed]
    reasons = [_told(draft, one) for one in wrong[:SHOWN]]
    if len(wrong) > SHOWN:
        reasons.append(f"Et {len(wrong) - SHOWN} autres chiffres dans le même cas.")
    reasons += [_told_of_line(draft, one) for one in bare if (one.theme, one.pk) not in told]
    if draft.extends_to != draft.based_on.extends_to and not PROLONGING & set(draft.types):
        reasons.append("Seul un avenant au plan de financement ou au calendrier prolonge le financement.")
    if reasons:
        raise AmendmentRefused(reasons)


def require_valid(draft: ContractVersion) -> None:
    """What a draft must respect to be signed: its object, all that its own file would be refused for, and what it may
    not keep of the version that it modifies."""
    require_within_object(draft)
    content = write_contract_file(draft)
    try:
        read_contract_file(f"avenant-{draft.number}.toml", content.encode())
    except ContractFileError as error:
        data = tomllib.loads(content)
        raise AmendmentRefused([told(one, data) for one in error.errors]) from error
    if reasons := [_told_of_misfit(one) for part in PARTS for one in part.misfits(draft)]:
        raise AmendmentRefused(reasons)


def objects(draft: ContractVersion) -> str:
    """« plan de financement, calendrier »."""
    return ", ".join(AmendmentType(one).label.lower() for one in draft.types)


def _told(draft: ContractVersion, one: Difference) -> str:
    key = "".join(f", {each}" for each in one.key)
    return f"«\u00a0{one.subject}\u00a0»{key}, {one.label}\u00a0: {_not_touched(draft, one.theme)}"


def _told_of_misfit(one: Misfit) -> str:
    key = "".join(f", {each}" for each in one.key[1:])
    name = one.model._meta.get_field(one.figure).verbose_name  # type: ignore[union-attr]
    return typeset(f"« {one.subject} »{key}, {name} : {one.message}")


def _told_of_line(draft: ContractVersion, one: LineChange) -> str:
    return f"«\u00a0{one.subject}\u00a0», {one.change}\u00a0: {_not_touched(draft, one.theme)}"


def _not_touched(draft: ContractVersion, theme: str) -> str:
    what = THEME_LABELS.get(theme, "ce chiffre")
    return f"un avenant dont l’objet est «\u00a0{objects(draft)}\u00a0» ne modifie pas {what}."
