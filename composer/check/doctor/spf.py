"""SPF of the sender's domain (RFC 7208): what is wrong with it, and the one record that mends all of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from composer.check.doctor.addresses import is_reachable
from composer.check.doctor.codes import see
from composer.check.doctor.sight import Domain
from composer.check.doctor.spf_macro import Sending
from composer.check.doctor.spf_mend import Mended, mend_spf
from composer.check.doctor.spf_record import SpfRecord, Wrong, is_spf, looks_like_spf, read_spf
from composer.check.doctor.spf_strings import with_blanks
from composer.check.doctor.spf_walk import MOST_LOOKUPS, MOST_VOIDS, Fault, Survey, Verdict, Walker
from composer.check.doctor.standing import standing
from composer.model.lookup import Answer, Ask
from composer.model.observation import Observation, Record
from composer.text.shown import shown, shown_name
from composer.words import Words, counted

LONGEST = 512  # bytes (RFC 7208 §3.4)
_FOUND = {
    Fault.ABSENT: "spf-include-absent",
    Fault.SEVERAL: "spf-include-broken",
    Fault.WRONG: "spf-include-broken",
    Fault.LOOP: "spf-loop",
    Fault.POINTER: "spf-ptr",
    Fault.UNKNOWN: "spf-not-evaluated",
    Fault.UNANSWERED: "spf-unanswered",
}
_MOST_TOLD = 4  # of one kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A fault before its mend is known."""

    code: str
    saw: Words | None = None


def judge_spf(domain: Domain, ask: Ask) -> list[Observation]:
    """Everything that is to be said of SPF; nothing where the domain itself does not answer, which is told elsewhere."""
    answer = ask(domain.name, "TXT")
    if not answer.is_sure:
        return []
    # A private address is not the one that receivers see; the judge of reverse names says so.
    domain = replace(domain, addresses=tuple(filter(is_reachable, domain.addresses)))
    texts = [text for text in answer.values if is_spf(text)]
    meant = [text for text in answer.values if looks_like_spf(text)]
    if not texts:
        return [_missing(domain, answer, meant, ask)]
    told = list(_of_several(texts)) if len(texts) > 1 else list(_of_one(domain, texts[0], answer, ask))
    told += [_Said(code="spf-version", saw=_quoted(text)) for text in meant]
    mended = mend_spf(domain, [with_blanks(text, answer) for text in [*texts, *meant]], ask)
    observations = [_with_mend(one, answer, [*texts, *meant], mended) for one in told]
    if any(one.level in {"error", "warning"} for one in observations):
        return observations
    return [*observations, *_fine(domain, texts[0], ask)]


def _fine(domain: Domain, text: str, ask: Ask) -> Iterator[Observation]:
    record = read_spf(text)
    lookups = Walker(ask, _sending(domain)).survey(domain.name, record).lookups
    if any(_verdict(domain, address, record, ask) != "pass" for address in domain.own_addresses):
        return
    who = ", ".join(domain.own_addresses[:3])
    cost = counted(lookups, ("recherche", "recherches"), ("lookup", "lookups"))
    yield see(
        "spf-ok",
        Words(
            fr=f"SPF ({shown_name(domain.name)}) : {cost.fr} sur {MOST_LOOKUPS}{f', autorise {who}' if who else ''}. « {shown(text)} »",
            en=f"SPF ({shown_name(domain.name)}): {cost.en} of {MOST_LOOKUPS}{f', lets {who} send' if who else ''}. “{shown(text)}”",
        ),
    )


def _verdict(domain: Domain, address: str, record: SpfRecord, ask: Ask) -> Verdict:
    return Walker(ask, Sending(address=address, sender=domain.sender)).verdict(domain.name, record)


def _with_mend(said: _Said, answer: Answer, texts: Sequence[str], mended: Mended) -> Observation:
    if said.code in {"spf-not-evaluated", "spf-addresses-unknown", "spf-unanswered"} or texts == [mended.text]:
        return see(said.code, said.saw)
    removes = tuple(record for record in standing(answer, texts) if record.data != mended.records[0].data)
    return see(said.code, said.saw, mend=_instead(mended), records=mended.records, removes=removes)


def _instead(mended: Mended) -> Words:
    dropped = " ".join(shown(term, 60) for term in mended.dropped[:8])
    french = f" (sans\u00a0: {dropped})" if dropped else ""
    english = f" (without: {dropped})" if dropped else ""
    return Words(
        fr=f"Remplacez l’enregistrement par celui-ci{french}.",
        en=f"Replace the record by this one{english}.",
    )


# -- none ---------------------------------------------------------------------------------------------------------------------------------


