"""Uploaded pictures: what is refused, what is read, what is kept."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy
import pytest
from adapters.drawn import exif, png_header, scene, written
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from cunzhi.adapters.pictures.fake import FakeInspector
from cunzhi.adapters.pictures.inspect import inspect_picture
from cunzhi.adapters.pictures.port import Picture, PictureInspector, PictureLimits, PictureRefused
from cunzhi.base.clock import ZONE

PHONE_HEIC = Path(__file__).with_name("data") / "phone.heic"
HERE = {1: "N", 2: (29.0, 50.0, 6.0), 3: "E", 4: (106.0, 40.0, 12.0)}

inspectors = pytest.mark.parametrize("inspect", [inspect_picture, FakeInspector()], ids=["real", "fake"])


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def refusal(data: bytes, *, inspect: PictureInspector = inspect_picture, limits: PictureLimits | None = None) -> str:
    with pytest.raises(PictureRefused) as refused:
        inspect(data, limits=limits or PictureLimits())
    assert refused.value.say("zh-hans") != refused.value.say("en")
    return refused.value.code.removeprefix("adapters.picture.")


@inspectors
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        ("今天天气好".encode(), "not_a_picture"),
        (b"\x00\x01\x02\x03" * 40, "not_a_picture"),
        (b"%PDF-1.7\n", "not_a_picture"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "not_a_picture"),
        (b"\n<svg onload='alert(1)'/>", "not_a_picture"),
        (b"<!DOCTYPE html><html></html>", "not_a_picture"),
        (b"PK\x03\x04 a docx", "not_a_picture"),
        (b"\x00\x00\x00\x20ftypisom a film", "not_a_picture"),
        (b"\x00\x00\x00\x20ftypavif", "unsupported"),
        (written(scene(20, 20), "GIF"), "unsupported"),
        (written(scene(20, 20), "BMP"), "unsupported"),
        (written(scene(20, 20), "TIFF"), "unsupported"),
        (written(scene(20, 20)) + b"\x00" * 15_000_000, "too_many_bytes"),
    ],
)
def test_inspector_refuses_what_is_no_picture_by_its_bytes(inspect: PictureInspector, data: bytes, code: str) -> None:
    assert refusal(data, inspect=inspect) == code


@inspectors
def test_inspector_takes_a_picture(inspect: PictureInspector) -> None:
    one, other = written(scene(seed=1)), written(scene(seed=2))
    picture = inspect(one)
    assert picture.sha256 == hashlib.sha256(one).hexdigest()
    assert (len(picture.phash), len(picture.phash_mirror)) == (16, 16)
    assert opened(picture.clean).format == opened(picture.thumbnail).format == "JPEG"
    assert picture.phash != inspect(other).phash
    assert (picture.taken_at, picture.longitude, picture.latitude) == (None, None, None)


@pytest.mark.parametrize(
    ("width", "height", "code"), [(10_000, 6_000, "too_many_pixels"), (30_000, 30_000, "bomb"), (65_000, 1, "damaged")]
)
def test_inspect_huge_png_is_refused_from_its_header(width: int, height: int, code: str) -> None:
    assert refusal(png_header(width, height)) == code


def test_inspect_real_picture_of_60_megapixels_is_refused() -> None:
    data = written(Image.new("L", (10_000, 6_000)), quality=1)
    with pytest.raises(PictureRefused, match=r"60 megapixels \(10000 x 6000\); at most 50"):
        inspect_picture(data)


def test_inspect_webp_has_a_narrower_limit() -> None:
    data = written(scene(60, 50), "WEBP")
    assert inspect_picture(data, limits=PictureLimits(webp_pixels=3000)).format == "WEBP"
    assert refusal(data, limits=PictureLimits(webp_pixels=2999)) == "too_many_pixels"


def test_inspect_png_full_of_nothing_is_small_work() -> None:
    data = written(Image.new("RGB", (7_000, 7_000)), "PNG")
    assert len(data) < 200_000
    assert opened(inspect_picture(data).clean).size == (1600, 1600)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_inspect_truncated_picture_is_refused(kind: str) -> None:
    data = written(scene(), kind)
    assert refusal(data[: len(data) // 2]) == "damaged"
    assert refusal(data[:16]) == "damaged"


def test_inspect_truncated_heic_is_refused() -> None:
    data = PHONE_HEIC.read_bytes()
    assert refusal(data[: len(data) // 2]) == "damaged"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_inspect_moving_picture_is_refused(kind: str) -> None:
    assert refusal(written(scene(), kind, save_all=True, append_images=[scene(seed=2)])) == "animated"


def test_inspect_two_views_in_one_jpeg_are_taken_as_the_first() -> None:
    picture = inspect_picture(written(scene(), "MPO", save_all=True, append_images=[scene(seed=2)]))
    assert (picture.format, picture.phash) == ("JPEG", inspect_picture(written(scene())).phash)


def test_inspect_heic_of_a_phone_stands_upright_and_tells_when_and_where() -> None:
    picture = inspect_picture(PHONE_HEIC.read_bytes())
    assert (picture.format, picture.width, picture.height) == ("HEIF", 160, 240)
    assert picture.taken_at == datetime(2026, 7, 1, 8, 30, tzinfo=ZONE)
    assert (picture.longitude, picture.latitude) == pytest.approx((106.67, 29.835))
    red, green, blue = opened(picture.clean).convert("RGB").getpixel((150, 10))  # type: ignore[misc]
    assert red > 200 > 60 > max(green, blue)


def test_inspect_exif_with_its_own_offset() -> None:
    data = written(scene(), exif=exif(taken="2026:07:01 08:30:00", offset="+09:00", gps=HERE))
    picture = inspect_picture(data)
    assert picture.taken_at == datetime(2026, 7, 1, 8, 30, tzinfo=timezone(timedelta(hours=9)))
    assert (picture.longitude, picture.latitude) == pytest.approx((106.67, 29.835))


def test_inspect_exif_without_offset_is_the_villages_clock() -> None:
    picture = inspect_picture(written(scene(), exif=exif(taken="2026:07:01 08:30:00", offset="   ")))
    assert picture.taken_at == datetime(2026, 7, 1, 8, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    "tags",
    [
        {"taken": "0000:00:00 00:00:00"},
        {"taken": "yesterday"},
        {"gps": {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}},
        {"gps": {1: "N", 2: (99.0, 0.0, 0.0), 3: "E", 4: (106.0, 0.0, 0.0)}},
        {"gps": {1: "N", 2: (29.0, 0.0, 0.0)}},
    ],
)
def test_inspect_odd_exif_counts_as_none(tags: dict[str, Any]) -> None:
    picture = inspect_picture(written(scene(), exif=exif(**tags)))
    assert (picture.taken_at, picture.longitude, picture.latitude) == (None, None, None)


def test_inspect_southern_and_western_places_are_negative() -> None:
    there = {1: "S", 2: (29.0, 30.0, 0.0), 3: "W", 4: (106.0, 30.0, 0.0)}
    picture = inspect_picture(written(scene(), exif=exif(gps=there)))
    assert (picture.longitude, picture.latitude) == (-106.5, -29.5)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_inspect_turned_picture_is_kept_upright(orientation: int) -> None:
    turned = {
        1: lambda image: image,
        2: lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: lambda image: image.transpose(Image.Transpose.ROTATE_180),
        4: lambda image: image.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: lambda image: image.transpose(Image.Transpose.TRANSPOSE),
        6: lambda image: image.transpose(Image.Transpose.ROTATE_90),
        7: lambda image: image.transpose(Image.Transpose.TRANSVERSE),
        8: lambda image: image.transpose(Image.Transpose.ROTATE_270),
    }
    picture = inspect_picture(written(turned[orientation](scene()), exif=exif(orientation=orientation), quality=95))
    assert (picture.width, picture.height) == opened(picture.clean).size == (800, 600)
    assert picture.phash == inspect_picture(written(scene(), quality=95)).phash


def test_inspect_clean_copies_carry_nothing_but_the_picture() -> None:
    data = written(scene(), exif=exif(taken="2026:07:01 08:30:00", gps=HERE), comment=b"secret", icc_profile=b"x" * 200)
    picture = inspect_picture(data)
    for copy in (picture.clean, picture.thumbnail):
        assert not opened(copy).getexif()
        assert set(opened(copy).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_inspect_clean_copy_is_small_whatever_the_picture() -> None:
    noise = numpy.random.default_rng(1).integers(0, 255, (1800, 2400, 3), dtype=numpy.uint8)
    picture = inspect_picture(written(Image.fromarray(noise), quality=95))
    assert len(picture.clean) <= 400_000
    assert max(opened(picture.thumbnail).size) == 320
    assert max(opened(inspect_picture(written(scene(2400, 1800))).clean).size) == 1600


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_inspect_png_of_any_depth_gives_colours_on_white(mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(numpy.full((50, 50), 65_535, dtype=numpy.uint16))
    elif mode in ("LA", "RGBA"):
        image = Image.new(mode, (50, 50))
    else:
        image = Image.new("L", (50, 50), 255).convert(mode)
    picture = inspect_picture(written(image, "PNG"))
    assert opened(picture.clean).convert("RGB").getpixel((25, 25)) == (255, 255, 255)


def test_inspect_jpeg_of_printers_colours_is_taken() -> None:
    clean = inspect_picture(written(Image.new("CMYK", (50, 50), (0, 255, 255, 0)))).clean
    red, green, blue = opened(clean).getpixel((25, 25))  # type: ignore[misc]
    assert red > 200 > 60 > max(green, blue)


def bits_apart(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_inspect_hash_knows_the_copy_and_the_mirror() -> None:
    picture = inspect_picture(written(scene(), quality=90))
    copy = inspect_picture(written(scene().resize((400, 300)), quality=40))
    mirror = inspect_picture(written(scene().transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert bits_apart(picture.phash, copy.phash) <= 10
    assert bits_apart(picture.phash_mirror, mirror.phash) <= 10
    assert bits_apart(picture.phash, inspect_picture(written(scene(seed=2))).phash) > 10


def test_inspect_blur_falls_with_sharpness() -> None:
    blurs = [inspect_picture(written(scene().filter(ImageFilter.GaussianBlur(radius)))).blur for radius in (0, 1, 2, 4)]
    assert blurs == sorted(blurs, reverse=True)
    assert blurs[0] > 200 > 50 > blurs[-1]


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3000, 1), (1, 3000)])
def test_inspect_thin_and_tiny_pictures_are_taken(size: tuple[int, int]) -> None:
    picture = inspect_picture(written(Image.new("RGB", size)))
    assert (picture.width, picture.height) == size
    assert picture.blur == 0


sources: list[Callable[[], bytes]] = [
    lambda: written(scene(64, 48), exif=exif(taken="2026:07:01 08:30:00", gps=HERE)),
    lambda: written(scene(64, 48), "PNG", exif=exif(taken="2026:07:01 08:30:00")),
    lambda: written(scene(64, 48), "WEBP"),
    PHONE_HEIC.read_bytes,
]


@settings(deadline=None)
@given(
    st.sampled_from(sources), st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=20)
)
def test_inspect_spoilt_bytes_are_taken_or_refused(
    source: Callable[[], bytes], changes: list[tuple[float, int]]
) -> None:
    data = bytearray(source())
    for place, value in changes:
        data[int(place * len(data))] = value
    try:
        assert isinstance(inspect_picture(bytes(data)), Picture)
    except PictureRefused as refused:
        assert refused.say("zh-hans")
