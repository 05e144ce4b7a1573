"""DMARC of the sender's domain (RFC 7489 §6): where its policy stands, what is wrong with it, and the record that mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from composer.check.doctor.codes import see
from composer.check.doctor.organisation import organisation_of
from composer.check.doctor.sight import Domain
from composer.check.doctor.standing import standing
from composer.check.doctor.tags import TagList, read_tags, write_tags
from composer.check.doctor.unanswered import level_of, why
from composer.model.lookup import Answer, Ask
from composer.model.observation import Observation, Record
from composer.text.shown import shown, shown_name
from composer.words import Words

POLICIES = ("none", "quarantine", "reject")
_MAILTO = re.compile(r"mailto:(?P<address>[^@\s,!]+@(?P<domain>[A-Za-z0-9._-]+))(?:![0-9]+[kmgt]?)?", re.IGNORECASE)
_MOST_STEPS = 8  # of DMARCbis's walk up the tree
_OWN_TAGS = ("v", "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "fo", "pct", "rf", "ri", "psd", "t")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    code: str
    saw: Words | None = None
    record: Record | None = None  # where it is not the record itself that mends it


def judge_dmarc(domain: Domain, ask: Ask) -> list[Observation]:
    """Everything that is to be said of DMARC; nothing where the domain itself does not answer."""
    if not ask(domain.name, "TXT").is_sure:
        return []
    answer = _find(domain, ask)
    if not answer.is_sure:
        said = why(answer)
        saw = Words(fr=f"{shown_name(answer.name)} : {said.fr}.", en=f"{shown_name(answer.name)}: {said.en}.")
        return [see("dmarc-unanswered", saw, level=level_of(answer))]
    texts = [text for text in answer.values if _is_dmarc(text)]
    if not texts:
        return [_missing(domain, ask)]
    if len(texts) > 1:
        return [_several(domain, answer, texts)]
    return _of_one(domain, answer, texts[0], ask)


def questions(domain: Domain) -> list[tuple[str, str]]:
    """What will be asked, to be asked at once."""
    return [(f"_dmarc.{name}", "TXT") for name in _upwards(domain)]


def _upwards(domain: Domain) -> list[str]:
    """The domain and those above it, down to the organisational one: what RFC 7489 asks and DMARCbis walks."""
    labels = domain.name.split(".")
    names = [".".join(labels[start:]) for start in range(len(labels))]
    above = [name for name in names if name == domain.organisation or name.endswith(f".{domain.organisation}")]
    return list(dict.fromkeys([domain.name, *above[-_MOST_STEPS:]]))


def _find(domain: Domain, ask: Ask) -> Answer:
    """The answer that counts: the first with a record on the way up, else the domain's own."""
    answers = [ask(f"_dmarc.{name}", "TXT") for name in _upwards(domain)]
    # Who refuses is not the server to ask: a zone that is asked for directly knows nothing of what stands above it.
    known = [answer for answer in answers if answer.said != "REFUSED"]
    first = next((answer for answer in known if not answer.is_sure or any(map(_is_dmarc, answer.values))), None)
    return first or answers[0]


def _is_dmarc(text: str) -> bool:
    """Whether somebody meant DMARC: written wrongly it is still theirs to mend."""
    return re.match(r"[\s\"'“”«\\]*v\s*=\s*DMARC", text, re.IGNORECASE) is not None or (
        re.search(r"(?:^|;)\s*p\s*=\s*(?:none|quarantine|reject)", text, re.IGNORECASE) is not None
    )


# -- none, or several ---------------------------------------------------------------------------------------------------------------------


def _missing(domain: Domain, ask: Ask) -> Observation:
    for name in (domain.name, f"_dmarc.{domain.name}.{domain.name}", f"dmarc.{domain.name}", f"_dmarc.www.{domain.name}"):
        answer = ask(name, "TXT")
        found = [text for text in answer.values if text.lower().lstrip().startswith("v=dmarc")]
        if found:
            saw = Words(
                fr=f"DMARC est publié sous {shown_name(name)}, où personne ne le cherche.",
                en=f"DMARC stands under {shown_name(name)}, where nobody looks for it.",
            )
            return see("dmarc-misplaced", saw, records=(_record(domain, _mended(domain, found[0])),), removes=standing(answer, found))
    saw = Words(fr=f"{shown_name(domain.name)} n’a pas d’enregistrement DMARC.", en=f"{shown_name(domain.name)} has no DMARC record.")
    return see("dmarc-absent", saw, records=(_record(domain, _mended(domain, "")),))


def _several(domain: Domain, answer: Answer, texts: Sequence[str]) -> Observation:
    strict = max(texts, key=lambda text: (POLICIES.index(_policy(text)) if _policy(text) in POLICIES else -1, len(text)))
    record = _record(domain, _mended(domain, strict), answer)
    saw = Words(fr=f"{len(texts)} enregistrements DMARC : aucun ne vaut.", en=f"{len(texts)} DMARC records: none counts.")
    removes = tuple(one for one in standing(answer, texts) if one.data != record.data)
    return see("dmarc-several", saw, records=(record,), removes=removes)


