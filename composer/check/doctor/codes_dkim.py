"""What the doctor can see in DKIM (RFC 6376, RFC 8301, RFC 8463)."""

from __future__ import annotations

from composer.check.doctor.code import code

_REPLACE = ("Remplacez l’enregistrement par celui qui est indiqué.", "Replace the record by the one that is given.")
_NEW_KEY = (
    "Publiez la clé que donne le prestataire ; si vous signez vous-même, la commande indiquée en fait une et écrit sa ligne.",
    "Publish the key that the provider gives; if you sign yourself, the command that is given makes one and writes its line.",
)

DKIM = (
    code("dkim-ok", "dns", "ok", ("Le sélecteur mène à une clé qui sert.", "The selector leads to a key that works.")),
    code(
        "dkim-no-selector",
        "dns",
        "warning",
        ("Hebdo ne sait pas sous quel sélecteur DKIM le relais signe.", "Hebdo does not know under which DKIM selector the relay signs."),
        (
            "Une épreuve reçue le dit : `hebdo doctor --proof moi@exemple.fr`, puis `hebdo doctor --received message.eml`",
            "A received proof tells: `hebdo doctor --proof me@example.com`, then `hebdo doctor --received message.eml`",
        ),
    ),
    code("dkim-absent", "dns", "error", ("Il n’y a pas de clé DKIM sous ce sélecteur.", "There is no DKIM key under this selector."), _NEW_KEY),
    code(
        "dkim-misplaced",
        "dns",
        "error",
        ("La clé DKIM est publiée sous un autre nom (domaine doublé, _domainkey oublié).", "The DKIM key stands under another name (domain doubled, _domainkey left out)."),
        ("Publiez-la sous le nom indiqué.", "Publish it under the name that is given."),
    ),
    code(
        "dkim-several",
        "dns",
        "error",
        ("Il y a plusieurs enregistrements sous ce sélecteur : le résultat est au hasard (RFC 6376 §3.6.2.2).", "There are several records under this selector: the result is left to chance (RFC 6376 §3.6.2.2)."),
        ("Gardez le seul indiqué, si c’est bien la clé de votre relais.", "Keep only the one that is given, if it is your relay’s key."),
    ),
    code(
        "dkim-alias",
        "dns",
        "error",
        ("Le CNAME du sélecteur ne mène à aucune clé.", "The selector’s CNAME leads to no key."),
        ("Corrigez sa cible d’après le prestataire, ou remplacez-le par une clé.", "Correct its target as the provider says, or replace it by a key."),
    ),
    code("dkim-syntax", "dns", "error", ("L’enregistrement DKIM ne se lit pas.", "The DKIM record cannot be read."), _REPLACE),
    code(
        "dkim-version",
        "dns",
        "error",
        ("v=DKIM1 n’est pas en tête, ou dit autre chose (RFC 6376 §3.6.1).", "v=DKIM1 does not come first, or says something else (RFC 6376 §3.6.1)."),
        _REPLACE,
    ),
    code("dkim-revoked", "dns", "error", ("La clé est révoquée : p= est vide.", "The key is revoked: p= is empty."), _NEW_KEY),
    code("dkim-key-broken", "dns", "error", ("La clé ne se lit pas.", "The key cannot be read."), _NEW_KEY),
    code(
        "dkim-key-private",
        "dns",
        "error",
        ("La clé publiée est la clé privée : n’importe qui peut signer à votre place.", "The published key is the private one: anybody can sign in your name."),
        ("Retirez-la aussitôt et changez de clé.", "Take it out at once and change the key."),
    ),
    code("dkim-key-type", "dns", "error", ("k= n’est pas le type de la clé.", "k= is not the type of the key."), _REPLACE),
    code("dkim-key-short", "dns", "error", ("La clé a moins de 1024 bits : plus personne ne l’accepte (RFC 8301).", "The key has less than 1024 bits: nobody accepts it any more (RFC 8301)."), _NEW_KEY),
    code("dkim-key-weak", "dns", "warning", ("La clé a moins de 2048 bits (RFC 8301 §3.2).", "The key has less than 2048 bits (RFC 8301 §3.2)."), _NEW_KEY),
    code("dkim-hash", "dns", "error", ("h= n’admet pas sha256.", "h= does not allow sha256."), _REPLACE),
    code("dkim-service", "dns", "error", ("s= n’admet pas le courriel.", "s= does not allow mail."), _REPLACE),
    code("dkim-testing", "dns", "warning", ("t=y : la clé se dit à l’essai, sa signature ne compte pas.", "t=y: the key says that it is a test, its signature does not count."), _REPLACE),
    code(
        "dkim-strict",
        "dns",
        "advice",
        ("t=s : la signature ne vaut que pour le domaine exact, pas pour ses sous-domaines.", "t=s: the signature counts for this very domain only, not for its subdomains."),
        ("Rien à faire si vous n’écrivez que de ce domaine.", "Nothing to do if you write from this domain only."),
    ),
    code(
        "dkim-own-differs",
        "dns",
        "error",
        ("La clé publiée n’est pas celle avec laquelle Hebdo signe : la signature de chaque message est fausse.", "The published key is not the one that Hebdo signs with: the signature of every message is wrong."),
        ("Remplacez l’enregistrement par celui-ci, qui publie la clé du fichier ; ou remettez le bon fichier depuis une sauvegarde.", "Replace the record by this one, which publishes the key of the file; or put the right file back from a backup."),
    ),
    code(
        "dkim-own-waiting",
        "dns",
        "advice",
        ("Une clé de Hebdo est faite et ne signe pas.", "A key of Hebdo’s is made and does not sign."),
        ("Publiez l’enregistrement, attendez, puis nommez-la dans [sender] dkim_sign ; ou supprimez son fichier.", "Publish the record, wait, then name it in [sender] dkim_sign; or delete its file."),
    ),
    code(
        "dkim-own-file",
        "dns",
        "error",
        ("Une clé avec laquelle Hebdo doit signer ne sert pas : rien ne partira.", "A key that Hebdo is to sign with cannot be used: nothing will leave."),
        ("Remettez le fichier depuis une sauvegarde, ou faites une clé : `hebdo dkim keygen`", "Put the file back from a backup, or make a key: `hebdo dkim keygen`"),
    ),
    code(
        "dkim-unanswered",
        "dns",
        "unknown",
        ("Le serveur de noms n’a pas répondu pour ce sélecteur.", "The name server did not answer for this selector."),
        ("Relancez `hebdo doctor --only dns` plus tard.", "Run `hebdo doctor --only dns` again later."),
    ),
)  # fmt: skip
