"""What the doctor can see of the mail server and of the public pages."""

from __future__ import annotations

from composer.check.doctor.code import code

_AGAIN = (
    "Corrigez [transport] dans newsletter.toml, puis `hebdo doctor --only relay`",
    "Correct [transport] in newsletter.toml, then `hebdo doctor --only relay`",
)
_RENEW = (
    "Faites-le renouveler par qui tient ce serveur ; la commande indiquée le montre.",
    "Have it renewed by whoever keeps this server; the command that is given shows it.",
)

RELAY = (
    code("relay-ok", "relay", "ok", ("Le serveur d’envoi répond, chiffre et accepte l’identification.", "The mail server answers, encrypts and accepts the login.")),
    code(
        "relay-folder",
        "relay",
        "advice",
        ("Rien ne quitte la machine : les messages vont dans un dossier.", "Nothing leaves the machine: messages go to a folder."),
        ('Pour envoyer vraiment, sous [transport] : `kind = "smtp"`, host, port, security, username', 'To send for real, under [transport]: `kind = "smtp"`, host, port, security, username'),
    ),
    code("relay-name-unknown", "relay", "error", ("Le nom du serveur d’envoi est inconnu.", "The mail server’s name is unknown."), _AGAIN),
    code("relay-unreachable", "relay", "error", ("Le serveur d’envoi ne répond pas.", "The mail server does not answer."), ("Vérifiez host et port sous [transport], le pare-feu, et que l’hébergeur laisse sortir ce port (25 est souvent fermé : 587 ou 465).", "Check host and port under [transport], the firewall, and that the host lets this port out (25 is often closed: 587 or 465).")),
    code("relay-not-smtp", "relay", "error", ("Ce qui répond ne parle pas SMTP.", "What answers does not speak SMTP."), ('Au port 465 : `security = "tls"` ; aux ports 587 et 25 : `security = "starttls"`', 'On port 465: `security = "tls"`; on ports 587 and 25: `security = "starttls"`')),
    code("relay-silent", "relay", "error", ("Le serveur d’envoi prend la connexion et ne dit rien.", "The mail server takes the connection and says nothing."), ('Attendez et relancez `hebdo doctor --only relay` : il est peut-être surchargé, ou fait attendre. Au port 465, il se tait tant que `security = "tls"` manque.', 'Wait and run `hebdo doctor --only relay` again: it may be overloaded, or makes callers wait. On port 465 it is silent as long as `security = "tls"` is missing.')),
    code("relay-refuses", "relay", "error", ("Le serveur d’envoi refuse la connexion dès l’accueil.", "The mail server refuses the connection at once."), ("Demandez à qui le tient d’admettre cette machine.", "Ask whoever keeps it to let this machine in.")),
    code("relay-no-starttls", "relay", "error", ("Le serveur d’envoi ne propose pas STARTTLS.", "The mail server offers no STARTTLS."), ('Changez de port (587), ou mettez `security = "tls"` (port 465).', 'Change the port (587), or set `security = "tls"` (port 465).')),
    code("relay-tls", "relay", "error", ("Le chiffrement ne s’établit pas.", "Encryption cannot be established."), ('Au port 465 : `security = "tls"` ; aux ports 587 et 25 : `security = "starttls"`', 'On port 465: `security = "tls"`; on ports 587 and 25: `security = "starttls"`')),
    code("relay-certificate-expired", "relay", "error", ("Le certificat du serveur d’envoi a expiré, ou ne vaut pas encore.", "The mail server’s certificate has expired, or is not valid yet."), _RENEW),
    code("relay-certificate-name", "relay", "error", ("Le certificat est celui d’un autre nom.", "The certificate is another name’s."), ("Écrivez dans [transport] host le nom que porte le certificat ; la commande indiquée le montre.", "Write the name that the certificate bears into [transport] host; the command that is given shows it.")),
    code("relay-certificate-unknown", "relay", "error", ("Personne ici ne connaît l’émetteur du certificat (autosigné, ou chaîne incomplète).", "Nobody here knows the certificate’s issuer (self-signed, or an incomplete chain)."), ("Installez un certificat reconnu, ou ajoutez son autorité à celles de la machine (update-ca-certificates).", "Install a recognised certificate, or add its authority to this machine’s (update-ca-certificates).")),
    code("relay-certificate-weak", "relay", "error", ("La clé ou la signature du certificat est trop faible.", "The certificate’s key or signature is too weak."), _RENEW),
    code("relay-certificate-soon", "relay", "warning", ("Le certificat du serveur d’envoi expire dans moins de deux semaines.", "The mail server’s certificate expires within two weeks."), _RENEW),
    code("relay-in-clear", "relay", "warning", ("Les messages voyagent en clair jusqu’au serveur d’envoi.", "Messages travel to the mail server in the clear."), ('Sous [transport] : `security = "starttls"` (port 587) ou `"tls"` (port 465).', 'Under [transport]: `security = "starttls"` (port 587) or `"tls"` (port 465).')),
    code("relay-auth-refused", "relay", "error", ("L’identification est refusée.", "The login is refused."), ("Vérifiez username sous [transport], et le mot de passe : `export HEBDO_TRANSPORT__PASSWORD=…`", "Check username under [transport], and the password: `export HEBDO_TRANSPORT__PASSWORD=…`")),
    code("relay-auth-missing", "relay", "error", ("Le serveur ne propose pas d’identification que Hebdo connaisse.", "The server offers no login that Hebdo knows."), ("Chiffrez d’abord (security), ou retirez username si le serveur n’en veut pas.", "Encrypt first (security), or take username out if the server wants none.")),
    code("relay-clear-password", "relay", "error", ("Un mot de passe partirait en clair : Hebdo ne l’envoie pas.", "A password would leave in the clear: Hebdo does not send it."), ('Sous [transport] : `security = "starttls"` (port 587) ou `"tls"` (port 465).', 'Under [transport]: `security = "starttls"` (port 587) or `"tls"` (port 465).')),
    code("relay-sender-refused", "relay", "error", ("Le serveur d’envoi refuse l’adresse expéditrice.", "The mail server refuses the sender’s address."), ("Faites-la valider chez le prestataire, ou corrigez [sender] address.", "Have it validated by the provider, or correct [sender] address.")),
    code("relay-size", "relay", "warning", ("Le serveur d’envoi prend des messages plus petits qu’une lettre ordinaire.", "The mail server takes messages smaller than a usual newsletter."), ("Demandez à qui le tient de relever la limite (SIZE).", "Ask whoever keeps it to raise the limit (SIZE).")),
    code("relay-slow", "relay", "advice", ("Le serveur d’envoi ne prend pas plusieurs commandes d’un coup (PIPELINING) : l’envoi dure plus longtemps.", "The mail server does not take several commands at once (PIPELINING): sending takes longer."), ("Augmentez connections sous [transport], dans la limite du prestataire.", "Raise connections under [transport], within the provider’s limit.")),
)  # fmt: skip