def _policy(text: str) -> str:
    return read_tags(text).get("p").lower()


# -- one ----------------------------------------------------------------------------------------------------------------------------------


def _of_one(domain: Domain, answer: Answer, text: str, ask: Ask) -> list[Observation]:
    tags = read_tags(text)
    faults = [*_writing(text, tags), *_values(tags), *_reports(answer, tags, ask), *_reach(domain, answer, tags)]
    # One record mends all of it; a stricter policy is proposed when nothing else is to be mended first.
    step = "quarantine" if all(fault.code in {"dmarc-none", "dmarc-alignment"} or fault.record for fault in faults) else ""
    mended = _mended(domain, text, policy=step)
    removes = standing(answer, [text])
    observations = [_with_mend(fault, domain, answer, mended, removes) for fault in faults]
    if not any(one.level in {"error", "warning"} for one in observations):
        observations.append(_fine(domain, answer, tags))
    return observations


def _fine(domain: Domain, answer: Answer, tags: TagList) -> Observation:
    place = shown_name(answer.name)
    return see(
        "dmarc-ok",
        Words(fr=f"DMARC : {_effective(domain, answer, tags)} ({place}).", en=f"DMARC: {_effective(domain, answer, tags)} ({place})."),
    )


def _effective(domain: Domain, answer: Answer, tags: TagList) -> str:
    """The policy that applies: sp= where the record stands above the domain (RFC 7489 §6.3)."""
    above = answer.name != f"_dmarc.{domain.name}"
    return f"sp={tags.get('sp')}" if above and tags.has("sp") else f"p={tags.get('p')}"


def _writing(text: str, tags: TagList) -> Iterator[_Fault]:
    if tags.troubles:
        why = tags.troubles[0]
        yield _Fault(
            code="dmarc-syntax", saw=Words(fr=f"DMARC : {why.fr} (« {shown(text, 100)} »).", en=f"DMARC: {why.en} (“{shown(text, 100)}”).")
        )
    if not tags.tags or tags.tags[0] != ("v", "DMARC1"):
        yield _Fault(
            code="dmarc-version", saw=Words(fr=f"DMARC publié : « {shown(text, 100)} »", en=f"DMARC as published: “{shown(text, 100)}”")
        )
    if not tags.get("p") or (len(tags.tags) > 1 and tags.tags[1][0] != "p" and not tags.troubles):
        yield _Fault(code="dmarc-no-policy", saw=None if tags.get("p") else Words(fr="DMARC : p= manque.", en="DMARC: p= is missing."))


def _values(tags: TagList) -> Iterator[_Fault]:
    for name in ("p", "sp", "np"):
        value = tags.get(name)
        if tags.has(name) and value.lower() not in POLICIES and (value or name != "p"):
            said = f"{name}={shown(value, 40)}"
            yield _Fault(
                code="dmarc-policy",
                saw=Words(fr=f"DMARC : {said} n’est pas une politique.", en=f"DMARC: {said} is no policy."),
            )
    for name, allowed in (
        ("adkim", r"[rs]"),
        ("aspf", r"[rs]"),
        ("fo", r"[01ds](:[01ds])*"),
        ("pct", r"[0-9]|[1-9][0-9]|100"),
        ("ri", r"[0-9]+"),
    ):
        value = tags.get(name)
        if tags.has(name) and not re.fullmatch(allowed, value, re.IGNORECASE):
            said = f"{name}={shown(value, 40)}"
            yield _Fault(code="dmarc-value", saw=Words(fr=f"DMARC : {said} n’est pas permis.", en=f"DMARC: {said} is not allowed."))
    unknown = [name for name, _ in tags.tags if name not in _OWN_TAGS]
    if unknown:
        listed = ", ".join(shown(name, 20) for name in unknown[:4])
        yield _Fault(code="dmarc-value", saw=Words(fr=f"DMARC ne connaît pas : {listed}.", en=f"DMARC does not know: {listed}."))
    if re.fullmatch(r"[0-9]|[1-9][0-9]", tags.get("pct")):
        yield _Fault(code="dmarc-percent", saw=Words(fr=f"DMARC : pct={tags.get('pct')}.", en=f"DMARC: pct={tags.get('pct')}."))


def _reach(domain: Domain, answer: Answer, tags: TagList) -> Iterator[_Fault]:
    """What the policy does, and for whom."""
    above = answer.name != f"_dmarc.{domain.name}"
    if tags.get("p").lower() == "none":
        yield _Fault(code="dmarc-none")
    elif above and tags.get("sp").lower() == "none":
        yield _Fault(code="dmarc-subdomain")
    strict = [name for name in ("adkim", "aspf") if tags.get(name).lower() == "s"]
    if strict:
        listed = " ".join(f"{name}=s" for name in strict)
        yield _Fault(
            code="dmarc-alignment",
            saw=Words(
                fr=f"DMARC : {listed}, alignement strict sur {shown_name(domain.name)}.",
                en=f"DMARC: {listed}, aligned strictly on {shown_name(domain.name)}.",
            ),
        )


