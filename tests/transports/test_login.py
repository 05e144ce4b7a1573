"""Logging in: what is sent, in which order, and what is told when it is refused."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from pathlib import Path

import pytest

from composer.model.mailing import Stage
from composer.model.newsletter import TransportSettings
from composer.transports import SmtpTransport

CHALLENGE = base64.b64encode(json.dumps({"status": "401", "schemes": "bearer", "scope": "https://mail.exemple/"}).encode()).decode()


def plain(text: str) -> str:
    return base64.b64decode(text).decode()


class Door:
    """Takes who shows what ``good`` holds; notes what was shown, and how."""

    def __init__(self, offer: str, *good: str, reads_along: bool = True, challenge: str = "", refusal: str = "535 5.7.8 no") -> None:
        self.offer = offer
        self.good = good
        self.reads_along = reads_along
        self.challenge = challenge
        self.refusal = refusal
        self.shown: list[str] = []
        self.lines: list[str] = []
        self.taken = 0
        self.until_refused = 10**6  # messages on one connection

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def ask(said: str) -> str:
            writer.write(f"{said}\r\n".encode())
            line = (await reader.readline()).decode().rstrip("\r\n")
            self.lines.append(line)
            return line

        said = "220 door"
        while True:
            line = await ask(said)
            verb, _, rest = line.partition(" ")
            if verb == "EHLO":
                said = f"250-door\r\n250 {self.offer}"
            elif verb == "AUTH":
                said = await self.judge(ask, *rest.split(" "))
            elif verb == "DATA":
                writer.write(b"354 go\r\n")
                await reader.readuntil(b"\r\n.\r\n")
                self.taken += 1
                said = "250 2.0.0 kept"
            elif verb == "QUIT" or not line:
                return
            else:
                said = "250 ok"

    async def judge(self, ask, way: str, shown: str = "") -> str:
        if way == "LOGIN":
            shown = base64.b64encode("\0".join(["", plain(await ask("334 dXNlcg==")), plain(await ask("334 cGFzcw=="))]).encode()).decode()
        elif not shown or not self.reads_along:
            shown = await ask("334 ")
        self.shown.append(plain(shown))
        if any(good in plain(shown) for good in self.good):
            return "235 2.7.0 welcome"
        if self.challenge:
            assert await ask(f"334 {self.challenge}") == ("AQ==" if way == "OAUTHBEARER" else "")
        return self.refusal


def settings(port: int, **more) -> TransportSettings:
    usual = {"kind": "smtp", "host": "127.0.0.1", "port": port, "timeout_s": 2.0, "username": "lettre@exemple.fr"}
    return TransportSettings(**{**usual, **more})


async def through(door: Door, smtp_server, message, *, times: int = 1, language="fr", **more):
    async with smtp_server(door) as port:
        transport = SmtpTransport(settings(port, **more), language=language)
        outcomes = [await transport.submit(message) for _ in range(times)]
        await transport.aclose()
    return outcomes


def printing(folder: Path, *tokens: str, code: int = 0, then: str = "") -> tuple[str, ...]:
    """A command that prints one token after the other, one a run, the last one for ever."""
    program = folder / "token.py"
    (folder / "runs").write_text("")
    program.write_text(
        "import os, sys, time, pathlib\n"
        f"runs = pathlib.Path({str(folder / 'runs')!r})\n"
        "runs.write_text(runs.read_text() + 'x')\n"
        f"tokens = {tokens!r}\n"
        "assert not [name for name in os.environ if name.startswith('HEBDO_')]\n"
        "print(tokens[min(len(runs.read_text()), len(tokens)) - 1])\n"
        f"{then}\nsys.exit({code})\n"
    )
    return (sys.executable, str(program))


def runs(folder: Path) -> int:
    return len((folder / "runs").read_text())


async def test_a_token_is_shown_as_xoauth2_wants_it(smtp_server, message):
    door = Door("AUTH PLAIN XOAUTH2 OAUTHBEARER", "Bearer good\x01")
    (outcome,) = await through(door, smtp_server, message, auth="xoauth2", token="good")
    assert outcome.stage is Stage.DONE
    assert door.shown == ["user=lettre@exemple.fr\x01auth=Bearer good\x01\x01"]


async def test_a_server_with_oauthbearer_alone_gets_that(smtp_server, message):
    door = Door("AUTH PLAIN OAUTHBEARER", "Bearer good\x01")
    (outcome,) = await through(door, smtp_server, message, auth="xoauth2", token="good", username="a=b,c@exemple.fr")
    assert outcome.stage is Stage.DONE
    assert door.shown[0].startswith("n,a=a=3Db=2Cc@exemple.fr,\x01host=127.0.0.1\x01port=")
    assert door.shown[0].endswith("\x01auth=Bearer good\x01\x01")


@pytest.mark.parametrize("way", ["XOAUTH2", "OAUTHBEARER"])
async def test_a_challenge_is_answered_and_its_words_are_told(smtp_server, message, way):
    door = Door(f"AUTH {way}", challenge=CHALLENGE)
    for language, known in (("fr", "jeton refusé"), ("en", "token refused")):
        (outcome,) = await through(door, smtp_server, message, auth="xoauth2", token="s3cret-token", language=language)
        assert (outcome.stage, outcome.code, outcome.enhanced) == (Stage.CONNECT, 535, "5.7.8")
        assert known in outcome.reply
        assert "status 401, scope https://mail.exemple/, schemes bearer" in outcome.reply
        assert "HEBDO_TRANSPORT__TOKEN" in outcome.reply


@pytest.mark.parametrize("auth", ["xoauth2", "password"])
async def test_what_is_too_long_for_a_line_with_auth_follows_on_its_own(smtp_server, message, auth):
    secret = "k" * 1500
    door = Door("AUTH PLAIN XOAUTH2", secret)
    (outcome,) = await through(door, smtp_server, message, auth=auth, **{"token" if auth == "xoauth2" else "password": secret})
    assert outcome.stage is Stage.DONE
    assert [line for line in door.lines if line.startswith("AUTH")] == ["AUTH XOAUTH2" if auth == "xoauth2" else "AUTH PLAIN"]


@pytest.mark.parametrize("auth", ["xoauth2", "password"])
async def test_a_server_that_does_not_look_at_what_comes_along_is_told_again(smtp_server, message, auth):
    door = Door("AUTH PLAIN XOAUTH2", "good", reads_along=False)
    (outcome,) = await through(door, smtp_server, message, auth=auth, token="good", password="good")
    assert outcome.stage is Stage.DONE


async def test_login_stands_in_where_plain_is_offered_and_unknown(smtp_server, message):
    door = Door("AUTH PLAIN LOGIN", "sésame")
    judge = door.judge

    async def no_plain(ask, way, shown=""):
        return "504 5.5.4 unknown" if way == "PLAIN" else await judge(ask, way, shown)

    door.judge = no_plain
    (outcome,) = await through(door, smtp_server, message, password="sésame")
    assert (outcome.stage, door.shown) == (Stage.DONE, ["\0lettre@exemple.fr\0sésame"])


async def test_the_old_way_of_offering_is_understood(smtp_server, message):
    (outcome,) = await through(Door("AUTH=LOGIN PLAIN", "sésame"), smtp_server, message, password="sésame")
    assert outcome.stage is Stage.DONE


async def test_a_command_gives_the_token_once_for_all_connections(smtp_server, message, tmp_path, monkeypatch):
    monkeypatch.setenv("HEBDO_TRANSPORT__PASSWORD", "none of its business")
    door = Door("AUTH XOAUTH2", "Bearer one\x01")
    more = {"auth": "xoauth2", "token_command": printing(tmp_path, "one", "two"), "messages_per_connection": 1}
    outcomes = await through(door, smtp_server, message, times=3, **more)
    assert [outcome.stage for outcome in outcomes] == [Stage.DONE] * 3
    assert (len(door.shown), runs(tmp_path)) == (3, 1)


async def test_a_token_that_expires_in_mid_mailing_is_fetched_anew_once_and_nothing_is_lost(smtp_server, message, tmp_path):
    door = Door("AUTH XOAUTH2", "Bearer one\x01", challenge=CHALLENGE)
    async with smtp_server(door) as port:
        more = {"auth": "xoauth2", "token_command": printing(tmp_path, "one", "two"), "messages_per_connection": 1}
        transport = SmtpTransport(settings(port, **more))
        assert (await transport.submit(message)).stage is Stage.DONE
        door.good = ("Bearer two\x01",)
        assert (await transport.submit(message)).stage is Stage.DONE
        assert runs(tmp_path) == 2
        door.good = ()
        refused = await transport.submit(message)
        again = await transport.submit(message)
        await transport.aclose()
    assert (refused.stage, refused.code) == (Stage.CONNECT, 535)
    assert "même fraîchement demandé" in refused.reply
    assert again.code == 535
    assert (door.taken, runs(tmp_path)) == (2, 5), "who comes after a hold has one fetched, and one more when it is refused"


async def test_many_connections_whose_token_is_refused_ask_once(smtp_server, message, tmp_path):
    door = Door("AUTH XOAUTH2", "Bearer two\x01", challenge=CHALLENGE)
    async with smtp_server(door) as port:
        transport = SmtpTransport(settings(port, auth="xoauth2", token_command=printing(tmp_path, "one", "two"), connections=6))
        outcomes = await asyncio.gather(*(transport.submit(message) for _ in range(6)))
        await transport.aclose()
    assert {outcome.stage for outcome in outcomes} == {Stage.DONE}
    assert runs(tmp_path) == 2


async def test_a_refusal_for_now_is_one_and_fetches_nothing(smtp_server, message, tmp_path):
    door = Door("AUTH XOAUTH2", refusal="454 4.7.0 later")
    (outcome,) = await through(door, smtp_server, message, auth="xoauth2", token_command=printing(tmp_path, "one"))
    assert (outcome.stage, outcome.code, outcome.reply) == (Stage.CONNECT, 454, "4.7.0 later")
    assert runs(tmp_path) == 1


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"tokens": ("s3cret",), "code": 3}, 0, "code 3"),
        ({"tokens": ("",)}, 0, "n’a pas écrit un jeton"),
        ({"tokens": ("two words",)}, 0, "n’a pas écrit un jeton"),
        ({"tokens": ("s3cret" * 5000,)}, 0, "n’a pas écrit un jeton"),
        ({"tokens": ("s3cret",), "then": "time.sleep(60)"}, 0, "n’a pas fini en"),
    ],
    ids=["fails", "says nothing", "says a sentence", "says too much", "hangs"],
)
async def test_a_command_that_fails_makes_the_mailing_wait_and_is_never_quoted(
    smtp_server, message, tmp_path, monkeypatch, given, code, words
):
    monkeypatch.setattr("composer.transports.tokens._LIMIT_S", 0.5 if "then" in given else 5.0)
    further = {name: value for name, value in given.items() if name != "tokens"}
    command = printing(tmp_path, *given["tokens"], **further)
    (outcome,) = await through(Door("AUTH XOAUTH2"), smtp_server, message, auth="xoauth2", token_command=command)
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, code)
    assert words in outcome.reply
    assert "s3cret" not in outcome.reply


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"token_command": ("/nowhere/token",)}, "/nowhere/token"),
        ({}, "HEBDO_TRANSPORT__TOKEN"),
        ({"token": "x", "username": ""}, "username"),
    ],
    ids=["no such program", "no token", "no user"],
)
async def test_what_only_a_person_can_mend_holds_the_mailing(smtp_server, message, more, words):
    (outcome,) = await through(Door("AUTH XOAUTH2"), smtp_server, message, auth="xoauth2", **more)
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 535)
    assert words in outcome.reply


async def test_a_server_that_takes_no_token_is_told(smtp_server, message):
    (outcome,) = await through(Door("AUTH PLAIN"), smtp_server, message, auth="xoauth2", token="x", language="en")
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 504)
    assert "XOAUTH2" in outcome.reply


async def test_no_token_travels_in_the_clear(message):
    transport = SmtpTransport(TransportSettings(kind="smtp", host="mail.invalid", auth="xoauth2", username="a", token="b"))
    outcome = await transport.submit(message)
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 538)
    assert "jeton" in outcome.reply


@pytest.mark.parametrize("told", ["{token}", "{b64}", "{line}"])
async def test_a_server_that_says_the_token_again_is_not_quoted(smtp_server, message, told):
    token = "s3cret-token"
    line = base64.b64encode(f"user=lettre@exemple.fr\x01auth=Bearer {token}\x01\x01".encode()).decode()
    said = told.format(token=token, b64=base64.b64encode(token.encode()).decode(), line=line)
    challenge = base64.b64encode(json.dumps({"status": said}).encode()).decode()
    door = Door("AUTH XOAUTH2", challenge=challenge, refusal=f"535 {said}")
    (outcome,) = await through(door, smtp_server, message, auth="xoauth2", token=token)
    assert outcome.code == 535
    assert said not in outcome.reply


@pytest.mark.parametrize(
    "challenge", ["####", base64.b64encode(b"\xff\xfe").decode(), base64.b64encode(b"[" * 5000).decode()[:1500], "bnVsbA=="]
)
async def test_a_challenge_that_is_none_is_a_refusal_all_the_same(smtp_server, message, challenge):
    (outcome,) = await through(Door("AUTH XOAUTH2", challenge=challenge), smtp_server, message, auth="xoauth2", token="x")
    assert (outcome.stage, outcome.code) == (Stage.CONNECT, 535)
