"""The pictures of docs/: both themes on a phone and at 600 px, light, dark, inverted, pictures off, taken with Chromium.

.venv/bin/python bench/photographs.py [FOLDER]
"""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from composer.model.edition import Edition  # noqa: E402 - the path comes first
from composer.render.views import forced_dark, only_light, own_dark, pictures_off  # noqa: E402
from composer.text.escape import escape_attribute  # noqa: E402
from composer.text.merge import close_fields, mask_email  # noqa: E402
from composer.workflow.previewing import render_issue  # noqa: E402
from composer.workspace import open_workspace  # noqa: E402
from composer.workspace.themes import load_theme  # noqa: E402

VIEWS = {
    "light": only_light,
    "dark": own_dark,
    "inverted": forced_dark,
    "pictures-off": lambda html: pictures_off(only_light(html)),
}
# Georgia and San Francisco are not on a Linux machine: their metrics' twins stand in where they are installed.
GAP_PX = 16
STAND_INS = {"Georgia,": "Georgia, Gelasio,", "-apple-system,": "-apple-system, Roboto, Liberation Sans,"}


READER = {
    "masked_email": mask_email("camille@exemple.fr"),
    "consent_date": "3\u00a0mars\u00a02026",
    "first_name": "Camille",
    "name": "Camille Martin",
    "email": "camille@exemple.fr",
    "web_url": "#",
    "unsubscribe_url": "#",
    "preferences_url": "#",
    "confirm_url": "#",
}


def filled(edition: Edition) -> str:
    """The mail of an invented reader."""
    return close_fields(edition.html, edition.field_prefix, READER, escape=escape_attribute)


def embed(html: str, edition: Edition) -> str:
    for picture in edition.pictures:
        kind = "jpeg" if picture.name.endswith("jpg") else picture.name.rpartition(".")[2]
        html = re.sub(rf'src="[^"]*/{picture.name}"', f'src="data:image/{kind};base64,{b64encode(picture.content).decode()}"', html)
    for name, stand_in in STAND_INS.items():
        html = html.replace(name, stand_in)
    return html


def photograph(browser: Browser, html: str, *, width_px: int) -> Image.Image:
    """The whole page as one tall picture."""
    context = browser.new_context(viewport={"width": width_px, "height": 800}, color_scheme="no-preference", java_script_enabled=False)
    page = context.new_page()
    page.set_content(html)
    page.wait_for_load_state("load")
    shot = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    context.close()
    return shot


def fold(shot: Image.Image, *, column_px: int) -> Image.Image:
    """A tall page cut into columns, read from left to right."""
    columns = -(-shot.height // column_px)
    sheet = Image.new("RGB", (columns * (shot.width + GAP_PX) - GAP_PX, min(column_px, shot.height)), "#8C8C8C")
    for number in range(columns):
        part = shot.crop((0, number * column_px, shot.width, min(shot.height, (number + 1) * column_px)))
        sheet.paste(part, (number * (shot.width + GAP_PX), 0))
    return sheet


def save(picture: Image.Image, tokens: list[str], target: Path) -> None:
    """A palette makes the file a fifth as large; the theme's own colours stand in it, so that no link changes its hue."""
    palette = picture.quantize(80, method=Image.Quantize.MEDIANCUT).getpalette() or []
    own = [value for token in tokens for value in bytes.fromhex(token[1:])]
    chosen = Image.new("P", (1, 1))
    chosen.putpalette((own + palette)[: 3 * 256])
    picture.quantize(palette=chosen, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target.name}  {picture.width} × {picture.height}  {target.stat().st_size // 1000} KB")


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    workspace = open_workspace(ROOT)
    installed = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        for theme in ("classique", "moderne"):
            edition = render_issue(workspace, "42", theme=theme)
            tokens = load_theme(workspace, theme).tokens
            colours = [*tokens["light"].values(), *tokens["dark"].values()]
            html = embed(filled(edition), edition)
            for view, seen in VIEWS.items():
                for width_px in (375, 600) if view == "light" else (375,):
                    shot = photograph(browser, seen(html), width_px=width_px)
                    # Three columns reach past the sponsor; only the light one shows the whole letter.
                    part = shot if view == "light" else shot.crop((0, 0, width_px, 5_100))
                    save(fold(part, column_px=1_700), colours, folder / f"mail-{theme}-{width_px}-{view}.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
