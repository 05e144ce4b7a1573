"""Can mail arrive at a domain? Asked of the name servers, as a mail server would (RFC 5321 §5.1, RFC 7505)."""

from __future__ import annotations

from composer.check.measures import ReplyMeasure
from composer.model.lookup import Ask, Found
from composer.text.hosts import ascii_name


def ask_domain(domain: str, ask: Ask) -> ReplyMeasure:
    """Whether ``domain`` takes mail, by its MX records or, without any, by its address."""
    try:
        name = ascii_name(domain.rstrip("."))
    except UnicodeError:
        return ReplyMeasure(domain=domain, seen="no-name")
    mx = ask(name, "MX")
    if not mx.is_sure:
        return ReplyMeasure(domain=domain, seen="unasked")
    if mx.found is Found.NO_NAME:
        # A network that is cut off denies every name, the root's too.
        return ReplyMeasure(domain=domain, seen="no-name" if ask(".", "NS").values else "unasked")
    if mx.values:
        null = all(value.split()[-1] == "." for value in mx.values)
        return ReplyMeasure(domain=domain, seen="null-mx" if null else "takes-mail")
    hosts = [ask(name, kind) for kind in ("A", "AAAA")]
    if any(host.values for host in hosts):
        return ReplyMeasure(domain=domain, seen="takes-mail")
    return ReplyMeasure(domain=domain, seen="no-mail" if all(host.is_sure for host in hosts) else "unasked")
