"""A notice as a signed HTTP call (https://www.standardwebhooks.com): what is posted to [desk] alert_webhook, and how it is signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from composer.model.newsletter import Newsletter
from composer.model.notice import Notice

_MARK = "whsec_"
MAX_TEXT = 3_500  # characters: Mattermost of old cut at 4,000
MAX_DETAIL = 8_000

_KEY_BYTES = range(24, 65)  # what Standard Webhooks asks of a secret
_CALL_ALL = re.compile(r"@(?=(?:all|channel|everyone|here)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is posted."""

    headers: tuple[tuple[str, str], ...]
    body: bytes  # UTF-8 JSON


def build_call(newsletter: Newsletter, notice: Notice, *, text: str, now: datetime) -> Call:
    """The call that tells ``notice``; ``text`` is what a chat shows. Without [desk] webhook_secret it is not signed.

    The same notice has the same ``webhook-id`` however often it is tried, so that who receives it twice can know.
    """
    told_at = notice.created_at.astimezone(UTC)
    data = {
        "newsletter": newsletter.name,
        "list_id": newsletter.list_id,
        "notice": notice.id or None,
        "kind": notice.kind,
        "about": notice.about or None,
        "issue": notice.issue_id or None,
        "mailing": notice.mailing_id,
        "words": notice.words,
        "detail": notice.detail[:MAX_DETAIL] or None,
    }
    content = {"type": f"notice.{notice.kind}", "timestamp": told_at.isoformat(), "text": chat_text(text), "data": data}
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    identity = (
        f"notice_{hashlib.sha256(f'{newsletter.list_id} {notice.id} {told_at.isoformat()} {notice.words}'.encode()).hexdigest()[:24]}"
    )
    stamp = str(int(now.timestamp()))
    headers = [("content-type", "application/json"), ("webhook-id", identity), ("webhook-timestamp", stamp)]
    if newsletter.desk.webhook_secret:
        headers.append(("webhook-signature", sign(newsletter.desk.webhook_secret, identity=identity, timestamp=stamp, body=body)))
    return Call(headers=tuple(headers), body=body)


def sign(secret: str, *, identity: str, timestamp: str, body: bytes) -> str:
    """``v1,<base64>``: HMAC-SHA256 over «identity.timestamp.body», as Standard Webhooks wants it."""
    signed = hmac.new(secret_key(secret), f"{identity}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def secret_key(secret: str) -> bytes:
    """The key that a secret stands for: base64 of 24 to 64 bytes, ``whsec_`` before it or not; any other text is its own bytes."""
    bare = secret.strip().removeprefix(_MARK)
    try:
        decoded = base64.b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        return bare.encode()
    return decoded if len(decoded) in _KEY_BYTES else bare.encode()


def chat_text(text: str) -> str:
    """Words for a chat: cut, and nothing in them calls everybody or becomes a link of its own (Slack's «escaping text»)."""
    cut = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"
    escaped = cut.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CALL_ALL.sub("@\u2060", escaped)
