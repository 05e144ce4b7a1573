"""Every word of the readers' pages and of the preview, in French and English.

A pair is singular and plural. Where a phrase is listed in the design's «The French voice», it stands here word for word.
"""

from __future__ import annotations

from composer.words import Words

Phrase = Words | tuple[Words, Words]

N = "\u00a0"

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
    "join-by-mail": Words(f"Pour recevoir la lettre, écrivez à{N}:", "To receive the letter, write to:"),
    "join-subject": Words("Inscription", "Subscribe"),
    "archive-none": Words("Aucun numéro n’est encore paru.", "No issue is out yet."),
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

STUDIO: dict[str, Phrase] = {
    "issues": Words("Numéros", "Issues"),
    "issue": Words("Numéro", "Issue"),
    "preview": Words("Aperçu", "Preview"),
    "source": Words("Source", "Source"),
    "checks": Words("Bouclage", "Checks"),
    "links": Words("Liens", "Links"),
    "contents": Words("Sommaire", "Contents"),
    "steps": Words("Étapes du numéro", "Steps of the issue"),
    "screens": Words("Écrans", "Screens"),
    "panes": Words("Volets", "Panes"),
    "all-issues": Words("Tous les numéros", "All issues"),
    "paste": Words("Coller", "Paste"),
    "untitled": Words("Sans objet pour l’instant", "No subject yet"),
    "no-headline": Words("Sans titre pour l’instant", "No headline yet"),
    "issue-unreadable": Words("Illisible pour l’instant", "Cannot be read yet"),
    # Numéros
    "empty": Words("Aucun numéro pour l’instant. Collez un texte, nous le découpons.", "No issue yet. Paste a text, we take it apart."),
    "next-issue": Words(f"Le n°{N}{{n}} est prévu {{day}}.", "No. {n} is planned for {day}."),
    "next-issue-bare": Words("Le prochain numéro est prévu {day}.", "The next issue is planned for {day}."),
    "scheduled-issue": Words(f"Le n°{N}{{n}} est programmé pour {{when}}.", "No. {n} is scheduled for {when}."),
    "scheduled-issue-bare": Words("Le prochain numéro est programmé pour {when}.", "The next issue is scheduled for {when}."),
    "running-issue": Words(f"Le n°{N}{{n}} est en train de partir.", "No. {n} is leaving."),
    "running-issue-bare": Words("Un numéro est en train de partir.", "An issue is leaving."),
    "held-issue": Words(f"Le n°{N}{{n}} est en attente.", "No. {n} is held."),
    "held-issue-bare": Words("Un numéro est en attente.", "An issue is held."),
    "stopped-issue": Words(
        f"L’envoi du n°{N}{{n}}, parti le {{when}}, a été arrêté.", "The mailing of No. {n}, which left on {when}, was stopped."
    ),
    "stopped-issue-bare": Words(
        "L’envoi du dernier numéro, parti le {when}, a été arrêté.", "The mailing of the last issue, which left on {when}, was stopped."
    ),
    "sent-issue": Words(f"Le n°{N}{{n}} est parti le {{when}}.", "No. {n} left on {when}."),
    "sent-issue-bare": Words("Le dernier numéro est parti le {when}.", "The last issue left on {when}."),
    "some-issues": (
        Words("Un numéro est en chantier.", "One issue is in the works."),
        Words("{n} numéros, aucun daté d’aujourd’hui ou après.", "{n} issues, none dated today or later."),
    ),
    "issues-lede": Words(
        "Ouvrez-en un pour le voir comme vos lecteurs le liront, ou collez un texte.",
        "Open one to see it as your readers will, or paste a text.",
    ),
    "col-issue": Words("Numéro", "Issue"),
    "col-subject": Words("Objet", "Subject"),
    "col-date": Words("Date prévue", "Planned date"),
    "col-stories": Words("Articles", "Stories"),
    "col-state": Words("État", "State"),
    "state-scheduled": Words("Programmé", "Scheduled"),
    "state-running": Words("En cours", "Leaving"),
    "state-held": Words("En attente", "Held"),
    "state-stopped": Words("Arrêté", "Stopped"),
    "state-sent": Words("Parti", "Left"),
    "state-draft": Words("En chantier", "In the works"),
    "state-broken": Words("Fichier à réparer", "File to mend"),
    "paste-title": Words("Coller un texte", "Paste a text"),
    "paste-help": Words(
        "Un numéro entier ou un seul article, depuis Google Docs, Word, une page web ou un courriel. Les liens sont gardés.",
        "A whole issue or a single story, from Google Docs, Word, a web page or a mail. Links are kept.",
    ),
    "paste-label": Words("Texte à découper", "Text to take apart"),
    "paste-file": Words("ou un fichier (Word, texte, Markdown, HTML)", "or a file (Word, text, Markdown, HTML)"),
    "paste-word": Words(
        "Document Word\u00a0: ses titres, ses liens et ses images viennent avec lui.",
        "Word document: its headings, links and pictures come with it.",
    ),
    "paste-rich": Words("Collé avec ses liens et ses titres.", "Pasted with its links and headings."),
    "paste-act": Words("Découper", "Take apart"),
    "paste-into": Words("Ajouter à", "Add to"),
    "paste-new": Words("un nouveau numéro", "a new issue"),
    "paste-nothing": Words(
        "Il n’y a rien à découper. Collez un texte ou choisissez un fichier.",
        "There is nothing to take apart. Paste a text or choose a file.",
    ),
    # A line on top of an issue that is scheduled or has left
    "strip-scheduled-hold": Words(
        f"Programmé pour {{when}}{N}: une modification de mots le retiendra.", "Scheduled for {when}: a change of words will hold it."
    ),
    "strip-scheduled-send_sealed": Words(
        f"Programmé pour {{when}}{N}: c’est la version scellée qui partira, ce que vous changez ici ne partira pas.",
        "Scheduled for {when}: the sealed version will leave, what you change here will not.",
    ),
    "strip-changed-hold": Words(
        f"Programmé pour {{when}}, mais modifié depuis{N}: il restera en attente à l’heure dite.",
        "Scheduled for {when}, but edited since: it will be held at the hour.",
    ),
    "strip-changed-send_sealed": Words(
        f"Programmé pour {{when}}, mais modifié depuis{N}: c’est la version scellée qui partira.",
        "Scheduled for {when}, but edited since: the sealed version will leave.",
    ),
    "strip-waiting": Words("En attente, prévu le {when}.", "Held, due on {when}."),
    "strip-held": Words(
        f"Envoi en attente, commencé le {{when}}{N}: ce que vous changez ici ne change rien à ce qui part.",
        "Mailing held, begun on {when}: what you change here changes nothing of what leaves.",
    ),
    "strip-running": Words(
        f"En train de partir depuis le {{when}}{N}: ce que vous changez ici ne change rien à ce qui part.",
        "Leaving since {when}: what you change here changes nothing of what leaves.",
    ),
    "strip-stopped": Words(
        f"Parti le {{when}}, puis arrêté{N}: ce que vous changez ici ne change rien à ce qui est parti.",
        "Left on {when}, then stopped: what you change here changes nothing of what has left.",
    ),
    "strip-sent": Words(
        f"Déjà parti le {{when}}{N}: ce que vous changez ici ne change rien à ce qui est parti.",
        "Already left on {when}: what you change here changes nothing of what has left.",
    ),
    "strip-receipt": Words(
        f"Déjà parti{N}: ce que vous changez ici ne change rien à ce qui est parti.",
        "Already left: what you change here changes nothing of what has left.",
    ),
    # Coller
    "seen-all": Words("Tout a trouvé sa place.", "Everything found its place."),
    "seen-unclassified": (
        Words("Une ligne n’a pas été comprise. Elle est restée à sa place.", "One line was not understood. It stayed in place."),
        Words(
            "{n} lignes n’ont pas été comprises. Elles sont restées à leur place.", "{n} lines were not understood. They stayed in place."
        ),
    ),
    "seen-guesses": (
        Words("Une supposition est à confirmer.", "One guess is to be confirmed."),
        Words("{n} suppositions sont à confirmer.", "{n} guesses are to be confirmed."),
    ),
    "nothing-written": Words("Rien n’est encore écrit sur le disque.", "Nothing is written to disk yet."),
    "raw": Words("Votre texte", "Your text"),
    "raw-again": Words("Reprendre le texte", "Change the text"),
    "seen": Words("Ce que nous y voyons", "What we see in it"),
    "create-issue": Words("Créer le numéro", "Create the issue"),
    "create-story": Words("Ajouter l’article", "Add the story"),
    "marbre-option": Words("au marbre, sans numéro", "the waiting stories"),
    "marbre": Words("Le marbre", "Waiting stories"),
    "marbre-help": Words("Les articles qui attendent un numéro.", "Stories that wait for an issue."),
    "marbre-move": Words("Ajouter", "Add"),
    "marbre-move-of": Words("Ajouter «\u00a0{name}\u00a0» à", "Add “{name}” to"),
    "paste-placeholder": Words("Collez ici", "Paste here"),
    "enter-key": Words("Entrée", "Enter"),
    "frame-of": Words("Aperçu du courriel\u00a0: {subject}", "Preview of the mail: {subject}"),
    "as": Words("Lire comme", "Read as"),
    "as-auto": Words("à reconnaître", "recognise"),
    "as-issue": Words("un numéro", "an issue"),
    "as-story": Words("un article", "a story"),
    "headings": Words("Lignes courtes isolées", "Short lone lines"),
    "headings-h2": Words("intertitres", "sub-headings"),
    "headings-runin": Words("intertitres en ligne", "run-in heads"),
    "sponsor-ends": Words("Où finit le texte de l’annonceur\u00a0?", "Where does the sponsor’s text end?"),
    "sponsor-ends-guess": Words("Là où nous le pensons", "Where we think"),
    "read-again": Words("Découper de nouveau", "Take apart again"),
    "guesses": Words("Suppositions", "Guesses"),
    "warnings": Words("À vérifier", "To check"),
    "unclassified": Words("Lignes non comprises", "Lines not understood"),
    "line": Words("ligne\u00a0{n}", "line\u00a0{n}"),
    "intro": Words("Introduction", "Introduction"),
    "subject": Words("Objet", "Subject"),
    "preheader": Words("Ligne suivante", "Next line"),
    "lead": Words("La une", "Lead"),
    "story": Words("Article", "Story"),
    "sponsor": Words("Partenaire", "Sponsor"),
    "sponsor-of": Words("Partenaire · {name}", "Sponsor · {name}"),
    "border-unsure": Words("fin à confirmer", "end to be confirmed"),
    "credits": Words("Crédits photo", "Picture credits"),
    "credits-loose": Words("sans photo attitrée", "belong to no picture yet"),
    "n-words": (Words("{n} mot", "{n} word"), Words("{n} mots", "{n} words")),
    "n-minutes": (Words("{n} min", "{n} min"), Words("{n} min", "{n} min")),
    "n-runins": (Words("{n} intertitre en ligne", "{n} run-in head"), Words("{n} intertitres en ligne", "{n} run-in heads")),
    "n-headings": (Words("{n} intertitre", "{n} sub-heading"), Words("{n} intertitres", "{n} sub-headings")),
    "n-paragraphs": (Words("{n} paragraphe", "{n} paragraph"), Words("{n} paragraphes", "{n} paragraphs")),
    "n-lists": (Words("{n} liste", "{n} list"), Words("{n} listes", "{n} lists")),
    "n-reading": (
        Words("{n} lien pour aller plus loin", "{n} link of further reading"),
        Words("{n} liens pour aller plus loin", "{n} links of further reading"),
    ),
    "n-calls": (Words("{n} appel", "{n} call to action"), Words("{n} appels", "{n} calls to action")),
    "n-questions": (
        Words("{n} question hors courriel", "{n} question for the web only"),
        Words("{n} questions hors courriel", "{n} questions for the web only"),
    ),
    "a-picture": Words("une photo", "a picture"),
    "teaser": Words("Accroche", "Teaser"),
    # Aperçu
    "device": Words("Appareil", "Device"),
    "phone": Words("Téléphone, 375\u00a0px", "Phone, 375\u00a0px"),
    "tablet": Words("Tablette, 768\u00a0px", "Tablet, 768\u00a0px"),
    "desktop": Words("Ordinateur", "Computer"),
    "colours": Words("Couleurs", "Colours"),
    "light": Words("Clair", "Light"),
    "dark": Words("Sombre, celui du message", "Dark, the message’s own"),
    "inverted": Words("Sombre forcé par la messagerie", "Dark forced by the mail program"),
    "format": Words("Format", "Format"),
    "html": Words("HTML", "HTML"),
    "text": Words("Texte", "Text"),
    "pictures-off": Words("Sans images", "Without pictures"),
    "as-subscriber": Words("Lire comme cet abonné", "Read as this subscriber"),
    "as-sample": Words("lecteur d’essai", "sample reader"),
    "as-unknown": Words(
        "Aucun abonné n’a l’adresse {email}. L’aperçu montre le lecteur d’essai.",
        "No subscriber has the address {email}. The preview shows the sample reader.",
    ),
    "show": Words("Voir", "Show"),
    "frame-title": Words("Aperçu du courriel\u00a0: {device}, {colours}", "Preview of the mail: {device}, {colours}"),
    "inbox": Words("Dans la boîte de réception", "In the inbox"),
    "inbox-35": Words("35 signes, petit téléphone", "35 characters, small phone"),
    "inbox-50": Words("50 signes, téléphone", "50 characters, phone"),
    "inbox-90": Words("90 signes, ordinateur", "90 characters, computer"),
    "gauge": Words("{size} sur 102\u00a0\u00b7 repères à 80 et 102", "{size} of 102 · marks at 80 and 102"),
    "kb": Words("{n}\u00a0Ko", "{n}\u00a0KB"),
    "of-102": Words("sur 102", "of 102"),
    "gauge-amber": Words("Le message s’alourdit\u00a0: Gmail coupe à 102\u00a0Ko.", "The message grows heavy: Gmail cuts at 102 KB."),
    "gauge-red": Words("Gmail coupera le message.", "Gmail will cut the message."),
    "digest": Words("Empreinte", "Digest"),
    "last-proof": Words("Épreuve", "Proof"),
    "proof-stands": Words("{n}, à jour", "{n}, up to date"),
    "proof-stale": Words("{n}, d’avant la dernière modification", "{n}, older than the last edit"),
    "approved": Words("Bon à tirer", "Approved by"),
    "weight": Words("Poids du message", "Weight of the message"),
    "measures": Words("Mesures", "Measures"),
    "length": Words("Longueur", "Length"),
    "open-alone": Words("Ouvrir seul", "Open alone"),
    "no-edition": Words("Ce numéro ne peut pas encore être mis en page.", "This issue cannot be laid out yet."),
    "link-leads": Words("Ce lien mène à", "This link leads to"),
    "link-nowhere": Words("Ce lien n’a pas d’adresse.", "This link has no address."),
    "open-link": Words("Ouvrir dans un nouvel onglet", "Open in a new tab"),
    "fresh": Words("À jour à {hour}", "Up to date at {hour}"),
    "refreshing": Words("Mise à jour…", "Updating…"),
    "cut-off": Words(
        "Le programme ne répond plus. L’aperçu n’est plus à jour.", "The program does not answer. The preview is out of date."
    ),
    # Bouclage
    "n-errors": (Words("{n} erreur", "{n} error"), Words("{n} erreurs", "{n} errors")),
    "n-warnings": (Words("{n} à vérifier", "{n} to check"), Words("{n} à vérifier", "{n} to check")),
    "n-advice": (Words("{n} conseil", "{n} advice"), Words("{n} conseils", "{n} pieces of advice")),
    "errors": Words("Erreurs", "Errors"),
    "advice": Words("Conseils", "Advice"),
    "checks-wants-proof": Words("Il manque une épreuve avant de programmer.", "A proof is wanted before scheduling."),
    "checks-wants-approval": Words("Il manque le bon à tirer avant de programmer.", "The approval is wanted before scheduling."),
    "checks-clean": Words("Rien n’empêche de programmer.", "Nothing stands in the way of scheduling."),
    "checks-blocked": (
        Words("Une erreur empêche de programmer.", "One error stands in the way of scheduling."),
        Words("{n} erreurs empêchent de programmer.", "{n} errors stand in the way of scheduling."),
    ),
    "checks-scheduled": Words("Programmé pour {when}.", "Scheduled for {when}."),
    "checks-held": Words("En attente.", "Held."),
    "checks-running": Words("En train de partir.", "Leaving now."),
    "checks-stopped": Words("Arrêté en cours d’envoi.", "Stopped while leaving."),
    "checks-sent": Words("Parti le {when}.", "Left on {when}."),
    "checks-receipt": Words("Déjà parti.", "Already left."),
    "checks-lede": Words(
        "Vérifié à {hour}, comme à chaque enregistrement. Les liens ne sont pas essayés ici\u00a0: `hebdo check {id}` le fait.",
        "Checked at {hour}, as on every save. Links are not tried here: `hebdo check {id}` does it.",
    ),
    "checks-quiet": Words("Aucune remarque.", "No remarks."),
    "go-there": Words("Aller à la ligne", "Go to the line"),
    "whole-issue": Words("Le numéro entier", "The whole issue"),
    "fix-act": (
        Words("Appliquer la correction sûre", "Apply the safe mend"),
        Words("Appliquer les {n} corrections sûres", "Apply the {n} safe mends"),
    ),
    "fixed": Words(
        "Corrections appliquées\u00a0; la version d’avant est dans var/snapshots.", "Mends applied; the version before is in var/snapshots."
    ),
    "keys": Words("Sans souris", "Without a mouse"),
    "keys-findings": Words("passer de l’un à l’autre", "go from one to the next"),
    "keys-enter": Words("aller à la ligne", "go to the line"),
    # Source
    "files": Words("Fichiers", "Files"),
    "settings-file": Words("Objet, introduction, ordre", "Subject, introduction, order"),
    "file-of": Words("Texte de {file}", "Text of {file}"),
    "save": Words("Enregistrer", "Save"),
    "saved-at": Words("Enregistré à {hour}", "Saved at {hour}"),
    "on-disk": Words("Tel que sur le disque", "As on disk"),
    "saving": Words("Enregistrement…", "Saving…"),
    "unsaved": Words("Modifié, pas encore enregistré", "Changed, not saved yet"),
    "not-saved": Words("Pas enregistré. Votre texte est gardé ici.", "Not saved. Your text is kept here."),
    "offline": Words("Le programme ne répond plus. Votre texte est gardé ici.", "The program does not answer. Your text is kept here."),
    "conflict": Words("Le fichier a changé sur le disque. Vos mots sont gardés.", "The file changed on disk. Your words are kept."),
    "conflict-sideways": Words("À gauche vos mots, à droite ceux du disque.", "On the left your words, on the right those on disk."),
    "conflict-stacked": Words("Au-dessus vos mots, au-dessous ceux du disque.", "Above your words, below those on disk."),
    "conflict-see": Words("Voir ceux du disque", "See those on disk"),
    "conflict-body": Words("Rien n’est perdu tant que vous n’avez pas choisi.", "Nothing is lost until you choose."),
    "compare": Words("Comparer", "Compare"),
    "keep-mine": Words("Garder mes mots", "Keep my words"),
    "take-theirs": Words("Prendre ceux du disque", "Take those on disk"),
    "theirs": Words("Sur le disque", "On disk"),
    "mine": Words("Vos mots", "Your words"),
    "recovered": Words(
        "Des mots non enregistrés de votre dernière visite ont été retrouvés.", "Unsaved words of your last visit were found."
    ),
    "put-back": Words("Les remettre", "Put them back"),
    "forget": Words("Les oublier", "Forget them"),
    "reloaded": Words("Rechargé\u00a0: le fichier a changé sur le disque.", "Reloaded: the file changed on disk."),
    "line-col": Words("ligne {line}", "line {line}"),
    "add-story": Words("Ajouter un article", "Add a story"),
    "move-up": Words("Monter «\u00a0{name}\u00a0»", "Move “{name}” up"),
    "move-down": Words("Descendre «\u00a0{name}\u00a0»", "Move “{name}” down"),
    "moved": Words("Ordre enregistré.", "Order saved."),
    "chars-of-60": Words("{n} sur 60", "{n} of 60"),
    "status-todo": Words("À écrire", "To write"),
    "status-draft": Words("Brouillon", "Draft"),
    "status-review": Words("En relecture", "In review"),
    "status-ready": Words("Prêt", "Ready"),
    # Liens
    "picture": Words("Photo…", "Picture…"),
    "picture-file": Words("Fichier (JPEG, PNG, GIF)", "File (JPEG, PNG, GIF)"),
    "picture-alt": Words("Texte de remplacement", "Alternative text"),
    "picture-credit": Words("Crédit", "Credit"),
    "picture-act": Words("Donner cette photo à l’article", "Give the story this picture"),
    "give-address": Words("Donner une adresse", "Give an address"),
    "links-none": Words("Ce numéro n’a aucun lien.", "This issue has no link."),
    "links-all": Words("Tous les liens ont une adresse.", "Every link has an address."),
    "links-bad": (
        Words("Une adresse ne peut pas rester ainsi.", "One address cannot stay like this."),
        Words("{n} adresses ne peuvent pas rester ainsi.", "{n} addresses cannot stay like this."),
    ),
    "links-missing": (
        Words("Un lien n’a pas d’adresse.", "A link has no address."),
        Words("{n} liens n’ont pas d’adresse.", "{n} links have no address."),
    ),
    "links-lede": Words(
        "Un texte collé perd ses adresses. Écrivez-les ici, elles vont dans les fichiers, ligne à ligne.",
        "A pasted text loses its addresses. Write them here, they go into the files, line by line.",
    ),
    "links-save": Words("Enregistrer les adresses", "Save the addresses"),
    "links-saved": (Words("Une adresse enregistrée.", "One address saved."), Words("{n} adresses enregistrées.", "{n} addresses saved.")),
    "link-place": Words("Place", "Place"),
    "link-words": Words("Mots", "Words"),
    "link-address": Words("Adresse", "Address"),
    "address-of": Words("Adresse de «\u00a0{words}\u00a0»", "Address of “{words}”"),
    # Refus
    "key-title": Words(
        "Cette page s’ouvre par l’adresse affichée dans votre terminal.", "This page opens by the address shown in your terminal."
    ),
    "key-body": Words(
        "Elle contient la clé de cet aperçu\u00a0: ainsi aucune autre page de votre navigateur ne peut lire vos brouillons ni y écrire.",
        "It holds the key of this run of the preview: so no other page in your browser can read your drafts or write to them.",
    ),
    "key-act": Words(
        "Suivez l’adresse entière que `{command}` affiche\u00a0; relancez-le si elle n’est plus à l’écran.",
        "Follow the whole address that `{command}` shows; start it again if it is off the screen.",
    ),
    "origin-title": Words(
        "Cette demande vient d’une autre page, elle est refusée.", "This request comes from another page and is refused."
    ),
    "origin-body": Words(
        "Rien n’a été écrit. Revenez à l’aperçu et recommencez.", "Nothing was written. Go back to the preview and try again."
    ),
    "problem": Words("Cela n’a pas abouti", "That did not work"),
    "nothing-lost": Words("Rien n’a été écrit.", "Nothing was written."),
    "back": Words("Revenir", "Go back"),
}

PHRASES: dict[str, Phrase] = READERS | STUDIO
