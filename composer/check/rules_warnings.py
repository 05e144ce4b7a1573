"""The rules whose findings want a look before the issue leaves."""

from __future__ import annotations

from composer.check.rule import rule
from composer.words import Words

WARNINGS = (
    rule(
        "order-unlisted",
        "warning",
        Words(
            fr="Un article n’est pas dans l’ordre du numéro : il vient en dernier.",
            en="A story is not listed in the order of the issue: it comes last.",
        ),
        Words(
            fr="Rangez-le dans la liste « order: » de issue.md, ou `hebdo check {issue} --fix` pour le laisser là.",
            en="Place it in the list “order:” of issue.md, or `hebdo check {issue} --fix` to leave it there.",
        ),
        fixable=True,
    ),
    rule(
        "no-lead",
        "warning",
        Words(fr="Le numéro n’a pas de une.", en="The issue has no lead."),
        Words(fr="Écrivez kind: lead dans l’en-tête de l’article principal.", en="Write kind: lead in the front matter of the main story."),
    ),
    rule(
        "two-leads",
        "warning",
        Words(fr="Le numéro a plusieurs unes.", en="The issue has several leads."),
        Words(fr="Gardez kind: lead pour un seul article.", en="Keep kind: lead for one story only."),
    ),
    rule(
        "sponsors-adjacent",
        "warning",
        Words(fr="Deux annonceurs se suivent.", en="Two sponsors stand side by side."),
        Words(
            fr="Mettez un article entre eux dans « order: », en tête de issue.md.",
            en="Put a story between them in “order:”, on top of issue.md.",
        ),
    ),
    rule(
        "number-missing",
        "warning",
        Words(fr="Le numéro n’est pas numéroté.", en="The issue has no number."),
        Words(fr="Écrivez number: dans l’en-tête de issue.md.", en="Write number: in the front matter of issue.md."),
    ),
    rule(
        "number-twice",
        "warning",
        Words(fr="Deux numéros portent le même chiffre.", en="Two issues carry the same number."),
        Words(fr="Changez number: dans l’en-tête de issue.md.", en="Change number: in the front matter of issue.md."),
    ),
    rule(
        "number-gap",
        "warning",
        Words(fr="La numérotation saute un numéro.", en="The numbering leaves a gap."),
        Words(fr="Vérifiez number: dans l’en-tête de issue.md.", en="Look at number: in the front matter of issue.md."),
    ),
    rule(
        "merge-field-fallback",
        "warning",
        Words(fr="Un champ n’a pas de valeur de secours.", en="A merge field has no fallback."),
        Words(
            fr="Écrivez-en une, pour les abonnés dont on ne sait pas le nom : %prenom|lecteur%",
            en="Write one, for subscribers whose name is not known: %first_name|reader%",
        ),
    ),
    rule(
        "picture-without-alt",
        "warning",
        Words(fr="Une image n’est pas décrite.", en="A picture is not described."),
        Words(
            fr='Écrivez alt: "ce qu’on y voit" : c’est ce que lisent ceux qui ne voient pas l’image.',
            en='Write alt: "what it shows": it is what those read who do not see the picture.',
        ),
    ),
    rule(
        "picture-without-credit",
        "warning",
        Words(fr="Une image n’a pas de crédit.", en="A picture has no credit."),
        Words(fr='Écrivez credit: "Agence / Nom".', en='Write credit: "Agency / Name".'),
    ),
    rule(
        "picture-small",
        "warning",
        Words(fr="Une image est trop petite pour sa colonne.", en="A picture is too small for its column."),
        Words(fr="Prenez un fichier de 1 200 pixels de large, 600 au moins.", en="Take a file 1,200 pixels wide, 600 at least."),
    ),
    rule(
        "credits-unassigned",
        "warning",
        Words(fr="Des crédits n’appartiennent à aucune image.", en="Some credits belong to no picture."),
        Words(
            fr='Donnez chacun à son image (credit: "…"), puis retirez-le de « credits: ».',
            en='Give each to its picture (credit: "…"), then take it out of “credits:”.',
        ),
    ),
    rule(
        "story-todo",
        "warning",
        Words(fr="Un article est encore à faire.", en="A story is still to be written."),
        Words(
            fr="Finissez-le, puis « status: ready » dans son en-tête ; ou sortez-le du numéro.",
            en="Finish it, then “status: ready” in its front matter; or take it out of the issue.",
        ),
    ),
    rule(
        "subject-long",
        "warning",
        Words(fr="L’objet dépasse 60 caractères.", en="The subject is over 60 characters."),
        Words(
            fr="Les téléphones en montrent une quarantaine : dites l’essentiel d’abord.",
            en="Phones show about forty: say the main thing first.",
        ),
    ),
    rule(
        "preheader-short",
        "warning",
        Words(fr="La ligne qui suit l’objet compte moins de 40 caractères.", en="The preheader is under 40 characters."),
        Words(fr="Écrivez des accroches (teaser:), ou preheader: dans issue.md.", en="Write teasers (teaser:), or preheader: in issue.md."),
    ),
    rule(
        "preheader-long",
        "warning",
        Words(fr="La ligne qui suit l’objet dépasse 130 caractères.", en="The preheader is over 130 characters."),
        Words(
            fr="Raccourcissez les accroches, ou écrivez preheader: dans issue.md.",
            en="Shorten the teasers, or write preheader: in issue.md.",
        ),
    ),
    rule(
        "no-teaser",
        "warning",
        Words(fr="Un article secondaire n’a pas d’accroche.", en="A secondary story has no teaser."),
        Words(
            fr='Écrivez teaser: "quelques mots" dans son en-tête ; sans elle, son titre l’annonce.',
            en='Write teaser: "a few words" in its front matter; without, its headline announces it.',
        ),
    ),
    rule(
        "no-further-reading",
        "warning",
        Words(fr="L’article n’a pas de liens pour aller plus loin.", en="The story has no further reading."),
        Words(fr="Ajoutez, sous le libellé de la lettre, une liste de liens.", en="Add a list of links under the newsletter’s label."),
    ),
    rule(
        "link-twice",
        "warning",
        Words(fr="Le même lien figure deux fois.", en="The same link stands twice."),
        Words(fr="Gardez celui qui sert le mieux.", en="Keep the one that serves best."),
    ),
    rule(
        "link-http",
        "warning",
        Words(fr="Un lien n’est pas chiffré (http).", en="A link is not encrypted (http)."),
        Words(fr="Essayez la même adresse avec https://", en="Try the same address with https://"),
    ),
    rule(
        "link-shortener",
        "warning",
        Words(fr="Un lien passe par un raccourcisseur.", en="A link goes through a shortener."),
        Words(
            fr="Mettez l’adresse d’arrivée : les filtres se méfient des raccourcis.",
            en="Put the final address: filters distrust shorteners.",
        ),
    ),
    rule(
        "link-staging",
        "warning",
        Words(fr="Un lien mène à un site de travail.", en="A link leads to a staging host."),
        Words(fr="Mettez l’adresse publique de la page.", en="Put the public address of the page."),
    ),
    rule(
        "link-unreachable",
        "warning",
        Words(fr="Un lien ne répond pas.", en="A link does not answer."),
        Words(fr="Ouvrez-le vous-même avant d’envoyer.", en="Open it yourself before sending."),
    ),
    rule(
        "link-without-scheme",
        "warning",
        Words(fr="Une adresse commence par www. sans https://", en="An address begins with www. without https://"),
        Words(fr="`hebdo check {issue} --fix` ajoute https://", en="`hebdo check {issue} --fix` adds https://"),
        fixable=True,
    ),
    rule(
        "link-without-words",
        "warning",
        Words(fr="Un lien n’a pas de mots.", en="A link has no words."),
        Words(fr="Écrivez entre les crochets où il mène.", en="Write between the brackets where it leads."),
    ),
    rule(
        "sponsor-utm",
        "warning",
        Words(fr="Un lien de l’annonceur n’a pas de balises UTM.", en="A sponsor’s link has no UTM tags."),
        Words(
            fr="Ajoutez ?utm_source=…&utm_medium=email&utm_campaign=… : l’annonceur compte ainsi ses visites.",
            en="Add ?utm_source=…&utm_medium=email&utm_campaign=…: so the sponsor counts its visits.",
        ),
    ),
    rule(
        "mixed-typography",
        "warning",
        Words(fr="La typographie est mêlée.", en="The typography is mixed."),
        Words(
            fr="Choisissez un usage ; `hebdo check {issue} --fix` applique celui du plus grand nombre aux espaces et aux apostrophes.",
            en="Choose one usage; `hebdo check {issue} --fix` applies the most frequent to spaces and apostrophes.",
        ),
        fixable=True,
    ),
    rule(
        "quote-open",
        "warning",
        Words(fr="Un guillemet n’est pas refermé.", en="A quotation mark has no partner."),
        Words(
            fr="Ajoutez celui qui manque, ou retirez celui qui est de trop.", en="Add the one that is missing, or remove the one too many."
        ),
    ),
    rule(
        "contrast",
        "warning",
        Words(fr="Un texte se détache mal de son fond.", en="A text stands out too little from its ground."),
        Words(
            fr="Choisissez dans le gabarit deux couleurs à 4,5 : 1 au moins (WCAG 1.4.3).",
            en="Choose two colours of at least 4.5:1 in the template (WCAG 1.4.3).",
        ),
    ),
    rule(
        "heading-order",
        "warning",
        Words(fr="Les intertitres sautent un niveau.", en="The sub-headings leave out a level."),
        Words(
            fr="Commencez par ## puis ### : ceux qui écoutent la lettre s’y repèrent.",
            en="Begin with ## then ###: those who listen to the letter find their way by them.",
        ),
    ),
    rule(
        "second-headline",
        "warning",
        Words(fr="L’article a un second titre de premier niveau.", en="The story has a second top-level heading."),
        Words(
            fr="Écrivez ## pour un intertitre ; pour un autre article, un autre fichier.",
            en="Write ## for a sub-heading; another story goes into another file.",
        ),
    ),
    rule(
        "word-count",
        "warning",
        Words(fr="Le numéro sort de sa longueur habituelle.", en="The issue is off its usual length."),
        Words(fr="Vérifiez qu’aucun article ne manque ni ne vient deux fois.", en="Make sure that no story is missing or comes twice."),
    ),
    rule(
        "size",
        "warning",
        Words(fr="Le message dépasse 80 Ko ; Gmail coupe à 102.", en="The message is over 80 KB; Gmail cuts at 102."),
        Words(fr="Raccourcissez avant d’y être contraints.", en="Shorten it before you must."),
    ),
    rule(
        "public-url-unasked",
        "warning",
        Words(
            fr="L’adresse publique n’a pas été essayée : pas de réseau ici.",
            en="The public address was not tried: there is no network here.",
        ),
        Words(
            fr="Relancez `hebdo check {issue}` avec le réseau ; le moteur l’essaie aussi avant de lancer.",
            en="Run `hebdo check {issue}` again with a network; the engine tries it too before it launches.",
        ),
    ),
    rule(
        "sender-unasked",
        "warning",
        Words(
            fr="Le domaine de l’expéditeur n’a pas été vérifié : les serveurs de noms ne répondent pas.",
            en="The sender’s domain was not verified: the name servers do not answer.",
        ),
        Words(fr="Relancez `hebdo doctor` avec le réseau.", en="Run `hebdo doctor` again with a network."),
    ),
    rule(
        "nobody-told",
        "warning",
        Words(
            fr="Si un envoi échoue, personne ne l’apprendra : ni alert, ni alert_webhook, ni heartbeat_url.",
            en="If a mailing fails nobody will hear of it: neither alert, alert_webhook nor heartbeat_url.",
        ),
        Words(
            fr='Sous [desk], écrivez `alert = ["redaction@exemple.fr"]` ; et pour le cas où la machine s’éteint, heartbeat_url (docs/alerts.md).',
            en='Under [desk], write `alert = ["desk@example.org"]`; and for a machine that goes out, heartbeat_url (docs/alerts.md).',
        ),
    ),
    rule(
        "webhook-unsigned",
        "warning",
        Words(
            fr="Les avis à alert_webhook ne sont pas signés : n’importe qui pourrait en fabriquer.",
            en="The notices to alert_webhook are not signed: anybody could make some.",
        ),
        Words(
            fr="Donnez un secret par l’environnement, le même au destinataire : `export HEBDO_DESK__WEBHOOK_SECRET=whsec_…` ; un salon Slack ou Mattermost s’en passe.",
            en="Give a secret by the environment, the same to the receiver: `export HEBDO_DESK__WEBHOOK_SECRET=whsec_…`; a Slack or Mattermost channel does without.",
        ),
    ),
    rule(
        "unknown-setting",
        "warning",
        Words(fr="Un réglage de newsletter.toml n’est lu par personne.", en="A setting of newsletter.toml is read by nobody."),
        Words(fr="Corrigez son nom, ou retirez-le.", en="Correct its name, or take it out."),
    ),
    rule(
        "proof-stale",
        "warning",
        Words(
            fr="La dernière épreuve date d’avant la dernière modification.",
            en="The last proof is older than the last edit.",
        ),
        Words(fr="`hebdo proof {issue}`", en="`hebdo proof {issue}`"),
    ),
    rule(
        "client-support",
        "warning",
        Words(fr="Des messageries ne montreront pas ceci comme prévu.", en="Some mail clients will not show this as meant."),
        Words(
            fr="Donnez-leur une forme plus simple, ou vérifiez que rien ne se perd sans elle.",
            en="Give them a plainer form, or make sure that nothing is lost without it.",
        ),
    ),
)
