"""Pictures are drawn anew: what comes out holds pixels and nothing else, no place, no camera, no second file behind it."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image, ImageOps

from wuji.api import Problem

# A phone has 12 to 50 million. Asked before anything is decoded: a file of some kilobytes may unfold to gigabytes.
PIXELS = 50_000_000
FULL, MEDIUM, SMALL = 1920, 960, 320
SIZES = {"full": FULL, "medium": MEDIUM, "small": SMALL}
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
SAVED: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
    "PNG": {"optimize": True},
    "WEBP": {"quality": 82, "method": 4},
}
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    struct.error,
)
# Pillow's own limit is higher than ours for most files, but it comes first.
TOO_MANY = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Picture:
    """A picture in its sizes, as files."""

    width: int
    height: int
    files: dict[str, bytes]


def draw(stream: BinaryIO, media: str) -> Picture:
    """Raises 422 for what cannot be read to its end or has too many pixels."""
    form = FORMATS[media]
    with _unreadable(), Image.open(stream, formats=[form]) as found:
        if found.width * found.height > PIXELS:
            raise _too_many()
        found.draft("RGB", (FULL, FULL))  # a JPEG is decoded at the size that is needed
        full = _plain(ImageOps.exif_transpose(found), form)
        full.thumbnail((FULL, FULL))
        return Picture(full.width, full.height, dict(_sizes(full, form)))


def _plain(image: Image.Image, form: str) -> Image.Image:
    """Only pixels: a palette, ink colours or an animation's other frames do not go on."""
    mode = "RGBA" if form != "JPEG" and image.has_transparency_data else "RGB"
    plain = image.convert(mode)
    plain.info = {}
    return plain


def _sizes(full: Image.Image, form: str) -> Iterator[tuple[str, bytes]]:
    for name, most in SIZES.items():
        one = full.copy()
        one.thumbnail((most, most))
        out = BytesIO()
        one.save(out, form, **SAVED[form])
        yield name, out.getvalue()


def _too_many() -> Problem:
    return Problem("agri_tips.picture_pixels", 422, most=PIXELS // 1_000_000)


@contextmanager
def _unreadable() -> Iterator[None]:
    try:
        yield
    except TOO_MANY as error:
        raise _too_many() from error
    except UNREADABLE as error:
        raise Problem("agri_tips.picture_unreadable", 422) from error
