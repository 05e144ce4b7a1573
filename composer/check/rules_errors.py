"""The rules whose findings refuse ``schedule`` and ``send``."""

from __future__ import annotations

from composer.check.rule import rule
from composer.words import Words

ERRORS = (
    rule(
        "unreadable",
        "error",
        Words(fr="Un fichier du numéro ne peut pas être lu.", en="A file of the issue cannot be read."),
        Words(fr="Corrigez la ligne indiquée ; le fichier s’ouvre toujours.", en="Mend the line that is named; the file still opens."),
    ),
    rule(
        "no-subject",
        "error",
        Words(fr="Le numéro n’a pas d’objet.", en="The issue has no subject."),
        Words(fr="Écrivez-le en titre de issue.md : # Votre objet", en="Write it as the heading of issue.md: # Your subject"),
    ),
    rule(
        "no-story",
        "error",
        Words(fr="Le numéro n’a pas d’article.", en="The issue has no story."),
        Words(
            fr='Ajoutez-en un : `hebdo new story "Le titre" --issue {issue}`',
            en='Add one: `hebdo new story "The headline" --issue {issue}`',
        ),
    ),
    rule(
        "no-headline",
        "error",
        Words(fr="L’article n’a pas de titre.", en="The story has no headline."),
        Words(fr="Écrivez-le en tête de l’article : # Le titre", en="Write it on top of the story: # The headline"),
    ),
    rule(
        "order-missing",
        "error",
        Words(fr="L’ordre du numéro nomme un article sans fichier.", en="The order of the issue names a story that has no file."),
        Words(
            fr="Retirez ce nom de « order: » ou rendez son fichier au dossier.", en="Take the name out of “order:” or bring its file back."
        ),
    ),
    rule(
        "link-without-address",
        "error",
        Words(fr="Un lien n’a pas d’adresse.", en="A link has no address."),
        Words(
            fr="Écrivez l’adresse entre les parenthèses, ou dans le tableau : `hebdo links {issue} --edit`",
            en="Write the address between the parentheses, or in the table: `hebdo links {issue} --edit`",
        ),
    ),
    rule(
        "link-unsafe",
        "error",
        Words(fr="L’adresse d’un lien ne peut pas servir dans un courriel.", en="The address of a link cannot be used in a mail."),
        Words(fr="Une adresse commence par https://, mailto: ou tel:", en="An address begins with https://, mailto: or tel:"),
    ),
    rule(
        "link-dead",
        "error",
        Words(fr="Un lien mène à une page qui n’existe plus (404 ou 410).", en="A link leads to a page that is gone (404 or 410)."),
        Words(fr="Corrigez l’adresse ou retirez le lien.", en="Correct the address or take the link out."),
    ),
    rule(
        "picture-missing",
        "error",
        Words(fr="Le fichier d’une image manque.", en="The file of a picture is missing."),
        Words(
            fr="Déposez l’image dans le dossier du numéro, ou retirez-la de l’article.",
            en="Put the picture into the folder of the issue, or take it out of the story.",
        ),
    ),
    rule(
        "picture-unreadable",
        "error",
        Words(fr="Une image ne peut pas être lue.", en="A picture cannot be read."),
        Words(
            fr="Enregistrez-la en JPEG, PNG ou GIF, de moins de 25 Mo, dans le dossier du numéro.",
            en="Save it as JPEG, PNG or GIF, under 25 MB, inside the folder of the issue.",
        ),
    ),
    rule(
        "advertiser-missing",
        "error",
        Words(fr="L’annonceur n’est pas nommé.", en="The advertiser is not named."),
        Words(
            fr='Écrivez-le dans l’en-tête de l’article : advertiser: "Nom" (la loi veut qu’on sache qui paie : LCEN, art. 20).',
            en='Write it in the front matter of the story: advertiser: "Name" (the law wants readers to know who pays: LCEN art. 20).',
        ),
    ),
    rule(
        "sponsor-label",
        "error",
        Words(fr="Le libellé de l’annonceur est vide ou illisible.", en="The sponsor’s label is empty or illegible."),
        Words(
            fr='Écrivez un mot clair dans newsletter.toml : [labels] sponsor = "PARTENAIRE"',
            en='Write a plain word in newsletter.toml: [labels] sponsor = "SPONSOR"',
        ),
    ),
    rule(
        "sponsor-unsure",
        "error",
        Words(
            fr="On ne peut pas être sûr que la mention du partenaire se voie.", en="Nobody can be sure that the sponsor’s label is seen."
        ),
        Words(
            fr='Ôtez-le de templates/ (head.css pour une règle de <style>, inline.css ou issue.mjml pour un style=""), ou écrivez-le en clair'
            "\u00a0: une couleur, une taille en px, des marges positives. Rien ne doit quitter le fil du courriel près d’une annonce.",
            en='Take it out of templates/ (head.css for a rule of <style>, inline.css or issue.mjml for a style=""), or write it plainly: a colour, a'
            " size in px, margins of zero or more. Nothing may leave the flow of the mail near a sponsor.",
        ),
    ),
    rule(
        "sponsor-border",
        "error",
        Words(fr="La fin du texte de l’annonceur n’est pas confirmée.", en="The end of the sponsor’s text is not confirmed."),
        Words(
            fr="Relisez la fin de l’article, puis retirez « border: unsure » de son en-tête.",
            en="Read the end of the story, then take “border: unsure” out of its front matter.",
        ),
    ),
    rule(
        "sponsor-absent",
        "error",
        Words(fr="Un annonceur a réservé ce numéro et n’y figure pas.", en="A sponsor booked this issue and is not in it."),
        Words(fr="Ajoutez son article, ou corrigez sponsors/bookings.csv.", en="Add its story, or correct sponsors/bookings.csv."),
    ),
    rule(
        "placeholder",
        "error",
        Words(fr="Un mot d’attente est resté dans le texte.", en="A placeholder was left in the text."),
        Words(fr="Écrivez ce qui manque, ou retirez le mot.", en="Write what is missing, or take the word out."),
    ),
    rule(
        "merge-conflict",
        "error",
        Words(fr="Une marque de conflit de fusion est restée dans le fichier.", en="A merge-conflict mark was left in the file."),
        Words(
            fr="Gardez l’une des deux versions et retirez les lignes <<<<<<<, ======= et >>>>>>>.",
            en="Keep one of the two versions and remove the lines <<<<<<<, ======= and >>>>>>>.",
        ),
    ),
    rule(
        "merge-field-unknown",
        "error",
        Words(fr="Personne ne remplit ce champ.", en="Nobody fills this merge field."),
        Words(
            fr="Champs connus : %prenom%, %nom%, %email%, %date_inscription% ; pour un signe pour cent collé à un mot, écrivez %%",
            en="Known fields: %first_name%, %name%, %email%, %signup_date%; for a percent sign beside a word write %%",
        ),
    ),
    rule(
        "unsubscribe-missing",
        "error",
        Words(fr="Le lien de désinscription est absent de la maquette.", en="The unsubscribe link is absent from the edition."),
        Words(
            fr="Rendez-le au gabarit : {{ unsubscribe_url }} (le RGPD et les messageries l’exigent), en HTML et en texte.",
            en="Give it back to the template: {{ unsubscribe_url }} (the law and mailbox providers demand it), in HTML and in text.",
        ),
    ),
    rule(
        "public-url",
        "error",
        Words(fr="L’adresse publique manque ou ne convient pas.", en="The public address is missing or unfit."),
        Words(
            fr='Écrivez-la dans newsletter.toml : [site] public_url = "https://…" ; pour un essai chez vous, [site] rehearsal = true ; `hebdo preview` montre tout sans elle',
            en='Write it in newsletter.toml: [site] public_url = "https://…"; to try things at home, [site] rehearsal = true; `hebdo preview` shows everything without it',
        ),
    ),
    rule(
        "public-url-dead",
        "error",
        Words(
            fr="Les pages des lecteurs ne répondent pas à l’adresse publique.", en="The readers’ pages do not answer at the public address."
        ),
        Words(
            fr="Lancez `hebdo serve` derrière cette adresse (docs/reverse-proxy.md) ; `hebdo doctor` dit ce qu’il voit.",
            en="Run `hebdo serve` behind this address (docs/reverse-proxy.md); `hebdo doctor` says what it sees.",
        ),
    ),
    rule(
        "no-sender",
        "error",
        Words(fr="L’expéditeur n’a pas d’adresse.", en="The sender has no address."),
        Words(
            fr='Écrivez-la dans newsletter.toml : [sender] address = "lettre@exemple.fr"',
            en='Write it in newsletter.toml: [sender] address = "letter@example.org"',
        ),
    ),
    rule(
        "no-reply-to",
        "error",
        Words(fr="Il n’y a pas d’adresse de réponse.", en="There is no Reply-To."),
        Words(
            fr='Écrivez-la dans newsletter.toml : [sender] reply_to = "redaction@exemple.fr"',
            en='Write it in newsletter.toml: [sender] reply_to = "desk@example.org"',
        ),
    ),
    rule(
        "reply-to",
        "error",
        Words(fr="Une réponse d’un lecteur n’arriverait à personne.", en="A reader’s answer would reach nobody."),
        Words(
            fr='Donnez une boîte que quelqu’un lit : [sender] reply_to = "redaction@exemple.fr"',
            en='Give a box that somebody reads: [sender] reply_to = "desk@example.org"',
        ),
    ),
    rule(
        "sender-domain",
        "error",
        Words(
            fr="Les messageries ne croiront pas l’expéditeur : SPF, DKIM ou DMARC.",
            en="Mailbox providers will not believe the sender: SPF, DKIM or DMARC.",
        ),
        Words(fr="`hebdo doctor` dit ce qu’il faut publier, ligne par ligne.", en="`hebdo doctor` says what to publish, line by line."),
    ),
    rule(
        "header-unfoldable",
        "error",
        Words(fr="Un en-tête du message ne peut pas être plié.", en="A header of the message cannot be folded."),
        Words(
            fr="Raccourcissez la valeur et retirez-en les caractères de contrôle (RFC 5322 §2.1.1 : 998 octets par ligne).",
            en="Shorten the value and take control characters out (RFC 5322 §2.1.1: 998 octets a line).",
        ),
    ),
    rule(
        "too-big",
        "error",
        Words(fr="Le message dépasse 102 Ko : Gmail le coupe.", en="The message is over 102 KB: Gmail cuts it."),
        Words(
            fr="Raccourcissez le numéro, ou renvoyez un article à sa page web.", en="Shorten the issue, or leave a story to its web page."
        ),
    ),
    rule(
        "edition",
        "error",
        Words(fr="La maquette ne peut pas être composée.", en="The edition cannot be rendered."),
        Words(fr="Suivez l’indication ; `hebdo render {issue}` la redonne.", en="Follow the hint; `hebdo render {issue}` gives it again."),
    ),
)
