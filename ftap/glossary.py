"""The words of the fund, as the help page gives them: (word, meaning, source or None)."""

from typing import Final, NamedTuple


class Entry(NamedTuple):
    """A word, what it means here, and the text it comes from when there is one."""

    word: str
    meaning: str
    source: str = ""


GLOSSARY: Final = tuple(
    sorted(
        (
            Entry(
                "Autorisation d’engagement (AE)",
                "Ce qui peut être engagé : l’AE est consommée par l’acte juridique (marché, convention) qui "
                "oblige l’État. "
                "Les AE d’une année peuvent être négatives quand un engagement est retiré.",
                "LOLF, article 8",
            ),
            Entry(
                "Crédit de paiement (CP)",
                "Ce qui peut être payé dans l’année. Sur la vie d’une ligne, les CP cumulés ne dépassent jamais "
                "les AE cumulées.",
                "LOLF, article 8",
            ),
            Entry(
                "Reste à payer",
                "AE consommées moins CP consommés, depuis l’origine : ce qui est engagé et pas encore payé.",
            ),
            Entry(
                "Reste à engager",
                "AE prévues au contrat moins AE consommées ; sur les tranches, AE décidées moins AE consommées.",
            ),
            Entry(
                "Titre",
                "Catégorie de dépense : 2 personnel, 3 fonctionnement, 5 investissement, 6 intervention… « HT2 » "
                "désigne tous les titres sauf le titre 2.",
                "LOLF, article 5",
            ),
            Entry(
                "Tranche de financement",
                "Montants d’une année fixés par le secrétariat du fonds ; seule la première est ferme à la signature.",
                "Contrats, article 6",
            ),
            Entry(
                "Contrat de transformation",
                "Engagement entre un porteur, la DITP et la direction du budget : des crédits d’un côté, des "
                "économies et des résultats de l’autre, année par année.",
            ),
            Entry("Dispositif", "Contrat qui choisit ses projets année par année, sur des critères écrits."),
            Entry(
                "Document de cadrage",
                "Écrit joint à un sous-projet avant qu’il soit retenu : son objet, les prestations financées, sa "
                "conformité à chaque critère.",
                "Contrat Lean management, article 4.3",
            ),
            Entry(
                "Retour consolidé",
                "Économies pérennes à trois ans des sous-projets retenus, additionnées, par euro du fonds.",
                "Contrat Lean management, article 3",
            ),
            Entry("Sous-projet", "Projet choisi dans un dispositif ; ses montants restent à côté du plan du contrat."),
            Entry("Fiche projet", "Description d’un projet du contrat : coût total, part du FTAP, actions."),
            Entry(
                "Avenant",
                "Modification signée du contrat. Les chiffres d’une version ne remplacent jamais ceux d’une autre "
                ": ils s’ajoutent.",
                "Contrats, article 8",
            ),
            Entry(
                "Version en vigueur",
                "Dernière version signée dont la date d’effet est passée. Un dossier de suivi garde celle qui "
                "valait à son ouverture.",
            ),
            Entry(
                "Campagne",
                "Trimestre ou année pour lesquels les réalisations sont demandées, avec une date d’ouverture et "
                "une échéance.",
            ),
            Entry(
                "Dossier de suivi",
                "Ce qu’un contrat déclare pour une campagne : crédits, économies, indicateurs, calendrier, risques.",
            ),
            Entry(
                "Instantané",
                "Situation d’un contrat figée à la validation d’un dossier ; le rapport en est tiré et redonnera "
                "toujours les mêmes chiffres.",
            ),
            Entry(
                "Économie déclarée",
                "Ce que le porteur dit avoir économisé, avec un motif pour chaque écart et des pièces.",
            ),
            Entry(
                "Économie certifiée",
                "Ce qu’un instructeur, qui n’est pas le déclarant, reconnaît d’une économie déclarée. Seul ce "
                "chiffre entre dans le retour constaté.",
            ),
            Entry("Économie pérenne", "Montant annuel de l’économie une fois le projet déployé."),
            Entry(
                "Emploi redéployé",
                "Emploi économisé puis affecté ailleurs : montré, mais pas compté comme économie budgétaire.",
            ),
            Entry("ETPT", "Équivalent temps plein travaillé : un emploi à temps plein pendant toute l’année."),
            Entry("Retour sur investissement (R1)", "Économies pérennes promises ÷ montant FTAP du contrat."),
            Entry("Retour constaté (R2)", "Économies récurrentes certifiées ÷ CP du FTAP consommés."),
            Entry(
                "Météo",
                "Appréciation du chef de projet : objectifs sécurisés, atteignables, appuis nécessaires, "
                "objectifs compromis.",
            ),
            Entry(
                "Signal calculé",
                "Appréciation tirée des chiffres par des règles publiées, à côté de la météo déclarée.",
            ),
            Entry(
                "Chiffre affiché",
                "Total ou part que le contrat imprime. Il n’entre dans aucun calcul : il est seulement comparé à "
                "ce que donnent les lignes.",
            ),
            Entry(
                "Anomalie",
                "Ce que le contrat contredit : chiffre affiché qui ne s’explique pas par l’arrondi, valeur "
                "illisible, contradiction du texte.",
            ),
            Entry("n. r. (non renseigné)", "Rien n’a été dit. Ce n’est pas zéro."),
            Entry("n. c. (non calculable)", "Un terme manque ou le dénominateur est nul."),
            Entry(
                "Centre financier (BOP-UO)",
                "Cadre de gestion où les crédits sont consommés, par exemple 0349-CDBU-DR31. Il change dans le "
                "temps : il est daté.",
            ),
            Entry("Domaine fonctionnel", "Programme et action budgétaires, par exemple 0349-01."),
            Entry("Référentiel de programmation", "Code d’activité Chorus de douze caractères, avec son libellé."),
            Entry("SGAR", "Secrétariat général pour les affaires régionales, auprès du préfet de région."),
            Entry(
                "DITP", "Direction interministérielle de la transformation publique ; tient le secrétariat du fonds."
            ),
            Entry("DB", "Direction du budget."),
            Entry("COPIL", "Comité de pilotage d’un contrat ; il peut suspendre ou interrompre le financement."),
        ),
        key=lambda entry: entry.word.replace("É", "E").lower(),
    )
)
