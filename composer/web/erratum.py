"""What stands above the web view of an issue that was corrected: since when, and of what; and the rectificatifs that followed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from zoneinfo import ZoneInfo

from composer.model.edition import Correction
from composer.model.newsletter import Typography
from composer.text.typography import typeset_text
from composer.web.published import Published
from composer.web.shell import Speech

# The mail's own styles know nothing of these lines, nor they of theirs.
_STYLE = (
    "<style>.hebdo-erratum{margin:0;padding:0 24px;color:#211d19;background:#f7f4ed;font:16px/24px Georgia,'Noto Serif',serif}"
    ".hebdo-erratum div{max-width:528px;margin:0 auto;padding:18px 0 12px;border-bottom:1px solid #857a69}"
    ".hebdo-erratum ul{margin:0;padding:0;list-style:none}.hebdo-erratum li{margin:0 0 6px}.hebdo-erratum b{color:#8a1c2c}"
    ".hebdo-erratum a{color:#5f574d;font-size:15px;text-underline-offset:3px;display:inline-block;padding:6px 0}"
    "@media (prefers-color-scheme:dark){.hebdo-erratum{color:#e8e2d7;background:#1b1917}.hebdo-erratum div{border-color:#8f8678}"
    ".hebdo-erratum b{color:#f0a59b}.hebdo-erratum a{color:#aba295}}</style>"
)


def with_corrections(html: str, corrections: Sequence[Correction], *, speech: Speech, style: Typography, sent_address: str) -> str:
    """``html`` with every correction on top of it, the newest first, and the way to what was sent."""
    lines = "".join(f"<li>{_line(one, speech, style)}</li>" for one in corrections)
    link = f'<a href="{escape(sent_address)}">{escape(speech.say("corrected-sent"))}</a>'
    return on_top(html, f'{_STYLE}<div class="hebdo-erratum" role="note"><div><ul>{lines}</ul>{link}</div></div>')


def with_followers(html: str, followers: Sequence[Published], *, speech: Speech, address: Callable[[str], str]) -> str:
    """``html`` with every rectificatif that left since on top of it, the newest first."""
    lines = "".join(
        f"<li><b>{escape(speech.say('followed-on', day=speech.long_day(one.day)))}</b> "
        f'<a href="{escape(address(one.id))}">{escape(one.subject)}</a></li>'
        for one in followers
    )
    return on_top(html, f'{_STYLE}<div class="hebdo-erratum" role="note"><div><ul>{lines}</ul></div></div>')


def with_way_back(html: str, *, speech: Speech, address: str) -> str:
    """What was sent, with the way to the corrected version on top."""
    words = escape(speech.say("sent-view"))
    link = f'<a href="{escape(address)}">{escape(speech.say("sent-corrected"))}</a>'
    return on_top(html, f'{_STYLE}<div class="hebdo-erratum" role="note"><div>{words} {link}</div></div>')


def on_top(html: str, block: str) -> str:
    """``html`` with ``block`` first in its body."""
    start = html.find("<body")
    end = html.find(">", start) + 1 if start >= 0 else 0
    return html[:end] + block + html[end:]


def _line(correction: Correction, speech: Speech, style: Typography) -> str:
    day = correction.corrected_at.astimezone(ZoneInfo(speech.time_zone)).date()
    said = f"<b>{escape(speech.say('corrected-on', day=speech.long_day(day)))}</b>"
    colon = "\u00a0: " if speech.language == "fr" else ": "
    return said + (f"{colon}{escape(typeset_text(correction.note, style))}" if correction.note else "")
