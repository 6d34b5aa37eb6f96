"""Looks into an uploaded PDF or Excel sheet: what a file is shows in its bytes, whatever its name and sender say."""

import hashlib

from cunzhi.adapters.documents.pdf import check_pdf
from cunzhi.adapters.documents.port import DEFAULT_LIMITS, Document, DocumentLimits, DocumentRefused
from cunzhi.adapters.documents.sheet import check_sheet
from cunzhi.adapters.pictures.kinds import kind_of, mega

PDF, ZIP = b"%PDF-", b"PK\x03\x04"


def is_picture(data: bytes) -> bool:
    """Whether the bytes are a picture of whatever kind, taken or not: the pictures' own words fit it better."""
    return bool(data) and kind_of(data).code != "not_a_picture"


def inspect_document(data: bytes, *, limits: DocumentLimits = DEFAULT_LIMITS) -> Document:
    """Takes the bytes of one file; DocumentRefused says what is wrong with them and what to do."""
    if not data:
        raise DocumentRefused("adapters.document.empty")
    if len(data) > limits.bytes:
        raise DocumentRefused("adapters.document.too_many_bytes", most=mega(limits.bytes))
    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(PDF):
        check_pdf(data, limits)
        return Document("pdf", digest, data)
    if data.startswith(ZIP):
        check_sheet(data, limits)
        return Document("xlsx", digest, data)
    raise DocumentRefused("adapters.document.unsupported", kind=kind_of(data).name)
