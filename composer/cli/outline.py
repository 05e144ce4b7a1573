"""An issue or a story as a person reads it in a terminal, from the answer that ``--json`` gives."""

from __future__ import annotations

from typing import Any

from composer.cli.language import LANGUAGE, say, told
from composer.words import counted as count

KINDS = {"lead": say("la une", "lead"), "story": say("article", "story"), "sponsor": say("annonceur", "sponsor")}


def issue_outline(shown: dict[str, Any]) -> str:
    """The subject, the preheader, then each story with what is in it."""
    head = [part for part in (_numbered(shown.get("number")), shown.get("id"), shown.get("date")) if part]
    lines = [" · ".join(str(part) for part in head)] if head else []
    if shown.get("subject"):
        lines.append(say("Objet : ", "Subject: ") + shown["subject"])
    if shown.get("preheader"):
        lines.append(f"  {shown['preheader']}")
    for story in shown.get("stories", ()):
        lines += ["", *story_outline(story)]
    if shown.get("credits"):
        lines += ["", say("Crédits sans image : ", "Credits without a picture: ") + " – ".join(shown["credits"])]
    return "\n".join(lines)


def story_outline(story: dict[str, Any]) -> list[str]:
    """One story: kind and headline, then a line per thing that was recognised."""
    kind = KINDS.get(story["kind"], story["kind"])
    lines = [f"[{kind}] {story['headline'] or say('(sans titre)', '(no headline)')}  ({story['id']})"]
    if story["kind"] == "sponsor":
        lines.append("    " + say("annonceur : ", "advertiser: ") + (story.get("advertiser") or say("à compléter", "still to be named")))
        if story.get("border") == "unsure":
            lines.append(
                "    " + say("fin du texte de l’annonceur : supposée, à confirmer", "end of the sponsor’s text: a guess, to be confirmed")
            )
    if story.get("author"):
        lines.append("    " + say("par ", "by ") + story["author"])
    if story.get("teaser"):
        lines.append("    " + say("accroche : ", "teaser: ") + story["teaser"])
    lines.append("    " + _counts(story))
    lines += [f"    – {run_in}" for run_in in story.get("run_ins", ())]
    lines += [f"    # {heading}" for heading in story.get("headings", ())]
    lines += [f"    → {_link(link)}" for link in (*story.get("calls", ()), *story.get("further_reading", ()))]
    return lines


def _link(link: dict[str, Any]) -> str:
    emoji = f"{link['emoji']} " if link.get("emoji") else ""
    return f"{emoji}{link['text']}  {link['url'] or say('[sans adresse]', '[no address]')}"


def counted(n: int, fr: tuple[str, str], en: tuple[str, str]) -> str:
    """A number with its noun; French counts zero as one."""
    return told(count(n, fr, en))


def figure(n: int) -> str:
    """A number with its thousands set apart: ``4 213`` or ``4,213``."""
    return f"{n:,}".replace(",", "\u202f") if LANGUAGE == "fr" else f"{n:,}"


def _counts(story: dict[str, Any]) -> str:
    paragraphs = len(story.get("paragraphs", ())) + bool(story.get("standfirst"))
    parts = [counted(paragraphs, ("paragraphe", "paragraphes"), ("paragraph", "paragraphs"))]
    if story.get("lists"):
        parts.append(counted(story["lists"], ("liste", "listes"), ("list", "lists")))
    if story.get("image"):
        parts.append(say("une image", "a picture"))
    questions = (story.get("web_only") or {}).get("questions")
    if questions:
        parts.append(counted(len(questions), ("question", "questions"), ("question", "questions")) + say(" pour le web", " for the web"))
    return ", ".join(parts)


def _numbered(number: int | None) -> str:
    return say(f"n° {number}", f"no. {number}") if number is not None else ""
