"""Every rule by name: its level, what it says, and the mend. docs/checks.md is written from this list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from composer.model.findings import Finding, Level
from composer.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the checks."""

    name: str  # kebab-case
    level: Level
    says: Words
    mend: Words  # ``{issue}`` stands for the issue that is checked
    fixable: bool = False  # ``hebdo check --fix`` mends it


def _rule(name: str, level: Level, says: Words, mend: Words, *, fixable: bool = False) -> Rule:
    return Rule(name=name, level=level, says=says, mend=mend, fixable=fixable)


_ALL = (
    _rule(
        "unreadable",
        "error",
        Words(fr="Un fichier du numéro ne peut pas être lu.", en="A file of the issue cannot be read."),
        Words(fr="Corrigez la ligne indiquée ; le fichier s’ouvre toujours.", en="Mend the line that is named; the file still opens."),
    ),
    _rule(
        "no-subject",
        "error",
        Words(fr="Le numéro n’a pas d’objet.", en="The issue has no subject."),
        Words(fr="Écrivez-le en titre de issue.md : # Votre objet", en="Write it as the heading of issue.md: # Your subject"),
    ),
    _rule(
        "no-story",
        "error",
        Words(fr="Le numéro n’a pas d’article.", en="The issue has no story."),
        Words(
            fr='Ajoutez-en un : `hebdo new story "Le titre" --issue {issue}`',
            en='Add one: `hebdo new story "The headline" --issue {issue}`',
        ),
    ),
    _rule(
        "no-headline",
        "error",
        Words(fr="L’article n’a pas de titre.", en="The story has no headline."),
        Words(fr="Écrivez-le en tête de l’article : # Le titre", en="Write it on top of the story: # The headline"),
    ),
    _rule(
        "order-missing",
        "error",
        Words(fr="L’ordre du numéro nomme un article sans fichier.", en="The order of the issue names a story that has no file."),
        Words(
            fr="Retirez ce nom de « order: » ou rendez son fichier au dossier.", en="Take the name out of “order:” or bring its file back."
        ),
    ),
    _rule(
        "link-without-address",
        "error",
        Words(fr="Un lien n’a pas d’adresse.", en="A link has no address."),
        Words(
            fr="Écrivez l’adresse entre les parenthèses, ou dans le tableau : `hebdo links {issue} --missing`",
            en="Write the address between the parentheses, or in the table: `hebdo links {issue} --missing`",
        ),
    ),
    _rule(
        "link-unsafe",
        "error",
        Words(fr="L’adresse d’un lien ne peut pas servir dans un courriel.", en="The address of a link cannot be used in a mail."),
        Words(fr="Une adresse commence par https://, mailto: ou tel:", en="An address begins with https://, mailto: or tel:"),
    ),
    _rule(
        "link-dead",
        "error",
        Words(fr="Un lien mène à une page qui n’existe plus (404 ou 410).", en="A link leads to a page that is gone (404 or 410)."),
        Words(fr="Corrigez l’adresse ou retirez le lien.", en="Correct the address or take the link out."),
    ),
    _rule(
        "picture-missing",
        "error",
        Words(fr="Le fichier d’une image manque.", en="The file of a picture is missing."),
        Words(
            fr="Déposez l’image dans le dossier du numéro, ou retirez-la de l’article.",
            en="Put the picture into the folder of the issue, or take it out of the story.",
        ),
    ),
    _rule(
        "picture-unreadable",
        "error",
        Words(fr="Une image ne peut pas être lue.", en="A picture cannot be read."),
        Words(
            fr="Enregistrez-la en JPEG, PNG ou GIF, de moins de 25 Mo, dans le dossier du numéro.",
            en="Save it as JPEG, PNG or GIF, under 25 MB, inside the folder of the issue.",
        ),
    ),
    _rule(
        "advertiser-missing",
        "error",
        Words(fr="L’annonceur n’est pas nommé.", en="The advertiser is not named."),
        Words(
            fr='Écrivez-le dans l’en-tête de l’article : advertiser: "Nom" (la loi veut qu’on sache qui paie : LCEN, art. 20).',
            en='Write it in the front matter of the story: advertiser: "Name" (the law wants readers to know who pays: LCEN art. 20).',
        ),
    ),
    _rule(
        "sponsor-label",
        "error",
        Words(fr="Le libellé de l’annonceur est vide ou illisible.", en="The sponsor’s label is empty or illegible."),
        Words(
            fr='Écrivez un mot clair dans newsletter.toml : [labels] sponsor = "PARTENAIRE"',
            en='Write a plain word in newsletter.toml: [labels] sponsor = "SPONSOR"',
        ),
    ),
    _rule(
        "sponsor-border",
        "error",
        Words(fr="La fin du texte de l’annonceur n’est pas confirmée.", en="The end of the sponsor’s text is not confirmed."),
        Words(
            fr="Relisez la fin de l’article, puis retirez « border: unsure » de son en-tête.",
            en="Read the end of the story, then take “border: unsure” out of its front matter.",
        ),
    ),
    _rule(
        "sponsor-absent",
        "error",
        Words(fr="Un annonceur a réservé ce numéro et n’y figure pas.", en="A sponsor booked this issue and is not in it."),
        Words(fr="Ajoutez son article, ou corrigez sponsors/bookings.csv.", en="Add its story, or correct sponsors/bookings.csv."),
    ),
    _rule(
        "placeholder",
        "error",
        Words(fr="Un mot d’attente est resté dans le texte.", en="A placeholder was left in the text."),
        Words(fr="Écrivez ce qui manque, ou retirez le mot.", en="Write what is missing, or take the word out."),
    ),
    _rule(
        "merge-conflict",
        "error",
        Words(fr="Une marque de conflit de fusion est restée dans le fichier.", en="A merge-conflict mark was left in the file."),
        Words(
            fr="Gardez l’une des deux versions et retirez les lignes <<<<<<<, ======= et >>>>>>>.",
            en="Keep one of the two versions and remove the lines <<<<<<<, ======= and >>>>>>>.",
        ),
    ),
    _rule(
        "merge-field-unknown",
        "error",
        Words(fr="Personne ne remplit ce champ.", en="Nobody fills this merge field."),
        Words(
            fr="Champs connus : %prenom%, %nom%, %email%, %date_inscription% ; pour un signe pour cent collé à un mot, écrivez %%",
            en="Known fields: %first_name%, %name%, %email%, %signup_date%; for a percent sign beside a word write %%",
        ),
    ),
    _rule(
        "unsubscribe-missing",
        "error",
        Words(fr="Le lien de désinscription est absent de la maquette.", en="The unsubscribe link is absent from the edition."),
        Words(
            fr="Rendez-le au gabarit : {{ unsubscribe_url }} (le RGPD et les messageries l’exigent), en HTML et en texte.",
            en="Give it back to the template: {{ unsubscribe_url }} (the law and mailbox providers demand it), in HTML and in text.",
        ),
    ),
    _rule(
        "no-postal-address",
        "error",
        Words(fr="Ni adresse postale ni mentions légales.", en="Neither postal address nor legal notice."),
        Words(
            fr="Remplissez [publisher] dans newsletter.toml : address, ou name, director et contact (LCEN, art. 6 III).",
            en="Fill [publisher] in newsletter.toml: address, or name, director and contact (LCEN art. 6 III).",
        ),
    ),
    _rule(
        "public-url",
        "error",
        Words(fr="L’adresse publique manque ou ne convient pas.", en="The public address is missing or unfit."),
        Words(
            fr='Écrivez-la dans newsletter.toml : [site] public_url = "https://…" ; pour un essai chez vous, [site] rehearsal = true',
            en='Write it in newsletter.toml: [site] public_url = "https://…"; to try things at home, [site] rehearsal = true',
        ),
    ),
    _rule(
        "no-sender",
        "error",
        Words(fr="L’expéditeur n’a pas d’adresse.", en="The sender has no address."),
        Words(
            fr='Écrivez-la dans newsletter.toml : [sender] address = "lettre@exemple.fr"',
            en='Write it in newsletter.toml: [sender] address = "letter@example.org"',
        ),
    ),
    _rule(
        "no-reply-to",
        "error",
        Words(fr="Il n’y a pas d’adresse de réponse.", en="There is no Reply-To."),
        Words(
            fr='Écrivez-la dans newsletter.toml : [sender] reply_to = "redaction@exemple.fr"',
            en='Write it in newsletter.toml: [sender] reply_to = "desk@example.org"',
        ),
    ),
    _rule(
        "header-unfoldable",
        "error",
        Words(fr="Un en-tête du message ne peut pas être plié.", en="A header of the message cannot be folded."),
        Words(
            fr="Raccourcissez la valeur et retirez-en les caractères de contrôle (RFC 5322 §2.1.1 : 998 octets par ligne).",
            en="Shorten the value and take control characters out (RFC 5322 §2.1.1: 998 octets a line).",
        ),
    ),
    _rule(
        "too-big",
        "error",
        Words(fr="Le message dépasse 102 Ko : Gmail le coupe.", en="The message is over 102 KB: Gmail cuts it."),
        Words(
            fr="Raccourcissez le numéro, ou renvoyez un article à sa page web.", en="Shorten the issue, or leave a story to its web page."
        ),
    ),
    _rule(
        "edition",
        "error",
        Words(fr="La maquette ne peut pas être composée.", en="The edition cannot be rendered."),
        Words(fr="Suivez l’indication ; `hebdo render {issue}` la redonne.", en="Follow the hint; `hebdo render {issue}` gives it again."),
    ),
    _rule(
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
    _rule(
        "no-lead",
        "warning",
        Words(fr="Le numéro n’a pas de une.", en="The issue has no lead."),
        Words(fr="Écrivez kind: lead dans l’en-tête de l’article principal.", en="Write kind: lead in the front matter of the main story."),
    ),
    _rule(
        "two-leads",
        "warning",
        Words(fr="Le numéro a plusieurs unes.", en="The issue has several leads."),
        Words(fr="Gardez kind: lead pour un seul article.", en="Keep kind: lead for one story only."),
    ),
    _rule(
        "sponsors-adjacent",
        "warning",
        Words(fr="Deux annonceurs se suivent.", en="Two sponsors stand side by side."),
        Words(
            fr="Mettez un article entre eux dans « order: », en tête de issue.md.",
            en="Put a story between them in “order:”, on top of issue.md.",
        ),
    ),
    _rule(
        "number-missing",
        "warning",
        Words(fr="Le numéro n’est pas numéroté.", en="The issue has no number."),
        Words(fr="Écrivez number: dans l’en-tête de issue.md.", en="Write number: in the front matter of issue.md."),
    ),
    _rule(
        "number-twice",
        "warning",
        Words(fr="Deux numéros portent le même chiffre.", en="Two issues carry the same number."),
        Words(fr="Changez number: dans l’en-tête de issue.md.", en="Change number: in the front matter of issue.md."),
    ),
    _rule(
        "number-gap",
        "warning",
        Words(fr="La numérotation saute un numéro.", en="The numbering leaves a gap."),
        Words(fr="Vérifiez number: dans l’en-tête de issue.md.", en="Look at number: in the front matter of issue.md."),
    ),
    _rule(
        "merge-field-fallback",
        "warning",
        Words(fr="Un champ n’a pas de valeur de secours.", en="A merge field has no fallback."),
        Words(
            fr="Écrivez-en une, pour les abonnés dont on ne sait pas le nom : %prenom|lecteur%",
            en="Write one, for subscribers whose name is not known: %first_name|reader%",
        ),
    ),
    _rule(
        "picture-without-alt",
        "warning",
        Words(fr="Une image n’est pas décrite.", en="A picture is not described."),
        Words(
            fr='Écrivez alt: "ce qu’on y voit" : c’est ce que lisent ceux qui ne voient pas l’image.',
            en='Write alt: "what it shows": it is what those read who do not see the picture.',
        ),
    ),
    _rule(
        "picture-without-credit",
        "warning",
        Words(fr="Une image n’a pas de crédit.", en="A picture has no credit."),
        Words(fr='Écrivez credit: "Agence / Nom".', en='Write credit: "Agency / Name".'),
    ),
    _rule(
        "picture-small",
        "warning",
        Words(fr="Une image est trop petite pour sa colonne.", en="A picture is too small for its column."),
        Words(fr="Prenez un fichier de 1 200 pixels de large, 600 au moins.", en="Take a file 1,200 pixels wide, 600 at least."),
    ),
    _rule(
        "credits-unassigned",
        "warning",
        Words(fr="Des crédits n’appartiennent à aucune image.", en="Some credits belong to no picture."),
        Words(
            fr='Donnez chacun à son image (credit: "…"), puis retirez-le de « credits: ».',
            en='Give each to its picture (credit: "…"), then take it out of “credits:”.',
        ),
    ),
    _rule(
        "subject-long",
        "warning",
        Words(fr="L’objet dépasse 60 caractères.", en="The subject is over 60 characters."),
        Words(
            fr="Les téléphones en montrent une quarantaine : dites l’essentiel d’abord.",
            en="Phones show about forty: say the main thing first.",
        ),
    ),
    _rule(
        "preheader-short",
        "warning",
        Words(fr="La ligne qui suit l’objet compte moins de 40 caractères.", en="The preheader is under 40 characters."),
        Words(fr="Écrivez des accroches (teaser:), ou preheader: dans issue.md.", en="Write teasers (teaser:), or preheader: in issue.md."),
    ),
    _rule(
        "preheader-long",
        "warning",
        Words(fr="La ligne qui suit l’objet dépasse 130 caractères.", en="The preheader is over 130 characters."),
        Words(
            fr="Raccourcissez les accroches, ou écrivez preheader: dans issue.md.",
            en="Shorten the teasers, or write preheader: in issue.md.",
        ),
    ),
    _rule(
        "no-teaser",
        "warning",
        Words(fr="Un article secondaire n’a pas d’accroche.", en="A secondary story has no teaser."),
        Words(
            fr='Écrivez teaser: "quelques mots" dans son en-tête ; sans elle, son titre l’annonce.',
            en='Write teaser: "a few words" in its front matter; without, its headline announces it.',
        ),
    ),
    _rule(
        "no-further-reading",
        "warning",
        Words(fr="L’article n’a pas de liens pour aller plus loin.", en="The story has no further reading."),
        Words(fr="Ajoutez, sous le libellé de la lettre, une liste de liens.", en="Add a list of links under the newsletter’s label."),
    ),
    _rule(
        "link-twice",
        "warning",
        Words(fr="Le même lien figure deux fois.", en="The same link stands twice."),
        Words(fr="Gardez celui qui sert le mieux.", en="Keep the one that serves best."),
    ),
    _rule(
        "link-http",
        "warning",
        Words(fr="Un lien n’est pas chiffré (http).", en="A link is not encrypted (http)."),
        Words(fr="Essayez la même adresse avec https://", en="Try the same address with https://"),
    ),
    _rule(
        "link-shortener",
        "warning",
        Words(fr="Un lien passe par un raccourcisseur.", en="A link goes through a shortener."),
        Words(
            fr="Mettez l’adresse d’arrivée : les filtres se méfient des raccourcis.",
            en="Put the final address: filters distrust shorteners.",
        ),
    ),
    _rule(
        "link-staging",
        "warning",
        Words(fr="Un lien mène à un site de travail.", en="A link leads to a staging host."),
        Words(fr="Mettez l’adresse publique de la page.", en="Put the public address of the page."),
    ),
    _rule(
        "link-unreachable",
        "warning",
        Words(fr="Un lien ne répond pas.", en="A link does not answer."),
        Words(fr="Ouvrez-le vous-même avant d’envoyer.", en="Open it yourself before sending."),
    ),
    _rule(
        "link-without-scheme",
        "warning",
        Words(fr="Une adresse commence par www. sans https://", en="An address begins with www. without https://"),
        Words(fr="`hebdo check {issue} --fix` ajoute https://", en="`hebdo check {issue} --fix` adds https://"),
        fixable=True,
    ),
    _rule(
        "link-without-words",
        "warning",
        Words(fr="Un lien n’a pas de mots.", en="A link has no words."),
        Words(fr="Écrivez entre les crochets où il mène.", en="Write between the brackets where it leads."),
    ),
    _rule(
        "sponsor-utm",
        "warning",
        Words(fr="Un lien de l’annonceur n’a pas de balises UTM.", en="A sponsor’s link has no UTM tags."),
        Words(
            fr="Ajoutez ?utm_source=…&utm_medium=email&utm_campaign=… : l’annonceur compte ainsi ses visites.",
            en="Add ?utm_source=…&utm_medium=email&utm_campaign=…: so the sponsor counts its visits.",
        ),
    ),
    _rule(
        "mixed-typography",
        "warning",
        Words(fr="La typographie est mêlée.", en="The typography is mixed."),
        Words(
            fr="Choisissez un usage ; `hebdo check {issue} --fix` applique celui du plus grand nombre aux espaces et aux apostrophes.",
            en="Choose one usage; `hebdo check {issue} --fix` applies the most frequent to spaces and apostrophes.",
        ),
        fixable=True,
    ),
    _rule(
        "quote-open",
        "warning",
        Words(fr="Un guillemet n’est pas refermé.", en="A quotation mark has no partner."),
        Words(
            fr="Ajoutez celui qui manque, ou retirez celui qui est de trop.", en="Add the one that is missing, or remove the one too many."
        ),
    ),
    _rule(
        "contrast",
        "warning",
        Words(fr="Un texte se détache mal de son fond.", en="A text stands out too little from its ground."),
        Words(
            fr="Choisissez dans le gabarit deux couleurs à 4,5 : 1 au moins (WCAG 1.4.3).",
            en="Choose two colours of at least 4.5:1 in the template (WCAG 1.4.3).",
        ),
    ),
    _rule(
        "heading-order",
        "warning",
        Words(fr="Les intertitres sautent un niveau.", en="The sub-headings leave out a level."),
        Words(
            fr="Commencez par ## puis ### : ceux qui écoutent la lettre s’y repèrent.",
            en="Begin with ## then ###: those who listen to the letter find their way by them.",
        ),
    ),
    _rule(
        "second-headline",
        "warning",
        Words(fr="L’article a un second titre de premier niveau.", en="The story has a second top-level heading."),
        Words(
            fr="Écrivez ## pour un intertitre ; pour un autre article, un autre fichier.",
            en="Write ## for a sub-heading; another story goes into another file.",
        ),
    ),
    _rule(
        "word-count",
        "warning",
        Words(fr="Le numéro sort de sa longueur habituelle.", en="The issue is off its usual length."),
        Words(fr="Vérifiez qu’aucun article ne manque ni ne vient deux fois.", en="Make sure that no story is missing or comes twice."),
    ),
    _rule(
        "size",
        "warning",
        Words(fr="Le message dépasse 80 Ko ; Gmail coupe à 102.", en="The message is over 80 KB; Gmail cuts at 102."),
        Words(fr="Raccourcissez avant d’y être contraints.", en="Shorten it before you must."),
    ),
    _rule(
        "untidy-source",
        "advice",
        Words(
            fr="Le fichier a des espaces insécables, des fins de ligne mêlées ou des espaces en trop.",
            en="The file has no-break spaces, mixed line ends or stray spaces.",
        ),
        Words(
            fr="`hebdo check {issue} --fix` les range : la typographie s’applique à la composition.",
            en="`hebdo check {issue} --fix` tidies them: typography is applied when rendering.",
        ),
        fixable=True,
    ),
    _rule(
        "reading-time",
        "advice",
        Words(fr="La lecture demande plus de dix minutes.", en="Reading takes more than ten minutes."),
        Words(fr="Gardez l’essentiel, renvoyez le reste à la page web.", en="Keep the main things, leave the rest to the web page."),
    ),
    _rule(
        "long-paragraph",
        "advice",
        Words(fr="Un paragraphe est long.", en="A paragraph is long."),
        Words(
            fr="Coupez-le en deux : sur un téléphone il remplit plusieurs écrans.", en="Cut it in two: on a phone it fills several screens."
        ),
    ),
    _rule(
        "doubled-word",
        "advice",
        Words(fr="Un mot est écrit deux fois.", en="A word is written twice."),
        Words(fr="Retirez-en un.", en="Remove one."),
    ),
    _rule(
        "capital-accent",
        "advice",
        Words(fr="Une capitale a perdu son accent.", en="A capital has lost its accent."),
        Words(fr="Écrivez À, É, È comme en minuscules.", en="Write À, É, È as in lower case."),
    ),
    _rule(
        "ligature",
        "advice",
        Words(fr="« oe » s’écrit œ dans ce mot.", en="“oe” is written œ in this word."),
        Words(fr="Écrivez cœur, œuvre, sœur…", en="Write cœur, œuvre, sœur…"),
    ),
    _rule(
        "link-words",
        "advice",
        Words(fr="Les mots d’un lien ne disent pas où il mène.", en="The words of a link do not say where it leads."),
        Words(fr="Mettez le lien sur les mots qui nomment la page.", en="Put the link on the words that name the page."),
    ),
    _rule(
        "unknown-setting",
        "warning",
        Words(fr="Un réglage de newsletter.toml n’est lu par personne.", en="A setting of newsletter.toml is read by nobody."),
        Words(fr="Corrigez son nom, ou retirez-le.", en="Correct its name, or take it out."),
    ),
    _rule(
        "double-space",
        "advice",
        Words(fr="Deux espaces se suivent.", en="Two spaces follow each other."),
        Words(fr="`hebdo check {issue} --fix` n’en garde qu’une.", en="`hebdo check {issue} --fix` keeps one."),
        fixable=True,
    ),
)
RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}


def finding(
    name: str,
    *,
    path: str = "",
    line: int = 0,
    col: int = 0,
    message: Words | None = None,
    hint: Words | None = None,
    fixable: bool | None = None,
    level: Level | None = None,
) -> Finding:
    """A finding of the rule ``name``; without words of its own it speaks as the rule does."""
    rule = RULES[name]
    return Finding(
        rule=name,
        level=level or rule.level,
        message=message or rule.says,
        path=path,
        line=line,
        col=col,
        hint=hint or rule.mend,
        fixable=rule.fixable if fixable is None else fixable,
    )


def name_issue(findings: Iterable[Finding], issue_id: str) -> list[Finding]:
    """The findings with the issue's name in the commands that their hints give, so that these work as shown."""
    return [replace(one, hint=_named(one.hint, issue_id)) if one.hint and "{issue}" in one.hint.en else one for one in findings]


def _named(hint: Words, issue_id: str) -> Words:
    return Words(fr=hint.fr.replace("{issue}", issue_id), en=hint.en.replace("{issue}", issue_id))
