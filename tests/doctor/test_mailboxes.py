"""Whether a reader's answer can arrive, asked of a real name server on this machine."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from composer.outside.dns import Resolver, Server
from composer.outside.mailboxes import ask_domain
from composer.outside.pages import names_are_there

ROOT = ". IN NS a.root.exemple.\n"
ZONE = (
    ROOT
    + """
mx.exemple.fr. IN MX 10 boite.exemple.fr.
null.exemple.fr. IN MX 0 .
bare.exemple.fr. IN A 203.0.113.4
six.exemple.fr. IN AAAA 2001:db8::4
text.exemple.fr. IN TXT "rien"
alias.exemple.fr. IN CNAME mx.exemple.fr.
xn--t-9fab.fr. IN MX 10 boite.exemple.fr.
broken.exemple.fr. IN A 203.0.113.4
"""
)


@pytest.mark.parametrize(
    ("domain", "seen"),
    [
        ("mx.exemple.fr", "takes-mail"),
        ("MX.exemple.fr.", "takes-mail"),
        ("alias.exemple.fr", "takes-mail"),
        ("été.fr", "takes-mail"),
        ("null.exemple.fr", "null-mx"),
        ("bare.exemple.fr", "takes-mail"),
        ("six.exemple.fr", "takes-mail"),
        ("text.exemple.fr", "no-mail"),
        ("nowhere.exemple.org", "no-name"),
        ("broken.exemple.fr", "unasked"),
        ("a" * 70 + ".fr", "no-name"),
    ],
)
def test_a_domain_takes_mail_as_a_mail_server_would_find_it(serve: Callable, domain: str, seen: str) -> None:
    names = serve(ZONE, {"broken.exemple.fr": "servfail"})
    assert ask_domain(domain, names.resolver()).seen == seen


def test_where_even_the_root_is_unknown_no_domain_is_called_missing(serve: Callable) -> None:
    names = serve("exemple.fr. IN TXT x\n")
    assert ask_domain("nowhere.exemple.org", names.resolver()).seen == "unasked"
    assert not names_are_there(resolver=names.resolver())
    assert names_are_there(resolver=serve(ROOT).resolver())


def test_a_name_server_that_is_silent_is_no_answer(dead_port: int) -> None:
    resolver = Resolver([Server("127.0.0.1", dead_port)], timeout_s=0.05)
    assert ask_domain("mx.exemple.fr", resolver).seen == "unasked"
