"""500 messages of every sort, signed with RSA and with Ed25519, are verified by four programs that are not ours; a changed byte fails in each."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dkim
import pytest

from composer.message import compile_template, splice
from composer.message.dkim import make_signer
from composer.message.dkim_keys import make_signing_key
from composer.model.newsletter import Sender, Site
from composer.text.closing import close_html, close_text, field_values
from composer.text.merge import MergeField, field_token

HERE, PROJECT = Path(__file__).parent, Path(__file__).resolve().parents[2]
MODULES = PROJECT / "bench" / "scratch" / "node_modules"
PREFIX = "mfq7"
EDITIONS, READERS = 100, 5
RSA, EDWARDS = "rsa-sha256", "ed25519-sha256"
Verdicts = dict[Path, dict[str, str]]
WORDS = (
    "été", "l’hiver", "«\u00a0puces\u00a0»", "Bretagne", "12 %", "🧭", "👩‍🌾", "co=C3=BBte", "=?utf-8?q?x?=", "From", ".", "..", "  ", "a" * 120,
    "é" * 90, "https://exemple.fr/?q=" + "k" * 200, "=", "\t", "--", "--=_hebdo_", "\u2028", "œuvre", "Ω", "日本語の見出し", "e\u0301", "\u200b",
)  # fmt: skip


@dataclass(frozen=True)
class Post:
    """What was written for the verifiers."""

    keys: Path  # JSON: name of the record → its text
    good: tuple[Path, ...]
    bad: tuple[Path, ...]  # each with one change
    parts: dict[Path, tuple[str, str]]  # of the good ones: what their plain text and their HTML say


def field(name: str, fallback: str | None = None, *, in_url: bool = False) -> str:
    return field_token(PREFIX, MergeField(name=name, fallback=fallback, in_url=in_url))


FIELDS = (
    field("first_name", "lecteur"), field("name", "Ω"), field("email"), field("masked_email"), field("asked_on", "à votre demande"),
    field("unsubscribe_url"), field("web_url"), field("name", "x", in_url=True),
)  # fmt: skip


def some_text(chance: random.Random, length: int) -> str:
    words = [chance.choice(FIELDS) if chance.random() < 0.05 else chance.choice(WORDS) for _ in range(length)]
    return "".join(word + chance.choice((" ", " ", " ", "\n", "\n\n", "  \n", "")) for word in words)


def some_edition(edition, chance: random.Random, number: int):
    subject = " ".join(chance.choices([word for word in WORDS if word.isprintable() or "\u00a0" in word], k=chance.randint(1, 12)))
    length = 4000 if number == 0 else chance.randint(0, 120)
    return replace(
        edition,
        subject=subject.replace("\t", " ").replace("\u2028", " ") + (f" {field('first_name', 'lecteur')}" if number % 3 == 0 else ""),
        text=some_text(chance, length // 4),
        html=f"<p>{some_text(chance, length)}</p>",
        digest=f"{number:064x}",
    )


def some_newsletter(newsletter, number: int):
    sender = Sender(
        name=("Zoé à La Gazette", "Gazette", '"G", (la)', "")[number % 4], address="lettre@exemple.fr", reply_to="redaction@exemple.fr"
    )
    return replace(newsletter, sender=sender, site=Site() if number % 7 == 3 else newsletter.site)


def some_reader(recipient, chance: random.Random, number: int):
    name = " ".join(
        chance.choices(("Claire", "Énard", "Zoé", "de", "O’Neill", "👩‍🌾", "DUPONT", 'a"b', "x" * 70, "=?x?="), k=chance.randint(0, 4))
    )
    return replace(
        recipient,
        delivery_id=number + 1,
        name=name,
        email=f"lectrice{number}+é@exemple.org" if number % 50 == 9 else f"lectrice{number}@exemple.org",
        token="".join(chance.choices("abcXYZ019-_", k=43)),
        message_id=f"{number}.{chance.getrandbits(64):x}@exemple.fr",
        consented_on=date(2026, 1, 1) + timedelta(days=number % 300) if number % 2 else None,
    )


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "body": lambda content: content[:-40] + bytes([content[-40] ^ 1]) + content[-39:],
    "end": lambda content: content + b"P.S.\r\n",
    "subject": lambda content: content.replace(b"\r\nSubject: ", b"\r\nSubject: x", 1),
    "leave": lambda content: content.replace(b"\r\nList-Unsubscribe: <", b"\r\nList-Unsubscribe: <x", 1),
    "feedback": lambda content: content.replace(b"\r\nFeedback-ID: ", b"\r\nFeedback-ID: x", 1),
    "second from": lambda content: content.replace(b"\r\nFrom: ", b"\r\nFrom: evil@exemple.fr\r\nFrom: ", 1),
    "second subject": lambda content: content.replace(b"\r\nTo: ", b"\r\nSubject: evil\r\nTo: ", 1),
    "header that was not there": lambda content: content.replace(b"\r\nTo: ", b"\r\nAuto-Submitted: no\r\nTo: ", 1),
    "moment": lambda content: content.replace(b" t=1768", b" t=1767"),
    "other key": lambda content: content.replace(b" s=r1;", b" s=r2;").replace(b" s=e1;", b" s=e2;"),
}


@pytest.fixture(scope="module")
def post(tmp_path_factory, edition, newsletter, recipient) -> Post:
    folder, chance = tmp_path_factory.mktemp("post"), random.Random(2026)
    made = {name: make_signing_key("rsa" if name[0] == "r" else "ed25519", name)[0] for name in ("r1", "e1", "r2", "e2")}
    signer = make_signer([made["r1"], made["e1"]], "exemple.fr")
    keys = folder / "keys.json"
    records = [key.record("exemple.fr") for key in made.values()]
    keys.write_text(json.dumps({one.name.rstrip("."): one.value for one in records}))
    at, parts = datetime(2026, 1, 15, 6, 0, tzinfo=UTC), {}  # verifiers refuse what is signed tomorrow
    for number in range(EDITIONS):
        letter, shown = some_newsletter(newsletter, number), some_edition(edition, chance, number)
        template = compile_template(shown, letter, mail_key=b"k", signer=signer)
        for turn in range(number * READERS, (number + 1) * READERS):
            reader, path = some_reader(recipient, chance, turn), folder / f"{number:03d}-{turn % READERS}.eml"
            path.write_bytes(splice(template, reader, date=at + timedelta(seconds=turn)).content)
            values = field_values(reader, letter, issue_id=shown.issue_id, lang=shown.lang)
            parts[path] = close_text(shown.text, PREFIX, values), close_html(shown.html, PREFIX, values)
    bad = [write_changed(path, name, change) for path in list(parts)[5:45:10] for name, change in CHANGES.items()]
    return Post(keys=keys, good=tuple(parts), bad=tuple(bad), parts=parts)


def write_changed(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    content = path.read_bytes()
    changed = change(content)
    assert changed != content, name
    there = path.with_name(f"bad-{path.stem}-{name.replace(' ', '-')}.eml")
    there.write_bytes(changed)
    return there


def ran(*command: str | Path, files: tuple[Path, ...]) -> Verdicts:
    ended = subprocess.run([*command, *files], capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr[-500:]
    verdicts: Verdicts = {path: {} for path in files}
    for line in ended.stdout.splitlines():
        path, algorithm, verdict = line.split()
        verdicts[Path(path)][algorithm] = verdict
    return verdicts


def judged(verdicts: Verdicts, post: Post, algorithms: set[str]) -> None:
    """Every good message passes under each of ``algorithms``; no changed one passes under any."""
    assert len(post.good) == EDITIONS * READERS
    assert [path.name for path in post.good if {verdicts[path].get(one) for one in algorithms} != {"pass"}] == []
    assert all(set(verdicts[path]) == {RSA, EDWARDS} for path in post.good), "both signatures are seen"
    assert [path.name for path in post.bad if "pass" in verdicts[path].values()] == []
    assert len(post.bad) == 4 * len(CHANGES)


def test_dkimpy_agrees(post):
    zone = json.loads(post.keys.read_text())

    def verdict(content: bytes, place: int) -> tuple[str, str]:
        verifier = dkim.DKIM(content)
        try:
            good = verifier.verify(idx=place, dnsfunc=lambda name, **_: zone[name.decode().rstrip(".")].encode())
        except dkim.ValidationError:
            good = False
        return verifier.signature_fields[b"a"].decode(), "pass" if good else "fail"

    verdicts = {path: dict(verdict(path.read_bytes(), place) for place in (0, 1)) for path in (*post.good, *post.bad)}
    judged(verdicts, post, {RSA, EDWARDS})


def test_opendkim_agrees(post):
    script = HERE / "verifiers" / "opendkim.py"
    try:
        asked = subprocess.run([sys.executable, script, post.keys, "--ed25519"], capture_output=True, text=True, timeout=30, check=True)
    except subprocess.CalledProcessError:
        pytest.skip("libopendkim is not on this machine: run tests/needs.sh as root")
    knows = asked.stdout.strip() == "yes"
    verdicts = ran(sys.executable, script, post.keys, files=(*post.good, *post.bad))
    judged(verdicts, post, {RSA, EDWARDS} if knows else {RSA})


def test_mail_dkim_agrees(post):
    perl = shutil.which("perl")
    if not perl or subprocess.run([perl, "-MMail::DKIM", "-MNet::DNS", "-e1"], capture_output=True, check=False).returncode:
        pytest.skip("Mail::DKIM is not on this machine: run tests/needs.sh as root")
    knows = subprocess.run([perl, "-MMail::DKIM::Algorithm::ed25519_sha256", "-e1"], capture_output=True, check=False).returncode == 0
    verdicts = ran(perl, HERE / "verifiers" / "mail_dkim.pl", post.keys, files=(*post.good, *post.bad))
    judged(verdicts, post, {RSA, EDWARDS} if knows else {RSA})


def test_mailauth_agrees(post):
    node = shutil.which("node")
    if not node or not (MODULES / "mailauth").is_dir():
        pytest.skip("mailauth is not on this machine: run tests/needs.sh")
    verdicts = ran(node, HERE / "verifiers" / "mailauth.mjs", MODULES, post.keys, files=(*post.good, *post.bad))
    judged(verdicts, post, {RSA, EDWARDS})


def test_reformime_reads_them_as_they_were_written(post):
    reformime = shutil.which("reformime")
    if not reformime:
        pytest.skip("reformime is not on this machine: run tests/needs.sh as root")

    def read(content: bytes, *options: str) -> str:
        ended = subprocess.run([reformime, *options], input=content, capture_output=True, timeout=30, check=False)
        return (ended.stdout + ended.stderr).decode()

    for path in post.good[::10]:
        content = path.read_bytes()
        assert read(content, "-V") == ""
        whole = tuple(read(content, "-e", "-s", part).replace("\r\n", "\n") for part in ("1.1", "1.2"))
        assert whole == post.parts[path]
    broken = (
        post.good[0].read_bytes().replace(b"\r\nContent-Type: text/plain", b'\r\nContent-Type: multipart/mixed; boundary="=_"\r\nX: ', 1)
    )
    assert "ERROR" in read(broken, "-V"), "or it would see nothing"
