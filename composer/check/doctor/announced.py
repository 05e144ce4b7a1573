"""What a domain may announce beside: MTA-STS, TLS reports, BIMI. None of it is needed; what is written wrongly is said, as advice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from composer.check.doctor.codes import see
from composer.check.doctor.sight import Domain
from composer.check.doctor.standing import standing
from composer.check.doctor.tags import read_tags
from composer.model.lookup import Answer, Ask
from composer.model.observation import Observation, Record
from composer.text.shown import shown
from composer.words import Words


def judge_announcements(domain: Domain, ask: Ask) -> list[Observation]:
    """Advice on what is there and wrong; nothing on what is not there."""
    return [*_mta_sts(domain, ask), *_tls_reports(domain, ask), *_bimi(domain, ask)]


def questions(domain: Domain) -> list[tuple[str, str]]:
    """What will be asked, to be asked at once."""
    return [(f"{label}.{domain.name}", "TXT") for label in ("_mta-sts", "_smtp._tls", "default._bimi")]


def _record(answer: Answer, value: str) -> Record:
    return Record(name=f"{answer.aliases[-1] if answer.aliases else answer.name}.", type="TXT", value=value)


def _seen(code: str, answer: Answer, why: Words, mended: str) -> Observation:
    records = (_record(answer, mended),) if mended else ()
    removes = tuple(one for one in standing(answer) if not records or one.data != records[0].data)
    return see(code, why, records=records, removes=removes)


def _mta_sts(domain: Domain, ask: Ask) -> Iterator[Observation]:
    """RFC 8461 §3.1."""
    answer = ask(f"_mta-sts.{domain.name}", "TXT")
    if not answer.values:
        return
    good = [text for text in answer.values if re.fullmatch(r"v=STSv1\s*;\s*id=[A-Za-z0-9]{1,32}\s*;?", text)]
    host = ask(f"mta-sts.{domain.name}", "A")
    if len(answer.values) != 1 or not good:
        number = re.sub(r"[^A-Za-z0-9]", "", read_tags(answer.values[0]).get("id"))[:32] or "1"
        text = shown(answer.values[0], 80)
        yield _seen(
            "mta-sts", answer, Words(fr=f"MTA-STS publié : « {text} »", en=f"MTA-STS as published: “{text}”"), f"v=STSv1; id={number};"
        )
    elif host.is_sure and not host.values and not ask(f"mta-sts.{domain.name}", "AAAA").values:
        why = Words(
            fr=f"MTA-STS est annoncé, mais mta-sts.{domain.name} n’a pas d’adresse.",
            en=f"MTA-STS is announced, but mta-sts.{domain.name} has no address.",
        )
        yield _seen("mta-sts", answer, why, "")


def _tls_reports(domain: Domain, ask: Ask) -> Iterator[Observation]:
    """RFC 8460 §3."""
    answer = ask(f"_smtp._tls.{domain.name}", "TXT")
    if not answer.values:
        return
    tags = read_tags(answer.values[0])
    parts = [part.strip() for part in tags.get("rua").split(",") if part.strip()]
    usable = [part for part in parts if re.fullmatch(r"mailto:[^@\s,]+@[^@\s,]+|https://[^\s,]+", part, re.IGNORECASE)]
    if len(answer.values) == 1 and tags.tags[:1] == (("v", "TLSRPTv1"),) and parts and usable == parts and not tags.troubles:
        return
    text = shown(answer.values[0], 80)
    rua = ",".join(usable) or f"mailto:{domain.reply_to or domain.sender}"
    yield _seen("tls-rpt", answer, Words(fr=f"TLS-RPT publié : « {text} »", en=f"TLS-RPT as published: “{text}”"), f"v=TLSRPTv1; rua={rua}")


def _bimi(domain: Domain, ask: Ask) -> Iterator[Observation]:
    answer = ask(f"default._bimi.{domain.name}", "TXT")
    if not answer.values:
        return
    tags = read_tags(answer.values[0])
    text = shown(answer.values[0], 80)
    if len(answer.values) > 1 or tags.tags[:1] != (("v", "BIMI1"),) or (tags.get("l") and not tags.get("l").startswith("https://")):
        yield _seen("bimi", answer, Words(fr=f"BIMI publié : « {text} »", en=f"BIMI as published: “{text}”"), "")
        return
    policies = [read_tags(one).get("p").lower() for one in ask(f"_dmarc.{domain.name}", "TXT").values]
    policies += [read_tags(one).get("p").lower() for one in ask(f"_dmarc.{domain.organisation}", "TXT").values]
    if not any(policy in {"quarantine", "reject"} for policy in policies):
        yield see(
            "bimi",
            Words(fr="BIMI ne sert qu’avec DMARC p=quarantine ou p=reject.", en="BIMI only works with DMARC p=quarantine or p=reject."),
        )
