"""A sender whose domain has accents: names travel as name servers know them (RFC 5890), down to the bytes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from composer.model.newsletter import Site
from composer.model.notice import Notice
from composer.workflow.alerting import write_mail
from composer.workflow.serving import run_worker
from composer.workflow.signing import make_key
from composer.workspace import Workspace

from .conftest import MakeWorkspace, now, states, write_mailing

ACES = b"xn--t-9fab.exemple.fr"  # été.exemple.fr


@pytest.fixture
def accented(make_workspace: MakeWorkspace) -> Workspace:
    workspace = make_workspace(2)
    sender = replace(workspace.newsletter.sender, address="lettre@été.exemple.fr", reply_to="", dkim_sign=("h1",))
    workspace = replace(workspace, newsletter=replace(workspace.newsletter, sender=sender, site=Site()))
    make_key(workspace, selector="h1", kind="ed25519", now=now())
    return workspace


def test_a_mailing_leaves_in_ascii_to_the_last_byte(accented: Workspace) -> None:
    mailing_id = write_mailing(accented)
    run_worker(accented, until_idle=True)
    assert states(accented, mailing_id) == {"submitted": 2}
    for path in (accented.var_path / "outbox").glob("*.eml"):
        content = path.read_bytes()
        assert content.isascii()
        assert re.search(rb"^Message-ID: <[^@]+@" + re.escape(ACES) + rb">\r?$", content, re.MULTILINE)
        assert re.search(rb"\bd=" + re.escape(ACES) + rb";", content)
        assert re.search(rb"^From: .*<lettre@" + re.escape(ACES) + rb">\r?$", content, re.MULTILINE)
        assert b"mailto:lettre@" + ACES in content
        assert b"exemple.fr" not in content.replace(ACES, b"").replace(b"gazette.exemple.fr", b"")


def test_a_notice_to_the_desk_does_too(accented: Workspace) -> None:
    notice = Notice(id=0, kind="held", words="En attente.", created_at=now())
    message = write_mail(accented, [notice], to="desk@été.exemple.fr", now=now())
    assert (message.envelope_from, message.envelope_to) == (f"lettre@{ACES.decode()}", f"desk@{ACES.decode()}")
    assert message.content.isascii()
