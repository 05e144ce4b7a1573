"""Notices of the ledger → mail to the desk: launched, held, finished, the way out down."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from composer.ledger import Ledger
from composer.ledger.desk import Notice
from composer.message.notice import build_notice
from composer.model.mailing import Message, Outcome, Stage
from composer.transports import make_transport
from composer.workflow.telling import language_of
from composer.workspace import Workspace

_log = logging.getLogger(__name__)

STALE = timedelta(hours=24)  # who sets [desk] alert today is not told of last month
_SUBJECT_MAX = 120


def carry_notices(workspace: Workspace, ledger: Ledger, now: datetime) -> int:
    """Mail what the desk has not been told yet to ``[desk] alert``, all in one message; gives how many notices were told.

    A desk without address is not told, and nothing is marked. What cannot leave now is tried again at the next call.
    """
    newsletter = workspace.newsletter
    waiting = ledger.notices.untold() if newsletter.desk.alert and newsletter.sender.address else ()
    if not waiting:
        return 0
    fresh = [notice for notice in waiting if now - notice.created_at < STALE]
    if fresh:
        outcomes = asyncio.run(_submit(workspace, _messages(workspace, fresh, now)))
        if not any(outcome.stage is Stage.DONE for outcome in outcomes):
            _log.warning("the desk cannot be told: %s", outcomes[0].reply)
            return 0
    ledger.notices.told([notice.id for notice in waiting], now=now)
    return len(fresh)


def _messages(workspace: Workspace, notices: Sequence[Notice], now: datetime) -> list[Message]:
    newsletter = workspace.newsletter
    zone = ZoneInfo(newsletter.time_zone)
    domain = newsletter.sender.address.rpartition("@")[2]
    lines = [f"{notice.created_at.astimezone(zone):%d/%m/%Y %H:%M}  {notice.words}" for notice in notices]
    first = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", notices[-1].words)
    subject = first if len(first) <= _SUBJECT_MAX else first[:_SUBJECT_MAX].rpartition(" ")[0] + "…"
    return [
        build_notice(
            newsletter,
            to=address,
            subject=subject,
            text="\n\n".join(lines),
            date=now.astimezone(zone),
            message_id=f"avis-{secrets.token_hex(10)}@{domain}",
        )
        for address in newsletter.desk.alert
    ]


async def _submit(workspace: Workspace, messages: Sequence[Message]) -> list[Outcome]:
    transport = make_transport(workspace.newsletter.transport, root=workspace.root, language=language_of(workspace.newsletter))
    try:
        return [await transport.submit(message) for message in messages]
    finally:
        await transport.aclose()
