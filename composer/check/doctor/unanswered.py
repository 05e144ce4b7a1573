"""A question without an answer: what receivers make of it, and how to say it."""

from __future__ import annotations

from composer.model.lookup import Answer, Found
from composer.model.observation import Seen
from composer.words import Words

CUT = "TCP"  # said of an answer that came cut, from a server that does not answer over TCP


def level_of(answer: Answer) -> Seen:
    """A server that fails fails for receivers too; one that refuses, or was not asked, says nothing of what they get."""
    if answer.found is Found.FAILED and answer.said != "REFUSED":
        return "error"
    return "warning" if answer.found is Found.SILENT else "unknown"


def why(answer: Answer) -> Words:
    """What came instead of an answer."""
    if answer.bogus:
        return Words(fr="DNSSEC est faux (SERVFAIL)", en="DNSSEC is broken (SERVFAIL)")
    if answer.said == "CNAME":
        return Words(fr="ses CNAME tournent en rond", en="its CNAMEs go round in a circle")
    if answer.said == CUT:
        return Words(
            fr="la réponse arrive coupée, et le serveur ne répond pas en TCP",
            en="the answer arrives cut, and the server does not answer over TCP",
        )
    if answer.found is Found.FAILED:
        return Words(fr=f"le serveur répond {answer.said}", en=f"the server answers {answer.said}")
    if answer.found is Found.SILENT:
        return Words(fr="pas de réponse à temps", en="no answer in time")
    return Words(fr="pas demandé", en="not asked")
