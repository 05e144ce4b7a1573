from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from composer.ledger import Ledger, open_ledger
from composer.ledger.subscribers import NewSubscriber
from composer.web.preview import PreviewServer, preview_app
from composer.workflow.ports import listen
from composer.workspace import Workspace, open_workspace

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEY = "une-cle-pour-les-essais"
ISSUE = "2026-11-26-phare"

NEWSLETTER = """\
[newsletter]
name = "Marée basse"
list_id = "lettre.maree.example"
locale = "fr-FR"
time_zone = "Europe/Paris"

[sender]
name = "Marée basse"
address = "lettre@maree.example"
reply_to = "redaction@maree.example"

[site]
public_url = "https://maree.example"

[publisher]
name = "Éditions du Môle"
address = "1, quai des Brumes, 29000 Port-Aubin"
director = "Inès Kervella"
host = "Hébergeur Fictif, Paris"
contact = "redaction@maree.example"
"""

ISSUE_MD = """\
---
number: 87
date: 2026-11-26
order: [une, partenaire, huitres]
---
# La dernière criée à voix haute
"""

UNE = """\
---
kind: lead
---
# Port-Aubin vend ses poissons sur écran

Pendant quarante-sept ans, on y a vendu le bar et la sole au cri.

**Cinq heures dix** – Le carreau est mouillé, les caisses sont rangées par taille, et [douze ports voisins]() attendent.

## Pour aller plus loin

- [Qui achète encore le poisson du matin](https://maree.example/81)
"""

PARTENAIRE = """\
---
kind: sponsor
advertiser: "Voilerie Sabran"
---
# Cirés neufs, vieux modèles

Depuis 1931, nos vareuses sont cousues à trente pas du quai.

- ⛵ [Voir l’atelier](https://sabran.example/atelier)
"""

HUITRES = """\
# Huîtres, une saison sans étoile

Les parcs ont rouvert mardi après trois semaines de fermeture.
"""


@pytest.fixture
def empty(tmp_path: Path) -> Workspace:
    (tmp_path / "newsletter.toml").write_text(NEWSLETTER, "utf-8")
    return open_workspace(tmp_path)


@pytest.fixture
def workspace(empty: Workspace) -> Workspace:
    folder = empty.issues_path / ISSUE
    folder.mkdir(parents=True)
    for name, text in {"issue": ISSUE_MD, "une": UNE, "partenaire": PARTENAIRE, "huitres": HUITRES}.items():
        (folder / f"{name}.md").write_text(text, "utf-8")
    return empty


@pytest.fixture
def ledger(empty: Workspace) -> Iterator[Ledger]:
    with open_ledger(empty.ledger_path, now=NOON) as opened:
        person = NewSubscriber(email="claire.dupont@lecteurs.example", email_key="claire.dupont@lecteurs.example", name="Claire Dupont")
        opened.subscribers.add_all([person], now=NOON)
        yield opened


@contextmanager
def served(app: ASGIApp, server: uvicorn.Server | None = None) -> Iterator[str]:
    """A real server on a free port; its address."""
    server = server or uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=2))
    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()


@pytest.fixture
def preview(workspace: Workspace, ledger: Ledger) -> Iterator[str]:
    app = preview_app(workspace, ledger, key=KEY, language="fr", clock=lambda: NOON)
    with served(app, PreviewServer(app)) as address:
        yield address


@pytest.fixture
def empty_preview(empty: Workspace) -> Iterator[str]:
    app = preview_app(empty, key=KEY, language="fr", clock=lambda: NOON)
    with served(app, PreviewServer(app)) as address:
        yield address


@pytest.fixture
def enter() -> Iterator[Callable[[str], httpx.Client]]:
    """Opens a preview as its editor's browser does: the key once, then the cookie, and Origin with what writes."""
    clients: list[httpx.Client] = []

    def open_client(address: str) -> httpx.Client:
        client = httpx.Client(base_url=address, headers={"origin": address}, timeout=20)
        clients.append(client)
        assert client.get("/", params={"jeton": KEY}).status_code == 303
        return client

    yield open_client
    for client in clients:
        client.close()
