"""Pictures drawn for the tests: no photograph of anybody or anything."""

import zlib
from io import BytesIO
from typing import Any

import numpy
from PIL import Image

TAKEN, OFFSET, ORIENTATION = 36867, 36881, 274


def scene(width: int = 800, height: int = 600, *, seed: int = 1) -> Image.Image:
    """Soft blotches with sharp edges, another one for each seed."""
    blotches = numpy.random.default_rng(seed).integers(0, 255, (12, 16, 3), dtype=numpy.uint8)
    return Image.fromarray(blotches).resize((width, height), Image.Resampling.NEAREST)


def written(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def exif(
    *, taken: str | None = None, offset: str | None = None, orientation: int = 1, gps: dict[int, Any] | None = None
) -> Image.Exif:
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    if taken is not None:
        tags.get_ifd(0x8769)[TAKEN] = taken
    if offset is not None:
        tags.get_ifd(0x8769)[OFFSET] = offset
    if gps is not None:
        tags.get_ifd(0x8825).update(gps)
    return tags


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and then holds next to nothing."""
    small = written(Image.new("L", (1, 1)), "PNG")
    claimed = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + small[24:29]
    return small[:12] + claimed + _crc(claimed) + small[33:]


def _crc(chunk: bytes) -> bytes:
    return zlib.crc32(chunk).to_bytes(4, "big")
