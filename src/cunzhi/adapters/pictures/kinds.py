"""What a file is by its first bytes, so that a refusal can name it."""

from dataclasses import dataclass
from typing import Literal

from cunzhi.adapters.pictures.port import PictureLimits, PictureRefused


@dataclass(frozen=True)
class FileKind:
    """A name people know; `code` is the refusal when it is not taken: another picture, or no picture at all."""

    name: str
    code: Literal["", "unsupported", "not_a_picture"] = ""

    @property
    def taken(self) -> bool:
        return not self.code


STARTS = (
    (b"\xff\xd8\xff", FileKind("JPEG")),
    (b"\x89PNG\r\n\x1a\n", FileKind("PNG")),
    (b"GIF8", FileKind("GIF", "unsupported")),
    (b"BM", FileKind("BMP", "unsupported")),
    (b"II*\x00", FileKind("TIFF/RAW", "unsupported")),
    (b"MM\x00*", FileKind("TIFF/RAW", "unsupported")),
    (b"%PDF", FileKind("PDF", "not_a_picture")),
    (b"PK\x03\x04", FileKind("ZIP/Office", "not_a_picture")),
    (b"\xd0\xcf\x11\xe0", FileKind("Office", "not_a_picture")),
)
HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def kind_of(data: bytes) -> FileKind:
    """JPEG, PNG, WebP and HEIC are taken; the decoders still have the last word."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return FileKind("WebP")
    if data[4:8] == b"ftyp":
        return _box_kind(data)
    for start, kind in STARTS:
        if data.startswith(start):
            return kind
    return _text_kind(data[:1024])


def _box_kind(data: bytes) -> FileKind:
    """HEIC, AVIF and films share one container; the brand after 'ftyp' tells."""
    brands = data[8:64]
    if data[8:12] in (b"avif", b"avis") or b"avif" in brands:
        return FileKind("AVIF", "unsupported")
    if data[8:12] in HEIF_BRANDS:
        return FileKind("HEIC")
    return FileKind("MP4/MOV", "not_a_picture")


def _text_kind(head: bytes) -> FileKind:
    words = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if words.startswith((b"<svg", b"<?xml")):
        return FileKind("SVG/XML", "not_a_picture")
    if words.startswith((b"<!doctype", b"<html")):
        return FileKind("HTML", "not_a_picture")
    if b"\x00" not in head and head.decode("utf-8", "ignore").isprintable():
        return FileKind("text", "not_a_picture")
    return FileKind("?", "not_a_picture")


def check_bytes(data: bytes, limits: PictureLimits) -> None:
    """Refuses what can be refused by the bytes alone, without a decoder."""
    if not data:
        raise PictureRefused("adapters.picture.empty")
    if len(data) > limits.bytes:
        raise PictureRefused("adapters.picture.too_many_bytes", mb=mega(len(data)), most=mega(limits.bytes))
    kind = kind_of(data)
    if not kind.taken:
        raise PictureRefused(f"adapters.picture.{kind.code}", kind=kind.name)


def mega(count: int) -> str:
    """Millions with three figures: 15_000_000 -> '15'."""
    return f"{count / 1_000_000:.3g}"