def _reports(answer: Answer, tags: TagList, ask: Ask) -> Iterator[_Fault]:
    if not tags.get("rua"):
        yield _Fault(code="dmarc-no-reports")
    owner = answer.name.removeprefix("_dmarc.")
    for name in ("rua", "ruf"):
        for written in [part.strip() for part in tags.get(name).split(",")][:20] if tags.get(name) else []:
            found = _MAILTO.fullmatch(written)
            if not found:
                said = shown(written, 60)
                yield _Fault(
                    code="dmarc-rua",
                    saw=Words(
                        fr=f"DMARC : {name}={said} n’est pas « mailto:adresse ».", en=f"DMARC: {name}={said} is not “mailto:address”."
                    ),
                )
            elif fault := _foreign(owner, found["domain"].lower().rstrip("."), ask):
                yield fault


def _foreign(owner: str, target: str, ask: Ask) -> _Fault | None:
    """RFC 7489 §7.1: another organisation must say that it takes the reports."""
    if organisation_of(target) == organisation_of(owner):
        return None
    name = f"{owner}._report._dmarc.{target}"
    allowed = ask(name, "TXT")
    if not allowed.is_sure or any(text.lower().startswith("v=dmarc1") for text in allowed.values):
        return None
    return _Fault(
        code="dmarc-rua-foreign",
        saw=Words(
            fr=f"Les rapports DMARC vont à {shown_name(target)}, qui ne l’a pas permis.",
            en=f"DMARC reports go to {shown_name(target)}, which has not allowed it.",
        ),
        record=Record(name=f"{name}.", type="TXT", value="v=DMARC1"),
    )


# -- the mend -----------------------------------------------------------------------------------------------------------------------------


def _with_mend(fault: _Fault, domain: Domain, answer: Answer, text: str, removes: tuple[Record, ...]) -> Observation:
    if fault.record:
        return see(fault.code, fault.saw, records=(fault.record,))
    if fault.code == "dmarc-subdomain":
        tags = read_tags(text)
        own = write_tags([("v", "DMARC1"), ("p", tags.get("p")), ("rua", tags.get("rua"))])
        return see(fault.code, fault.saw, records=(_record(domain, own),))
    gentle = fault.code == "dmarc-none" and read_tags(text).get("p") == "none"
    if fault.code == "dmarc-alignment" or text in answer.values or gentle:
        return see(fault.code, fault.saw)
    return see(fault.code, fault.saw, mend=_where(answer), records=(_record(domain, text, answer),), removes=removes)


def _where(answer: Answer) -> Words | None:
    if not answer.aliases:
        return None
    there = shown_name(answer.aliases[-1])
    return Words(fr=f"Remplacez l’enregistrement sous {there} par celui-ci.", en=f"Replace the record under {there} by this one.")


def _mended(domain: Domain, text: str, *, policy: str = "") -> str:
    """The record with what can be kept of ``text``, read tolerantly."""
    tags = read_tags(re.sub(r",\s*(?=[a-z]{1,5}\s*=)", ";", text))
    known = {name: _first(tags.get(name).lower(), POLICIES) for name in ("p", "sp", "np")}
    pairs = [("v", "DMARC1"), ("p", policy or known["p"] or "none"), ("sp", known["sp"]), ("np", known["np"])]
    pairs += [("rua", _rua(domain, tags.get("rua"))), ("ruf", _addresses(tags.get("ruf")))]
    pairs += [(name, tags.get(name).lower() if tags.get(name).lower() in {"r", "s"} else "") for name in ("adkim", "aspf")]
    if re.fullmatch(r"[01ds](:[01ds])*", tags.get("fo")) and tags.get("ruf"):
        pairs.append(("fo", tags.get("fo")))
    return write_tags(pairs)


def _first(value: str, allowed: Sequence[str]) -> str:
    """The allowed word that was meant: «quarantined», «Reject,»."""
    return next((word for word in allowed if value.startswith(word[:5]) and value), "")


def _rua(domain: Domain, written: str) -> str:
    """Addresses for reports: those that are written and can be used, else one of ours in the same organisation."""
    if kept := _addresses(written):
        return kept
    own = [
        one for one in (*domain.alerts, domain.reply_to, domain.sender) if organisation_of(one.rpartition("@")[2]) == domain.organisation
    ]
    plain = [one for one in own if _MAILTO.fullmatch(f"mailto:{one}") and not re.search(r"[;,!]", one)]
    return f"mailto:{plain[0]}" if plain else ""


def _addresses(written: str) -> str:
    parts = [part.strip() for part in written.split(",") if part.strip()]
    whole = [part if part.lower().startswith("mailto:") else f"mailto:{part}" for part in parts]
    return ",".join(one for one in whole if _MAILTO.fullmatch(one))


def _record(domain: Domain, text: str, answer: Answer | None = None) -> Record:
    name = f"_dmarc.{domain.name}" if answer is None else answer.aliases[-1] if answer.aliases else answer.name
    return Record(name=f"{name}.", type="TXT", value=text)
