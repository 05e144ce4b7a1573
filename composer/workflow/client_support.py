"""What mail clients know, measured against what every issue in this theme uses anyway."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from composer.check.measures import SupportMeasure
from composer.check.support.clients import read_client_data
from composer.check.support.detectors import used_features
from composer.check.support.facts import read_facts
from composer.compose.grammar import parse_issue, parse_story
from composer.errors import HebdoError
from composer.model.issue import Issue
from composer.model.newsletter import Labels, Newsletter
from composer.render.edition import render_edition
from composer.render.theme import Theme
from composer.workflow.previewing import furnish
from composer.workspace.folder import Workspace
from composer.workspace.shipped import read_client_file
from composer.workspace.themes import built_in_themes, load_theme, read_own_files

_FOLDER = "issues/ordinaire"
_ISSUE = "---\nnumber: 1\ndate: 2026-01-01\norder: [a, b, c]\n---\n# Un objet\n\nUne introduction.\n"
_STORIES = {
    "a": "---\nkind: lead\nauthor: Prénom Nom\n---\n# Un titre\n\nUn chapô.\n\n**Tête** – Un texte *penché*, ~~barré~~, [lié](https://example.org/).\\\nUn retour.\n\n"
    "## Un intertitre\n\n### Un autre\n\nUn texte.\n\n## Pour aller plus loin\n\n- [Un ancien sujet](https://example.org/)\n",
    "b": '---\nkind: sponsor\nadvertiser: "Nom"\n---\n# Une offre\n\nUn texte.\n\n- 📘 [Un appel](https://example.org/)\n- Un autre appel\n',
    "c": "# Un second titre\n\nUn chapô.\n\n- Un\n- Deux\n\n1. Un\n2. Deux\n\n> Une citation.\n\n| a | b |\n| --- | --- |\n| c | d |\n\n---\n\nUn texte.\n",
}


def measure_support(workspace: Workspace, *, today: date) -> SupportMeasure | None:
    """The data, and what is ordinary in the newsletter's theme; None where the theme does not compile: that is told elsewhere."""
    clients = read_client_data(read_client_file())
    try:
        theme = load_theme(workspace)
        ordinary = _ordinary(theme, _plain(workspace.newsletter))
        files = read_own_files(workspace, theme.name)
        if not files:
            return SupportMeasure(clients=clients, today=today, ordinary=ordinary)
        known = frozenset().union(*(_ordinary(one, _plain(workspace.newsletter)) for one in built_in_themes()))
    except HebdoError:
        return None
    return SupportMeasure(clients=clients, today=today, ordinary=ordinary, of_theme=ordinary - known, theme_files=files)


def _plain(newsletter: Newsletter) -> Newsletter:
    """The newsletter with everything printed that a footer can hold, whatever is filled in yet."""
    return replace(
        newsletter, site=replace(newsletter.site, public_url=newsletter.site.public_url or "https://example.org"), labels=Labels()
    )


@lru_cache(maxsize=8)
def _ordinary(theme: Theme, newsletter: Newsletter) -> frozenset[str]:
    """The features of an issue that has what issues have."""
    issue = _issue()
    edition = render_edition(issue, newsletter, theme, furniture=furnish(issue, newsletter), pictures={})
    return used_features(read_facts(edition.html)) | {"html-img", "image-jpg", "image-png"}


@lru_cache(maxsize=1)
def _issue() -> Issue:
    stories = [parse_story(text, id=name, path=f"{_FOLDER}/{name}.md", labels=Labels()) for name, text in _STORIES.items()]
    return parse_issue(_ISSUE, id="ordinaire", path=f"{_FOLDER}/issue.md", stories=stories, labels=Labels())
