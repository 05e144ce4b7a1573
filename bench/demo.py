"""The whole job on the sample newsletter, without an account anywhere: a seed becomes an issue, a preview and a delivered mailing.

Everything happens in a temporary folder with a mail server of its own; the clone stays clean. ``DEMO_EXIT=1`` ends it by itself.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiosmtpd.controller import Controller

from composer.cli.language import LANGUAGE, say

PROJECT = Path(__file__).resolve().parents[1]
FINISHED = PROJECT / "issues" / "2026-11-26-moulin"  # the same issue, edited to the end: its addresses and pictures are taken from here
PATIENCE_S = 120.0
READERS = ("Amélie Fournier", "Baptiste Lenoir", "Chloé N’Guessan", "Djamel Haddad", "Élodie Vasseur", "François L’Hostis",
           "Gaëlle Piñeiro", "Hugo Ménard", "Inès Öztürk", "Joël Kerbrat", "Kim Tran", "Léa Dubois-Marchand")  # fmt: skip


class Inbox:
    """What the mail server on this machine was handed; each message also lies in ``folder`` as .eml."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mails: list[tuple[str, bytes]] = []
        folder.mkdir()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        content = bytes(envelope.original_content or envelope.content)
        self.mails.append((envelope.rcpt_tos[0], content))
        (self.folder / f"{len(self.mails):02d}-{envelope.rcpt_tos[0]}.eml").write_bytes(content)
        return "250 2.0.0 kept"

    def parsed(self) -> list[EmailMessage]:
        return [email.message_from_bytes(content, policy=email.policy.default) for _, content in self.mails]


