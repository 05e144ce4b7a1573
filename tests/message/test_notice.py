from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

from composer.message.notice import build_notice


def test_a_notice_says_what_happened_and_that_a_machine_wrote_it(newsletter):
    at = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)
    notice = build_notice(
        newsletter, to="desk@exemple.fr", subject="n1 : en attente", text="n1 : en attente\n.", date=at, message_id="a@b.fr"
    )
    mail = message_from_bytes(notice.content, policy=policy.default)
    assert (mail["To"], mail["Subject"], mail["Auto-Submitted"]) == ("desk@exemple.fr", "n1 : en attente", "auto-generated")
    assert mail.get_content() == "n1 : en attente\r\n.\r\n"
    assert notice.envelope_to == "desk@exemple.fr"
