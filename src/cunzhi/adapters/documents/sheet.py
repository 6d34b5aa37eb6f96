"""What an Excel sheet may not be: another package under its name, a bomb, locked, or one with macros."""

import io
import zipfile
import zlib

from cunzhi.adapters.documents.port import DocumentLimits, DocumentRefused

BOOK = "xl/workbook.xml"
CONTENTS = "[Content_Types].xml"
PROGRAMS = ("vbaproject.bin", "/activex/", "/embeddings/", "/externallinks/")
LOCKED = 0x1
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError, EOFError)


def check_sheet(data: bytes, limits: DocumentLimits) -> None:
    """Refuse a package that is no sheet, or one that is more than a sheet."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as error:
        raise DocumentRefused("adapters.document.cut_short") from error
    _check_parts(package, limits)
    if not _is_whole(package):
        raise DocumentRefused("adapters.document.cut_short")


def _is_whole(package: zipfile.ZipFile) -> bool:
    """Every part is unpacked, and no more of it than it said, so that a lie is found."""
    try:
        return package.testzip() is None
    except BROKEN:
        return False


def _check_parts(package: zipfile.ZipFile, limits: DocumentLimits) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
        raise DocumentRefused("adapters.document.bomb")
    if len(names) != len(parts):
        raise DocumentRefused("adapters.document.cut_short")
    if BOOK not in names or CONTENTS not in names:
        raise DocumentRefused("adapters.document.unsupported", kind="ZIP/Office")
    if any(part.flag_bits & LOCKED for part in parts):
        raise DocumentRefused("adapters.document.locked")
    if any(mark in f"/{name.lower()}" for name in names for mark in PROGRAMS):
        raise DocumentRefused("adapters.document.active")
