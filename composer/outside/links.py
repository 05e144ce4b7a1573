"""Do the addresses of an issue answer? Asked politely, within bounds, and of public hosts only.

In: addresses. Out: an answer each. HEAD first, GET where HEAD is refused; one request at a time per host; five seconds each. Where nothing
outside this machine answers, the network is blocked and every address counts as not asked: a link is called dead on a server's word alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

from composer.check.measures import LinkAnswer
from composer.outside.fetching import NoAnswer, addresses_of, fetch
from composer.text.networks import is_public

WHOLE_TIME_S = 60.0
CONCURRENCY = 8
MOST_ADDRESSES = 300
MOST_REDIRECTS = 5
AGENT = "Mozilla/5.0 (compatible; Hebdo-link-check/0.1)"

_DEAD = frozenset({404, 410})
# Some servers do not answer HEAD as they answer GET, or not at all.
_ASK_AGAIN = frozenset({400, 401, 403, 404, 405, 406, 410, 429, 500, 501, 503, 999})
_UNCHECKED = LinkAnswer(state="unchecked")


def check_addresses(urls: Iterable[str], *, allow_private: bool = False) -> dict[str, LinkAnswer]:
    """What each http(s) address answered; others are left out.

    ``allow_private`` also asks loopback and private addresses (rehearsals only). Never raises for what the world does.
    """
    asked = [url for url in dict.fromkeys(urls) if url.lower().startswith(("http://", "https://"))][:MOST_ADDRESSES]
    until = time.monotonic() + WHOLE_TIME_S
    hosts: dict[str, list[str]] = {}
    for url in asked:
        hosts.setdefault(_host(url), []).append(url)
    answers: dict[str, LinkAnswer] = {}
    with ThreadPoolExecutor(max_workers=CONCURRENCY, thread_name_prefix="links") as pool:
        for found in pool.map(lambda same: _ask_host(same, until, allow_private=allow_private), hosts.values()):
            answers |= found
    private = {url for url in answers if _is_private(url)} if allow_private else set()
    # An answer from this machine does not say that the network is there.
    groups = ({url: answer for url, answer in answers.items() if (url in private) == near} for near in (True, False))
    return {url: answer for group in groups for url, answer in _without_blocked(group).items()}


def _is_private(url: str) -> bool:
    """Whether a host is this machine or stands in its own network."""
    try:
        parts = urlsplit(url)
        found = addresses_of(parts.hostname or "", parts.port or 0, allow_private=True)
    except (NoAnswer, ValueError):
        return False
    return any(not is_public(address) for _, address in found)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _ask_host(urls: Sequence[str], until: float, *, allow_private: bool) -> dict[str, LinkAnswer]:
    answers: dict[str, LinkAnswer] = {}
    silent = False
    for url in urls:
        # A host that did not answer once is not asked again: it would cost its time out for every link.
        if silent or time.monotonic() > until:
            answers[url] = LinkAnswer(state="unreachable") if silent else _UNCHECKED
            continue
        answers[url] = _ask(url, allow_private=allow_private)
        silent = answers[url].state == "unreachable" and not answers[url].status
    return answers


def _without_blocked(answers: Mapping[str, LinkAnswer]) -> dict[str, LinkAnswer]:
    if any(answer.status for answer in answers.values()):
        return dict(answers)
    return dict.fromkeys(answers, _UNCHECKED)


def _ask(url: str, *, allow_private: bool) -> LinkAnswer:
    try:
        status = _status(url, "HEAD", allow_private=allow_private)
        if status in _ASK_AGAIN:
            status = _status(url, "GET", allow_private=allow_private)
    except NoAnswer as nobody:
        # A private network is nobody's business.
        return _UNCHECKED if nobody.why == "private" else LinkAnswer(state="unreachable")
    if status in _DEAD:
        return LinkAnswer(state="dead", status=status)
    # 401, 403, 429 and 999 are said to robots; a reader may well get the page.
    return LinkAnswer(state="unreachable" if status >= 500 and status != 999 else "alive", status=status)


def _status(url: str, method: str, *, allow_private: bool) -> int:
    for _ in range(MOST_REDIRECTS + 1):
        answer = fetch(url, method, allow_private=allow_private, agent=AGENT)
        location = answer.headers.get("location", "")
        if answer.status not in {301, 302, 303, 307, 308} or not location:
            return answer.status
        url = urljoin(url, location)
        if not url.lower().startswith(("http://", "https://")):
            return answer.status
    return 508
