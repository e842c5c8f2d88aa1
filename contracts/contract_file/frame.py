"""The frame of a contract in its file: identity, people, governance, codes, clauses, stated figures."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import models

from contracts.contract_file.columns import Cells, Column, read_row, write_row
from contracts.contract_file.document import Document
from contracts.contract_file.expressions import CONSTANT, read_expression, write_expression
from contracts.contract_file.nodes import Node
from contracts.contract_file.rows import RowSet
from contracts.enums import OrganisationKind
from contracts.models import (
    Axis,
    Committee,
    Contract,
    ContractVersion,
    NomenclatureCode,
    Observation,
    Organisation,
    Party,
    Provision,
    Recipient,
    SelectionCriterion,
    Signatory,
    StatedFigure,
)
from figures.codes import PROGRAMME_FORM, is_programme, normalise_code

Columns = Sequence[Column]
ALONE: Final = (
    "Une constante ne se compare pas seule\u00a0: elle est le dénominateur d’une part. Dites ce que donnent les "
    "lignes, ou «\u00a0aucun\u00a0» avec la raison."
)

ORGANISATION: Final[Columns] = (
    Column("code", "code", required=True),
    Column("nom", "name", required=True),
    Column("type", "kind", required=True),
    Column("region", "region"),
)
CONTRACT: Final[Columns] = (
    Column("code", "code", required=True),
    Column("intitule", "title", required=True),
    Column("intitule_long", "long_title"),
    Column("type", "kind", required=True),
    Column("programme", "programme", required=True),
    Column("porteur", "holder", required=True, refers_to="organisations", what="cette organisation"),
    Column("premiere_annee", "first_year", required=True),
    Column("derniere_annee", "last_year", required=True),
    Column("unite", "unit", required=True),
    Column("periodicite", "filing_frequency", required=True),
    Column("periodicite_article", "filing_frequency_article"),
    Column("premiere_tranche", "first_tranche_year"),
    Column("tranches_decidees_depuis", "tranches_decided_from"),
    Column("accompagnement_mois", "accompaniment_months"),
    Column("sous_projets_par_an", "sub_projects_a_year"),
    Column("nomenclature_modifiable_par", "nomenclature_authority", required=True),
    Column("resume", "summary"),
)
PARTY: Final[Columns] = (
    Column("organisation", "organisation", required=True, refers_to="organisations", what="cette organisation"),
    Column("role", "role", required=True),
)
SIGNATORY: Final[Columns] = (
    Column("nom", "name", required=True),
    Column("qualite", "function", required=True),
    Column("partie", "role", required=True),
    Column("date", "signed_on"),
)
RECIPIENT: Final[Columns] = (
    Column("nom", "name", required=True),
    Column("qualite", "function"),
    Column("groupe", "group"),
)
CODE: Final[Columns] = (
    Column("type", "kind", required=True),
    Column("code", "printed", required=True),
    Column("libelle", "label"),
    Column("commentaire", "comment"),
    Column("depuis", "valid_from"),
    Column("jusque", "valid_until"),
)
COMMITTEE: Final[Columns] = (
    Column("nom", "name", required=True),
    Column("presidence", "chair"),
    Column("reunions_par_an_min", "meetings_min"),
    Column("reunions_par_an_max", "meetings_max"),
    Column("rythme", "rhythm"),
    Column("missions", "missions"),
)
AXIS: Final[Columns] = (Column("code", "code", required=True), Column("intitule", "title", required=True))
STATED: Final[Columns] = (
    Column("cle", "key", required=True),
    Column("libelle", "label", required=True),
    Column("article", "article"),
    Column("valeur", "value", required=False),
    Column("unite", "unit", required=True),
)
CRITERION: Final[Columns] = (
    Column("code", "code", required=True),
    Column("famille", "family", required=True),
    Column("intitule", "label", required=True),
    Column("article", "article"),
    Column("controle", "computed_check"),
    Column("seuil", "threshold", in_euros=True),
    Column("au_choix", "is_alternative"),
    Column("sans_objet", "may_not_apply"),
    Column("exception", "allows_exception"),
)
PROVISION: Final[Columns] = (
    Column("article", "article", required=True),
    Column("sujet", "subject", required=True),
    Column("texte", "text", required=True),
)
OBSERVATION: Final[Columns] = (
    Column("article", "article", required=True),
    Column("nature", "kind", required=True),
    Column("texte", "text", required=True),
)


def read_identity(document: Document) -> None:
    """Organisations, then the contract itself: what everything else of the file refers to."""
    organisations = _read_organisations(document)
    # A ministry is saved before the services that refer to it.
    for rows in (
        [each for each in organisations if not each.ministry],
        [each for each in organisations if each.ministry],
    ):
        document.rows.append(RowSet(Organisation, rows, ("code",), {}, is_referred_to=True, is_shared=True))
    node = document.root.table("contrat", label="Contrat")
    if node is None:
        if not document.root.has("contrat"):
            document.root.refuse("contrat", "La table [contrat] est obligatoire.")
        return
    document.contract = read_row(node, Contract, CONTRACT, document.known)
    _check_contract(node, document.contract)
    document.version.contract = document.contract
    document.version.signed_on = node.day("date", label="date du contrat")
    document.rows.append(RowSet(Contract, [document.contract], ("code",), {}, is_referred_to=True, is_shared=True))
    scope = {"contract": document.contract}
    document.rows.append(RowSet(ContractVersion, [document.version], ("number",), scope, is_shared=True))


def read_people(document: Document) -> None:
    """Parties, signatories, recipients, committees; the contract's date is the last signature's unless it is given."""
    parties = _read_all(document, "parties", Party, PARTY, "organisation", "role")
    document.of_contract(parties, Party, "organisation", "role")
    signatories = _read_all(document, "signataires", Signatory, SIGNATORY, "name", "function")
    document.of_version(signatories, Signatory, "name", "function")
    days = [row.signed_on for row in signatories if row.signed_on]
    document.version.signed_on = document.version.signed_on or max(days, default=None)
    recipients = _read_all(document, "destinataires", Recipient, RECIPIENT, "name", "function")
    document.of_contract(recipients, Recipient, "name", "function")
    committees = _read_all(document, "comites", Committee, COMMITTEE, "name")
    document.of_contract(committees, Committee, "name")


def read_clauses(document: Document) -> None:
    """Codes, criteria, provisions, observations and axes."""
    document.of_contract(_read_codes(document), NomenclatureCode, "kind", "normalised", "valid_from")
    criteria = _read_all(document, "criteres", SelectionCriterion, CRITERION, "code")
    document.of_contract(criteria, SelectionCriterion, "code")
    provisions = _read_all(document, "dispositions", Provision, PROVISION, "article", "subject")
    document.of_contract(provisions, Provision, "article", "subject")
    observations = _read_all(document, "observations", Observation, OBSERVATION, "article", "text")
    document.of_contract(observations, Observation, "article", "text")
    document.known.setdefault("axes", {})
    axes = []
    for rank, node in enumerate(document.root.tables("axes"), start=1):
        axis = read_row(node, Axis, AXIS, document.known)
        axis.position = rank
        document.define("axes", node, "code", axis)
        axes.append(axis)
    document.of_contract(axes, Axis, "code", is_referred_to=True)


def read_stated(document: Document) -> None:
    """Every total, share or amount that the contract prints, with what it should be worth."""
    stated = []
    for rank, node in enumerate(document.root.tables("chiffres_affiches"), start=1):
        node.label = node.told("libelle", f"Chiffre affiché {rank}")
        row = read_row(node, StatedFigure, STATED, document.known)
        row.position, row.decimals = rank, _decimals(node.data.get("valeur"))
        if not node.has("valeur"):
            node.refuse("valeur", "Cette clé est obligatoire.")
        if expression := node.table("calcul"):
            row.expression = read_expression(expression, document.known)
        if row.expression.get("table") == CONSTANT:
            node.refuse("calcul", ALONE)
        document.define("chiffres_affiches", node, "cle", row)
        stated.append(row)
    document.of_version(stated, StatedFigure, "key")


def write_frame(version: ContractVersion, cells: Cells) -> dict[str, Any]:
    """The tables of the frame, in the order of the guide."""
    contract = version.contract
    identity = write_row(contract, CONTRACT, cells, "contrat", Decimal(1))
    if version.extends_to is not None:
        identity["derniere_annee"] = version.extends_to
    if (signed_on := cells.write("contrat.date", version.signed_on)) is not None:
        identity["date"] = signed_on
    return {
        "contrat": identity,
        "organisations": [_written_organisation(each) for each in _organisations_of(contract)],
        "parties": _write_all(contract.parties.select_related("organisation"), PARTY, cells, "parties"),
        "signataires": _write_all(version.signatories.all(), SIGNATORY, cells, "signataires"),
        "destinataires": _write_all(contract.recipients.all(), RECIPIENT, cells, "destinataires"),
        "nomenclature": _write_all(contract.codes.all(), CODE, cells, "nomenclature"),
        "comites": _write_all(contract.committees.all(), COMMITTEE, cells, "comites"),
        "axes": _write_all(contract.axes.all(), AXIS, cells, "axes"),
    }


def write_clauses(version: ContractVersion, cells: Cells) -> dict[str, Any]:
    """Stated figures, criteria, provisions and observations."""
    contract = version.contract
    return {
        "chiffres_affiches": [
            _written_stated(row, cells, f"chiffres_affiches[{rank}]")
            for rank, row in enumerate(version.stated_figures.order_by("position", "pk"), start=1)
        ],
        "criteres": _write_all(contract.criteria.all(), CRITERION, cells, "criteres"),
        "dispositions": _write_all(contract.provisions.all(), PROVISION, cells, "dispositions"),
        "observations": _write_all(contract.observations.all(), OBSERVATION, cells, "observations"),
    }


def _read_all(document: Document, table: str, model: type[models.Model], columns: Columns, *identity: str) -> list[Any]:
    """The rows of a list of tables, in order; two with the same identity are an error."""
    rows: list[Any] = []
    seen: set[tuple[object, ...]] = set()
    for rank, node in enumerate(document.root.tables(table), start=1):
        node.label = node.told("nom", node.told("intitule", f"{table} {rank}"))
        row: Any = read_row(node, model, columns, document.known)
        row.position = rank
        key = tuple(_comparable(row, name) for name in identity)
        if key in seen:
            document.source.refuse(
                node.path, " – ".join(map(str, key)), "Doublon\u00a0: cet élément figure déjà plus haut."
            )
        if model is Committee and (row.meetings_min or 0) > (row.meetings_max or row.meetings_min or 0):
            node.refuse("reunions_par_an_max", "Le nombre maximal de réunions est inférieur au nombre minimal.")
        if model is SelectionCriterion and row.needs_threshold and row.threshold is None:
            node.refuse("seuil", "Un critère de plafond ou de retour a un seuil.")
        seen.add(key)
        rows.append(row)
    return rows


def _comparable(row: Any, name: str) -> object:
    """A value of an unsaved row; a missing reference counts as nothing."""
    field = row._meta.get_field(name)
    if field.is_relation:
        return str(getattr(row, name)) if field.is_cached(row) else None
    return getattr(row, name)


def _read_organisations(document: Document) -> list[Organisation]:
    document.known["organisations"] = {}
    pairs = []
    for node in document.root.tables("organisations"):
        organisation = read_row(node, Organisation, ORGANISATION, document.known)
        document.define("organisations", node, "code", organisation)
        pairs.append((node, organisation))
    for node, organisation in pairs:
        ministry = node.reference("ministere", document.known["organisations"], "cette organisation")
        if ministry is not None and ministry.kind != OrganisationKind.MINISTRY:
            node.refuse("ministere", "Cette organisation n’est pas de type «\u00a0ministere\u00a0».")
        if ministry is not None and organisation.kind == OrganisationKind.MINISTRY:
            node.refuse("ministere", "Un ministère ne dépend pas d’un autre.")
        organisation.ministry = ministry
    return [row for _, row in pairs]


def _check_contract(node: Node, contract: Contract) -> None:
    for key, year in (("premiere_annee", contract.first_year), ("derniere_annee", contract.last_year)):
        if year and not 2017 <= year <= 2100:
            node.refuse(key, "Les années de financement sont comprises entre 2017 et 2100.")
    if contract.first_year and contract.last_year and contract.last_year < contract.first_year:
        node.refuse("derniere_annee", "La dernière année de financement précède la première.")
    if contract.programme and not is_programme(contract.programme):
        node.refuse("programme", PROGRAMME_FORM)


def _read_codes(document: Document) -> list[NomenclatureCode]:
    """Codes as printed, normalised beside; valid from the contract's date unless said otherwise."""
    rows: list[NomenclatureCode] = []
    for rank, node in enumerate(document.root.tables("nomenclature"), start=1):
        row = read_row(node, NomenclatureCode, CODE, document.known)
        row.position, row.normalised = rank, normalise_code(row.printed)
        row.valid_from = row.valid_from or document.version.signed_on
        if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
            node.refuse("jusque", "Le code cesse d’être valable avant de l’être.")
        if any(_overlap(row, other) for other in rows):
            node.refuse("code", "Doublon\u00a0: ce code figure déjà au contrat pour les mêmes dates.")
        rows.append(row)
    return rows


