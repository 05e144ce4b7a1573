"""What the mail itself says, in its reader's language; labels that a newsroom may change are in ``newsletter.toml``."""

from __future__ import annotations

SAYINGS: dict[str, dict[str, str]] = {
    "fr": {
        "number": "N°\u00a0{}",
        "minutes": "{}\u00a0min de lecture",
        "online": "Lire en ligne",
        "proposed": "Contenu proposé par",
        "end_of_sponsor": "Fin du contenu partenaire",
        "by": "Par {}",
        "reply": "Une remarque\u00a0?\nRépondez à\u00a0ce\u00a0message.",
        "received": "Vous recevez cette lettre à l’adresse",
        "asked": "à votre demande",
        "leave": "Se désinscrire",
        "legal": "Mentions légales",
        "privacy": "Vos données",
        "forwarded": "On vous a transféré cette lettre\u00a0?",
        "join": "Voici comment la recevoir.",
    },
    "en": {
        "number": "No.\u00a0{}",
        "minutes": "{}\u00a0min read",
        "online": "Read online",
        "proposed": "Content provided by",
        "end_of_sponsor": "End of sponsored content",
        "by": "By {}",
        "reply": "A remark?\nReply to\u00a0this\u00a0message.",
        "received": "You receive this letter at",
        "asked": "at your request",
        "leave": "Unsubscribe",
        "legal": "Legal notice",
        "privacy": "Your data",
        "forwarded": "Was this letter forwarded to you?",
        "join": "Here is how to get it.",
    },
}