def _missing(domain: Domain, answer: Answer, meant: Sequence[str], ask: Ask) -> Observation:
    """No record that counts: what was meant for one, or where it stands instead."""
    if meant:
        bare = [with_blanks(text, answer) for text in meant]
        mended = mend_spf(domain, bare, ask)
        quoted = any(text.strip()[:1] in "\"'“”«»\\" for text in meant)
        name = "spf-quotes" if quoted else "spf-strings" if bare != list(meant) else "spf-version"
        return _with_mend(_Said(code=name, saw=_quoted(meant[0])), answer, meant, mended)
    name, found, removes = _elsewhere(domain, ask)
    mended = mend_spf(domain, found, ask)
    return see(name, _no_record(domain, name, removes), records=mended.records, removes=removes)


def _no_record(domain: Domain, name: str, removes: Sequence[Record]) -> Words | None:
    own = shown_name(domain.name)
    if name == "spf-absent":
        return Words(fr=f"{own} n’a pas d’enregistrement SPF.", en=f"{own} has no SPF record.")
    if name == "spf-misplaced":
        there = shown_name(removes[0].name.rstrip("."))
        return Words(
            fr=f"SPF est publié sous {there}, pas sous {own} : personne ne le lit.",
            en=f"SPF stands under {there}, not {own}: nobody reads it.",
        )
    return None


def _elsewhere(domain: Domain, ask: Ask) -> tuple[str, list[str], tuple[Record, ...]]:
    """The code for a record that is missing, what it says where it stands instead, and the lines to take out there."""
    for name in (f"www.{domain.name}", f"{domain.name}.{domain.name}", f"_spf.{domain.name}", f"spf.{domain.name}"):
        answer = ask(name, "TXT")
        found = [text for text in answer.values if is_spf(text)]
        if found and name.startswith(("_spf.", "spf.")):  # made to be included: what is missing is the include
            return "spf-absent", [f"v=spf1 include:{name} ~all"], ()
        if found:
            return "spf-misplaced", found[:1], standing(answer, found)
    answer = ask(domain.name, "SPF")
    old = [text for text in answer.values if is_spf(text)]
    return ("spf-type", old[:1], standing(answer, old)) if old else ("spf-absent", [], ())


# -- one, or several ----------------------------------------------------------------------------------------------------------------------


def _of_several(texts: Sequence[str]) -> Iterator[_Said]:
    listed = " · ".join(f"« {shown(text, 80)} »" for text in texts[:_MOST_TOLD])
    english = " · ".join(f"“{shown(text, 80)}”" for text in texts[:_MOST_TOLD])
    yield _Said(
        code="spf-several",
        saw=Words(fr=f"{len(texts)} enregistrements SPF, aucun ne vaut : {listed}", en=f"{len(texts)} SPF records, none counts: {english}"),
    )


def _of_one(domain: Domain, text: str, answer: Answer, ask: Ask) -> Iterator[_Said]:
    whole = with_blanks(text, answer)
    record = read_spf(whole)
    if whole != text:  # what else is wrong is said of what was meant
        yield _Said(code="spf-strings", saw=_quoted(text))
    survey = Walker(ask, _sending(domain)).survey(domain.name, record)
    yield from _writing(whole, record)
    yield from _end(record)
    yield from _tree(domain, survey)
    yield from _senders(domain, record, survey, ask)


def _writing(text: str, record: SpfRecord) -> Iterator[_Said]:
    """How it is written."""
    if re.search(r"[\"'“”«»\\]", text):
        yield _Said(code="spf-quotes", saw=_quoted(text))
    if not text.startswith("v=spf1"):
        yield _Said(code="spf-case", saw=_quoted(text))
    if len(text.encode("utf-8", "surrogateescape")) > LONGEST:
        yield _Said(code="spf-long", saw=_measured(text))
    for wrong, name in ((Wrong.SYNTAX, "spf-syntax"), (Wrong.UNKNOWN, "spf-unknown-mechanism")):
        terms = " ".join(shown(term.text, 80) for term in [one for one in record.terms if one.wrong is wrong][:_MOST_TOLD])
        if terms:
            yield _Said(code=name, saw=Words(fr=f"Dans SPF, illisible : « {terms} »", en=f"Unreadable in SPF: “{terms}”"))


def _measured(text: str) -> Words:
    size = len(text.encode("utf-8", "surrogateescape"))
    return Words(
        fr=f"L’enregistrement SPF fait {size} octets, plus que {LONGEST}.", en=f"The SPF record has {size} bytes, more than {LONGEST}."
    )


