"""What a PDF may not be: cut short, locked, or a program that looks like a page."""

import re
import zlib
from collections.abc import Iterator

from cunzhi.adapters.documents.port import DocumentLimits, DocumentRefused

END, END_WITHIN = b"%%EOF", 2048
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)(?![A-Za-z0-9])")
LOCKED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
"""Pictures and packed text: in megabytes of them every short name turns up by chance."""
PACKED = re.compile(rb"/ObjStm(?![A-Za-z0-9]).{0,600}?stream\r?\n", re.DOTALL)
"""Where a stream of packed objects begins; names in it are seen only when it is unpacked."""


def check_pdf(data: bytes, limits: DocumentLimits) -> None:
    """Refuse a PDF that readers could not open, or that would do something when it is opened."""
    if END not in data[-END_WITHIN:]:
        raise DocumentRefused("adapters.document.cut_short")
    for part in (STREAM.sub(b" ", data), *_unpacked(data, limits)):
        names = ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)
        if LOCKED.search(names):
            raise DocumentRefused("adapters.document.locked")
        if ACTIVE.search(names):
            raise DocumentRefused("adapters.document.active")


def _unpacked(data: bytes, limits: DocumentLimits) -> Iterator[bytes]:
    """The packed objects, no more of them than a document needs."""
    left = limits.unpacked
    for begin in PACKED.finditer(data):
        unpacking = zlib.decompressobj()
        try:
            part = unpacking.decompress(data[begin.end() :], left)
        except zlib.error:
            continue  # packed in another way, or not at all: then it was read as it stands
        left -= len(part)
        if left <= 0 or unpacking.unconsumed_tail:
            raise DocumentRefused("adapters.document.bomb")
        yield part
