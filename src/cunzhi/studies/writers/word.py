"""The report as a Word document in one language: three-line tables and figures, as journals print them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cunzhi.studies.results import Results, Row, Table
from cunzhi.studies.words import text

if TYPE_CHECKING:
    from docx.document import Document

NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""In place of the moment of writing, so that the same results give the same file."""
THICK, THIN = 12, 6
"""Eighths of a point of the outer and the inner rules."""
LABEL, LABEL_LEAST, FIGURE, LEAST, PADDING, LINE = 34, 16, 20, 8, 3, 92
"""Letters: of a label on one line, at most and least; of a figure; of any column; between columns; on a line."""
LAST_NARROW = 0x2E7F
MOST_COLUMNS_UPRIGHT = 6


def document(results: Results, pictures: Mapping[str, bytes], language: str) -> bytes:
    """The .docx in "zh-hans" or "en"."""
    import docx  # noqa: PLC0415 -- part of an extra
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    made = docx.Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    _fonts(made)
    made.core_properties.title = results.title.in_(language)
    made.core_properties.author = "Cunzhi"
    made.core_properties.created = made.core_properties.modified = NO_DATE
    made.add_heading(results.title.in_(language), level=0)
    if results.simulated:
        _banner(made, section, text("report.simulated_banner").in_(language))
    for number, table in enumerate(results.tables, start=1):
        _table(made, table, number, language)
        for sentence in results.sentences:
            if sentence.table == table.key:
                made.add_paragraph(sentence.text.in_(language))
    for number, figure in enumerate(results.figures, start=1):
        short = "zh" if language.startswith("zh") else "en"
        made.add_picture(BytesIO(pictures[f"{figure.key}.{short}.png"]), width=Cm(15.5))
        made.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.paragraphs[-1].paragraph_format.keep_with_next = True
        name = text("report.figure", number=number).in_(language)
        _caption(made, f"{name}　{figure.title.in_(language)}", keep=False)
        _notes(made, [note.in_(language) for note in figure.notes])
    _identity(made, results, language)
    buffer = BytesIO()
    made.save(buffer)
    return _undated(buffer.getvalue())


def _fonts(made: "Document") -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415 -- part of an extra
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    for name in ("Normal", "Title", "Heading 1"):
        style: Any = made.styles[name]
        style.font.name = "Times New Roman"
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "SimSun")
    normal: Any = made.styles["Normal"]
    normal.font.size = Pt(10.5)
    title: Any = made.styles["Title"]
    title.font.size = Pt(18)


def _banner(made: "Document", section: Any, words: str) -> None:
    """Said at the beginning and in the header of every page."""
    from docx.shared import RGBColor  # noqa: PLC0415 -- part of an extra

    for paragraph in (made.add_paragraph(), section.header.paragraphs[0]):
        run = paragraph.add_run(words)
        run.bold = True
        run.font.color.rgb = RGBColor(0xB0, 0x00, 0x20)


