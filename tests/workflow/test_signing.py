"""What the engine sends is signed; a key that fails holds the mailing, and nothing leaves unsigned."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import timedelta

import dkim
import pytest

from composer.errors import ConfigurationError
from composer.ledger import open_ledger
from composer.model.mailing import MailingState
from composer.workflow.alerting import write_mail
from composer.workflow.engine_room import EngineRoom
from composer.workflow.serving import run_worker
from composer.workflow.signing import make_key, require_signer, show_keys, signer_of
from composer.workspace import Workspace
from composer.workspace.dkim_files import key_path

from .conftest import MakeWorkspace, now, state, states, write_mailing


@pytest.fixture
def signing(make_workspace: MakeWorkspace) -> Workspace:
    workspace = make_workspace(3)
    newsletter = workspace.newsletter
    make_key(workspace, selector="h1", kind="rsa", now=now())
    make_key(workspace, selector="h2", kind="ed25519", now=now())
    return replace(workspace, newsletter=replace(newsletter, sender=replace(newsletter.sender, dkim_sign=("h1", "h2"))))


def test_every_message_of_a_mailing_is_signed_with_every_key(signing: Workspace) -> None:
    mailing_id = write_mailing(signing)
    run_worker(signing, until_idle=True)
    assert states(signing, mailing_id) == {"submitted": 3}
    zone = {one.record.name: one.record.value for one in show_keys(signing) if one.record}
    letters = [path.read_bytes() for path in (signing.var_path / "outbox").glob("*.eml")]
    assert len(letters) == 3
    for content in letters:
        for place in (0, 1):
            assert dkim.DKIM(content).verify(idx=place, dnsfunc=lambda name, **_: zone[name.decode()].encode())


def test_a_key_that_is_missing_is_told_when_the_engine_starts(signing: Workspace) -> None:
    key_path(signing, "h2").unlink()
    with open_ledger(signing.ledger_path) as ledger, pytest.raises(ConfigurationError) as told, EngineRoom(signing, ledger):
        pass
    assert told.value.where == "var/dkim/h2.pem"


def test_a_key_that_goes_missing_afterwards_holds_the_mailing_and_nothing_leaves_unsigned(signing: Workspace) -> None:
    mailing_id = write_mailing(signing, due_at=now() + timedelta(seconds=1))
    with open_ledger(signing.ledger_path) as ledger, EngineRoom(signing, ledger):
        key_path(signing, "h2").unlink()
        until = now() + timedelta(seconds=30)
        while state(signing, mailing_id) is not MailingState.HELD:
            assert now() < until
    assert not list((signing.var_path / "outbox").glob("*.eml"))
    with open_ledger(signing.ledger_path) as ledger:
        mailing = ledger.mailings.get(mailing_id)
        assert mailing is not None
        assert "var/dkim/h2.pem" in mailing.reason
        notices = ledger.notices.of_mailing(mailing_id)
    assert b"DKIM-Signature" not in write_mail(signing, notices, to="desk@exemple.fr", now=now()).content, "of that, too, the desk is told"


def test_a_weak_key_signs_and_is_told(signing: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    subprocess.run(["openssl", "genrsa", "-out", key_path(signing, "h1"), "1024"], check=True, capture_output=True)
    key_path(signing, "h1").chmod(0o600)
    require_signer(signing)
    assert "1024 bits" in caplog.text
    assert "PRIVATE" not in caplog.text
    signer = signer_of(signing)
    assert signer is not None
    assert [key.bits for key in signer.keys] == [1024, 256]
