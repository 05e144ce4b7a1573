from __future__ import annotations

from dataclasses import replace

from composer.model.mailing import Stage
from composer.model.newsletter import TransportSettings
from composer.transports import FolderTransport, SmtpTransport, make_transport


async def test_a_message_becomes_one_file_that_a_mail_program_opens(tmp_path, message):
    outcome = await FolderTransport(tmp_path / "out").submit(message)
    (file,) = (tmp_path / "out").iterdir()
    assert (outcome.stage, outcome.code, outcome.reply) == (Stage.DONE, 250, file.name)
    assert file.name == "1@exemple.fr.eml"
    assert file.read_bytes() == b"Return-Path: <a@exemple.fr>\r\nDelivered-To: b@exemple.org\r\n" + message.content


async def test_the_same_message_twice_is_one_file(tmp_path, message):
    transport = FolderTransport(tmp_path)
    await transport.submit(message)
    await transport.submit(message)
    assert len(list(tmp_path.iterdir())) == 1


async def test_a_hostile_message_id_stays_inside_the_folder(tmp_path, message):
    await FolderTransport(tmp_path / "out").submit(replace(message, message_id="../../../etc/passwd@x"))
    assert [file.parent.name for file in tmp_path.rglob("*.eml")] == ["out"]


async def test_a_folder_that_cannot_be_written_blames_nobody(tmp_path, message):
    (tmp_path / "out").write_text("a file in the way")
    outcome = await FolderTransport(tmp_path / "out").submit(message)
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 0)
    assert outcome.reply


def test_the_settings_name_the_way_out(tmp_path):
    assert isinstance(make_transport(TransportSettings(), root=tmp_path), FolderTransport)
    assert isinstance(make_transport(TransportSettings(kind="smtp"), root=tmp_path), SmtpTransport)
