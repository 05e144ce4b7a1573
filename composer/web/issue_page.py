"""A mail as a page of the site: what makes sense only in a mailbox gives way, and the page leads to the others. The sealed edition stays as it is."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from composer.model.newsletter import Newsletter
from composer.web.legal import contact_of
from composer.web.shell import Speech

_STYLE = "<style>body{padding-top:24px}.hebdo-plate{color:inherit!important;text-decoration:none}.hebdo-way{color:inherit!important}</style></head>"
_PLATE = re.compile(r"(<h1\b[^>]*>)(.*?)(</h1>)", re.DOTALL)
_REMARK = re.compile(r'(<p class="rp"[^>]*>)(.*?)</p>', re.DOTALL)
_TAGLINE = '<p style="margin:0;padding:0 0 10px;font-size:16px;line-height:22px;text-align:center">{}</p>'


def as_page(html: str, newsletter: Newsletter, *, base: str, speech: Speech) -> str:
    """``html`` of a web view with its nameplate leading to the issues, the tagline, and an address to write to in place of «Répondez à ce message»."""
    home = escape(f"{base}/")
    tagline = _TAGLINE.format(escape(newsletter.tagline)) if newsletter.tagline else ""
    html = html.replace("</head>", _STYLE, 1)
    html = _PLATE.sub(lambda plate: f'{plate[1]}<a class="hebdo-plate" href="{home}">{plate[2]}</a>{plate[3]}{tagline}', html, count=1)
    ways = f'{_remark(newsletter, speech)}<a class="hebdo-way" href="{home}">{escape(speech.say("view-issues"))}</a>'
    return _REMARK.sub(lambda remark: f"{remark[1]}{ways}</p>", html)


def _remark(newsletter: Newsletter, speech: Speech) -> str:
    """«Une remarque ? Écrivez-nous.»; nothing where nobody can be written to."""
    contact = contact_of(newsletter)
    if not contact:
        return ""
    words, link = escape(speech.say("view-remark")), escape(speech.say("view-write"))
    if "@" not in contact:
        return f"{words}<br>{escape(contact)}<br>"
    return f'{words}<br><a class="hebdo-way" href="mailto:{escape(quote(contact, safe="@+"))}">{link}</a><br>'
