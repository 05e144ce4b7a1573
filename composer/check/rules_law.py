"""The rules that the law wants: who publishes, who pays, how one leaves. docs/law.md says which article, and how it is read here."""

from __future__ import annotations

from composer.check.rule import rule
from composer.words import Words

LAW = (
    rule(
        "no-postal-address",
        "error",
        Words(fr="Rien ne dit qui publie la lettre.", en="Nothing says who publishes the newsletter."),
        Words(
            fr="Remplissez [publisher] dans newsletter.toml : name, address, host, et director pour une société ou une association.",
            en="Fill [publisher] in newsletter.toml: name, address, host, and director for a company or an association.",
        ),
    ),
    rule(
        "legal-notice",
        "error",
        Words(fr="Les mentions légales sont incomplètes.", en="The legal notice is incomplete."),
        Words(
            fr="Complétez [publisher] dans newsletter.toml ; docs/law.md dit ce que veut la loi (LCEN, art. 1-1 et 6).",
            en="Complete [publisher] in newsletter.toml; docs/law.md says what the law wants (LCEN art. 1-1 and 6).",
        ),
    ),
    rule(
        "legal-details",
        "warning",
        Words(fr="Il manque un détail aux mentions légales.", en="A detail is missing in the legal notice."),
        Words(
            fr="Complétez [publisher] dans newsletter.toml, si cela vous concerne : docs/law.md.",
            en="Complete [publisher] in newsletter.toml, if it concerns you: docs/law.md.",
        ),
    ),
    rule(
        "publisher-anonymous",
        "warning",
        Words(fr="Vous publiez sans vous nommer.", en="You publish without your name."),
        Words(
            fr="La LCEN l’admet d’un particulier dont l’hébergeur connaît l’identité ; le RGPD (art. 13) demande qui garde les adresses : docs/law.md.",
            en="The LCEN allows it to a private person whose host knows who they are; the GDPR (art. 13) asks who keeps the addresses: docs/law.md.",
        ),
    ),
    rule(
        "legal-link-missing",
        "error",
        Words(
            fr="Le lien vers les mentions légales ne se voit pas dans la maquette.",
            en="The link to the legal notice is not seen in the edition.",
        ),
        Words(
            fr="Rendez-le au gabarit, en HTML et en texte : {{ legal_url }}",
            en="Give it back to the template, in HTML and in text: {{ legal_url }}",
        ),
    ),
    rule(
        "sender-unnamed",
        "error",
        Words(fr="La maquette ne dit pas qui envoie la lettre.", en="The edition does not say who sends the newsletter."),
        Words(
            fr="Rendez le nom au gabarit, en HTML et en texte : {{ imprint }} (CPCE, art. L. 34-5 ; RGPD, art. 13).",
            en="Give the name back to the template, in HTML and in text: {{ imprint }} (CPCE art. L. 34-5; GDPR art. 13).",
        ),
    ),
    rule(
        "sponsor-label-vague",
        "warning",
        Words(fr="Le libellé ne dit pas que c’est une publicité.", en="The label does not say that this is an advertisement."),
        Words(
            fr='Écrivez-le dans newsletter.toml : [labels] sponsor = "PARTENAIRE", "PUBLICITÉ", "ANNONCE"… (LCEN, art. 20)',
            en='Write it in newsletter.toml: [labels] sponsor = "SPONSOR", "ADVERTISEMENT"… (LCEN art. 20)',
        ),
    ),
    rule(
        "sponsor-inverted",
        "warning",
        Words(
            fr="Le libellé ou l’annonceur se lit mal en gris ou une fois les couleurs inversées.",
            en="The label or the advertiser is hard to read in grey or once colours are inverted.",
        ),
        Words(
            fr="Écartez les deux couleurs par leur clarté, pas seulement par leur teinte.",
            en="Set the two colours apart by their lightness, not by their hue alone.",
        ),
    ),
)
