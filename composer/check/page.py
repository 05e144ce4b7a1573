"""docs/checks.md, written from the rules: ``python -m composer.check.page > docs/checks.md``."""

from __future__ import annotations

import sys

from composer.check.rule import Rule
from composer.check.rules import RULES
from composer.model.findings import Level

_LEVELS: tuple[tuple[Level, str, str], ...] = (
    ("error", "Errors · Erreurs", "They refuse `schedule` and `send`. Elles empêchent de programmer et d’envoyer."),
    ("warning", "To check · À vérifier", "Nothing is refused; with `--strict` the command ends with 1. Rien n’est refusé."),
    ("advice", "Advice · Conseils", "For a better issue. Pour un meilleur numéro."),
)
_TOP = """# The checks

`hebdo check ISSUE` reads an issue, its edition and the publication, and says what deserves a hand: one line each, as
`path:line:col: level rule message`, the mend below. `--offline` asks nothing of the network, neither links nor our own addresses; `--fix` mends what is marked
*fixable*, and nothing else; `--teach WORD` adds a word to the newsroom's dictionary; `--strict` ends with 1 for warnings too; `--format json` is for programs. Exit code 0: no error; 1: errors found.

A link counts as dead only where its server says so (404, 410). Where the network is blocked, links are not asked and nothing is said.

`--fix` never changes a word, an address or code: it lists stories in `order:`, turns no-break and stray spaces of the source into ordinary
ones (typography is applied when rendering), gives `www.` addresses their `https://`, and settles mixed spaces before `: ; ! ?` and mixed
apostrophes (as advice: the house style makes all of them curly anyway). The version before stays under `var/snapshots`.

This page is written from `composer/check/rules.py`.
"""


def write_rules_page() -> str:
    """The page with every rule and its mend."""
    parts = [_TOP]
    for level, title, words in _LEVELS:
        parts.append(f"## {title}\n\n{words}\n")
        parts += [_section(rule) for rule in RULES.values() if rule.level == level]
    return "\n".join(parts)


def _section(rule: Rule) -> str:
    mark = " · *fixable*" if rule.fixable else ""
    english, french = rule.mend.en.replace("{issue}", "ISSUE"), rule.mend.fr.replace("{issue}", "NUMÉRO")
    return f"### `{rule.name}`{mark}\n\n{rule.says.en} → {english}\n\n{rule.says.fr} → {french}\n"


if __name__ == "__main__":
    sys.stdout.write(write_rules_page())
