"""What the world says of our own addresses before mail leaves: readers' pages, the box of the answers, the sender's domain."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from composer.check.measures import DomainMeasure, ReplyMeasure, SiteMeasure
from composer.check.reach import url_problem
from composer.model.edition import Edition
from composer.model.newsletter import Newsletter
from composer.outside.dns import Resolver, system_servers
from composer.outside.mailboxes import ask_domain
from composer.text.hosts import mail_domain
from composer.workflow.public_pages import public_pages_answer
from composer.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressMeasures:
    """What was asked of the world; None each where it was not to be asked."""

    site: SiteMeasure | None = None
    reply: ReplyMeasure | None = None
    domain: DomainMeasure | None = None


def ask_addresses(workspace: Workspace, edition: Edition | None = None, *, resolver: Resolver | None = None) -> AddressMeasures:
    """What answers, within 20 seconds; never raises for the world. Nothing is asked where nothing leaves (``kind = "folder"``).

    In a rehearsal only the pages are asked. ``resolver`` is asked instead of the system's name servers.
    """
    newsletter = workspace.newsletter
    if newsletter.transport.kind == "folder":
        return AddressMeasures()
    resolver = resolver or Resolver(system_servers())
    fit = url_problem(newsletter.site.public_url, rehearsal=newsletter.site.rehearsal) is None
    pages: Callable[[], SiteMeasure | None] = lambda: public_pages_answer(workspace, edition) if fit else None  # noqa: E731
    if newsletter.site.rehearsal:
        return AddressMeasures(site=pages())
    with ThreadPoolExecutor(max_workers=3, thread_name_prefix="addresses") as pool:
        site = pool.submit(pages)
        reply = pool.submit(_ask_reply, newsletter, resolver)
        domain = pool.submit(_ask_sender, workspace, resolver)
        return AddressMeasures(site=site.result(), reply=reply.result(), domain=domain.result())


def _ask_reply(newsletter: Newsletter, resolver: Resolver) -> ReplyMeasure | None:
    domain = mail_domain(newsletter.sender.reply_to)
    return ask_domain(domain, resolver) if domain else None


def _ask_sender(workspace: Workspace, resolver: Resolver) -> DomainMeasure | None:
    """The doctor's errors about SPF, DKIM and DMARC; what they mean for Gmail and Yahoo is for it to say."""
    from composer.workflow.doctoring import examine

    domain = workspace.newsletter.sender.address.rpartition("@")[2]
    if not domain:
        return None
    if not resolver(".", "NS").values:  # a network that is cut off denies every name
        return DomainMeasure(domain=domain, unasked=True)
    seen = [one for one in examine(workspace, None, now=datetime.now(UTC), resolver=resolver, only=("dns",)) if one.part == "dns"]
    return DomainMeasure(
        domain=domain,
        # MX and the pages' host have rules of their own; reverse names are for the doctor alone.
        problems=tuple(one.saw for one in seen if one.level == "error" and one.code.startswith(("domain", "spf", "dkim", "dmarc"))),
        unasked=any(one.level == "unknown" for one in seen),
    )
