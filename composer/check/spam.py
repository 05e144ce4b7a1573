"""What a spam filter's answer means for the desk: a sentence, and for each rule that counts, what to change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.spam import SpamRule, SpamScore
from composer.words import Words

SCALE = 5.0  # points from which SpamAssassin calls a message spam; other filters are brought to it
WARN_FROM = 2.0  # of the whole message, on this scale
SHOWN_FROM = 0.1  # of one rule, on this scale

UNTRIED = Words(
    fr="Sans réseau\u00a0: ni listes noires, ni SPF, DKIM et DMARC, qui jugent un message arrivé\u00a0; ni ce qu’un filtre apprend de ses lecteurs.",
    en="Without the network: no block lists, no SPF, DKIM and DMARC, which judge a message that arrived; nor what a filter learns from its readers.",
)

# They speak of the way that a message came, which one that has not left does not have.
_OF_THE_WAY = frozenset({"NO_RECEIVED", "NO_RELAYS", "ONCE_RECEIVED", "ALL_TRUSTED", "RDNS_NONE", "ASN_FAIL"})

# What to change, by the names of rules in either filter; the first that matches speaks. Where none does, the filter's own words stand alone.
_MENDS: tuple[tuple[str, Words], ...] = (
    (
        r"SUBJ.*CAPS|.*ALL_CAPS.*|UPPERCASE.*",
        Words(
            fr="L’objet est presque tout en capitales\u00a0: écrivez-le en minuscules.",
            en="Nearly all of the subject is in capitals: write it in lower case.",
        ),
    ),
    (
        r"SUBJECT_(?:ENDS|HAS)_(?:EXCLAIM|QUESTION)|PLING_.*|SUBJ_.*EXCL.*",
        Words(
            fr="Retirez les points d’exclamation ou d’interrogation de l’objet.",
            en="Take exclamation or question marks out of the subject.",
        ),
    ),
    (
        r"SUBJECT_HAS_CURRENCY|SUBJ_DOLLARS|.*_DOLLARS?",
        Words(fr="Retirez la somme d’argent de l’objet.", en="Take the sum of money out of the subject."),
    ),
    (
        r"SUBJ_BUY|SUBJ_.*|.*_SUBJ(?:ECT)?|GAPPY_.*|BLANK_SUBJECT|EMPTY_SUBJECT|MISSING_SUBJECT|FAKE_REPLY.*|LONG_SUBJ|MANY_SUBJ.*",
        Words(
            fr="Cela tient à l’objet\u00a0: écrivez-le autrement, comme un titre.",
            en="This is about the subject: write it another way, as a headline.",
        ),
    ),
    (
        r"DRUG.*|.*VIAGRA.*|.*PHARMA.*|.*MEDS.*|FUZZY_.*|.*PORN.*|.*SEX.*|.*CASINO.*|.*LOTTO.*|.*LOTTERY.*|REPLICA.*",
        Words(
            fr="Un mot du texte est de ceux du courrier indésirable. S’il est votre sujet, gardez-le\u00a0; sinon, changez-le.",
            en="A word of the text is one of those that spam uses. If it is your subject keep it, else change it.",
        ),
    ),
    (
        r".*MONEY.*|ADVANCE_FEE.*|.*MILLION.*|.*BILLION.*|.*FINANC.*|.*BANK.*|.*LOAN.*|.*CREDIT.*|.*BITCOIN.*|.*CRYPTO.*|.*INHERIT.*",
        Words(
            fr="De fortes sommes avec des mots d’arnaque\u00a0: gardez les chiffres, changez les mots qui promettent ou pressent.",
            en="Large sums next to words of swindlers: keep the figures, change words that promise or press.",
        ),
    ),
    (
        r".*URGENT.*|.*CLICK.*|.*ACT_NOW.*|.*FREE.*OFFER.*|.*GUARANTEE.*|.*DISCOUNT.*|.*WINNER.*|.*CONGRAT.*",
        Words(
            fr="Une formule qui presse le lecteur («\u00a0cliquez ici\u00a0», «\u00a0gratuit\u00a0», «\u00a0offre limitée\u00a0»)\u00a0: dites plutôt ce qu’il trouvera.",
            en="A phrase that presses the reader (“click here”, “free”, “limited offer”): say what they will find instead.",
        ),
    ),
    (
        r"HTML_IMAGE_(?:ONLY|RATIO).*|HTML_SHORT_LINK_IMG.*|R_EMPTY_IMAGE|.*IMG_ONLY.*|.*SHORT.*IMAGE.*|.*SINGLE_IMG.*",
        Words(fr="Beaucoup d’images et peu de mots\u00a0: ajoutez du texte.", en="Many pictures and few words: add text."),
    ),
    (
        r".*SHORT(?:ENER|_?URL).*|.*REDIRECT.*|URL_IN_SUBJECT|.*BITLY.*|.*URL_SHORT.*",
        Words(
            fr="Une adresse raccourcie ou détournée\u00a0: mettez celle de la page elle-même.",
            en="A shortened or redirecting address: put that of the page itself.",
        ),
    ),
    (
        r"HTTP_TO_IP|NUMERIC_HTTP.*|IP_LINK.*",
        Words(
            fr="Une adresse est un numéro de machine, et non un nom : en répétition, c’est celle de cette machine ; sinon, changez-la.",
            en="An address is a machine’s number, not a name: in a rehearsal it is this machine’s; else change it.",
        ),
    ),
    (
        r".*PHISH.*|.*SPOOF.*|.*URI_MISMATCH.*|.*DATA_URI.*|.*SUSPICIOUS_URL.*|R_SUSPICIOUS_.*|.*PUNY.*|.*HOMOGLYPH.*",
        Words(
            fr="Un lien paraît mener ailleurs que ses mots ne le disent\u00a0: `hebdo links dernier` les montre tous.",
            en="A link seems to lead elsewhere than its words say: `hebdo links latest` shows them all.",
        ),
    ),
    (
        r"URI_COUNT_ODD",
        Words(
            fr="Le message se trouve avoir un nombre impair d’adresses : c’est un hasard, il n’y a rien à changer.",
            en="The message happens to have an odd number of addresses: this is chance, there is nothing to change.",
        ),
    ),
    (
        r".*URI_.*|.*_URL.*|.*_URI.*",
        Words(
            fr="Cela tient aux adresses des liens\u00a0; si elles sont bonnes, laissez-les.",
            en="This is about the addresses of links; if they are right, leave them.",
        ),
    ),
    (
        r"FREEMAIL_.*|.*FREEMAIL.*",
        Words(
            fr="L’expéditeur écrit d’une messagerie gratuite\u00a0: prenez une adresse de votre domaine, sous [sender] dans newsletter.toml.",
            en="The sender writes from a free mail service: take an address of your domain, under [sender] in newsletter.toml.",
        ),
    ),
    (
        r"HTML_FONT_.*|.*LOW_CONTRAST.*|R_WHITE_ON_WHITE|ZERO_FONT|MANY_INVISIBLE_PARTS|.*_INVIS.*|HTML_OBFUSCATE.*|.*HIDDEN.*",
        Words(
            fr="Du texte paraît caché\u00a0: cela vient du gabarit. Avec un thème fourni, c’est la ligne de la boîte de réception, et cela pèse peu.",
            en="Some text seems hidden: this comes from the template. With a built-in theme it is the inbox line, and weighs little.",
        ),
    ),
    (
        r"MISSING_.*|INVALID_.*|.*MSGID.*|.*_HEADER.*|MIME_.*|MPART_.*|R_PARTS_DIFFER|HTML_.*|.*BASE64.*|.*ENCOD.*",
        Words(
            fr="Cela tient à la forme du message, que Hebdo écrit\u00a0: signalez-le avec `hebdo --version`.",
            en="This is about the form of the message, which Hebdo writes: report it with `hebdo --version`.",
        ),
    ),
)


def weighty_rules(score: SpamScore) -> tuple[SpamRule, ...]:
    """The rules that count against the message itself."""
    return tuple(rule for rule in score.rules if _scaled(rule.points, score) >= SHOWN_FROM and rule.name not in _OF_THE_WAY)


def level_of(score: SpamScore) -> Literal["warning", "advice"]:
    """Never an error: a filter's opinion stops no issue."""
    return "warning" if _scaled(score.points, score) >= WARN_FROM else "advice"


