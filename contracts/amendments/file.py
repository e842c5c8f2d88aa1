"""The file of a draft: exported, edited, read back into it. Lines keep their identity; only figures move."""

from collections.abc import Iterable

import pghistory
from django.db import models, transaction

from accounts.models import User
from contracts.amendments import lines
from contracts.amendments.checks import require_within_object
from contracts.amendments.refusals import require_unsigned
from contracts.contract_file import rows
from contracts.contract_file.document import Document
from contracts.contract_file.errors import ContractFileError, FileError
from contracts.contract_file.reader import read_contract_file
from contracts.contract_file.rows import Changes, RowSet
from contracts.models import Contract, ContractVersion, Organisation, Signatory
from contracts.parts import PARTS

KEPT_FIELDS = ("position", "id")


def import_draft(version: ContractVersion, file_name: str, content: bytes, actor: User) -> Changes:
    """Bring a draft to what its edited file says, all or nothing: figures, new lines, its own stated figures.

    Raises `ContractFileError` with located errors when the file is wrong, changes a line's identity or anything that
    is not the version's; `AmendmentRefused` when a figure moves that the amendment's object does not let it touch.
    """
    document = read_contract_file(file_name, content)
    with transaction.atomic(), pghistory.context(load=file_name, user=actor.pk):
        draft = (
            ContractVersion.objects.select_related("contract", "based_on")
            .select_for_update(of=("self",))
            .get(pk=version.pk)
        )
        require_unsigned(draft)
        _refuse_other_contract(document, draft)
        errors: list[FileError] = []
        mine = [_adopted(row_set, document, draft, errors) for row_set in document.rows]
        if errors:
            raise ContractFileError(errors)
        before = lines.promised_by(draft)
        changes = rows.save([one for one in mine if one is not None])
        lines.drop_unpromised(before)
        draft.table_units = document.version.table_units
        draft.save(update_fields=["table_units", "extends_to"])
        require_within_object(draft)
    return changes


def _refuse_other_contract(document: Document, draft: ContractVersion) -> None:
    code = document.contract.code
    if code != draft.contract.code:
        message = f"Ce fichier est celui d’un autre contrat\u00a0: «\u00a0{draft.contract.code}\u00a0» attendu."
        raise ContractFileError([FileError(document.source.file, "contrat.code", code, message)])


def _adopted(row_set: RowSet, document: Document, draft: ContractVersion, errors: list[FileError]) -> RowSet | None:
    """What is to be saved of a set: the version's rows under the draft, the new lines; nothing else may differ."""
    if row_set.model is ContractVersion:
        return None
    if row_set.model is Contract:
        _compare_contract(document, draft, errors)
        return None
    if row_set.model is Signatory:
        errors += [_signed_elsewhere(document, row) for row in row_set.rows]
        return None
    if "version" in row_set.scope:
        return RowSet(row_set.model, row_set.rows, row_set.identity, {"version": draft})
    return _new_lines(row_set, document, draft, errors)


def _compare_contract(document: Document, draft: ContractVersion, errors: list[FileError]) -> None:
    """The contract is the same; its last year of funding may be later, which prolongs it with the amendment."""
    here, there = document.contract, draft.contract
    signed = draft.based_on.extends_to if draft.based_on is not None else None
    last = max(there.last_year, signed or 0)  # a prolongation already signed may wait for its effect
    if here.last_year >= last:
        draft.extends_to = here.last_year if here.last_year > last else signed
        here.last_year = there.last_year
    here.holder = next((one for one in Organisation.objects.filter(code=here.holder.code)), here.holder)
    for field in _differing(there, here, ("id", "created_at", "is_demo")):
        message = "Un avenant ne change pas l’identité du contrat (hors prolongation du financement)."
        errors.append(FileError(document.source.file, f"contrat ({field})", str(getattr(here, field)), message))
    here.pk = there.pk


def _new_lines(row_set: RowSet, document: Document, draft: ContractVersion, errors: list[FileError]) -> RowSet | None:
    """Rows of the contract: those known are left as they are, new lines come with the draft, the rest is refused."""
    scope = {"contract": draft.contract} if "contract" in row_set.scope else {}
    known = {_identity(row, row_set): row for row in row_set.model._default_manager.filter(**scope)}
    fresh = []
    for row in row_set.rows:
        _settle(row, scope)
        stored = known.get(_identity(row, row_set))
        if stored is None:
            fresh.append(row)
            continue
        row.pk, row._state.adding = stored.pk, False
        moved_fields = [] if row_set.is_shared else _differing(stored, row, KEPT_FIELDS)
        errors += [_moved_identity(document, row, field) for field in moved_fields]
    if row_set.model not in _line_models():
        name = str(row_set.model._meta.verbose_name_plural)
        wanted = {_identity(row, row_set) for row in row_set.rows}
        moved = fresh + [row for key, row in known.items() if key not in wanted]
        message = f"Un avenant n’ajoute, ne change ni ne retire rien ici\u00a0: {name}."
        errors += [FileError(document.source.file, name, str(row), message) for row in moved]
    return RowSet(row_set.model, fresh, row_set.identity, scope, is_shared=True) if fresh and not errors else None


def _line_models() -> set[type[models.Model]]:
    """What an amendment may add: the lines of every part, and the organisations that finance them."""
    return {lines.line_model(promise) for part in PARTS for promise in part.promises} | {Organisation}


def _settle(row: models.Model, scope: dict[str, Contract]) -> None:
    for name, value in scope.items():
        setattr(row, name, value)
    for field in row._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and field.is_cached(row):
            setattr(row, field.name, getattr(row, field.name))


def _identity(row: models.Model, row_set: RowSet) -> tuple[object, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in row_set.identity)  # type: ignore[union-attr]


def _differing(stored: models.Model, row: models.Model, but: Iterable[str]) -> list[str]:
    fields = [each for each in stored._meta.concrete_fields if each.name not in but]
    return [each.name for each in fields if getattr(stored, each.attname) != getattr(row, each.attname)]


def _signed_elsewhere(document: Document, row: models.Model) -> FileError:
    message = "Une signature s’enregistre sur la page de l’avenant, par la partie elle-même ou par le secrétariat."
    return FileError(document.source.file, "signataires", str(row), message)


def _moved_identity(document: Document, row: models.Model, field: str) -> FileError:
    label = str(row._meta.get_field(field).verbose_name)  # type: ignore[union-attr]
    message = f"Une ligne garde son identité d’un avenant à l’autre ({label})\u00a0: ajoutez une ligne nouvelle."
    return FileError(document.source.file, str(row), str(getattr(row, field)), message)
