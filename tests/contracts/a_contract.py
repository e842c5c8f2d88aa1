"""A small contract file with one of each thing: the tests break it, one place at a time."""

TEXT = """\
format = 1

[contrat]
code = "phare"
intitule = "Phare"
type = "projet"
programme = "0349"
porteur = "sgar"
premiere_annee = 2020
derniere_annee = 2022
unite = "eur"
periodicite = "annuelle"
nomenclature_modifiable_par = "secretariat"

[[organisations]]
code = "interieur"
nom = "Ministère de l’Intérieur"
type = "ministere"

[[organisations]]
code = "sgar"
nom = "SGAR de Bretagne"
type = "prefecture"
ministere = "interieur"
region = "Bretagne"

[[parties]]
organisation = "sgar"
role = "porteur"

[[signataires]]
nom = "Anne DURAND"
qualite = "préfète de région"
partie = "porteur"
date = 2020-05-06

[[nomenclature]]
type = "activite"
code = "034901011101"

[[comites]]
nom = "Comité de pilotage"
reunions_par_an_min = 2
reunions_par_an_max = 4

[[axes]]
code = "I"
intitule = "Numérique"

[[fiches]]
numero = "1"
axe = "I"
intitule = "Dématérialiser"
cout = 300000
ftap = { imprime = 120000, retenu = 180000, preuve = "La part imprimée, 60 %, donne 180 000 €." }
part_ftap = 60.00

[credits]
unite = "keur"

[[credits.lignes]]
cle = "etudes"
libelle = "Études"
nature = "prestations"
titre = "3"
programme = "0349"
source = "FTAP"
axe = "I"
fiche = "1"
annees.2020 = { ae = 100, cp = 80.5 }
annees.2021 = { ae = 80, cp = 99.5 }

[[credits.lignes]]
cle = "agents"
libelle = "Agents"
nature = "personnel"
titre = "2"
source = "sgar"
annees.2020 = { ae = "illisible", cp = 60 }

[economies]
unite = "keur"

[[economies.lignes]]
cle = "emplois"
libelle = "Emplois supprimés"
titre = "2"
methode = "postes"
perenne = { ae = 99, cp = 99 }
annees.2021 = { ae = 49.5, cp = 49.5 }
annees.2022 = { ae = 99, cp = 99 }

[[economies.lignes.postes]]
categorie = "B"
cout_unitaire = 33000
annees.2021 = { supprimes = 3, redeployes = 0 }

[[indicateurs]]
cle = "satisfaction"
libelle = "Satisfaction"
type = "resultat"
orientation = "usagers"
unite = "%"
composantes = ["en ligne", "au guichet"]
valeur_initiale = { valeur = 10, date = 2019-12-31, imprime = "10 %" }

[[indicateurs.cibles]]
date = 2022-12-31
operateur = ">="
valeur = 80
composantes = [50, "illisible"]

[[indicateurs.cibles]]
date = 2021-12-31
operateur = ">="
valeur = "illisible"

[[calendrier]]
cle = "lancement"
libelle = "Lancement"
type = "phase"
debut = "2020-T2"
fin = "2020-T4"

[[chiffres_affiches]]
cle = "total-ftap"
libelle = "Total FTAP"
article = "2"
valeur = 180
unite = "keur"
calcul = { table = "credits", mesure = "ae", source = "FTAP" }
"""


def changed(old: str, new: str) -> bytes:
    """The file with one text replaced, which must be there once."""
    assert TEXT.count(old) == 1, f"{old!r} is there {TEXT.count(old)} times"
    return TEXT.replace(old, new).encode()
