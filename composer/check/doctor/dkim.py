"""DKIM keys of the sender's domain (RFC 6376 §3.6): what is wrong under each selector, and the record that mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from composer.check.doctor.codes import CODES, see
from composer.check.doctor.dkim_key import PublicKey, read_key
from composer.check.doctor.dkim_own import hold_against, judge_waiting, waiting
from composer.check.doctor.sight import Domain
from composer.check.doctor.standing import standing
from composer.check.doctor.tags import TagList, read_tags, write_tags
from composer.check.doctor.unanswered import level_of, why
from composer.model.lookup import Answer, Ask, Found
from composer.model.observation import Observation, Record
from composer.text.shown import shown, shown_name
from composer.words import Words

SHORT, WEAK = 1024, 2048  # bits (RFC 8301 §3.2)
# Selectors that providers and common set-ups use, tried where none is configured; a name that is not among them proves nothing.
USUAL = (
    "default", "mail", "dkim", "hebdo", "hebdo1", "selector1", "selector2", "s1", "s2", "k1", "k2", "key1", "google", "brevo1", "brevo2", "mta",
    "smtp", "email", "mailjet", "mg", "pm", "fm1", "gm1", "zoho", "protonmail", "ovhmo-selector-1", "20230601", "x", "sib", "scph0920",
)  # fmt: skip
_NEW_KEY = (
    "umask 077; openssl genrsa -out {file}.pem 2048 2>/dev/null && printf '{name} 3600 IN TXT \"v=DKIM1; k=rsa; p=\" %s\\n' "
    "\"$(openssl rsa -in {file}.pem -pubout -outform DER 2>/dev/null | openssl base64 -A | fold -w 250 | sed 's/.*/\"&\"/' | tr '\\n' ' ')\""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    code: str
    saw: Words


def judge_dkim(domain: Domain, ask: Ask) -> list[Observation]:
    """Everything that is to be said of the selectors; a guess where none is configured."""
    if not ask(domain.name, "TXT").is_sure:
        return []
    if not domain.selectors:
        return [_no_selector(domain, ask), *judge_waiting(domain, ask)]
    own = {key.selector: key for key in domain.own_keys}
    seen = {selector: _judge_selector(domain, selector, ask) for selector in domain.selectors}
    held = [one for selector, found in seen.items() for one in hold_against(own.get(selector), domain, found, ask)]
    return [*held, *judge_waiting(domain, ask)]


def questions(domain: Domain) -> list[tuple[str, str]]:
    """What will be asked, to be asked at once."""
    return [(f"{selector}._domainkey.{domain.name}", "TXT") for selector in (*(domain.selectors or USUAL), *waiting(domain))]


def _no_selector(domain: Domain, ask: Ask) -> Observation:
    own = [selector for selector in USUAL if _is_key(ask(f"{selector}._domainkey.{domain.name}", "TXT"))]
    if not own or _is_key(ask(f"hebdo-doctor-no-such-selector._domainkey.{domain.name}", "TXT")):
        return see("dkim-no-selector")
    line = "dkim_selectors = [" + ", ".join(f'"{selector}"' for selector in own) + "]"
    return see(
        "dkim-no-selector",
        Words(
            fr=f"Aucun sélecteur DKIM n’est indiqué ; {shown_name(domain.name)} publie une clé sous : {', '.join(own)}.",
            en=f"No DKIM selector is given; {shown_name(domain.name)} publishes a key under: {', '.join(own)}.",
        ),
        mend=Words(
            fr=f"Si le relais signe ainsi, écrivez sous [sender] de newsletter.toml : `{line}`",
            en=f"If the relay signs so, write under [sender] of newsletter.toml: `{line}`",
        ),
    )


def _is_key(answer: Answer) -> bool:
    return any(read_tags(text).get("p") for text in answer.values)


def _judge_selector(domain: Domain, selector: str, ask: Ask) -> list[Observation]:
    name = f"{selector.lower()}._domainkey.{domain.name}"
    answer = ask(name, "TXT")
    if answer.found is Found.FAILED and answer.said == "CNAME":
        return [_dead_alias(name, answer, ask)]
    if not answer.is_sure:
        return [see("dkim-unanswered", _of(name, _ended(answer)), level=level_of(answer))]
    if not answer.values:
        return [_dead_alias(name, answer, ask) if answer.aliases else _absent(domain, selector, name, ask)]
    keys = [text for text in answer.values if _may_be_key(text)]
    if len(answer.values) > 1:
        return [_several(name, answer, keys)]
    faults = list(_faults(name, answer.values[0]))
    if not faults:
        return [_fine(name, answer.values[0])]
    observations = [_with_mend(fault, name, answer) for fault in faults]
    if all(one.level == "advice" for one in observations):
        observations.append(_fine(name, answer.values[0]))
    return observations


def _may_be_key(text: str) -> bool:
    return read_tags(text).has("p")


def _ended(answer: Answer) -> Words:
    said = why(answer)
    return Words(fr=f"{said.fr}.", en=f"{said.en}.")


def _of(name: str, said: Words) -> Words:
    return Words(fr=f"{shown_name(name)} : {said.fr}", en=f"{shown_name(name)}: {said.en}")


def _fine(name: str, text: str) -> Observation:
    key = read_key(read_tags(text).get("p"))
    kind = "RSA" if key.kind == "rsa" else "Ed25519"
    return see("dkim-ok", _of(name, Words(fr=f"clé {kind} de {key.bits} bits.", en=f"{kind} key of {key.bits} bits.")))


# -- no record ----------------------------------------------------------------------------------------------------------------------------


def _absent(domain: Domain, selector: str, name: str, ask: Ask) -> Observation:
    for wrong in (f"{name}.{domain.name}", f"{selector}.{domain.name}", f"_domainkey.{domain.name}", f"{selector}._domainkey"):
        answer = ask(wrong, "TXT")
        text = next((text for text in answer.values if read_key(read_tags(text).get("p")).kind and _may_be_key(text)), "")
        if text:
            record = Record(name=f"{name}.", type="TXT", value=mended_text(text))
            there = Words(fr=f"la clé est publiée sous {shown_name(wrong)}.", en=f"the key stands under {shown_name(wrong)}.")
            return see("dkim-misplaced", _of(name, there), records=(record,), removes=standing(answer, [text]))
    return see("dkim-absent", _of(name, Words(fr="aucune clé.", en="no key.")), command=new_key_command(name))


def _dead_alias(name: str, answer: Answer, ask: Ask) -> Observation:
    target = answer.aliases[-1] if answer.aliases else "?"
    removes = tuple(Record(name=f"{name}.", type="CNAME", value=value) for value in ask(name, "CNAME").values[:1])
    said = Words(
        fr=f"CNAME vers {shown_name(target)}, où il n’y a pas de clé.", en=f"CNAME to {shown_name(target)}, where there is no key."
    )
    return see("dkim-alias", _of(name, said), removes=removes, command=new_key_command(name))


def new_key_command(name: str) -> str:
    """Makes a key, keeps its private half in a file, prints the zone line of its public half."""
    file = re.sub(r"[^a-z0-9-]", "-", name.partition("._domainkey")[0]) or "dkim"
    return _NEW_KEY.format(file=f"dkim-{file}", name=f"{name}.")


def _several(name: str, answer: Answer, keys: list[str]) -> Observation:
    good = [text for text in keys if not any(one.code != "dkim-strict" for one in _faults(name, text))]
    text = next((mended for mended in map(mended_text, [*good, *keys]) if mended), "")
    said = Words(fr=f"{len(answer.values)} enregistrements, un seul est lu.", en=f"{len(answer.values)} records, only one is read.")
    if not text:
        return see("dkim-several", _of(name, said), removes=standing(answer), command=new_key_command(name))
    record = Record(name=f"{name}.", type="TXT", value=text)
    return see(
        "dkim-several", _of(name, said), records=(record,), removes=tuple(one for one in standing(answer) if one.data != record.data)
    )


# -- one record ---------------------------------------------------------------------------------------------------------------------------


def _faults(name: str, text: str) -> Iterator[_Fault]:
    tags = read_tags(text)
    if tags.troubles or not tags.has("p"):
        why = tags.troubles[0] if tags.troubles else Words(fr="il manque p=", en="p= is missing")
        yield _Fault(
            code="dkim-syntax", saw=_of(name, Words(fr=f"{why.fr} (« {shown(text, 80)} »).", en=f"{why.en} (“{shown(text, 80)}”)."))
        )
    if tags.has("v") and (tags.tags[0][0] != "v" or tags.get("v") != "DKIM1"):
        value = shown(tags.get("v"), 30)
        yield _Fault(
            code="dkim-version", saw=_of(name, Words(fr=f"v={value} doit être v=DKIM1, en tête.", en=f"v={value} must be v=DKIM1, first."))
        )
    if tags.has("p"):
        yield from _key_faults(name, tags)
    yield from _use_faults(name, tags)


def _key_faults(name: str, tags: TagList) -> Iterator[_Fault]:
    if not tags.get("p"):
        yield _Fault(code="dkim-revoked", saw=_of(name, Words(fr="clé révoquée (p= est vide).", en="revoked key (p= is empty).")))
        return
    key = read_key(tags.get("p"))
    if key.trouble:
        code = "dkim-key-private" if key.is_private else "dkim-key-broken"
        yield _Fault(code=code, saw=_of(name, Words(fr=f"clé illisible : {key.trouble.fr}.", en=f"unreadable key: {key.trouble.en}.")))
    kind = tags.get("k", "rsa")
    if key.kind and kind != key.kind:
        yield _Fault(
            code="dkim-key-type",
            saw=_of(
                name, Words(fr=f"k={shown(kind, 30)}, et la clé est {key.kind}.", en=f"k={shown(kind, 30)}, and the key is {key.kind}.")
            ),
        )
    if not key.kind and kind not in {"rsa", "ed25519"}:
        yield _Fault(
            code="dkim-key-type", saw=_of(name, Words(fr=f"k={shown(kind, 30)} n’existe pas.", en=f"there is no k={shown(kind, 30)}."))
        )
    yield from _size_fault(name, key)


def _size_fault(name: str, key: PublicKey) -> Iterator[_Fault]:
    if key.kind == "rsa" and key.bits < WEAK:
        said = Words(fr=f"clé RSA de {key.bits} bits.", en=f"RSA key of {key.bits} bits.")
        yield _Fault(code="dkim-key-short" if key.bits < SHORT else "dkim-key-weak", saw=_of(name, said))


def _use_faults(name: str, tags: TagList) -> Iterator[_Fault]:
    """What the key may be used for."""
    hashes, services, flags = (_parts(tags.get(tag)) for tag in ("h", "s", "t"))
    if hashes and "sha256" not in hashes:
        listed = shown(tags.get("h"), 40)
        yield _Fault(code="dkim-hash", saw=_of(name, Words(fr=f"h={listed} n’admet pas sha256.", en=f"h={listed} does not allow sha256.")))
    if services and not services & {"*", "email"}:
        listed = shown(tags.get("s"), 40)
        yield _Fault(
            code="dkim-service", saw=_of(name, Words(fr=f"s={listed} n’admet pas le courriel.", en=f"s={listed} does not allow mail."))
        )
    if "y" in flags:
        yield _Fault(code="dkim-testing", saw=_of(name, Words(fr="t=y, clé à l’essai.", en="t=y, a key on trial.")))
    if "s" in flags:
        yield _Fault(code="dkim-strict", saw=_of(name, Words(fr="t=s, pour ce domaine seul.", en="t=s, for this domain only.")))


def _parts(value: str) -> set[str]:
    return {part.strip().lower() for part in value.split(":") if part.strip()}


# -- the mend -----------------------------------------------------------------------------------------------------------------------------


def _with_mend(fault: _Fault, name: str, answer: Answer) -> Observation:
    text = mended_text(answer.values[0])
    if fault.code == "dkim-strict":
        return see(fault.code, fault.saw)
    if not text:
        return see(fault.code, fault.saw, mend=CODES["dkim-key-broken"].mend, removes=standing(answer), command=new_key_command(name))
    place = answer.aliases[-1] if answer.aliases else name
    record = Record(name=f"{place}.", type="TXT", value=text)
    return see(fault.code, fault.saw, mend=_replace(answer), records=(record,), removes=standing(answer))


def _replace(answer: Answer) -> Words:
    if answer.aliases:
        return Words(
            fr="Demandez au prestataire, qui tient cet enregistrement, de le remplacer par celui-ci.",
            en="Ask the provider, who keeps this record, to replace it by this one.",
        )
    return Words(fr="Remplacez l’enregistrement par celui-ci.", en="Replace the record by this one.")


def mended_text(text: str) -> str:
    """The record with the same key, written as it should be; "" when its key cannot be used."""
    tags = read_tags(text)
    key = read_key(tags.get("p"))
    if not key.kind or (key.kind == "rsa" and key.bits < WEAK):
        return ""
    flags = ":".join(flag for flag in sorted(_parts(tags.get("t"))) if flag == "s")
    return write_tags([("v", "DKIM1"), ("k", key.kind), ("t", flags), ("p", key.text)])
