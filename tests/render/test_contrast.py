"""The computed contrast of every text node, in every view a client can make of the mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from composer.model.edition import Edition
from composer.model.issue import Issue
from composer.render.views import only_light, own_dark, pictures_off

pytestmark = pytest.mark.browser

WEAK = """() => {
  const light = c => { c /= 255; return c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4; };
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => .2126 * light(r) + .7152 * light(g) + .0722 * light(b);
  const ground = node => { for (let n = node; n; n = n.parentElement) {
    const c = rgb(getComputedStyle(n).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), weak = [];
  let seen = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode, on = node.parentElement;
    if (!node.data.trim() || !on.getClientRects().length || on.closest('style')) continue;
    seen += 1;
    const a = luminance(rgb(getComputedStyle(on).color)), b = luminance(ground(on));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) weak.push([node.data.trim().slice(0, 40), ratio.toFixed(2)]);
  }
  return [seen, weak];
}"""


@pytest.mark.parametrize("view", [only_light, own_dark, pictures_off], ids=["light", "dark", "pictures-off"])
def test_every_word_stands_out_from_its_ground(
    view: Callable[[str], str], render: Callable[..., Edition], every_block: Issue, png: bytes, browser
) -> None:
    html = view(render(every_block, pictures={"dune.png": png}).html)
    page = browser.new_page(viewport={"width": 375, "height": 667})
    page.set_content(html)
    seen, weak = page.evaluate(WEAK)
    page.close()
    assert seen > 25
    assert weak == []
