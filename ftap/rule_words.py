"""Why each rule of a filing is there and an example of what it finds, in French, for its page of help.

A check of a contract bears these words itself; the rules of a filing are pure functions beside their facts, and their
words stand here, at the roof, where the pages are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class RuleWords:
    """Why the rule is there; an example of what it finds, with invented figures."""

    why: str
    example: str


_CREDITS: Final = {
    "C01": RuleWords(
        "On ne paie que ce qui a été engagé : sur la vie d’une ligne, les CP ne peuvent pas dépasser les AE.",
        "Depuis l’origine, 120 000 € de CP pour 100 000 € d’AE : 20 000 € de trop. À égalité, rien n’est relevé.",
    ),
    "C02": RuleWords(
        "Les crédits se déclarent en cumul depuis le 1er janvier : un cumul qui baisse est d’ordinaire une saisie du "
        "seul trimestre. De même, un cumul plus haut que celui de la période suivante, quand elle est soumise. Des "
        "AE peuvent baisser quand des engagements sont retirés.",
        "50 000 € de CP au premier trimestre, 30 000 € au deuxième : le cumul baisse de 20 000 €.",
    ),
    "C03": RuleWords(
        "En titre 2, la paie s’engage et se paie ensemble : les AE égalent les CP.",
        "60 000 € d’AE et 58 000 € de CP sur une ligne de titre 2 : 2 000 € d’écart.",
    ),
    "C04": RuleWords(
        "Le programme 349 ne porte pas d’emplois : la dépense de personnel s’impute sur le programme du porteur.",
        "40 000 € de titre 2 déclarés sur le programme 349.",
    ),
    "C05": RuleWords(
        "Engager plus que le plan de l’année demande une explication, ou un avenant.",
        "110 000 € d’AE pour 100 000 € prévus cette année : 10 000 € de plus.",
    ),
    "C06": RuleWords(
        "Payer plus que le plan de l’année prend sur les crédits d’un autre exercice.",
        "90 000 € de CP pour 75 000 € prévus cette année : 15 000 € de plus.",
    ),
    "C07": RuleWords(
        "Le plan borne ce qui peut être engagé sur la durée du contrat, quelle que soit l’année.",
        "Depuis l’origine, 310 000 € d’AE pour 300 000 € au plan : 10 000 € de plus.",
    ),
    "C08": RuleWords(
        "Des AE négatives sont possibles, quand des engagements sont retirés ; elles se disent pour être comprises.",
        "−5 000 € d’AE après l’abandon d’une commande.",
    ),
    "C09": RuleWords(
        "Les paiements d’une année ne descendent sous zéro que par un rétablissement de crédits : on demande lequel.",
        "−2 000 € de CP sans commentaire. Avec un commentaire, rien n’est relevé.",
    ),
    "C10": RuleWords(
        "Le fonds ne finance pas ce qui précède la signature du contrat.",
        "Contrat signé le 20 mai, 8 000 € d’AE cumulés au 30 juin dans le premier dossier : un commentaire dit que "
        "rien ne précède la signature. Aux dossiers suivants, rien n’est relevé.",
    ),
    "C11": RuleWords(
        "Un blanc n’est pas un zéro : sans chiffre, personne ne sait si rien n’a été consommé.",
        "Une ligne laissée vide. Avec 0 en AE et en CP, rien n’est relevé.",
    ),
    "C12": RuleWords(
        "Des AE sans CP, ou l’inverse, ne disent pas ce qui reste à payer.",
        "25 000 € d’AE et des CP laissés vides : il faut les CP, ou 0.",
    ),
    "C13": RuleWords(
        "Une ligne qui a encore des crédits à consommer cette année et n’avance plus annonce un retard.",
        "Même cumul qu’à la période précédente, aucun mouvement depuis six mois, et 40 000 € de CP prévus cette année.",
    ),
    "C14": RuleWords(
        "La tranche décidée par le secrétariat borne les AE du fonds pour l’exercice.",
        "80 000,50 € d’AE du FTAP pour une tranche de 80 000 € : 0,50 € de plus.",
    ),
    "C15": RuleWords(
        "Un investissement ne s’engage que dans la limite de ce qui est affecté à ses tranches fonctionnelles.",
        "45 000 € d’AE de titre 5 depuis l’origine pour 40 000 € affectés : 5 000 € de plus.",
    ),
}
_SAVINGS: Final = {
    "E01": RuleWords(
        "Le porteur explique chaque écart à la promesse d’économies : sans motif, l’écart reste sans réponse.",
        "22 000 € déclarés pour 30 000 € prévus, sans motif : il manque 8 000 €.",
    ),
    "E02": RuleWords(
        "Une économie sans preuve se certifie mal : le réviseur ne voit pas d’où vient le montant.",
        "15 000 € déclarés sans niveau de preuve ni pièce jointe.",
    ),
    "E03": RuleWords(
        "Une économie dite documentée doit montrer son document.",
        "Niveau « documentée », aucune pièce jointe et aucune source citée.",
    ),
    "E04": RuleWords(
        "Un emploi redéployé reste au budget : il se montre, mais n’est pas une économie.",
        "2 ETPT redéployés au contrat et 90 000 € déclarés sur la même ligne : vérifier qu’ils n’y comptent pas.",
    ),
    "E05": RuleWords(
        "Un blanc n’est pas un zéro : l’économie promise reste sans réponse.",
        "Une ligne chiffrée au contrat et laissée vide. Avec 0, rien n’est relevé.",
    ),
    "E06": RuleWords(
        "Une économie négative est un coût : elle s’explique.",
        "−3 000 € de CP sans motif.",
    ),
    "E07": RuleWords(
        "Quand le contrat prévoit des AE et des CP égaux, une déclaration qui les distingue mérite un regard.",
        "12 000 € d’AE et 10 000 € de CP déclarés, pour 15 000 € prévus en AE comme en CP.",
    ),
    "E08": RuleWords(
        "Une certification doit pouvoir être relue plus tard : il y faut une pièce.",
        "20 000 € certifiés sans aucune pièce jointe.",
    ),
    "E09": RuleWords(
        "Un montant déclaré de nouveau après sa certification n’est plus celui qui a été vérifié.",
        "Certifiée quand 20 000 € étaient déclarés en CP ; 24 000 € le sont à présent.",
    ),
    "E10": RuleWords(
        "Le porteur explique chaque écart à la promesse : une économie plus forte que prévu en est un aussi.",
        "120 000 € déclarés pour 106 880 € prévus, sans motif : 13 120 € de plus.",
    ),
    "E11": RuleWords(
        "Un emploi supprimé libère autant d’AE que de CP la même année ; la certification s’y tient.",
        "50 000 € d’AE et 45 000 € de CP déclarés sur une ligne de titre 2 : 5 000 € d’écart.",
    ),
    "E12": RuleWords(
        "Une économie dans une année où le contrat n’en prévoit aucune est un écart comme un autre : elle s’explique.",
        "40 000 € déclarés sur une ligne pour laquelle le contrat ne prévoit rien cette année-là, sans motif.",
    ),
}
_INDICATORS: Final = {
    "I01": RuleWords(
        "Un taux va de 0 à 100 %, un nombre ou un délai n’est pas négatif : le reste est souvent une faute de frappe. "
        "La valeur est gardée telle quelle.",
        "820 % de satisfaction saisis pour 82,0 %.",
    ),
    "I02": RuleWords(
        "Un indicateur qui doit baisser et qui monte s’éloigne de son objectif, ou porte une erreur.",
        "Un délai à réduire passe de 30 à 34 jours depuis la dernière mesure, ou depuis la valeur initiale.",
    ),
    "I03": RuleWords(
        "Ce qui se cumule depuis l’origine ne peut pas diminuer.",
        "120 agents formés à la dernière mesure, 95 à celle-ci.",
    ),
    "I04": RuleWords(
        "Une cible échue et manquée appelle une explication, pour que l’instructeur puisse la juger.",
        "74 % pour une cible d’au moins 80 % déjà échue, sans commentaire.",
    ),
    "I05": RuleWords(
        "Quand le contrat détaille un nombre, ses parts doivent en faire la somme. Un taux n’est pas concerné.",
        "5 sites ouverts, dont 3 et 1 selon les composantes : elles font 4 et non 5.",
    ),
    "I06": RuleWords(
        "Le contrat demande le détail : sans lui, la valeur ne peut pas être vérifiée.",
        "5 sites ouverts, la part d’une des deux régions laissée vide.",
    ),
    "I07": RuleWords(
        "Un blanc n’est pas un zéro : un mot suffit à dire pourquoi rien n’est mesuré.",
        "Ni valeur ni commentaire. Avec « enquête annuelle » en commentaire, rien n’est relevé.",
    ),
}
_FOLLOW_UP: Final = {
    "S01": RuleWords(
        "La météo est la réponse du porteur à la question du secrétariat : où en est-on ?",
        "Un dossier soumis sans météo choisie.",
    ),
    "S02": RuleWords(
        "Une météo dégradée sert à demander un appui : sans commentaire, personne ne sait lequel.",
        "« Appuis nécessaires » sans un mot.",
    ),
    "S03": RuleWords(
        "Deux niveaux d’un coup, dans un sens ou dans l’autre, disent un changement que le dossier doit raconter.",
        "« Objectifs sécurisés » au dossier précédent, « appuis nécessaires » à celui-ci, sans commentaire.",
    ),
    "S04": RuleWords(
        "Les chiffres ne disent pas ce qui a été fait : le contrat demande de décrire l’avancement.",
        "Tous les montants sont saisis, l’avancement est vide.",
    ),
    "S05": RuleWords(
        "Un jalon promis pour la période doit dire s’il est tenu.",
        "Un jalon du 30 juin sans état, au dossier du deuxième trimestre.",
    ),
    "S06": RuleWords(
        "Un retard n’a de sens qu’avec la nouvelle date : c’est elle que le secrétariat suivra.",
        "Un jalon déclaré en retard sans nouvelle date prévue.",
    ),
    "S07": RuleWords(
        "La date promise est passée et le jalon n’est ni terminé ni déclaré en retard.",
        "Un jalon promis pour le 30 juin, « en cours » au dossier du deuxième trimestre.",
    ),
    "S08": RuleWords(
        "La date de fin réelle se compare à la date promise : sans elle, on ne sait pas s’il a été tenu à temps.",
        "Un jalon terminé sans date de fin réelle.",
    ),
    "S09": RuleWords(
        "Un dossier dit ce qui est arrivé pendant sa période : ce qui se termine après n’est pas encore terminé.",
        "Une fin réelle au 12 juillet, au dossier clos le 30 juin.",
    ),
    "S10": RuleWords(
        "Abandonner un jalon revient sur une promesse du contrat : il y faut une raison.",
        "Un jalon abandonné sans commentaire.",
    ),
    "S11": RuleWords(
        "Un risque grave sans mesure est un risque que personne ne traite.",
        "Probabilité 4, gravité 5, soit 20 sur 25, et aucune mesure indiquée.",
    ),
    "S12": RuleWords(
        "Un risque repris du dossier précédent peut avoir disparu : on demande qu’il soit relu.",
        "Un risque de l’an dernier, ni confirmé ni clos.",
    ),
    "S13": RuleWords(
        "Le retard est montré pour que chacun voie le délai ; il n’empêche pas de soumettre. Un dossier soumis à temps "
        "puis renvoyé ou rouvert n’est pas en retard : il ne le devient que par une nouvelle échéance.",
        "Attendu le 31 juillet, soumis le 5 août : 5 jours de retard.",
    ),
    "S14": RuleWords(
        "Une météo déclarée loin de ce que disent les chiffres peut être juste ; il faut alors l’expliquer.",
        "« Objectifs sécurisés » déclarés quand 40 % seulement des CP prévus sont consommés et que la moitié des "
        "jalons est en retard, sans commentaire.",
    ),
    "S15": RuleWords(
        "Les chiffres de ce dossier se comparent à ceux du précédent : s’il est repris, renvoyé ou rouvert, ils "
        "peuvent encore changer. La direction du budget ne verrouille pas non plus ce dossier d’ici là.",
        "Le premier trimestre est rouvert pour correction ; le deuxième attend qu’il soit soumis de nouveau.",
    ),
    "S16": RuleWords(
        "Une nouvelle date remplace celle qui n’est pas tenue : passée à la fin de la période, elle n’annonce rien. "
        "Une date d’avant le contrat, elle, est refusée à la saisie.",
        "Au dossier clos le 30 juin, un jalon en retard est attendu pour le 15 mars de la même année.",
    ),
}
WORDS: Final[Mapping[str, RuleWords]] = {**_CREDITS, **_SAVINGS, **_INDICATORS, **_FOLLOW_UP}
"""By code of the rule; a test holds that each rule of the catalogue has its own."""