def _overlap(left: NomenclatureCode, right: NomenclatureCode) -> bool:
    if (left.kind, left.normalised) != (right.kind, right.normalised):
        return False
    starts, ends = (
        [row.valid_from or date.min for row in (left, right)],
        [row.valid_until or date.max for row in (left, right)],
    )
    return max(starts) <= min(ends)


def _decimals(raw: Any) -> int:
    """How many decimals the contract prints."""
    exponent = raw.as_tuple().exponent if isinstance(raw, Decimal) else 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _written_stated(row: StatedFigure, cells: Cells, path: str) -> dict[str, Any]:
    written = write_row(row, STATED, cells, path, Decimal(1))
    if row.value is not None and row.decimals and isinstance(written["valeur"], int | Decimal):
        written["valeur"] = row.value.quantize(Decimal(1).scaleb(-row.decimals))
    return {**written, "calcul": write_expression(row.expression)} if row.expression else written


def _write_all(rows: Iterable[Any], columns: Columns, cells: Cells, table: str) -> list[dict[str, Any]]:
    ordered = sorted(rows, key=lambda row: (row.position, row.pk))
    return [write_row(row, columns, cells, f"{table}[{rank}]", Decimal(1)) for rank, row in enumerate(ordered, start=1)]


def _written_organisation(organisation: Organisation) -> dict[str, Any]:
    written = write_row(organisation, ORGANISATION, Cells([]), "", Decimal(1))
    return {**written, "ministere": organisation.ministry.code} if organisation.ministry else written


def _organisations_of(contract: Contract) -> list[Organisation]:
    """The organisations that the contract names, with their ministries, ministries first."""
    named = {contract.holder_id} | set(contract.parties.values_list("organisation", flat=True))
    for relation in contract._meta.related_objects:
        for field in relation.related_model._meta.concrete_fields:
            if field.related_model is Organisation and relation.field.name == "contract":
                rows = relation.related_model._default_manager.filter(contract=contract)
                named |= set(rows.exclude(**{field.attname: None}).values_list(field.attname, flat=True))
    services = Organisation.objects.filter(pk__in=named).select_related("ministry")
    both = {each.pk: each for row in services for each in (row.ministry, row) if each is not None}
    return sorted(both.values(), key=lambda each: (each.ministry_id is not None, each.code))
