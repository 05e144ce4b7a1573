"""What is derived from an issue and never typed: the order of its stories, the inbox line, the credits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from composer.model.body import Blocks, ListBlock, Picture, Quote
from composer.model.issue import Issue, Story
from composer.model.newsletter import Labels
from composer.text.names import fold_credit

Arranged = tuple[tuple[Story, ...], tuple[str, ...], tuple[str, ...]]


def arrange_stories(stories: Sequence[Story], order: Sequence[str]) -> Arranged:
    """Stories in the order of the mail, ids that ``order`` does not list (appended by name), ids in ``order`` without a story.

    Without any order: lead, first sponsor, the others by name.
    """
    by_name = sorted(stories, key=lambda story: story.id)
    if not order:
        return _by_kind(by_name), (), ()
    known = {story.id: story for story in by_name}
    listed = [known[id_] for id_ in dict.fromkeys(order) if id_ in known]
    left = [story for story in by_name if story.id not in set(order)]
    missing = tuple(id_ for id_ in dict.fromkeys(order) if id_ not in known)
    return (*listed, *left), tuple(story.id for story in left), missing


def _by_kind(stories: Sequence[Story]) -> tuple[Story, ...]:
    leads = [story for story in stories if story.kind == "lead"]
    first_sponsor = [story for story in stories if story.kind == "sponsor"][:1]
    opening = [*leads, *first_sponsor]
    return (*opening, *(story for story in stories if story not in opening))


def derive_teasers(issue: Issue) -> tuple[tuple[Story, str], ...]:
    """Each secondary story with the words that announce it: its teaser, else its headline; those without words are left out."""
    announced = ((story, " ".join((story.teaser or story.headline_text).split())) for story in issue.stories if story.kind == "story")
    return tuple((story, words) for story, words in announced if words)


def derive_preheader(issue: Issue, labels: Labels) -> str:
    """The inbox line: the issue's own, else «Et aussi : A – B» from the teasers; "" when there is no secondary story."""
    if issue.preheader:
        return issue.preheader
    teasers = [words for _, words in derive_teasers(issue)]
    return f"{labels.also} {' – '.join(teasers)}".strip() if teasers else ""


def derive_credits(issue: Issue) -> tuple[str, ...]:
    """Who made the pictures, in order, each once; those that belong to no picture yet come last."""
    named = [picture.credit for picture in all_pictures(issue)] + list(issue.credits)
    unique: dict[str, str] = {}
    for credit in named:
        words = " ".join(credit.split())
        if words:
            unique.setdefault(fold_credit(words), words)
    return tuple(unique.values())


def all_pictures(issue: Issue) -> tuple[Picture, ...]:
    """Every picture that is mailed, in the order of the mail."""
    found = list(body_pictures(issue.introduction))
    for story in issue.stories:
        found += story_pictures(story)
    return tuple(found)


def story_pictures(story: Story) -> tuple[Picture, ...]:
    """The picture of a story and those in its body, in order."""
    own = (story.image,) if story.image else ()
    return (*own, *body_pictures(story.blocks))


def body_pictures(blocks: Blocks) -> Iterator[Picture]:
    """Pictures among ``blocks``, at any depth."""
    for block in blocks:
        match block:
            case Picture():
                yield block
            case Quote():
                yield from body_pictures(block.blocks)
            case ListBlock():
                yield from _item_pictures(block)
            case _:
                pass


def _item_pictures(block: ListBlock) -> Iterator[Picture]:
    for item in block.items:
        yield from body_pictures(item.blocks)


def moved(ids: Iterable[str], story_id: str, position: int) -> tuple[str, ...]:
    """``ids`` with ``story_id`` at ``position`` (0-based; out of range means the nearest end)."""
    others = [id_ for id_ in ids if id_ != story_id]
    at = max(0, min(position, len(others)))
    return (*others[:at], story_id, *others[at:])
