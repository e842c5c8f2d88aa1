"""Addresses of a contract's frame."""

from django.urls import path

from contracts.views import (
    act_dates,
    amendment_lines,
    amendments,
    annex,
    article,
    calls,
    lifecycle,
    nomenclature,
    prolongation,
    subprojects,
    upload,
)

app_name = "contracts"

urlpatterns = [
    path("contrats/importer/", upload.upload, name="upload"),
    path("contrats/<slug:code>/fichier.toml", upload.export, name="export"),
    path("contrats/<slug:code>/projets/", article.projects, name="projects"),
    path("contrats/<slug:code>/gouvernance/", article.governance, name="governance"),
    path("contrats/<slug:code>/avenants/", amendments.amendments, name="amendments"),
    path("contrats/<slug:code>/avenants/preparer/", amendments.prepare, name="amendment_prepare"),
    path("contrats/<slug:code>/avenants/<int:number>/", amendments.amendment, name="amendment"),
    path(
        "contrats/<slug:code>/avenants/<int:number>/modifier/<slug:part_code>/", amendments.edit, name="amendment_edit"
    ),
    path(
        "contrats/<slug:code>/avenants/<int:number>/modifier/<slug:part_code>/ajouter/<slug:addition_code>/",
        amendment_lines.add,
        name="amendment_add",
    ),
    path(
        "contrats/<slug:code>/avenants/<int:number>/modifier/<slug:part_code>/retirer/",
        amendment_lines.remove,
        name="amendment_remove",
    ),
    path("contrats/<slug:code>/avenants/<int:number>/fichier.toml", amendments.file, name="amendment_file"),
    path("contrats/<slug:code>/avenants/<int:number>/prolonger/", prolongation.prolong, name="amendment_prolong"),
    path("contrats/<slug:code>/avenants/<int:number>/importer/", amendments.bring_back, name="amendment_import"),
    path("contrats/<slug:code>/avenants/<int:number>/signatures/", amendments.signature, name="amendment_signature"),
    path(
        "contrats/<slug:code>/avenants/<int:number>/signatures/retirer/",
        amendments.withdraw,
        name="amendment_withdraw_signatures",
    ),
    path("contrats/<slug:code>/avenants/<int:number>/signer/", amendments.sign, name="amendment_sign"),
    path("contrats/<slug:code>/avenants/<int:number>/abandonner/", amendments.abandon, name="amendment_abandon"),
    path("contrats/<slug:code>/versions/<int:number>/annexe.xlsx", annex.download, name="annex"),
    path("contrats/<slug:code>/versions/<int:number>/annexe/", annex.bring_back, name="annex_import"),
    path("contrats/<slug:code>/versions/<int:number>/annexe/confirmer/", annex.confirm, name="annex_confirm"),
    path("contrats/<slug:code>/versions/<int:number>/dates/", act_dates.dates, name="act_dates"),
    path("contrats/<slug:code>/versions/comparer/", amendments.compare, name="compare"),
    path("fonds/appels/", calls.calls, name="calls"),
    path("fonds/appels/nouveau/", calls.new_call, name="call_new"),
    path("fonds/appels/<int:pk>/", calls.call, name="call"),
    path("fonds/appels/<int:pk>/selections/", calls.tie, name="call_tie"),
    path("fonds/appels/<int:pk>/selections/<int:selection>/retirer/", calls.untie, name="call_untie"),
    path("contrats/<slug:code>/nomenclature/", nomenclature.nomenclature, name="nomenclature"),
    path("contrats/<slug:code>/vie/", lifecycle.lifecycle, name="lifecycle"),
    path("contrats/<slug:code>/vie/<int:pk>/", lifecycle.event, name="life_event"),
    path("contrats/<slug:code>/sous-projets/ajouter/", subprojects.add, name="sub_project_add"),
    path("contrats/<slug:code>/sous-projets/<int:number>/modifier/", subprojects.edit, name="sub_project_edit"),
    path("contrats/<slug:code>/sous-projets/<int:number>/montants/", subprojects.figures, name="sub_project_figures"),
    path("contrats/<slug:code>/sous-projets/<int:number>/grille/", subprojects.grid, name="sub_project_grid"),
    path("contrats/<slug:code>/sous-projets/<int:number>/cadrage/", subprojects.document, name="sub_project_document"),
    path(
        "contrats/<slug:code>/sous-projets/<int:number>/cadrage/<int:pk>/",
        subprojects.document_file,
        name="sub_project_file",
    ),
    path(
        "contrats/<slug:code>/sous-projets/<int:number>/exception/", subprojects.exception, name="sub_project_exception"
    ),
    path(
        "contrats/<slug:code>/sous-projets/<int:number>/actes/<slug:action>/", subprojects.move, name="sub_project_move"
    ),
]
