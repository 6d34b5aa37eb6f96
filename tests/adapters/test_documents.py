"""A file is what its bytes are: bombs, locked, cut and active ones are refused in words that say what to do."""

import io
import zipfile
import zlib

import pytest
import xlsxwriter

from cunzhi.adapters.documents.inspect import inspect_document, is_picture
from cunzhi.adapters.documents.port import DocumentLimits, DocumentRefused
from cunzhi.base.messages import say
from cunzhi.engine.stage import paper, picture


def sheet(**parts: bytes) -> bytes:
    """An Excel sheet as people send it, with further parts put into the package."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    book.add_worksheet("账目").write(0, 0, "收入")
    book.close()
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


def packed(inner: bytes) -> bytes:
    """A PDF whose objects are packed into one stream."""
    stream = zlib.compress(inner)
    return paper("page").replace(
        b"xref\n",
        b"9 0 obj\n<< /Type /ObjStm /Length %d >>\nstream\n%s\nendstream\nendobj\nxref\n" % (len(stream), stream),
    )


@pytest.mark.parametrize(("data", "kind"), [(paper("minutes"), "pdf"), (sheet(), "xlsx")])
def test_pdf_and_sheet_are_kept_byte_by_byte(data: bytes, kind: str) -> None:
    found = inspect_document(data)
    assert (found.kind, found.content) == (kind, data)
    assert not is_picture(data)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<!doctype html><script>", "unsupported"),
        (b"\xd0\xcf\x11\xe0 old office", "unsupported"),
        (b"MZ a program", "unsupported"),
        (sheet(xl__vbaProject__bin=b"").replace(b"xl/workbook.xml", b"xl/workbook.xmm"), "unsupported"),
        (sheet(xl__embeddings__a=b"x"), "active"),
        (sheet(**{"xl__vbaProject.bin": b"x"}), "active"),
        (sheet()[:-400], "cut_short"),
        (sheet(zeros=b"\0" * 70_000_000), "bomb"),
        (paper("page")[:200], "cut_short"),
        (paper("page").replace(b"/Pages 2 0 R", b"/Pages 2 0 R /OpenAction << /S /JavaScript /JS (x) >>"), "active"),
        (paper("page").replace(b"/Pages 2 0 R", b"/Pages 2 0 R /OpenAction << /S /J#61vaScript >>"), "active"),
        (paper("page").replace(b"/Root", b"/Encrypt 8 0 R /Root"), "locked"),
        (packed(b"1 0 << /S /Launch /F (x) >>"), "active"),
        (packed(b"\0" * 70_000_000), "bomb"),
    ],
)
def test_what_is_no_document_is_refused_in_words(data: bytes, code: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        inspect_document(data)
    assert refused.value.code == f"adapters.document.{code}"
    assert say(refused.value.code, "zh-hans", **refused.value.params)


def test_short_names_in_a_scanned_page_are_no_programs() -> None:
    scanned = paper("page").replace(b"xref\n", b"9 0 obj\n<< >>\nstream\n/JS \x00/Encrypt \nendstream\nendobj\nxref\n")
    assert inspect_document(scanned).kind == "pdf"


def test_packed_objects_without_anything_odd_are_taken() -> None:
    assert inspect_document(packed(b"1 0 << /Type /Catalog >>")).kind == "pdf"


def test_too_many_bytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(DocumentRefused) as refused:
        inspect_document(paper("page"), limits=DocumentLimits(bytes=100))
    assert refused.value.code == "adapters.document.too_many_bytes"


def test_part_that_lies_about_its_size_is_refused() -> None:
    data = sheet(zeros=b"\0" * 100_000)
    lie = data.replace((100_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    with pytest.raises(DocumentRefused) as refused:
        inspect_document(lie)
    assert refused.value.code == "adapters.document.cut_short"


def test_picture_is_known_as_one() -> None:
    assert is_picture(picture("yard"))
    assert is_picture(b"GIF89a")
    assert not is_picture(b"")