def score_words(score: SpamScore) -> Words:
    """«SpamAssassin 4.0.1\u00a0: −0,3 point, spam à partir de 5.»; why there is none."""
    if score.trouble is not None:
        return score.trouble
    if score.missing:
        return _missing(score)
    name = f"{score.filter} {score.version}".strip()
    shown = round(abs(score.points), 1)
    return Words(
        fr=f"{name}\u00a0: {_figure(score.points, ',')} point{'s' if shown >= 2 else ''}, indésirable à partir de {_limit(score, ',')}.",
        en=f"{name}: {_figure(score.points, '.')} point{'' if shown == 1 else 's'}, spam from {_limit(score, '.')} on.",
    )


def rule_words(rule: SpamRule) -> Words:
    """«+0,5 SUBJ_ALL_CAPS (Subject is all capitals)»."""
    said = f" ({rule.said})" if rule.said else ""
    return Words(fr=f"+{_figure(rule.points, ',')} {rule.name}{said}", en=f"+{_figure(rule.points, '.')} {rule.name}{said}")


def mend_words(rule: SpamRule) -> Words | None:
    """What to change; None for a rule that only the filter explains."""
    return next((words for names, words in _MENDS if re.fullmatch(names, rule.name)), None)


def spam_findings(scores: Iterable[SpamScore]) -> list[Finding]:
    """The answers as findings of ``hebdo check --spam``: each rule that counts, or why there is no answer."""
    found: list[Finding] = []
    for score in scores:
        if score.trouble is not None or score.missing:
            found.append(finding("spam-unasked", message=score_words(score), hint=None if score.trouble is None else _AGAIN))
            continue
        found += [_rule_finding(score, rule) for rule in weighty_rules(score)]
    return found


_AGAIN = Words(fr="Relancez `hebdo check --spam`.", en="Run `hebdo check --spam` again.")


def _rule_finding(score: SpamScore, rule: SpamRule) -> Finding:
    said = rule_words(rule)
    message = Words(fr=f"{score.filter} : {said.fr}", en=f"{score.filter}: {said.en}")
    return finding("spam-score", level=level_of(score), message=message, hint=mend_words(rule))


def _missing(score: SpamScore) -> Words:
    if score.filter == "SpamAssassin":
        return Words(
            fr="SpamAssassin n’est pas sur cette machine\u00a0; sous Debian et Ubuntu\u00a0: `sudo apt install spamassassin`.",
            en="SpamAssassin is not on this machine; on Debian and Ubuntu: `sudo apt install spamassassin`.",
        )
    return Words(
        fr="Aucun rspamd ne répond sur cette machine (port 11333).",
        en="No rspamd answers on this machine (port 11333).",
    )


def _scaled(points: float, score: SpamScore) -> float:
    return points * SCALE / score.limit if score.limit > 0 else points


def _limit(score: SpamScore, comma: str) -> str:
    return f"{score.limit:g}".replace(".", comma)


def _figure(points: float, comma: str) -> str:
    return f"{points + 0.0:.1f}".replace("-0.0", "0.0").replace("-", "−").replace(".", comma)
