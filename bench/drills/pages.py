"""R6 and R7: readers' pages of ``hebdo serve`` while they are scanned, and while it sends as fast as it can."""

from __future__ import annotations

import email
import email.policy
import http.client
import re
import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from urllib.parse import urlsplit

from bench.drills.desk import Desk, account, none, until, watching
from bench.kit.engines import Engine, start_command
from bench.kit.letters import Letter, Plan, make_letter
from bench.kit.rows import Row, held, missing
from bench.kit.sinks import Port, free_port

SCANNED = 200  # readers whose links are followed
AT_ONCE = 8
UNSUBSCRIBERS = 4  # hands that press the button
PAUSE_S = 0.03
WIRE_S = 0.1  # so long a message may be on its way
BAR_MS = 100.0
FEW = 20  # clicks, fewer say nothing of a 95th percentile


def scanners(desk: Desk) -> list[Row]:
    """R6: machines follow every link of the mails, by GET and HEAD; nobody has left for that."""
    readers, requests = min(SCANNED, desk.settings.recipients), desk.settings.requests
    with served(desk, "r6", readers, keep=True) as (letter, _, web, _):
        assert until(lambda: letter.counts() == {"submitted": readers}, 60, every_s=0.3), letter.counts()
        before, links = letter.people(), _links(desk, web)
        assert links, "no link of our own was mailed"
        asked = list(islice(cycle([(method, link) for link in links for method in ("GET", "HEAD")]), requests))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            answers = list(pool.map(lambda one: _ask(web, *one), asked))
        after = letter.people()
    changed = sum(a != b for a, b in zip(before, after, strict=False)) + abs(len(before) - len(after))
    refused = sum(not 200 <= answer < 400 for answer in answers)
    note = f"{len(set(links))} links, {sum(200 <= answer < 300 for answer in answers)} answers of 2xx"
    return [
        none(f"R6, {requests:,} GET and HEAD on all mailed links: changes", changed, note=note),
        none("R6: requests that failed", refused),
    ]


def unsubscribing(desk: Desk) -> list[Row]:
    """R7: one-click unsubscribes while it sends flat out."""
    readers = desk.settings.recipients
    with served(desk, "r7", readers, keep=False) as (letter, port, web, engine):
        assert until(lambda: port.accepted > 0, 60), engine.words[-500:]
        with watching(letter) as watch:
            taken = _leave(letter, port, web, most_=min(400, readers // 5))
        ended = until(lambda: not set(letter.counts()) - {"submitted", "suppressed"}, 300, every_s=0.2)
        late = _written_to_after(port, taken)
        found = account(letter, port)
    times = [1000 * (end - start) for _, start, end in taken]
    return [
        _quickness(times),
        none(f"R7: messages that left more than {WIRE_S:g} s after their reader had left", late),
        none("R7: lost or twice", found.lost + found.duplicates + int(not ended)),
        watch.row("R7"),
    ]


def _quickness(times: list[float]) -> Row:
    name = "R7, unsubscribe under full sending, 95th percentile"
    if len(times) < FEW:
        return missing(name, f"the sending was over after {len(times)} clicks; more recipients are wanted", f"≤ {BAR_MS:g}")
    note = f"{len(times)} unsubscribes, median {statistics.median(times):.1f} ms"
    return held(name, [statistics.quantiles(times, n=20)[-1]], "ms", "≤", BAR_MS, digits=1, note=note)


@contextmanager
def served(desk: Desk, name: str, readers: int, *, keep: bool) -> Iterator[tuple[Letter, Port, int, Engine]]:
    port, web = desk.sink.open(), free_port()
    mails = desk.folder / f"{name}-mails"
    mails.mkdir()
    port.set(log=desk.folder / f"{name}.log", keep=mails if keep else None)
    plan = Plan(port=port.number, connections=desk.settings.connections, public_url=f"http://127.0.0.1:{web}", site="rehearsal = true")
    letter = make_letter(desk.folder / name, readers, plan)
    engine = start_command("serve", "--port", str(web), "--no-desk", cwd=letter.root, output=desk.folder / f"{name}-output")
    try:
        yield letter, port, web, engine
    finally:
        engine.end()
        shutil.rmtree(letter.root)
        shutil.rmtree(mails)


def _links(desk: Desk, web: int) -> list[str]:
    """Paths of our own pages in headers, HTML and text of the mails that were kept."""
    found: dict[str, None] = {}
    for path in sorted((desk.folder / "r6-mails").glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        parts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
        for words in (*parts, str(mail["List-Unsubscribe"]), str(mail["List-Archive"])):
            found |= dict.fromkeys(re.findall(rf"http://127\.0\.0\.1:{web}(/[^\s\"'<>]*)", words))
    return [urlsplit(link)._replace(fragment="").geturl() for link in found]


def _ask(web: int, method: str, path: str, body: str | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", web, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {"User-Agent": "LinkScanner/1.0"}
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def _leave(letter: Letter, port: Port, web: int, *, most_: int) -> list[tuple[str, float, float]]:
    """Readers leave by one click until the mailing is over: address, and the two moments of each."""
    with letter.open() as ledger:
        people = [(one.email, one.token) for one in ledger.subscribers.all()]
    step = max(1, len(people) // most_)
    chosen = iter(people[step - 1 :: step][::-1])  # from the end: those whose turn has not come
    taken: list[tuple[str, float, float]] = []
    lock, over = threading.Lock(), threading.Event()

    def hand() -> None:
        while not over.is_set():
            with lock:
                reader = next(chosen, None)
            if reader is None:
                return
            start = time.monotonic()
            status = _ask(web, "POST", f"/u/{reader[1]}", "List-Unsubscribe=One-Click")
            assert status == 200, status
            taken.append((reader[0], start, time.monotonic()))
            time.sleep(PAUSE_S)

    with ThreadPoolExecutor(UNSUBSCRIBERS) as pool:
        hands = [pool.submit(hand) for _ in range(UNSUBSCRIBERS)]
        until(lambda: all(one.done() for one in hands) or port.accepted >= letter.readers - len(taken), 120, every_s=0.1)
        over.set()
        for one in hands:
            one.result()
    return taken


def _written_to_after(port: Port, taken: list[tuple[str, float, float]]) -> int:
    """Messages whose envelope came after the unsubscribe was answered, and were not on their way by then.

    The mark in the ledger is the last gate: between it and the first byte lie a thread's turn and, on a busy machine, other processes'.
    """
    left = {reader: end + WIRE_S for reader, _, end in taken}
    return sum(one.recipient in left and one.asked_at > left[one.recipient] for one in port.messages())