def _caption(made: "Document", words: str, *, keep: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 -- part of an extra

    paragraph = made.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = keep
    paragraph.paragraph_format.space_after = 0
    paragraph.add_run(words).bold = True


def _table(made: "Document", table: Table, number: int, language: str) -> None:
    _caption(made, f"{text('report.table', number=number).in_(language)}　{table.title.in_(language)}", keep=True)
    grid = made.add_table(rows=1 + len(table.rows), cols=len(table.head))
    texts = [
        [row.label.in_(language) if row.label else "", *(c.say(language) for c in row.cells)] for row in table.rows
    ]
    _widths(grid, made.sections[0], [[words.in_(language) for words in table.head], *texts])
    size = 9 if len(table.head) <= MOST_COLUMNS_UPRIGHT else 8
    for cell, words in zip(grid.rows[0].cells, table.head, strict=True):
        _write(cell, words.in_(language), size=size, first=cell is grid.rows[0].cells[0])
    before = ""
    for line, row in zip(list(grid.rows)[1:], table.rows, strict=True):
        label = row.label.in_(language) if row.label else ""
        cells = line.cells
        _write(cells[0], label, size=size, first=True)
        for cell, content in zip(cells[1:], row.cells, strict=True):
            _write(cell, content.say(language), size=size, first=False)
        if row.kind == "foot" and before != "foot":
            _rule(cells, "top", THIN)
        before = row.kind
    _three_lines(grid, table.rows)
    _notes(made, [note.in_(language) for note in table.notes])


def _widths(grid: Any, section: Any, texts: list[list[str]]) -> None:
    """Columns as wide as their longest figure needs, labels up to LABEL letters before they break."""
    grid.autofit = False
    heads, *lines = texts
    needed = [max([_longest_word(heads[0]), *(min(_letters(line[0]), LABEL) for line in lines)])]
    for position in range(1, len(heads)):
        cells = [_letters(line[position]) for line in lines if position < len(line)]
        needed.append(max(_longest_word(heads[position]), *(min(cell, FIGURE) for cell in cells), LEAST))
    needed[0] = max(LABEL_LEAST, min(needed[0], LINE - sum(needed[1:])))
    text_width = section.page_width - section.left_margin - section.right_margin
    for column, letters in zip(grid.columns, needed, strict=True):
        width = int(text_width * letters / sum(needed))
        column.width = width
        for cell in column.cells:
            cell.width = width


def _letters(words: str) -> int:
    """How wide words are; a Chinese letter is as wide as two others."""
    return sum(2 if ord(letter) > LAST_NARROW else 1 for letter in words) + PADDING


def _longest_word(words: str) -> int:
    """What must stand on one line; Chinese may break anywhere."""
    return max((_letters(word) for word in words.split() if ord(word[0]) <= LAST_NARROW), default=0)


def _write(cell: Any, words: str, *, size: int, first: bool) -> None:
    from docx.shared import Pt  # noqa: PLC0415 -- part of an extra

    paragraph = cell.paragraphs[0]
    paragraph.alignment = 0 if first else 1
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run(words).font.size = Pt(size)


def _three_lines(grid: Any, rows: tuple[Row, ...]) -> None:
    """A thick rule above and below, a thin one under the heading; the heading comes again on a new page."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 -- part of an extra

    _rule(grid.rows[0].cells, "top", THICK)
    _rule(grid.rows[0].cells, "bottom", THIN)
    _rule(grid.rows[len(rows)].cells, "bottom", THICK)
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in grid.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _rule(cells: Any, side: str, size: int) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 -- part of an extra
    from docx.oxml.ns import qn  # noqa: PLC0415

    for cell in cells:
        properties = cell._tc.get_or_add_tcPr()
        borders = properties.find(qn("w:tcBorders"))
        if borders is None:
            borders = OxmlElement("w:tcBorders")
            properties.append(borders)
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", "000000")):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)


def _notes(made: "Document", notes: list[str]) -> None:
    from docx.shared import Pt  # noqa: PLC0415 -- part of an extra

    paragraph = made.add_paragraph()
    run = paragraph.add_run("\n".join(notes))
    run.font.size = Pt(8)


def _identity(made: "Document", results: Results, language: str) -> None:
    made.add_heading(text("report.trace").in_(language), level=1)
    made.add_paragraph(text("report.trace_text").in_(language))
    data = results.data
    line = text(
        "report.identity",
        name=data["name"],
        digest=data["sha256"],
        rows=f"{data['rows']:,}",
        code=results.versions["code"],
        seed=results.seed,
        draws=f"{results.draws:,}",
    )
    made.add_paragraph(line.in_(language))


def _undated(content: bytes) -> bytes:
    """The same archive without the moment at which each part was packed."""
    buffer = BytesIO()
    with ZipFile(BytesIO(content)) as packed, ZipFile(buffer, "w", ZIP_DEFLATED) as again:
        for name in packed.namelist():
            again.writestr(ZipInfo(name), packed.read(name), ZIP_DEFLATED)
    return buffer.getvalue()
