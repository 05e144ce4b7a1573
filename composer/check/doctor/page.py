"""docs/doctor.md, written from the codes: ``python -m composer.check.doctor.page > docs/doctor.md``."""

from __future__ import annotations

import sys

from composer.check.doctor.code import Code
from composer.check.doctor.codes import CODES
from composer.model.observation import Part, Seen

_PARTS: tuple[tuple[Part, str, str], ...] = (
    (
        "dns",
        "Domain · Domaine",
        "What name servers say of the sender’s domain and of the public pages. Ce que disent les serveurs de noms.",
    ),
    ("relay", "Mail server · Serveur d’envoi", "Connected, encrypted, logged in, the sender named; nothing is sent. Rien n’est envoyé."),
    (
        "pages",
        "Public pages · Pages publiques",
        "As readers reach them, from this machine. Telles que les lecteurs les trouvent, vues d’ici.",
    ),
    ("machine", "Machine", "Measured here; nothing is written. Mesuré ici, rien n’est écrit."),
    ("engine", "Engine · Moteur", "The ledger and who works with it. Le registre et qui s’en sert."),
    ("proof", "A proof that came back · Épreuve revenue", "`hebdo doctor --received message.eml`"),
)
_LEVELS: dict[Seen, str] = {"ok": "✓ ok", "advice": "· advice", "warning": "! to check", "error": "✗ error", "unknown": "? not known"}
_TOP = """# The doctor

`hebdo doctor` looks at what decides whether a letter arrives: the sender’s domain (SPF, DKIM, DMARC, MX, reverse names), the mail server, the
public pages, the machine, the ledger and its engine. Each line says what was seen; where something is wrong, the exact record or command
that mends it follows. It takes 15 seconds at most, sends nothing, writes nothing, shows no secret, and works without a network: what could
not be asked is said. Exit code 0: no error; 1: errors found.

- `hebdo doctor --only dns` (or `relay`, `pages`, `machine`): one part.
- `hebdo doctor --dns 127.0.0.1:5353`: every question goes to this name server and to no other (an address, IPv6 as `[::1]:53`); so does the
  variable `HEBDO_DNS`. The mail server and the public pages are still reached as Hebdo will reach them, by the system’s names.
- `hebdo doctor --json`: under `data.observations`, each with `code`, `part`, `level`, `saw`, `mend`, `record` (`name`, `ttl`, `type`,
  `value` as a provider’s form takes it, `zone` as the line of a zone file), `also` (more records of the same mend), `removes` (records to
  take out in the same move) and `command`.
- `hebdo doctor --proof me@example.com` sends a proof of the newest issue (another: `--proof-of 42`) and keeps what left (`var/doctor`). When it has arrived, save the
  whole message and let `hebdo doctor --received message.eml` (or an mbox, a Maildir, `-` for standard input) verify it: signature, headers,
  text, way, and what the receiving server found. It also learns the DKIM selector.

On the terminal a record stands at the start of its line, as a zone file has it, strings over 255 bytes cut and quoted; what is to be taken out
stands behind `;`, a zone file’s comment. While `[transport] kind = "folder"` nothing leaves, and what would be an error of the domain, the
mail server or the pages is advice; `--only dns` and `--dns` judge as if it left.

In newsletter.toml, `[sender] dkim_selectors` names the selectors under which the relay signs, `dkim_sign` those under which Hebdo itself signs
([DKIM](dkim.md)): both are judged, and what is published under the latter is held against the key on this disk. `[sender] outgoing` names the
addresses (or networks) that mail leaves from. Without `outgoing` the relay’s own addresses are taken, or the include of a provider that is known by its relay’s name.

Levels: ✗ mail will be refused, lost or forged · ! some receivers will mind · · could be better · ? could not be known. This page is written from
`composer/check/doctor/codes.py`.
"""


def write_codes_page() -> str:
    """The page with every code, what is seen and its mend."""
    parts = [_TOP]
    for part, title, words in _PARTS:
        parts.append(f"## {title}\n\n{words}\n")
        parts += [_section(code) for code in CODES.values() if code.part == part]
    return "\n".join(parts)


def _section(code: Code) -> str:
    english, french = (f" → {code.mend.en}", f" → {code.mend.in_language('fr')}") if code.mend else ("", "")
    return f"### `{code.name}` · {_LEVELS[code.level]}\n\n{code.says.en}{english}\n\n{code.says.in_language('fr')}{french}\n"


if __name__ == "__main__":
    sys.stdout.write(write_codes_page())