class Demo:
    """The steps, in the order an editor takes them."""

    def __init__(self, folder: Path, inbox: Inbox, smtp_port: int) -> None:
        self.folder = folder
        self.inbox = inbox
        self.issue_id = ""
        self.readers_port, self.preview_port = free_ports(2)
        self.public_url = f"http://127.0.0.1:{self.readers_port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HEBDO_")},
            "HEBDO_LANG": LANGUAGE,
            "HEBDO_SITE__PUBLIC_URL": self.public_url,
            "HEBDO_SITE__REHEARSAL": "true",
            "HEBDO_TRANSPORT__KIND": "smtp",
            "HEBDO_TRANSPORT__HOST": "127.0.0.1",
            "HEBDO_TRANSPORT__PORT": str(smtp_port),
        }

    def hebdo(self, *arguments: str, quiet: bool = False) -> str:
        """Runs one command as an editor would, shown as it is typed."""
        if not quiet:
            print(f"\n$ hebdo {' '.join(quoted(one) for one in arguments)}", flush=True)
        ended = subprocess.run(
            [sys.executable, "-m", "composer", *arguments],
            cwd=self.folder,
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
        )
        if not quiet or ended.returncode:
            print(indented(ended.stdout if "--json" not in arguments else ""), indented(ended.stderr), sep="", end="", flush=True)
        if ended.returncode:
            raise SystemExit(say(f"La démonstration s’arrête : code {ended.returncode}.", f"The demo ends here: code {ended.returncode}."))
        return ended.stdout

    def answer(self, *arguments: str, quiet: bool = True) -> Any:
        return json.loads(self.hebdo(*arguments, "--json", quiet=quiet))["data"]

    def compose(self) -> str:
        step(say("Un texte collé devient un numéro", "A pasted text becomes an issue"))
        seed = "seeds/001-trente-boulangers.txt"
        self.hebdo("import", seed, "--dry-run")
        self.issue_id = str(self.answer("import", seed, quiet=False)["id"])
        issue = say("dernier", "latest")
        self.give_addresses(issue)
        self.give_pictures()
        self.hebdo("show", issue)
        return issue

    def give_addresses(self, issue: str) -> None:
        """What the editor types into ``hebdo links --edit``: here the addresses of the finished issue, matched by their words."""
        known = {}
        for path in FINISHED.glob("*.md"):
            for words, url in re.findall(r"\[([^\]]+)\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
                known[letters(words)] = url
        rows = self.answer("links", issue)
        table = self.folder / "links.json"
        table.write_text(json.dumps([{**row, "url": row["url"] or known.get(letters(row["words"]), "")} for row in rows]), encoding="utf-8")
        self.hebdo("links", issue, "--set", table.name)

    def give_pictures(self) -> None:
        """What the editor types into the files: pictures, credits, and who pays; here the front matter of the finished issue."""
        target = self.folder / "issues" / self.issue_id
        shutil.copytree(FINISHED / "images", target / "images", dirs_exist_ok=True)
        finished = [path.read_text(encoding="utf-8") for path in FINISHED.glob("*.md")]
        fronts = {letters(headline_of(text)): text.split("---\n")[1] for text in finished}
        for path in target.glob("*.md"):
            text = path.read_text(encoding="utf-8")
            front = fronts.get(letters(headline_of(text)))
            if front and path.name != "issue.md":
                path.write_text(f"---\n{front}---\n{text.split('---', 2)[2].lstrip()}", encoding="utf-8")
        # The credits now stand with their pictures.
        cover = target / "issue.md"
        cover.write_text(
            re.sub(r"^credits:.*\n(?:(?: |- ).*\n)*", "", cover.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8"
        )

    def read_over(self, issue: str) -> None:
        step(say("Relire : contrôles, maquette, épreuve", "Read over: checks, edition, proof"))
        self.hebdo("check", issue, "--offline")
        self.hebdo("render", issue, "-o", "numero.html")
        self.hebdo("proof", issue, "--to", "redaction@demi-sel.example.org")

    def subscribe(self) -> None:
        rows = [f"{address_of(name)},{name}" for name in READERS]
        (self.folder / "abonnes.csv").write_text("email,name\n" + "\n".join(rows) + "\n", encoding="utf-8")
        self.hebdo(
            "subscribers",
            "import",
            "abonnes.csv",
            "--consent",
            say("abonnés d’exemple de la démonstration", "sample subscribers of the demo"),
        )

    def send(self, issue: str) -> None:
        zone = ZoneInfo("Europe/Paris")
        due = datetime.now(zone) + timedelta(seconds=10)
        self.hebdo("schedule", issue, "--at", due.strftime("%Y-%m-%d %H:%M:%S"), "--expect", str(len(READERS)), "--yes")
        self.hebdo("status")
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            mailing = self.answer("status", issue)["mailing"]
            if mailing["state"] in {"finished", "held", "stopped", "paused"}:
                break
            time.sleep(0.5)
        self.hebdo("status", issue)
        if mailing["state"] != "finished" or mailing["counts"]["submitted"] != len(READERS):
            raise SystemExit(say("L’envoi n’est pas terminé.", "The mailing is not finished."))

    def read_back(self) -> None:
        step(say("Ce que les abonnés ont dans leur boîte, relu", "What is in the subscribers’ boxes, parsed back"))
        proofs, mails = split(self.inbox.parsed())
        assert len(proofs) == 1, "one proof"
        assert sorted(mail["To"].addresses[0].addr_spec for mail in mails) == sorted(address_of(name) for name in READERS)
        for mail in mails:
            html, text = part(mail, "html"), part(mail, "plain")
            for words in ("Farinelle", "Maison Givrel", "PARTENAIRE"):
                assert words in html, words
                assert words in text, words
            assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        first = mails[0]
        html = part(first, "html")
        pictures = sorted(set(re.findall(r'src="([^"]+/i/[0-9a-f]+\.\w+)"', html)))
        for picture in pictures:
            with urllib.request.urlopen(picture, timeout=10) as answer:
                assert answer.headers["Content-Type"].startswith("image/"), picture
        print(f"  {say('Objet', 'Subject'):<18}{first['Subject']}")
        print(f"  {say('De', 'From'):<18}{first['From']}")
        print(f"  {say('À', 'To'):<18}{first['To']}")
        print(f"  List-Unsubscribe  {str(first['List-Unsubscribe'])[:100]}")
        print(f"  {say('Texte', 'Text'):<18}{len(part(first, 'plain').split())} {say('mots', 'words')}")
        size = f"{len(html.encode()) / 1024:.1f}"
        print(
            f"  {say('HTML', 'HTML'):<18}{say(size.replace('.', ','), size)} {say('Ko', 'kB')}, {len(pictures)} {say('images servies', 'pictures served')}"
        )
        print(f"  {say('Messages', 'Messages'):<18}{len(mails)} + {len(proofs)} {say('épreuve', 'proof')}")

    def leave(self) -> None:
        """A reader leaves: looking changes nothing, the mail program's one click does."""
        mail = split(self.inbox.parsed())[1][0]
        url = re.search(r"<(https?://[^>]+)>", str(mail["List-Unsubscribe"]))
        assert url
        with urllib.request.urlopen(url[1], timeout=10) as page:
            assert page.status == 200
        before = self.answer("subscribers", "list")
        request = urllib.request.Request(url[1], data=b"List-Unsubscribe=One-Click", method="POST")
        with urllib.request.urlopen(request, timeout=10) as page:
            assert page.status == 200
        after = self.answer("subscribers", "list")
        print(say(f"  {mail['To']} se désinscrit d’un clic : {active(before)} abonnés, puis {active(after)}.",
                  f"  {mail['To']} leaves with one click: {active(before)} subscribers, then {active(after)}."))  # fmt: skip
        assert active(after) == active(before) - 1


def active(people: Any) -> int:
    return sum(one["status"] == "active" for one in people)


def split(mails: list[EmailMessage]) -> tuple[list[EmailMessage], list[EmailMessage]]:
    """Proofs, and what went to subscribers."""
    proofs = [mail for mail in mails if re.match(r"\[(?:Épreuve|Proof)", str(mail["Subject"]))]
    return proofs, [mail for mail in mails if mail not in proofs]


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body(preferencelist=(kind,))
    assert body is not None, f"no {kind} part"
    return str(body.get_content())


def address_of(name: str) -> str:
    plain = name.lower().translate(str.maketrans("éèëïñöüîç’ ", "eeeinouic-."))
    return f"{plain}@lecteurs.example.org"


def headline_of(text: str) -> str:
    found = re.search(r"^# (.+)$", text, flags=re.MULTILINE)
    return found[1] if found else ""


def letters(words: str) -> str:
    """Words without what typography may change."""
    return re.sub(r"[\W_]+", "", words).lower()


def quoted(argument: str) -> str:
    return f'"{argument}"' if re.search(r"[\s|&;]", argument) else argument


def indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def step(words: str) -> None:
    print(f"\n── {words} " + "─" * max(4, 76 - len(words)), flush=True)


def free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


@contextlib.contextmanager
def running(demo: Demo, *arguments: str) -> Iterator[str]:
    """A command that stays up until the block ends; gives its address. Its words go to a log in the demo's folder."""
    print(f"\n$ hebdo {' '.join(arguments)} &", flush=True)
    log = demo.folder / f"{arguments[0]}.log"
    with log.open("wb") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "composer", *arguments], cwd=demo.folder, env=demo.environment, stdout=words, stderr=words
        )
        try:
            yield wait_for_address(process, log)
        finally:
            process.terminate()
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for_address(process: subprocess.Popen[bytes], log: Path) -> str:
    """What the command says when all of it runs."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("http"):
                return line
        time.sleep(0.1)
    raise SystemExit(f"{log.name}:\n{log.read_text(encoding='utf-8', errors='replace')}")


def copy_workspace(folder: Path) -> None:
    shutil.copy(PROJECT / "newsletter.toml", folder)
    shutil.copytree(PROJECT / "seeds", folder / "seeds")
    (folder / "issues").mkdir()


def main() -> None:
    started = time.monotonic()
    root = Path(tempfile.mkdtemp(prefix="hebdo-demo-"))
    folder = root / "demi-sel"
    folder.mkdir()
    copy_workspace(folder)
    inbox = Inbox(root / "inbox")
    controller = Controller(inbox, hostname="127.0.0.1", port=free_ports(1)[0])
    controller.start()
    try:
        demo = Demo(folder, inbox, controller.port)
        print(say(f"Hebdo, la démonstration, dans {folder}", f"Hebdo, the demo, in {folder}"))
        issue = demo.compose()
        demo.read_over(issue)
        step(say("Programmer, servir, remettre", "Schedule, serve, deliver"))
        demo.subscribe()
        with running(demo, "serve", "--port", str(demo.readers_port)):
            demo.send(issue)
            demo.read_back()
            demo.leave()
            stay(demo, issue, started)
    finally:
        controller.stop()
        if os.environ.get("DEMO_EXIT"):
            shutil.rmtree(root, ignore_errors=True)


def stay(demo: Demo, issue: str, started: float) -> None:
    with running(demo, "preview", issue, "--port", str(demo.preview_port), "--no-open") as address:
        step(say("Tout est en place", "All is in place"))
        print(f"  {say('Aperçu', 'Preview'):<20}{address}")
        print(f"  {say('Lire en ligne', 'Web view'):<20}{demo.public_url}/n/{demo.issue_id}")
        print(f"  {say('Boîte de réception', 'Inbox'):<20}{demo.inbox.folder}")
        print(f"  {say('Dossier', 'Folder'):<20}{demo.folder}")
        if os.environ.get("DEMO_EXIT"):
            print(
                say(
                    "  Tout cela s’en va avec la démonstration ; `make demo` seul le laisse ouvert.",
                    "  All of it goes with the demo; `make demo` alone leaves it open.",
                )
            )
        print(say(f"  En {time.monotonic() - started:.0f} secondes.", f"  In {time.monotonic() - started:.0f} seconds."))
        if os.environ.get("DEMO_EXIT"):
            return
        print(say("\n  Ctrl+C pour finir.", "\n  Ctrl+C to end."), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)


if __name__ == "__main__":
    main()
