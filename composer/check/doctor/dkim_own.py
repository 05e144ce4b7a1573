"""The keys under which Hebdo itself signs: what name servers publish, held against the file on this disk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from composer.check.doctor.codes import see
from composer.check.doctor.dkim_key import read_key
from composer.check.doctor.sight import Domain, OwnKey
from composer.check.doctor.standing import standing
from composer.check.doctor.tags import read_tags
from composer.model.lookup import Answer, Ask
from composer.model.observation import Observation, Record
from composer.text.shown import shown_name
from composer.words import Words

_UNKNOWN = frozenset({"dkim-unanswered"})
_SMALL = frozenset({"dkim-key-short", "dkim-key-weak"})
_PUBLISH = Words(fr="Publiez la clé indiquée : c’est celle du fichier.", en="Publish the key that is given: it is that of the file.")


def hold_against(own: OwnKey | None, domain: Domain, seen: list[Observation], ask: Ask) -> list[Observation]:
    """What was seen of a selector, with what the file says; the mend of our own keys is the record of the file."""
    if own is None:
        return seen
    if own.record is None:
        return [_no_file(own), *seen]
    if any(one.code in _UNKNOWN for one in seen):
        return seen
    answer = ask(f"{own.selector.lower()}._domainkey.{domain.name}", "TXT")
    if len(answer.values) == 1:
        return _one(own.record, answer, seen)
    removes = tuple(record for record in standing(answer) if record.data != own.record.data)
    return [_mended(one, own.record, removes or one.removes) for one in seen]


def judge_files(domain: Domain) -> list[Observation]:
    """What can be said of our own keys without a name server: those that cannot sign."""
    return [_no_file(own) for own in domain.own_keys if own.signs and own.record is None]


def waiting(domain: Domain) -> tuple[str, ...]:
    """The selectors whose key is made and does not sign yet, or no longer."""
    return tuple(key.selector for key in domain.own_keys if not key.signs and key.record)


def judge_waiting(domain: Domain, ask: Ask) -> Iterator[Observation]:
    """Whether they are published: the word that a new key may sign."""
    for own in domain.own_keys:
        if own.signs or own.record is None:
            continue
        answer = ask(f"{own.selector.lower()}._domainkey.{domain.name}", "TXT")
        if answer.is_sure:
            yield _waits(own, own.record, is_published=[_key(text) for text in answer.values] == [_key(own.record.value)])


def _no_file(own: OwnKey) -> Observation:
    return see("dkim-own-file", _of(own.selector, own.trouble), mend=own.mend)


def _waits(own: OwnKey, record: Record, *, is_published: bool) -> Observation:
    if not is_published:
        saw = Words(fr=f"{own.selector} : ne signe pas, et n’est pas publiée.", en=f"{own.selector}: does not sign, and is not published.")
        return see("dkim-own-waiting", saw, records=(record,))
    saw = Words(fr=f"{own.selector} : publiée, ne signe pas.", en=f"{own.selector}: published, does not sign.")
    mend = Words(
        fr=f"Pour qu’elle signe, ajoutez « {own.selector} » à dkim_sign, sous [sender] de newsletter.toml ; si elle a fait son temps, voyez docs/dkim.md.",
        en=f"For it to sign, add “{own.selector}” to dkim_sign, under [sender] of newsletter.toml; if it has had its time, see docs/dkim.md.",
    )
    return see("dkim-own-waiting", saw, mend=mend)


def _one(record: Record, answer: Answer, seen: list[Observation]) -> list[Observation]:
    if _key(answer.values[0]) != _key(record.value):
        name = shown_name(record.name.rstrip("."))
        saw = Words(fr=f"{name} : la clé publiée n’est pas celle du fichier.", en=f"{name}: the published key is not that of the file.")
        return [see("dkim-own-differs", saw, records=(record,), removes=standing(answer))]
    command = "hebdo dkim keygen"
    return [replace(one, command=command, record=None, also=(), removes=()) if one.code in _SMALL else one for one in seen]


def _mended(one: Observation, record: Record, removes: tuple[Record, ...]) -> Observation:
    return one if one.level == "ok" else replace(one, mend=_PUBLISH, record=record, also=(), removes=removes, command="")


def _key(text: str) -> str:
    """What p= holds, however it is dressed."""
    return read_key(read_tags(text).get("p")).text


def _of(selector: str, said: Words | None) -> Words:
    said = said or Words(fr="clé inutilisable", en="unusable key")
    return Words(fr=f"{selector} : {said.fr}", en=f"{selector}: {said.en}")
