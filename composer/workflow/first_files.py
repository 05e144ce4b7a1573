"""The files that a new newsletter begins with."""

from __future__ import annotations

import tomlkit

from composer.words import Language

GITIGNORE = """\
# Registre, images servies, versions précédentes, secrets : rien de cela ne va dans git.
/var/
# Listes de personnes : elles vivent dans le registre, jamais dans git.
*.csv
*.tsv
*.xls
*.xlsx
*.ods
*.vcf
!/sponsors/bookings.csv
"""

_FRENCH = """\
# Les réglages de la lettre. Chaque clé se donne aussi par l’environnement : HEBDO_SITE__PUBLIC_URL=…
# Aucun secret ici : le mot de passe du serveur de courrier est HEBDO_TRANSPORT__PASSWORD.

[newsletter]
name = {name}
tagline = ""
locale = "fr-FR"
time_zone = "Europe/Paris"
theme = "classique"          # classique | moderne

[sender]
name = {name}
address = ""                 # lettre@exemple.fr
reply_to = ""                # une boîte que quelqu’un lit
# dkim_selectors = ["mail"]  # sélecteurs DKIM sous lesquels le relais signe : `hebdo doctor` les vérifie
# dkim_sign = ["hebdo-202611"]  # ceux sous lesquels Hebdo signe lui-même : `hebdo dkim keygen`

[site]
# Où les lecteurs trouvent les images, la version en ligne et la désinscription.
public_url = "http://127.0.0.1:8000"
rehearsal = true             # répétition : à retirer avec la vraie adresse en https
# hosts = ["www.exemple.fr"] # autres noms sous lesquels les pages répondent
# trusted_proxies = ["127.0.0.1"]  # mandataires dont X-Forwarded-* est cru
# self_check = false         # si la machine ne peut joindre sa propre adresse publique

[transport]
kind = "folder"              # folder : des fichiers dans var/outbox, rien ne part | smtp
# host = "smtp.exemple.fr"
# port = 587
# security = "starttls"      # none | starttls | tls
# username = ""

[schedule]
# weekday = 4                # 1 lundi … 7 dimanche : le créneau de chaque semaine
time = "07:00"

[desk]
require = []                 # "proof", "approval"
proof_to = []                # qui reçoit les épreuves
alert = []                   # qui est prévenu par courriel : ["redaction@exemple.fr"]
# alert_webhook = "https://…"  # une messagerie d’équipe, prévenue de la même façon
# heartbeat_url = "https://…"  # appelée chaque minute : un veilleur extérieur sonne quand elle se tait (docs/alerts.md)
# on_change = "send_sealed"  # un numéro modifié après le scellé part tel que scellé ; sinon il attend (hold)

[check]
# grammar = "grammalecte"    # un programme relit aussi la grammaire

[labels]
more = "Pour aller plus loin"
also = "Et aussi :"
sponsor = "PARTENAIRE"
credits = "Crédits photo :"

[typography]
locale = "fr-FR"
quotes = "guillemets"        # keep | guillemets | english
straight = "guillemets"      # ce que deviennent les guillemets droits
colon = "space"              # keep | space | tight
high = "space"               # keep | space, devant ; ! ?
nbsp = "U+00A0"              # ou U+202F, que toutes les polices n’ont pas

[publisher]
# Les mentions légales. Une société ou une association : tout. Une personne : name, address, phone, host.
# Qui publie à titre non professionnel peut ne donner que host et contact (LCEN, art. 1-1 II).
name = ""
legal_form = ""
address = ""
phone = ""
director = ""
host = ""
contact = ""
registration = ""
"""

_ENGLISH = """\
# The settings of the newsletter. Each key can be given by the environment too: HEBDO_SITE__PUBLIC_URL=…
# No secret here: the password of the mail server is HEBDO_TRANSPORT__PASSWORD.

[newsletter]
name = {name}
tagline = ""
locale = "en-GB"
time_zone = "Europe/London"
theme = "classique"          # classique | moderne

[sender]
name = {name}
address = ""                 # letter@example.org
reply_to = ""                # a box that somebody reads
# dkim_selectors = ["mail"]  # DKIM selectors that the relay signs under: `hebdo doctor` verifies them
# dkim_sign = ["hebdo-202611"]  # those that Hebdo itself signs under: `hebdo dkim keygen`

[site]
# Where readers find pictures, the web view and how to leave.
public_url = "http://127.0.0.1:8000"
rehearsal = true             # take out with the true https address
# hosts = ["www.example.org"]  # further names that the pages answer to
# trusted_proxies = ["127.0.0.1"]  # proxies whose X-Forwarded-* is believed
# self_check = false         # where the machine cannot reach its own public address

[transport]
kind = "folder"              # folder: files in var/outbox, nothing leaves | smtp
# host = "smtp.example.org"
# port = 587
# security = "starttls"      # none | starttls | tls
# username = ""

[schedule]
# weekday = 4                # 1 Monday … 7 Sunday: the slot of each week
time = "07:00"

[desk]
require = []                 # "proof", "approval"
proof_to = []                # who gets the proofs
alert = []                   # who is told by mail: ["desk@example.org"]
# alert_webhook = "https://…"  # a team chat that is told the same
# heartbeat_url = "https://…"  # called each minute: a watcher outside rings when it falls silent (docs/alerts.md)
# on_change = "send_sealed"  # an issue edited after sealing leaves as it was sealed; else it waits (hold)

[labels]
more = "Further reading"
also = "Also:"
sponsor = "SPONSOR"
credits = "Photo credits:"

[typography]
locale = "en-GB"
quotes = "keep"              # keep | guillemets | english
straight = "english"         # what straight quotes become
colon = "tight"              # keep | space | tight
high = "keep"                # keep | space, before ; ! ?
nbsp = "U+00A0"

[publisher]
# The legal notice. A company or an association: everything. A person: name, address, phone, host.
name = ""
legal_form = ""
address = ""
phone = ""
director = ""
host = ""
contact = ""
registration = ""
"""


def newsletter_toml(*, name: str, language: Language) -> str:
    """The text of a new ``newsletter.toml``."""
    template = _FRENCH if language == "fr" else _ENGLISH
    return template.format(name=tomlkit.string(name).as_string())
