"""What the doctor can see in a proof that came back."""

from __future__ import annotations

from composer.check.doctor.code import code

_RELAY = ("Demandez à qui tient le relais de ne pas modifier les messages.", "Ask whoever keeps the relay not to change messages.")

PROOF = (
    code("proof-ours", "proof", "ok", ("C’est bien une épreuve partie d’ici.", "It is a proof that left from here.")),
    code("proof-unknown", "proof", "unknown", ("Ce message n’est pas une épreuve gardée ici : il ne peut pas être comparé à ce qui est parti.", "This message is no proof kept here: it cannot be compared with what left."), ("Envoyez-en une : `hebdo doctor --proof moi@exemple.fr`", "Send one: `hebdo doctor --proof me@example.com`")),
    code("proof-many-parts", "proof", "warning", ("Le message a plus de mille parties ; la suite n’est pas lue.", "The message has more than a thousand parts; what follows is not read."), _RELAY),
    code("proof-dkim-ok", "proof", "ok", ("La signature DKIM est juste, et c’est celle du domaine expéditeur.", "The DKIM signature is right, and it is the sender’s domain’s.")),
    code("proof-dkim-none", "proof", "error", ("Le message n’a pas de signature DKIM.", "The message has no DKIM signature."), ("Faites signer le relais pour le domaine expéditeur (OpenDKIM, rspamd, ou le tableau de bord du prestataire).", "Have the relay sign for the sender’s domain (OpenDKIM, rspamd, or the provider’s dashboard).")),
    code("proof-dkim-broken", "proof", "error", ("Une signature DKIM est fausse.", "A DKIM signature is wrong."), ("Le message a été changé après la signature, ou la clé publiée n’est pas la bonne : `hebdo doctor --only dns`", "The message was changed after it was signed, or the published key is another: `hebdo doctor --only dns`")),
    code("proof-dkim-unverified", "proof", "unknown", ("Une signature DKIM n’a pas pu être vérifiée ici.", "A DKIM signature could not be verified here."), ("Relancez avec le réseau ; Ed25519 n’est vérifié que par le destinataire.", "Run again with a network; Ed25519 is verified by the receiver only.")),
    code("proof-dkim-unaligned", "proof", "error", ("Aucune signature juste n’est celle du domaine expéditeur : DMARC ne la compte pas.", "No right signature is the sender’s domain’s: DMARC does not count it."), ("Faites signer avec d= du domaine expéditeur (chez le prestataire : « authentifier le domaine »).", "Have it signed with the sender’s domain in d= (at the provider: “authenticate the domain”).")),
    code("proof-dkim-headers", "proof", "warning", ("La signature laisse des en-têtes de côté.", "The signature leaves headers out."), ("Ajoutez-les à ceux que le relais signe ; RFC 8058 §4 veut List-Unsubscribe et List-Unsubscribe-Post signés.", "Add them to those that the relay signs; RFC 8058 §4 wants List-Unsubscribe and List-Unsubscribe-Post signed.")),
    code("proof-dkim-weak", "proof", "warning", ("La signature est d’un genre qui ne protège plus (rsa-sha1, l=).", "The signature is of a kind that does not protect any more (rsa-sha1, l=)."), ("Faites signer en rsa-sha256, sans l=.", "Have it signed with rsa-sha256, without l=.")),
    code("proof-selector", "proof", "advice", ("Le relais signe sous un sélecteur que newsletter.toml ne nomme pas.", "The relay signs under a selector that newsletter.toml does not name."), ("Sous [sender], ajoutez la ligne indiquée.", "Under [sender], add the line that is given.")),
    code("proof-from", "proof", "error", ("L’adresse d’expédition n’est pas celle de la lettre.", "The sender’s address is not the newsletter’s."), _RELAY),
    code("proof-return-path", "proof", "warning", ("L’enveloppe porte un autre domaine : SPF ne s’aligne pas, et les retours ne reviennent pas ici.", "The envelope bears another domain: SPF does not align, and bounces do not come back here."), ("Demandez au prestataire un chemin de retour dans votre domaine ; sinon DKIM doit suffire.", "Ask the provider for a return path in your domain; else DKIM must do.")),
    code("proof-return-path-ok", "proof", "ok", ("L’enveloppe porte le domaine expéditeur.", "The envelope bears the sender’s domain.")),
    code("proof-results-ok", "proof", "ok", ("Le serveur destinataire a tout trouvé juste.", "The receiving server found all of it right.")),
    code("proof-results", "proof", "error", ("Le serveur destinataire a trouvé une faute (Authentication-Results).", "The receiving server found a fault (Authentication-Results)."), ("Réparez d’abord ce que dit `hebdo doctor --only dns`, puis envoyez une autre épreuve.", "Mend first what `hebdo doctor --only dns` says, then send another proof.")),
    code("proof-results-none", "proof", "unknown", ("Le serveur destinataire ne dit pas ce qu’il a vérifié.", "The receiving server does not say what it verified."), ("Essayez avec une boîte qui le dit (Gmail, Outlook, Fastmail).", "Try with a mailbox that says so (Gmail, Outlook, Fastmail).")),
    code("proof-way-ok", "proof", "ok", ("Le message a voyagé chiffré, sans attendre.", "The message travelled encrypted, without waiting.")),
    code("proof-in-clear", "proof", "warning", ("Une étape du voyage s’est faite en clair.", "A hop of the way was made in the clear."), ("Demandez à qui tient ce serveur d’y mettre TLS.", "Ask whoever keeps this server to put TLS on it.")),
    code("proof-slow", "proof", "warning", ("Le message a attendu en route.", "The message waited on its way."), ("Regardez la file du relais ; une première fois, le destinataire fait parfois attendre (liste grise).", "Look at the relay’s queue; the first time, some receivers make one wait (greylisting).")),
    code("proof-same", "proof", "ok", ("Objet et texte sont arrivés comme ils sont partis.", "Subject and text arrived as they left.")),
    code("proof-subject", "proof", "error", ("L’objet a changé en route.", "The subject was changed on the way."), _RELAY),
    code("proof-body", "proof", "error", ("Le texte a changé en route.", "The text was changed on the way."), ("Faites retirer ce que le relais ajoute : suivi des clics, pied de page, antivirus.", "Have taken out what the relay adds: click tracking, footer, virus scanner.")),
    code("proof-links", "proof", "error", ("Le relais a réécrit des liens : il suit les clics des lecteurs.", "The relay rewrote links: it tracks the readers’ clicks."), ("Coupez le suivi des clics chez le prestataire.", "Switch click tracking off at the provider.")),
    code("proof-parts", "proof", "error", ("Une partie du message manque.", "A part of the message is missing."), _RELAY),
    code("proof-list-ok", "proof", "ok", ("Les en-têtes de désinscription sont intacts.", "The headers to unsubscribe are whole.")),
    code("proof-list", "proof", "error", ("Les en-têtes de liste ont été changés, encodés ou perdus.", "The list headers were changed, encoded or lost."), _RELAY),
    code("proof-spam", "proof", "error", ("Le destinataire a pris le message pour du spam.", "The receiver took the message for spam."), ("Lisez les règles qu’il nomme, corrigez, et envoyez une autre épreuve.", "Read the rules that it names, mend, and send another proof.")),
)  # fmt: skip
