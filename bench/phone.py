"""The picture of README.md: the sample issue's first screen on a phone, both themes, taken with Chromium.

.venv/bin/python bench/phone.py
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from photographs import VIEWS, embed, filled  # noqa: E402 - the path comes first

from composer.workflow.previewing import render_issue  # noqa: E402
from composer.workspace import open_workspace  # noqa: E402

WIDTH, HEIGHT, SCALE = 375, 812, 2
GAP, EDGE, ROUND = 56, 14, 44  # px of the picture: between phones, the phone's rim, its corners
RIM, DESK = "#1a1b1e", "#e9e7e1"
SHOTS = (("classique", "light"), ("moderne", "light"), ("classique", "dark"))


def main() -> None:
    workspace = open_workspace(ROOT)
    installed = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
    phones = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        for theme, view in SHOTS:
            edition = render_issue(workspace, "42", theme=theme)
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE)
            page.set_content(VIEWS[view](embed(filled(edition), edition)), wait_until="load")
            phones.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
            page.close()
        browser.close()
    target = ROOT / "docs" / "phone.png"
    beside(phones).quantize(200, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target.name}  {target.stat().st_size // 1000} KB")


def beside(phones: list[Image.Image]) -> Image.Image:
    width, height = phones[0].size
    desk = Image.new("RGB", (GAP + len(phones) * (width + 2 * EDGE + GAP), height + 2 * EDGE + 2 * GAP), DESK)
    for number, phone in enumerate(phones):
        left = GAP + number * (width + 2 * EDGE + GAP)
        ImageDraw.Draw(desk).rounded_rectangle((left, GAP, left + width + 2 * EDGE, GAP + height + 2 * EDGE), ROUND + EDGE, fill=RIM)
        mask = Image.new("L", (width, height), 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, width, height), ROUND, fill=255)
        desk.paste(phone, (left + EDGE, GAP + EDGE), mask)
    return desk


if __name__ == "__main__":
    main()
