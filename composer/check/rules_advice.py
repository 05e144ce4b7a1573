"""The rules whose findings would make the issue better."""

from __future__ import annotations

from composer.check.rule import rule
from composer.words import Words

ADVICE = (
    rule(
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
    rule(
        "reading-time",
        "advice",
        Words(fr="La lecture demande plus de dix minutes.", en="Reading takes more than ten minutes."),
        Words(fr="Gardez l’essentiel, renvoyez le reste à la page web.", en="Keep the main things, leave the rest to the web page."),
    ),
    rule(
        "long-paragraph",
        "advice",
        Words(fr="Un paragraphe est long.", en="A paragraph is long."),
        Words(
            fr="Coupez-le en deux : sur un téléphone il remplit plusieurs écrans.", en="Cut it in two: on a phone it fills several screens."
        ),
    ),
    rule(
        "doubled-word",
        "advice",
        Words(fr="Un mot est écrit deux fois.", en="A word is written twice."),
        Words(fr="Retirez-en un.", en="Remove one."),
    ),
    rule(
        "capital-accent",
        "advice",
        Words(fr="Une capitale a perdu son accent.", en="A capital has lost its accent."),
        Words(fr="Écrivez À, É, È comme en minuscules.", en="Write À, É, È as in lower case."),
    ),
    rule(
        "ligature",
        "advice",
        Words(fr="« oe » s’écrit œ dans ce mot.", en="“oe” is written œ in this word."),
        Words(fr="Écrivez cœur, œuvre, sœur…", en="Write cœur, œuvre, sœur…"),
    ),
    rule(
        "link-words",
        "advice",
        Words(fr="Les mots d’un lien ne disent pas où il mène.", en="The words of a link do not say where it leads."),
        Words(fr="Mettez le lien sur les mots qui nomment la page.", en="Put the link on the words that name the page."),
    ),
    rule(
        "links-unasked",
        "advice",
        Words(fr="Liens non essayés : pas de réseau.", en="Links not tried: no network."),
        Words(
            fr="Relancez `hebdo check {issue}` une fois en ligne ; `--offline` dit de ne pas les essayer.",
            en="Run `hebdo check {issue}` again once online; `--offline` means not to try them.",
        ),
    ),
    rule(
        "credits-twice",
        "advice",
        Words(fr="Un crédit donné à une image est resté dans « credits: ».", en="A credit given to a picture has stayed in “credits:”."),
        Words(
            fr="Le courriel ne l’imprime qu’une fois ; `hebdo check {issue} --fix` le retire de « credits: ».",
            en="The mail prints it once; `hebdo check {issue} --fix` takes it out of “credits:”.",
        ),
        fixable=True,
    ),
    rule(
        "double-space",
        "advice",
        Words(fr="Deux espaces se suivent.", en="Two spaces follow each other."),
        Words(fr="`hebdo check {issue} --fix` n’en garde qu’une.", en="`hebdo check {issue} --fix` keeps one."),
        fixable=True,
    ),
    rule(
        "grammar",
        "advice",
        Words(fr="Grammalecte relève une faute de français.", en="Grammalecte remarks on the French."),
        Words(
            fr="C’est l’avis d’un programme : relisez la phrase.",
            en="This is a program’s opinion: read the sentence again.",
        ),
    ),
    rule(
        "spelling",
        "advice",
        Words(fr="Grammalecte ne connaît pas ce mot.", en="Grammalecte does not know this word."),
        Words(
            fr="Corrigez-le, ou apprenez-le : `hebdo check {issue} --teach chatbot`",
            en="Mend it, or teach it: `hebdo check {issue} --teach chatbot`",
        ),
    ),
    rule(
        "client-data-old",
        "advice",
        Words(fr="Ce que Hebdo sait des messageries a vieilli.", en="What Hebdo knows of mail clients has aged."),
        Words(
            fr="Mettez Hebdo à jour : les données de caniemail.com viennent avec lui.",
            en="Update Hebdo: the data of caniemail.com comes with it.",
        ),
    ),
    rule(
        "grammar-unread",
        "advice",
        Words(fr="La grammaire n’a pas été relue.", en="The grammar was not read."),
        Words(
            fr='Sous Debian et Ubuntu : `sudo apt install grammalecte-cli` ; sinon retirez grammar = "grammalecte" de [check].',
            en='On Debian and Ubuntu: `sudo apt install grammalecte-cli`; else take grammar = "grammalecte" out of [check].',
        ),
    ),
    rule(
        "spam-score",
        "advice",
        Words(fr="Une règle d’un filtre antispam pèse contre le message.", en="A rule of a spam filter counts against the message."),
        Words(
            fr="C’est l’avis d’un programme ; il ne pèse guère en dessous de 2 points sur 5.",
            en="This is a program’s opinion; it hardly weighs below 2 points of 5.",
        ),
    ),
    rule(
        "spam-unasked",
        "advice",
        Words(fr="Un filtre antispam n’a pas été interrogé.", en="A spam filter was not asked."),
        Words(fr="Les autres contrôles ne l’attendent pas.", en="The other checks do not wait for it."),
    ),
)
