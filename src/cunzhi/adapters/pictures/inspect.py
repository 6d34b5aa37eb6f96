"""Looks into an uploaded picture: refuses bad ones, reads EXIF and hashes, keeps small copies without EXIF."""

import hashlib
from functools import cache
from io import BytesIO
from threading import Lock
from typing import cast

from PIL import Image, ImageOps
from PIL.Image import Resampling, Transpose

from cunzhi.adapters.pictures.exif import Exif, read_exif
from cunzhi.adapters.pictures.kinds import check_bytes, mega
from cunzhi.adapters.pictures.port import DEFAULT_LIMITS, Picture, PictureFormat, PictureLimits, PictureRefused

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
BLUR_SIDE = 512
ONE_AT_A_TIME = Lock()
"""Decoding a 50-megapixel PNG takes 400 MB: many uploads at once must not take many times that."""
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
QUALITIES = (85, 75, 65, 55, 45)


def inspect_picture(data: bytes, *, limits: PictureLimits = DEFAULT_LIMITS) -> Picture:
    """Takes the bytes of one file; PictureRefused says what is wrong with them and what to do."""
    check_bytes(data, limits)
    opened = _open(data)
    _refuse_header(opened, limits)
    format_, exif, size = _format(opened), read_exif(opened), opened.size
    with ONE_AT_A_TIME:
        small = _small(opened, limits.long_side)
    upright = _upright(small, exif)
    width, height = size if exif.orientation < 5 else size[::-1]
    phash, phash_mirror = _hashes(upright)
    return Picture(
        format=format_,
        width=width,
        height=height,
        sha256=hashlib.sha256(data).hexdigest(),
        taken_at=exif.taken_at,
        longitude=exif.longitude,
        latitude=exif.latitude,
        clean=_clean(upright, limits),
        thumbnail=_jpeg(_shrunk(upright, limits.thumbnail_side), 80),
        phash=phash,
        phash_mirror=phash_mirror,
        blur=_blur(upright),
    )


@cache
def _register_heif() -> None:
    import pi_heif  # noqa: PLC0415 - slow

    pi_heif.register_heif_opener()


def _open(data: bytes) -> Image.Image:
    """Reads the header only."""
    _register_heif()
    try:
        return Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused("adapters.picture.bomb") from error
    except Exception as error:  # decoders fail in any way on broken bytes
        raise PictureRefused("adapters.picture.damaged") from error


def _refuse_header(image: Image.Image, limits: PictureLimits) -> None:
    width, height = image.size
    most = min(limits.pixels, limits.webp_pixels) if image.format == "WEBP" else limits.pixels
    if width * height > most:
        mp = mega(width * height)
        raise PictureRefused("adapters.picture.too_many_pixels", width=width, height=height, mp=mp, most=mega(most))
    if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
        raise PictureRefused("adapters.picture.animated")


def _format(image: Image.Image) -> PictureFormat:
    return cast(PictureFormat, "JPEG" if image.format == "MPO" else image.format)


def _small(image: Image.Image, side: int) -> Image.Image:
    """Decodes, at reduced size where the format can, so that a large picture never costs more than its pixels."""
    try:
        target = _fitted(image.size, side)
        image.draft("RGB", target)
        image.load()
        small = _rgb(_resized(image, target))
    except Exception as error:  # as above
        raise PictureRefused("adapters.picture.damaged") from error
    small.info.clear()  # comments and profiles would otherwise be written again
    return small


def _resized(image: Image.Image, target: tuple[int, int]) -> Image.Image:
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("P", "PA", "1", "La", "RGBa"):
        image = image.convert("RGBA")
    return image if image.size == target else image.resize(target, Resampling.LANCZOS, reducing_gap=2.0)


def _rgb(image: Image.Image) -> Image.Image:
    """Colours without transparency, on white."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _upright(image: Image.Image, exif: Exif) -> Image.Image:
    turn = TURNS.get(exif.orientation)
    return image if turn is None else image.transpose(turn)


def _hashes(image: Image.Image) -> tuple[str, str]:
    import imagehash  # noqa: PLC0415 - slow

    return str(imagehash.phash(image)), str(imagehash.phash(ImageOps.mirror(image)))


def _blur(image: Image.Image) -> float:
    """Variance of the Laplacian of the grey picture: thousands when sharp, tens when blurred."""
    import numpy  # noqa: PLC0415 - slow

    grey = numpy.asarray(_shrunk(image.convert("L"), BLUR_SIDE), dtype=numpy.float64)
    if min(grey.shape) < 3:
        return 0.0
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    return float((around - 4 * grey[1:-1, 1:-1]).var())


def _clean(image: Image.Image, limits: PictureLimits) -> bytes:
    """The best JPEG within the bytes allowed; a picture that is all noise gets smaller, too."""
    for quality in QUALITIES:
        written = _jpeg(image, quality)
        if len(written) <= limits.clean_bytes:
            return written
    while len(written) > limits.clean_bytes and max(image.size) > limits.thumbnail_side:
        image = _shrunk(image, max(image.size) * 3 // 4)
        written = _jpeg(image, QUALITIES[-1])
    return written


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    target = _fitted(image.size, side)
    return image if target == image.size else image.resize(target, Resampling.LANCZOS, reducing_gap=2.0)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", quality=quality, optimize=True, exif=b"", icc_profile=None)
    return written.getvalue()


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
