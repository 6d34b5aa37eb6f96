"""Tables of a Markdown or Word file as a paper without relations and sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

from cunzhi.base.strict_yaml import Problem, YamlRefused
from cunzhi.evaluation.audit.printed import Cell, Place, read_cell
from cunzhi.evaluation.audit.stars import Bracket
from cunzhi.studies.audit.legend import levels_in
from cunzhi.studies.audit.spec.paper import Paper
from cunzhi.studies.audit.spec.table import Table

CAPTION = re.compile(r"^\W*(?:Table|TABLE|表)\s*(?P<name>[A-Z]?\d+(?:[.\-–]\d+)*)\W*(?P<title>.*)$")
RULE = re.compile(r"^\s*\|?(\s*:?-{3,}:?\s*\|)+\s*(:?-{3,}:?\s*)?$")
OBSERVATIONS = re.compile(
    r"^\W*(observations|obs\.?|n|no\. of obs.*|number of obs.*|样本量|样本数|观测值|观测数)\W*$", re.IGNORECASE
)
BRACKETS = (
    (Bracket.STANDARD_ERROR, re.compile(r"standard errors?|s\.e\.|标准误", re.IGNORECASE)),
    (Bracket.T, re.compile(r"\bt[- ]?(statistics?|stats?|values?)\b|t\s*[值统]", re.IGNORECASE)),
    (Bracket.P, re.compile(r"\bp[- ]?values?\b|p\s*值", re.IGNORECASE)),
)
NOTE_LINES = 3


@dataclass
class Block:
    """A table as found: what stands before it, its rows of cells, what stands after it."""

    before: str = ""
    grid: list[list[str]] = field(default_factory=list)
    after: str = ""


def read_document(path: Path) -> Paper:
    """The paper of a .md or .docx file. Raises YamlRefused when no table can be read."""
    blocks = list(_word(path) if path.suffix.lower() == ".docx" else _markdown(path.read_text(encoding="utf-8")))
    tables: dict[str, Table] = {}
    for number, block in enumerate(blocks, 1):
        named = CAPTION.match(block.before)
        name = named["name"] if named and named["name"] not in tables else f"#{number}"
        if table := as_table(block, title=(named["title"] if named else "").strip() or name):
            tables[name] = table
    if not tables:
        what = "no table with a row of labels and numbers below it was found; write the tables into a YAML file"
        raise YamlRefused([Problem(path.name, 1, "", what)])
    return Paper(title=path.stem, authors="–", source=path.name, tables=tables)


def as_table(block: Block, *, title: str) -> Table | None:
    """The block as a table; None when it has no labels or nothing below them."""
    if len(block.grid) < 2 or len(block.grid[0]) < 2:
        return None
    width = max(len(row) for row in block.grid)
    grid = [[*row, *[""] * (width - len(row))] for row in block.grid]
    columns, rows = _distinct(grid[0][1:], "column"), _joined(grid[1:])
    if not rows:
        return None
    labels = _distinct([row[0] for row in rows], "row")
    cells = [read_cell(text, Place()) for row in rows for text in row[1:]]
    counts = next((label for label in labels if OBSERVATIONS.match(label)), None)
    return Table(
        title=title,
        kind=_kind(cells),
        columns=columns,
        rows={label: row[1:] for label, row in zip(labels, rows, strict=True)},
        note=block.after,
        bracket=_bracket(block.after),
        levels=levels_in(block.after),
        observations=counts,
    )


def _kind(cells: list[Cell]) -> Literal["regression", "numbers", "words"]:
    if sum(cell.number is not None and cell.bracket is not None for cell in cells) >= 2:
        return "regression"
    return "numbers" if any(cell.number is not None for cell in cells) else "words"


def _bracket(note: str) -> Bracket:
    named = [kind for kind, pattern in BRACKETS if pattern.search(note)]
    return named[0] if len(named) == 1 else Bracket.UNKNOWN


def _joined(rows: list[list[str]]) -> list[list[str]]:
    """Rows with brackets alone join the row of coefficients above them."""
    found: list[list[str]] = []
    for row in rows:
        filled = [text for text in row[1:] if text]
        alone = filled and all(_is_bracket(text) for text in filled)
        if found and alone and not row[0]:
            found[-1] = [found[-1][0], *(f"{a} {b}".strip() for a, b in zip(found[-1][1:], row[1:], strict=True))]
        elif any(row):
            found.append(row)
    return found


def _is_bracket(text: str) -> bool:
    cell = read_cell(text, Place())
    return cell.number is None and cell.bracket is not None


def _distinct(labels: list[str], kind: str) -> list[str]:
    """Labels as printed; one that is empty or comes again gets its number."""
    found: list[str] = []
    for number, label in enumerate(labels, 1):
        plain = read_cell(label, Place()).text if label else ""
        found.append(plain if plain and plain not in found else f"{plain or kind} [{number}]")
    return found


def _markdown(text: str) -> Iterator[Block]:
    """Pipe tables: a row of labels, a rule, rows. A pipe after a backslash belongs to its cell."""
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        if number and RULE.match(lines[number]) and "|" in lines[number - 1]:
            before = next((line for line in reversed(lines[: number - 1]) if line.strip()), "")
            block = Block(before.strip(), [_cells_of(lines[number - 1])])
            number += 1
            while number < len(lines) and "|" in lines[number]:
                block.grid.append(_cells_of(lines[number]))
                number += 1
            block.after = " ".join(lines[number : number + NOTE_LINES]).strip()
            yield block
        number += 1


def _cells_of(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def _word(path: Path) -> Iterator[Block]:
    """Tables of a Word file with the paragraphs around them; bold runs keep their mark."""
    from docx import Document  # noqa: PLC0415 - only Word files need it
    from docx.opc.exceptions import PackageNotFoundError  # noqa: PLC0415
    from docx.table import Table as WordTable  # noqa: PLC0415

    before, last = "", None
    try:
        document = Document(str(path))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        raise YamlRefused([Problem(path.name, 1, "", f"cannot be read as a Word file ({error})")]) from None
    for part in document.iter_inner_content():
        if isinstance(part, WordTable):
            if last:
                yield last
            last = Block(before, [[_words_of(cell.paragraphs) for cell in row.cells] for row in part.rows])
        elif text := part.text.strip():
            before = text
            if last:
                last.after = text
                yield last
                last = None
    if last:
        yield last


def _words_of(paragraphs: list[object]) -> str:
    """The text of a Word cell, with bold runs between <b> and </b>."""
    runs = [run for paragraph in paragraphs for run in paragraph.runs]  # type: ignore[attr-defined]
    return "".join(f"<b>{run.text}</b>" if run.bold and run.text.strip() else run.text for run in runs).strip()