PAGES = (
    code("pages-ok", "pages", "ok", ("Les pages publiques répondent, et ce sont les nôtres.", "The public pages answer, and they are ours.")),
    code("pages-none", "pages", "advice", ("Pas d’adresse publique : ni images, ni désinscription en un clic.", "No public address: no pictures, no unsubscribe in one click."), ('Sous [site] de newsletter.toml : `public_url = "https://lettre.exemple.fr"`', 'Under [site] of newsletter.toml: `public_url = "https://letter.example.org"`')),
    code("pages-unasked", "pages", "unknown", ("Les pages publiques n’ont pas été demandées.", "The public pages were not asked."), ("Relancez `hebdo doctor --only pages` avec le réseau.", "Run `hebdo doctor --only pages` again with a network.")),
    code("pages-dead", "pages", "error", ("Les pages publiques ne répondent pas comme il faut.", "The public pages do not answer as they should."), ("Voyez docs/reverse-proxy.md.", "See docs/reverse-proxy.md.")),
    code("pages-in-clear", "pages", "error", ("L’adresse publique n’est pas en https.", "The public address is not https."), ("Mettez les pages derrière un serveur https : docs/reverse-proxy.md.", "Put the pages behind an https server: docs/reverse-proxy.md.")),
    code("pages-certificate-soon", "pages", "warning", ("Le certificat des pages publiques expire dans moins de deux semaines.", "The certificate of the public pages expires within two weeks."), ("Renouvelez-le : Caddy le fait de lui-même, certbot par `certbot renew`.", "Renew it: Caddy does so by itself, certbot with `certbot renew`.")),
    code("pages-hsts", "pages", "advice", ("Les pages publiques n’annoncent pas HSTS : un premier accès peut se faire en clair.", "The public pages do not announce HSTS: a first visit may go in the clear."), ("Ajoutez au serveur https : Strict-Transport-Security: max-age=31536000", "Add to the https server: Strict-Transport-Security: max-age=31536000")),
    code("pages-http", "pages", "advice", ("http:// ne renvoie pas vers https:// : qui tape le nom tombe à côté.", "http:// does not lead to https://: whoever types the name misses it."), ("Renvoyez http vers https dans le serveur (Caddy le fait de lui-même).", "Redirect http to https in the server (Caddy does so by itself).")),
    code("pages-address-dead", "pages", "warning", ("Une des adresses du nom public ne répond pas : une partie des lecteurs attend ou échoue.", "One of the public name’s addresses does not answer: some readers wait or fail."), ("Ouvrez le port 443 à cette adresse, ou retirez la ligne indiquée.", "Open port 443 at this address, or take the line out that is given.")),
)  # fmt: skip
