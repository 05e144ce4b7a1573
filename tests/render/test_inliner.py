"""The theme's rules on elements: by their chain of tags, with the result that premailer gives for the whole."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from composer.render.inliner import Inliner

CSS = """
p { margin:0 0 18px }
p.st { font-size:19px }
li p { margin:0 0 6px }
blockquote.q { border-left:3px solid #CCCCCC }
blockquote.q p { color:#5F574D }
table.tab td { padding:8px; font-family:"Segoe UI", serif }
a.l { color:#A03A22; text-decoration:underline }
a.l:hover { color:#000001 }
.rtl ul { padding:0 22px 0 0 }
img.im { display:block }
"""
BEYOND = ("p + p { color:#111112 }", "p:first-child { color:#111112 }", "li ~ li { color:#111112 }", 'a[href="#x"] { color:#111112 }')


def elements(html: str) -> list[tuple[str, dict[str, str], str]]:
    """Every element with its attributes (styles as sets of declarations) and its words."""
    body = LexborHTMLParser(f"<!DOCTYPE html><body>{html}").body
    assert body
    found = []
    for node in body.traverse(include_text=False):
        attributes = {name: value or "" for name, value in node.attributes.items()}
        if "style" in attributes:
            attributes["style"] = ";".join(
                sorted(part.strip().replace(": ", ":") for part in attributes["style"].split(";") if part.strip())
            )
        found.append((node.tag or "", attributes, "".join(node.text().split())))
    return found


inline_tags = st.recursive(
    st.sampled_from(["mot", "3 &lt; 5", "é\u00a0!", '<img class="im" alt="a" src="https://x.fr/1.png" width="3">', "<br>", "<!--r-->"]),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(["strong", "em", 'a class="l" href="https://x.fr"', 'span class="lw"', 'span style="color:#222223"']),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
paragraphs = st.builds(
    lambda tag, parts: f"<{tag}>{''.join(parts)}</p>",
    st.sampled_from(["p", 'p class="st"', 'p style="margin:1px"']),
    st.lists(inline_tags, max_size=3),
)
blocks = st.recursive(
    paragraphs,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda found: "<ul>" + "".join(f"<li>{one}</li>" for one in found) + "</ul>"),
        st.lists(inner, max_size=3).map(lambda found: f'<blockquote class="q">{"".join(found)}</blockquote>'),
        st.lists(inner, max_size=3).map(lambda found: f'<div class="rtl" dir="rtl">{"".join(found)}</div>'),
        paragraphs.map(lambda found: f'<table class="tab"><tbody><tr><td>{found}</td></tr></tbody></table>'),
    ),
    max_leaves=6,
)


@given(st.lists(blocks, max_size=4))
def test_by_chains_every_element_looks_as_premailer_makes_it(made: list[str]) -> None:
    inliner = Inliner(CSS)
    for block, styled in zip(made, inliner.inline(made), strict=True):
        assert elements(styled) == elements(inliner._whole(block))


@pytest.mark.parametrize("rule", BEYOND)
def test_a_rule_that_looks_beyond_the_tags_around_is_obeyed(rule: str) -> None:
    [styled] = Inliner(f"p {{ margin:0 }} {rule}").inline(
        ['<div><p class="st">un</p><p>deux</p></div><ul><li>a</li><li><a href="#x">b</a><a href="#y">c</a></li></ul>']
    )
    assert styled.count("#111112") == 1


@pytest.mark.parametrize("loose", ["<p>un<p>deux", "<ul><li>un<li>deux</ul>", "<P>un</P>", "<p class=st>un</p>", "<p>un</p></div>"])
def test_markup_written_loosely_gets_its_rules_all_the_same(loose: str) -> None:
    [styled] = Inliner("p { margin:0 } li { margin:1px }").inline([loose])
    assert "margin:" in styled
    assert "".join(LexborHTMLParser(styled).text().split()) == "".join(LexborHTMLParser(loose).text().split())


def test_tags_in_a_comment_are_none() -> None:
    block = "<div><!--[if mso]><p><td><![endif]--><p>un</p></div>"
    assert Inliner("p { margin:0 }").inline([block]) == ['<div><!--[if mso]><p><td><![endif]--><p style="margin:0">un</p>\n</div>']


def test_an_address_makes_no_chain_of_its_own() -> None:
    inliner = Inliner("a.l { color:#A03A22 }")
    inliner.inline(['<p><a class="l" href="https://un.fr">un</a></p>'])
    known = dict(inliner._styles)
    assert 'style="color:#A03A22"' in inliner.inline(['<p><a class="l" href="https://deux.fr">deux</a></p>'])[0]
    assert inliner._styles == known


def test_chains_that_are_too_many_to_keep_are_dressed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Inliner, "_MOST", 1)
    inliner = Inliner("p { margin:0 } b { color:#111112 }")
    inliner.inline(["<p>un</p>"])
    assert inliner.inline(["<p>un</p><b>deux</b>"])[0].count("style=") == 2


def test_threads_do_not_take_each_others_chains_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Inliner, "_MOST", 3)
    inliner = Inliner("p { margin:0 } b { color:#111112 } i { color:#111113 }")
    failed: list[BaseException] = []

    def work(tag: str) -> None:
        try:
            for number in range(15):
                [made] = inliner.inline([f'<p lang="{tag}{number}"><{tag}>mot</{tag}></p>'])
                assert made.count("style=") == 2
        except BaseException as error:  # noqa: BLE001 - told by the test
            failed.append(error)

    threads = [threading.Thread(target=work, args=(tag,)) for tag in ("b", "i")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
