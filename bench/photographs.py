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

VIEWS = {
    "light": only_light,
    "dark": own_dark,
    "inverted": forced_dark,
    "pictures-off": lambda html: pictures_off(only_light(html)),
}
# Georgia and San Francisco are not on a Linux machine: their metrics' twins stand in where they are installed.
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


def photograph(browser: Browser, html: str, *, width_px: int, target: Path) -> None:
    context = browser.new_context(viewport={"width": width_px, "height": 800}, color_scheme="no-preference", java_script_enabled=False)
    page = context.new_page()
    page.set_content(html)
    page.wait_for_load_state("load")
    shot = Image.open(BytesIO(page.screenshot(full_page=True)))
    context.close()
    # A palette makes the file a third as large, and type stays sharp.
    shot.convert("RGB").quantize(160, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(target, optimize=True)


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    workspace = open_workspace(ROOT)
    installed = "/usr/bin/chromium" if Path("/usr/bin/chromium").exists() else None
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=installed, args=["--no-sandbox"])
        for theme in ("classique", "moderne"):
            edition = render_issue(workspace, "42", theme=theme)
            html = embed(filled(edition), edition)
            for view, seen in VIEWS.items():
                for width_px in (375, 600) if view == "light" else (375,):
                    target = folder / f"mail-{theme}-{width_px}-{view}.png"
                    photograph(browser, seen(html), width_px=width_px, target=target)
                    print(f"{target.name}  {target.stat().st_size // 1000} KB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
