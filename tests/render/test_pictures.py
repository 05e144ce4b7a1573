from __future__ import annotations

import io

import pytest
from PIL import Image

from composer.errors import RenderError
from composer.render.pictures import MAX_BYTES, make_picture


def noise(width: int, height: int, kind: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 90).convert(mode).save(out, kind)
    return out.getvalue()


def test_a_photograph_becomes_twice_its_width_and_under_200_kb() -> None:
    made = make_picture(noise(3000, 2000, "JPEG"), source="a.jpg", shown_px=552)
    assert made.width <= 1104
    assert len(made.content) <= MAX_BYTES
    assert made.name.endswith(".jpg")


def test_a_small_picture_is_not_blown_up() -> None:
    assert make_picture(noise(200, 100, "PNG"), source="a.png", shown_px=552).width == 200


def test_the_same_file_has_the_same_name() -> None:
    content = noise(300, 200, "PNG")
    first = make_picture(content, source="a.png", shown_px=100)
    make_picture.cache_clear()
    assert make_picture(content, source="a.png", shown_px=100).name == first.name


def test_where_it_was_taken_is_not_told() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Appareil secret"
    Image.new("RGB", (50, 50), "red").save(out, "JPEG", exif=exif)
    assert b"secret" not in make_picture(out.getvalue(), source="a.jpg", shown_px=50).content


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"<svg/>", b"\xff\xd8\xff" + b"a" * 100])
def test_what_is_no_picture_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(RenderError) as told:
        make_picture(content, source="images/une.jpg", shown_px=552)
    assert told.value.where == "images/une.jpg"


def test_a_picture_bomb_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(RenderError):
        make_picture(out.getvalue(), source="a.png", shown_px=552)
