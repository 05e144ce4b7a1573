"""What the doctor can see in DMARC (RFC 7489, and DMARCbis, which replaces it)."""

from __future__ import annotations

from composer.check.doctor.code import code

_REPLACE = ("Remplacez l’enregistrement par celui qui est indiqué.", "Replace the record by the one that is given.")

DMARC = (
    code("dmarc-ok", "dns", "ok", ("DMARC se lit et protège le domaine.", "DMARC reads well and protects the domain.")),
    code(
        "dmarc-absent",
        "dns",
        "error",
        ("Il n’y a pas d’enregistrement DMARC, ni pour le domaine ni au-dessus.", "There is no DMARC record, neither for the domain nor above."),
        ("Publiez l’enregistrement indiqué.", "Publish the record that is given."),
    ),
    code(
        "dmarc-misplaced",
        "dns",
        "error",
        ("DMARC est publié sous un autre nom que _dmarc.", "DMARC stands under another name than _dmarc."),
        ("Publiez-le sous _dmarc.", "Publish it under _dmarc."),
    ),
    code("dmarc-several", "dns", "error", ("Il y a plusieurs enregistrements DMARC : aucun ne vaut.", "There are several DMARC records: none counts."), ("Gardez le seul indiqué.", "Keep only the one that is given.")),
    code("dmarc-syntax", "dns", "error", ("L’enregistrement DMARC ne se lit pas.", "The DMARC record cannot be read."), _REPLACE),
    code("dmarc-version", "dns", "error", ("v=DMARC1 n’est pas en tête, en majuscules.", "v=DMARC1 does not come first, in upper case."), _REPLACE),
    code("dmarc-no-policy", "dns", "error", ("La politique p= manque, ou n’est pas la deuxième.", "The policy p= is missing, or not the second tag."), _REPLACE),
    code("dmarc-policy", "dns", "error", ("Une politique n’est ni none, ni quarantine, ni reject.", "A policy is none of none, quarantine, reject."), _REPLACE),
    code("dmarc-value", "dns", "warning", ("Une valeur n’est pas de celles que DMARC connaît ; elle est ignorée.", "A value is none that DMARC knows; it is ignored."), _REPLACE),
    code(
        "dmarc-none",
        "dns",
        "advice",
        ("p=none : les messages falsifiés en votre nom passent.", "p=none: mail forged in your name gets through."),
        ("Quand les rapports sont bons, passez à p=quarantine.", "When the reports are good, go to p=quarantine."),
    ),
    code("dmarc-no-reports", "dns", "advice", ("Personne ne reçoit les rapports (rua).", "Nobody gets the reports (rua)."), ("Ajoutez une adresse de rapports.", "Add an address for reports.")),
    code("dmarc-rua", "dns", "warning", ("Une adresse de rapports ne peut pas servir.", "An address for reports cannot be used."), _REPLACE),
    code(
        "dmarc-rua-foreign",
        "dns",
        "warning",
        ("Les rapports vont à un autre domaine, qui ne l’a pas permis (RFC 7489 §7.1).", "The reports go to another domain, which has not allowed it (RFC 7489 §7.1)."),
        ("Que cet autre domaine publie l’enregistrement indiqué, ou retirez l’adresse.", "Let that other domain publish the record that is given, or take the address out."),
    ),
    code(
        "dmarc-percent",
        "dns",
        "advice",
        ("pct= applique la politique à une partie du courrier ; DMARCbis l’abandonne.", "pct= applies the policy to a part of the mail; DMARCbis drops it."),
        _REPLACE,
    ),
    code(
        "dmarc-alignment",
        "dns",
        "advice",
        ("L’alignement est strict : la signature et l’enveloppe doivent porter exactement le domaine expéditeur.", "Alignment is strict: signature and envelope must bear exactly the sender’s domain."),
        ("Vérifiez-le sur une épreuve : `hebdo doctor --received message.eml`", "Verify it on a proof: `hebdo doctor --received message.eml`"),
    ),
    code(
        "dmarc-subdomain",
        "dns",
        "advice",
        ("La politique vient du domaine parent, et laisse passer les sous-domaines.", "The policy comes from the parent domain, and lets subdomains through."),
        ("Publiez un enregistrement pour le domaine expéditeur, comme indiqué.", "Publish a record for the sender’s domain, as given."),
    ),
    code(
        "dmarc-unanswered",
        "dns",
        "unknown",
        ("Le serveur de noms n’a pas répondu pour DMARC.", "The name server did not answer for DMARC."),
        ("Relancez `hebdo doctor --only dns` plus tard.", "Run `hebdo doctor --only dns` again later."),
    ),
)  # fmt: skip
