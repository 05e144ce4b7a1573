"""Every word of the readers' pages, in French and English.

A pair is singular and plural. Where a phrase is listed in the design's «The French voice», it stands here word for word.
"""

from __future__ import annotations

from composer.web.phrase import N, Phrase
from composer.words import Words

READERS: dict[str, Phrase] = {
    "rehearsal": Words(
        f"Répétition{N}: cette page n’est pas publique, les liens des messages mènent à une machine d’essai.",
        "Rehearsal: this page is not public, links in mails lead to a test machine.",
    ),
    "rehearsal-desk": Words(
        f"Répétition{N}: les liens des messages mènent à une machine d’essai.", "Rehearsal: links in mails lead to a test machine."
    ),
    "skip": Words("Aller au contenu", "Skip to content"),
    "leave-title": Words("Se désinscrire", "Unsubscribe"),
    "leave-question": Words("Ne plus recevoir «\u00a0{name}\u00a0»\u00a0?", "Stop receiving “{name}”?"),
    "leave-whom": Words("Cette page concerne l’adresse {address}.", "This page is about the address {address}."),
    "leave-forwarded": Words(
        f"Si ce n’est pas la vôtre, la lettre vous a été transférée{N}: fermez cette page, rien ne changera.",
        "If it is not yours, the newsletter was forwarded to you: close this page and nothing changes.",
    ),
    "leave-act": Words("Se désinscrire", "Unsubscribe"),
    "left-title": Words("C’est fait", "Done"),
    "left": Words("L’adresse {address} ne recevra plus «\u00a0{name}\u00a0».", "The address {address} will not receive “{name}” any more."),
    "left-wire": Words(
        "Un message déjà en chemin peut encore arriver, aucun autre ne partira.",
        "A message already on its way may still arrive; no other will leave.",
    ),
    "left-mistake": Words(f"Une erreur{N}? Écrivez à {{address}}.", "A mistake? Write to {address}."),
    "gone-title": Words("Déjà hors de la liste", "Already off the list"),
    "unknown-title": Words("Ce lien ne mène à aucune inscription", "This link leads to no subscription"),
    "unknown": Words(
        f"Il a peut-être été coupé par votre messagerie. Recopiez-le en entier, ou écrivez-nous{N}: nous le ferons.",
        "Your mail program may have cut it. Copy it whole, or write to us and we shall do it.",
    ),
    "proof-page": Words(
        "Ceci est une épreuve : la page n’est pas publique, seul son lien l’ouvre.",
        "This is a proof: the page is not public, only its link opens it.",
    ),
    "proof-title": Words(f"Ceci est une épreuve{N}: personne n’est désinscrit", "This is a proof: nobody is unsubscribed"),
    "proof": Words(
        "Dans les messages des lecteurs, ce lien porte leur propre jeton.", "In the readers’ messages this link carries their own token."
    ),
    "write-to": Words("Écrire à {address}", "Write to {address}"),
    "missing-title": Words("Il n’y a rien à cette adresse", "There is nothing at this address"),
    "missing": Words("Le numéro n’est pas encore paru, ou l’adresse a été coupée.", "The issue is not out yet, or the address was cut."),
    "trouble-title": Words("Cela n’a pas abouti", "That did not work"),
    "trouble": Words("Rien n’a changé. Réessayez dans un instant.", "Nothing has changed. Try again in a moment."),
    "archive": Words("Les numéros", "The issues"),
    "view-remark": Words(f"Une remarque{N}?", "A remark?"),
    "view-write": Words("Écrivez-nous.", "Write to us."),
    "view-issues": Words("Tous les numéros, et comment recevoir la lettre", "All issues, and how to get the newsletter"),
    "join-by-mail": Words(f"Pour recevoir la lettre, écrivez à{N}:", "To receive the letter, write to:"),
    "join-subject": Words("Inscription", "Subscribe"),
    "archive-none": Words("Aucun numéro n’est encore paru.", "No issue is out yet."),
    "followed-on": Words(f"Rectificatif du {{day}}{N}:", "Correction of {day}:"),
    "corrected-on": Words("Corrigé le {day}", "Corrected on {day}"),
    "corrected-sent": Words("Voir la version envoyée", "See what was sent"),
    "sent-view": Words("Version envoyée, corrigée depuis.", "What was sent; corrected since."),
    "sent-corrected": Words("Lire la version corrigée", "Read the corrected version"),
    "number": Words(f"N°{N}{{n}}", "No.\u00a0{n}"),
    "legal": Words("Mentions légales", "Legal notice"),
    "legal-letter": Words("Lettre", "Newsletter"),
    "legal-publisher": Words("Éditeur", "Publisher"),
    "legal-form": Words("Forme juridique", "Legal form"),
    "legal-registration": Words("Immatriculation", "Registration"),
    "legal-address": Words("Adresse", "Address"),
    "legal-phone": Words("Téléphone", "Telephone"),
    "legal-director": Words("Direction de la publication", "Director of publication"),
    "legal-host": Words("Hébergement", "Hosting"),
    "legal-contact": Words("Contact", "Contact"),
    "legal-person": Words("Éditée par", "Published by"),
    "legal-anonymous": Words(
        "Cette lettre est publiée à titre non professionnel par une personne qui a choisi de ne pas se nommer ici, comme la loi le permet "
        "(LCEN, art. 1-1). Son hébergeur connaît son identité.",
        "This newsletter is published, not as a trade, by a person who chose not to be named here, as French law allows (LCEN art. 1-1). "
        "The host knows who they are.",
    ),
    "privacy": Words("Vos données", "Your data"),
    "privacy-more": Words("Ce que nous gardons, et vos droits", "What we keep, and your rights"),
    "privacy-short": Words(
        "Nous gardons votre adresse pour vous envoyer «\u00a0{name}\u00a0», parce que vous l’avez demandé. Nous ne mesurons ni ce que vous ouvrez ni "
        "ce sur quoi vous cliquez.",
        "We keep your address to send you “{name}”, because you asked for it. We measure neither what you open nor what you click.",
    ),
    "privacy-who": Words("Qui répond de vos données", "Who answers for your data"),
    "privacy-who-named": Words("{who}.", "{who}."),
    "privacy-who-unnamed": Words("La personne qui publie «\u00a0{name}\u00a0».", "The person who publishes “{name}”."),
    "privacy-contact": Words(f"Pour nous écrire{N}:", "To write to us:"),
    "privacy-why": Words("Pourquoi, et de quel droit", "Why, and by what right"),
    "privacy-why-text": Words(
        f"Pour vous envoyer «{N}{{name}}{N}», et pour ne plus vous écrire quand vous partez. Cela repose sur votre accord (RGPD, art. 6, § 1, a)"
        f"{N}: vous pouvez le retirer à tout moment, sans effet sur ce qui est déjà parti.",
        "To send you “{name}”, and to stop writing when you leave. This rests on your consent (GDPR art. 6(1)(a)): you can withdraw it at any "
        "time, without effect on what has already left.",
    ),
    "privacy-what": Words("Ce que nous gardons", "What we keep"),
    "privacy-what-address": Words("votre adresse, et votre nom si vous l’avez donné", "your address, and your name if you gave it"),
    "privacy-what-consent": Words(
        f"la preuve de votre accord{N}: où il a été donné et, si nous la connaissons, la date",
        "the proof of your consent: where it was given and, if we know it, the date",
    ),
    "privacy-what-more": Words(
        "les autres renseignements donnés à l’inscription, s’il y en a eu", "other particulars given when you signed up, if there were any"
    ),
    "privacy-what-sent": Words(
        f"pour chaque numéro, son envoi{N}: l’heure, et la réponse du serveur qui l’a pris ou refusé",
        "for each issue, its sending: the time, and the answer of the server that took or refused it",
    ),
    "privacy-what-log": Words(
        "un journal technique des envois, où votre adresse n’est qu’une empreinte (avec son domaine) ; il est effacé après {days} jours",
        "a technical log of what was sent, in which your address is but a keyed hash (with its domain); it is erased after {days} days",
    ),
    "privacy-what-left": Words(
        f"si vous partez, le jour et la façon{N}; si nous n’écrivons plus à votre adresse, la raison",
        "if you leave, the day and the way; if we no longer write to your address, the reason",
    ),
    "privacy-not": Words("Ce que nous ne faisons pas", "What we do not do"),
    "privacy-not-text": Words(
        "Ni pixel, ni lien suivi, ni profil, ni décision automatique. Les images ont la même adresse pour tout le monde. Ces pages n’ont ni "
        "cookie ni script.",
        "No pixel, no tracked link, no profile, no automated decision. Pictures have the same address for everybody. These pages have neither "
        "cookies nor scripts.",
    ),
    "privacy-long": Words("Combien de temps", "How long"),
    "privacy-long-text": Words(
        "Tant que vous recevez la lettre. Quand vous partez, l’adresse reste, marquée comme partie, pour qu’aucune liste ne vous réinscrive par "
        f"erreur{N}; vous pouvez demander qu’elle soit effacée.",
        "As long as you receive the newsletter. When you leave, the address stays, marked as gone, so that no list signs you up again by mistake; "
        "you can ask for it to be erased.",
    ),
    "privacy-shared": Words("Par où elles passent", "Where they pass"),
    "privacy-shared-relay": Words(
        "Chaque message, avec votre adresse, passe par notre prestataire d’envoi ({relay}), puis par votre messagerie.",
        "Each message, with your address, passes through our sending provider ({relay}), then through your mail provider.",
    ),
    "privacy-shared-own": Words(
        "Chaque message, avec votre adresse, passe par notre serveur d’envoi, puis par votre messagerie.",
        "Each message, with your address, passes through our mail server, then through your mail provider.",
    ),
    "privacy-shared-host": Words(f"Ces pages sont hébergées par{N}: {{host}}.", "These pages are hosted by: {host}."),
    "privacy-rights": Words("Vos droits", "Your rights"),
    "privacy-leave": Words(
        "Pour partir, le lien «\u00a0Se désinscrire\u00a0» au bas de chaque message suffit, sans mot de passe ni question.",
        "To leave, the link “Unsubscribe” at the foot of every message is enough, without password or question.",
    ),
    "privacy-rights-text": Words(
        "Vous pouvez demander à voir vos données, à les corriger, à les faire effacer, à en limiter l’usage ou à les emporter (RGPD, art. 15 à 20). "
        "Nous devons répondre en un mois.",
        "You can ask to see your data, to have them corrected or erased, to restrict their use or to take them with you (GDPR art. 15 to 20). "
        "We have to answer within a month.",
    ),
    "privacy-rights-how": Words(f"Écrivez à{N}:", "Write to:"),
    "privacy-complain": Words(
        "Si notre réponse ne vous convient pas, vous pouvez vous plaindre à l’autorité de protection des données, en France la CNIL\u00a0:",
        "If our answer does not satisfy you, you can complain to a data protection authority, in France the CNIL:",
    ),
}
