"""Pictures as readers load them: twice their width on the page, at most 200 KB, named by their content."""

from __future__ import annotations

import hashlib
import io
import warnings
from functools import lru_cache

from PIL import Image, ImageOps, UnidentifiedImageError

from composer.errors import RenderError
from composer.model.edition import EditionPicture
from composer.words import Words

MAX_BYTES = 200_000
MAX_PIXELS = 60_000_000  # a larger one is a mistake or a bomb: 8,000 × 6,000 is 48 million
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")


@lru_cache(maxsize=64)
def make_picture(content: bytes, *, source: str, shown_px: int) -> EditionPicture:
    """The picture that stands at most ``shown_px`` wide; raises RenderError for what is none or is too large to open."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise _refused(source, Words(fr="Cette image est trop grande.", en="This picture is too large."))
                made, suffix, size = _encode(opened, content, 2 * shown_px)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise _refused(source, Words(fr="Cette image ne se lit pas.", en="This picture cannot be read.")) from error
    name = f"{hashlib.sha256(made).hexdigest()}.{suffix}"
    return EditionPicture(name=name, source=source, content=made, width=size[0], height=size[1])


def _encode(opened: Image.Image, content: bytes, width_px: int) -> tuple[bytes, str, tuple[int, int]]:
    if opened.format == "GIF" and getattr(opened, "is_animated", False) and len(content) <= 5 * MAX_BYTES:
        return content, "gif", opened.size  # its frames are what it is for
    upright = ImageOps.exif_transpose(opened)
    flat = upright.convert("RGBA" if _has_alpha(upright) else "RGB")
    for share in (1.0, 0.75, 0.5, 0.35):
        small = _fit(flat, round(width_px * share))
        if flat.mode == "RGBA" or opened.format in {"PNG", "GIF"}:
            png = _save(small, "PNG", optimize=True)
            if len(png) <= MAX_BYTES:
                return png, "png", small.size
        for quality in (82, 72, 60):
            jpeg = _save(_on_white(small), "JPEG", quality=quality, optimize=True, progressive=True)
            if len(jpeg) <= MAX_BYTES:
                return jpeg, "jpg", small.size
    return jpeg, "jpg", small.size


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _fit(image: Image.Image, width_px: int) -> Image.Image:
    if image.width <= width_px:
        return image
    return image.resize((width_px, max(1, round(image.height * width_px / image.width))), Image.Resampling.LANCZOS)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "#FFFFFF")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _save(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _refused(source: str, said: Words) -> RenderError:
    hint = Words(
        fr="Enregistrez-la de nouveau en JPEG ou PNG, 2 400 pixels de large au plus.",
        en="Save it again as JPEG or PNG, at most 2,400 pixels wide.",
    )
    return RenderError(said, where=source, hint=hint)
