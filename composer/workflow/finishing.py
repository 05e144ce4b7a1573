"""An edition closed for one reader, as ``hebdo render`` gives it: HTML, text, or a whole message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from composer.ledger import Ledger
from composer.message import build_message
from composer.model.edition import Edition
from composer.model.mailing import Recipient
from composer.model.newsletter import Newsletter
from composer.text.closing import close_html, close_text, field_values
from composer.workflow.previewing import render_issue
from composer.workflow.readers import typical_reader
from composer.workspace import Workspace, load_issue

Form = Literal["html", "text", "eml"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What one reader gets."""

    issue_id: str
    digest: str
    content: bytes  # UTF-8; CRLF for a message


def render_finished(
    workspace: Workspace, ref: str, *, form: Form, reader: Recipient | None = None, ledger: Ledger | None = None, now: datetime
) -> Finished:
    """The issue that ``ref`` means, closed for ``reader``, else for one as most of ``ledger`` are; the same bytes for the same files.

    Links to leave are inert: who clicks in a rendered file takes nobody off the list.
    """
    issue = load_issue(workspace, ref)
    edition = render_issue(workspace, issue.id)
    local = now.astimezone(ZoneInfo(workspace.newsletter.time_zone))
    recipient = reader or typical_reader(ledger, day=issue.date or local.date())
    content = _closed(edition, recipient, workspace.newsletter, form, date=local)
    return Finished(issue_id=issue.id, digest=edition.digest, content=content)


def _closed(edition: Edition, recipient: Recipient, newsletter: Newsletter, form: Form, *, date: datetime) -> bytes:
    if form == "eml":
        return build_message(edition, recipient, newsletter, date=date).content
    values = field_values(recipient, newsletter, issue_id=edition.issue_id, lang=edition.lang)
    close = close_html if form == "html" else close_text
    return close(edition.html if form == "html" else edition.text, edition.field_prefix, values).encode()
