from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from composer.compose.grammar import parse_issue, parse_story
from composer.compose.links import changes_of, list_link_rows, named_links, set_addresses
from composer.errors import Conflict
from composer.model.newsletter import Labels

LABELS = Labels()
STORY = """---
kind: sponsor
advertiser: "Atelier"
image: {file: images/a.png, alt: "Logo", link: "https://s.example/logo", autre: x}
---
# Un [titre](https://e.org/titre)

Un `[code](non)` puis [un lien]() et [un *autre*](https://e.org/1 "titre"), \\[pas un lien\\](x), <https://auto.example/x>.

**Tête [liée](https://e.org/2)** – Suite [avec [crochets]](https://e.org/(3)).

[![Photo](images/p.jpg)](https://e.org/photo)

| a | b |
|---|---|
| [case](https://e.org/case) | texte |

```
[jamais](https://code.example)
```

- 📘 [Le livret](https://s.example/livret)
- [Sans adresse]()

> Un [lien cité](https://e.org/cite)

## Pour aller plus loin

- [Un ancien sujet]()
- Un sujet tapé sans crochets

<!-- web only -->

Un [lien pour le web](https://e.org/web).
"""


def issue_of(text):
    story = parse_story(text, id="une", path="issues/x/une.md", labels=LABELS)
    return parse_issue("# Objet\n", id="x", path="issues/x/issue.md", stories=[story], labels=LABELS)


def set_one(text, place, url):
    links = [link for _, link in named_links(issue_of(text))]
    return set_addresses(text, changes_of(links, [(links[place], url)]), path="issues/x/une.md")


def test_all_links_are_in_the_table():
    rows = list_link_rows(issue_of(STORY))
    assert [row["words"] for row in rows] == [
        "Logo", "titre", "un lien", "un autre", "https://auto.example/x", "liée", "avec [crochets]", "Photo", "case", "📘 Le livret", "Sans adresse",
        "lien cité", "Un ancien sujet", "Un sujet tapé sans crochets", "lien pour le web",
    ]  # fmt: skip
    assert [row["id"] for row in rows] == [f"une/{number}" for number in range(1, 16)]
    assert {row["state"] for row in rows if not row["url"]} == {"missing"}


@pytest.mark.parametrize("place", range(15))
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_one_address_changed_is_one_line_changed(place, ends):
    text = STORY.replace("\n", ends)
    after = set_one(text, place, "https://neuf.example/a_(b)?c=d&e=1")
    changed = [(a, b) for a, b in zip(text.split(ends), after.split(ends), strict=True) if a != b]
    assert len(changed) == 1
    before, now = (list_link_rows(issue_of(source)) for source in (text, after))
    assert now[place]["url"] == "https://neuf.example/a_(b)?c=d&e=1"
    assert [row for row in now if row is not now[place]] == [row for row in before if row is not before[place]]


def test_several_links_of_a_line_are_set_together():
    links = [link for _, link in named_links(issue_of(STORY))]
    after = set_addresses(
        STORY, changes_of(links, [(links[2], "https://n.example/2"), (links[3], "https://n.example/3"), (links[4], "https://n.example/4")])
    )
    assert [row["url"] for row in list_link_rows(issue_of(after))][2:5] == [
        "https://n.example/2",
        "https://n.example/3",
        "https://n.example/4",
    ]


def test_unknown_keys_of_a_picture_are_kept():
    assert "autre: x" in set_one(STORY, 0, "https://n.example/")


def test_a_file_that_changed_meanwhile_is_refused():
    links = [link for _, link in named_links(issue_of(STORY))]
    with pytest.raises(Conflict):
        set_addresses(STORY.replace("[un lien]()", "un mot"), changes_of(links, [(links[2], "https://n.example/")]))


WORD = st.text(st.sampled_from(list("abé*_[]()`\\<> !1.-#&")), min_size=1, max_size=8).filter(lambda word: word.strip())


@given(st.lists(st.tuples(WORD, st.sampled_from(["", "https://e.org/a", "https://e.org/(b)"])), min_size=1, max_size=5), st.data())
def test_any_paragraph_takes_a_new_address(parts, data):
    from composer.model.body import Span
    from composer.text.inline import write_inline

    spans = tuple(span for word, url in parts for span in (Span(text=word, link=url), Span(text=" et ")))
    text = f"# Titre\n\nDébut {write_inline(spans)}.\n"
    links = [link for _, link in named_links(issue_of(text))]
    place = data.draw(st.integers(0, len(links) - 1))
    after = set_one(text, place, "https://neuf.example/x")
    urls = [row["url"] for row in list_link_rows(issue_of(after))]
    assert urls[place] == "https://neuf.example/x"
    assert [url for here, url in enumerate(urls) if here != place] == [link.url for here, link in enumerate(links) if here != place]
