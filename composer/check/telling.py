"""Whether anybody would hear of a mailing that does not go as it should."""

from __future__ import annotations

from collections.abc import Iterator

from composer.check.measures import Measures
from composer.check.reach import CONFIG_PATH
from composer.check.rules import finding
from composer.model.findings import Finding
from composer.model.issue import Issue
from composer.model.newsletter import Newsletter


def check_telling(_issue: Issue, newsletter: Newsletter, _measures: Measures) -> Iterator[Finding]:
    """What stands under [desk] for the day when something fails."""
    return find_untold(newsletter)


def find_untold(newsletter: Newsletter) -> Iterator[Finding]:
    """What keeps the desk from being told; it takes no issue, so that ``serve`` can say it too."""
    desk = newsletter.desk
    # By the folder nothing leaves the machine, and nobody waits for it.
    if newsletter.transport.kind != "folder" and not (desk.alert or desk.alert_webhook or desk.heartbeat_url):
        yield finding("nobody-told", path=CONFIG_PATH)
    if desk.alert_webhook and not desk.webhook_secret:
        yield finding("webhook-unsigned", path=CONFIG_PATH)