def _end(record: SpfRecord) -> Iterator[_Said]:
    """Who is not let in."""
    last = record.all_
    if last is None and record.redirect is None:
        yield _Said(code="spf-no-all")
    if last is None:
        return
    if last.sign == "+":
        yield _Said(code="spf-pass-all")
    if last.sign == "?":
        yield _Said(code="spf-neutral-all")
    ignored = [*record.terms[record.terms.index(last) + 1 :], *([record.redirect] if record.redirect else [])]
    idle = " ".join(dict.fromkeys(shown(term.text, 80) for term in ignored if not (term.is_modifier and term.name != "redirect")))
    if idle:
        yield _Said(code="spf-ignored", saw=Words(fr=f"Jamais lu dans SPF : « {idle} »", en=f"Never read in SPF: “{idle}”"))


def _tree(domain: Domain, survey: Survey) -> Iterator[_Said]:
    """What its includes cost and where they lead."""
    if survey.lookups > MOST_LOOKUPS:
        yield _Said(
            code="spf-lookups",
            saw=Words(
                fr=f"Lire SPF coûte {survey.lookups} recherches, {MOST_LOOKUPS} au plus sont faites : il tombe.",
                en=f"Reading SPF costs {survey.lookups} lookups, {MOST_LOOKUPS} at most are made: it fails.",
            ),
        )
    voids = survey.of(Fault.VOID)
    if len(voids) > MOST_VOIDS:
        names = ", ".join(dict.fromkeys(shown_name(one.target) for one in voids[:_MOST_TOLD]))
        yield _Said(
            code="spf-void",
            saw=Words(
                fr=f"{len(voids)} recherches de SPF ne trouvent rien, {MOST_VOIDS} au plus sont permises : {names}",
                en=f"{len(voids)} lookups of SPF find nothing, {MOST_VOIDS} at most are allowed: {names}",
            ),
        )
    for fault, name in _FOUND.items():
        for one in [one for one in survey.of(fault) if fault is not Fault.WRONG or one.domain != domain.name][:_MOST_TOLD]:
            place, term, target = shown_name(one.domain), shown(one.term.text, 100), shown_name(one.target)
            there = f" → {target}" if one.target else ""
            says = _SAYINGS[fault]
            yield _Said(
                code=name, saw=Words(fr=f"{says.fr} : « {term} »{there} (dans {place})", en=f"{says.en}: “{term}”{there} (in {place})")
            )


_SAYINGS = {
    Fault.ABSENT: Words(fr="SPF inclut un nom sans SPF", en="SPF includes a name without SPF"),
    Fault.SEVERAL: Words(fr="SPF inclut un nom qui a plusieurs SPF", en="SPF includes a name with several SPF records"),
    Fault.WRONG: Words(fr="SPF inclut un terme illisible", en="SPF includes a term that cannot be read"),
    Fault.LOOP: Words(fr="SPF tourne en rond", en="SPF goes round in a circle"),
    Fault.POINTER: Words(fr="SPF emploie « ptr », lent et déconseillé", en="SPF uses “ptr”, slow and advised against"),
    Fault.UNKNOWN: Words(fr="Une macro de SPF n’est pas évaluée", en="A macro of SPF is not evaluated"),
    Fault.UNANSWERED: Words(fr="Pas de réponse pour SPF", en="No answer for SPF"),
}


def _senders(domain: Domain, record: SpfRecord, survey: Survey, ask: Ask) -> Iterator[_Said]:
    """Whether our own mail passes."""
    if not domain.addresses_told:
        yield from _providers(domain, survey)
    if not domain.own_addresses and (domain.addresses_told or not domain.providers):
        yield _Said(code="spf-addresses-unknown")
    for address in domain.own_addresses:
        verdict = _verdict(domain, address, record, ask)
        # What a faulty record says of an address is nothing: its faults are told already.
        if verdict in {"fail", "softfail", "neutral"}:
            names = ", ".join(domain.relays)
            whose = ("[sender] outgoing", "[sender] outgoing") if domain.addresses_told else (f"relais {names}", f"relay {names}")
            yield _Said(
                code="spf-not-authorised",
                saw=Words(
                    fr=f"SPF n’autorise pas {address} ({whose[0]}) : {verdict}.",
                    en=f"SPF does not let {address} send ({whose[1]}): {verdict}.",
                ),
            )


def _providers(domain: Domain, survey: Survey) -> Iterator[_Said]:
    for name, include in domain.providers:
        if include not in survey.names:
            yield _Said(
                code="spf-provider",
                saw=Words(
                    fr=f"Le relais est celui de {name} ; SPF n’inclut pas {include}.",
                    en=f"The relay is {name}’s; SPF does not include {include}.",
                ),
            )


def _sending(domain: Domain) -> Sending | None:
    return Sending(address=domain.addresses[0], sender=domain.sender) if domain.addresses else None


# -- texts --------------------------------------------------------------------------------------------------------------------------------


def _quoted(text: str) -> Words:
    return Words(fr=f"SPF publié : « {shown(text)} »", en=f"SPF as published: “{shown(text)}”")
