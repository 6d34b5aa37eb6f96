"""The report as one HTML file that needs nothing else: both languages, figures inside, no script."""

from base64 import b64encode
from collections.abc import Mapping
from html import escape

from cunzhi.base.text import Text
from cunzhi.studies.results import Cell, Figure, Results, Row, Sentence, Table
from cunzhi.studies.words import text

STYLE = """
:root { color-scheme: light }
body { font: 16px/1.6 "Source Serif 4", Georgia, "Noto Serif CJK SC", "Songti SC", SimSun, serif; color: #111;
  background: #fff; margin: 0 auto; max-width: 60rem; padding: 1rem 1.25rem 4rem }
h1 { font-size: 1.6rem; line-height: 1.3 } h2 { font-size: 1.2rem; margin-top: 2.5rem }
.banner { border: 2px solid #b00020; color: #8a0018; padding: .5rem .75rem; font-weight: 700 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums;
  border-top: 2px solid #111; border-bottom: 2px solid #111 }
caption { caption-side: top; text-align: center; font-weight: 700; padding: .4rem }
thead th { border-bottom: 1px solid #111; font-weight: 600; vertical-align: bottom }
th, td { padding: .18rem .6rem; text-align: center }
tbody th, thead th:first-child { text-align: left; font-weight: 400 }
tr.beneath td { padding-top: 0; color: #333 } tr.rule td, tr.rule th { border-top: 1px solid #111 }
.notes { font-size: .82rem; color: #333; margin: .4rem 0 .8rem } .notes p { margin: .1rem 0 }
figure { margin: 2rem 0 } figure img { width: 100%; max-width: 46rem; display: block; margin: 0 auto }
figcaption { text-align: center; font-weight: 700 }
details { font-size: .85rem } summary { cursor: pointer; min-height: 2.2rem }
.language { position: sticky; top: 0; background: #fff; padding: .5rem 0; border-bottom: 1px solid #ccc }
.language label { padding: .5rem .8rem; cursor: pointer }
body:has(#language-en:checked) .zh, body:has(#language-zh:checked) .en { display: none }
section.identity { overflow-wrap: anywhere; font-size: .85rem }
@media print { .language, details { display: none } table, figure { break-inside: avoid } body { font-size: 10.5pt } }
"""
MOST_ROWS = 200
"""Longer lists of numbers behind a figure stand in the workbook."""


def report(results: Results, pictures: Mapping[str, bytes]) -> str:
    """The whole report."""
    bodies = "".join(_body(results, pictures, language) for language in ("zh", "en"))
    title = f"{escape(results.title.zh_Hans)} / {escape(results.title.en)}"
    return (
        f'<!doctype html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n"
        '<fieldset class="language" style="border-width:0 0 1px"><legend hidden>语言 / Language</legend>'
        '<label lang="zh-Hans"><input type="radio" name="language" id="language-zh" checked> 中文</label>'
        '<label lang="en"><input type="radio" name="language" id="language-en"> English</label></fieldset>\n'
        f"{bodies}</body>\n</html>\n"
    )


def _body(results: Results, pictures: Mapping[str, bytes], short: str) -> str:
    language = "zh-hans" if short == "zh" else "en"
    parts = [f'<main class="{short}" lang="{"zh-Hans" if short == "zh" else "en"}">']
    parts.append(f"<h1>{escape(results.title.in_(language))}</h1>")
    banner = _say("report.simulated_banner", language) if results.simulated else ""
    parts.append(f'<p class="banner">{banner}</p>' if banner else "")
    for number, table in enumerate(results.tables, start=1):
        told = [one for one in results.sentences if one.table == table.key]
        parts.append(_table(table, number, told, language))
    for number, figure in enumerate(results.figures, start=1):
        parts.append(_figure(figure, number, pictures[f"{figure.key}.{short}.svg"], language))
    parts.append(_identity(results, language))
    parts.append(f'<p class="banner">{banner}</p></main>\n' if banner else "</main>\n")
    return "\n".join(parts)


def _table(table: Table, number: int, told: list[Sentence], language: str) -> str:
    name = _say("report.table", language, number=number)
    head = "".join(f'<th scope="col">{escape(words.in_(language))}</th>' for words in table.head)
    lines = []
    before = "body"
    for row in table.rows:
        lines.append(_row(row, language, rule=row.kind == "foot" and before != "foot"))
        before = row.kind
    sentences = "".join(f"<p>{escape(one.text.in_(language))}</p>" for one in told)
    return (
        f'<div class="scroll"><table id="{language}-{table.key}">'
        f"<caption>{name}　{escape(table.title.in_(language))}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
        f"{_notes(table.notes, language)}{sentences}"
    )


def _row(row: Row, language: str, *, rule: bool) -> str:
    kinds = " ".join([row.kind, *(["rule"] if rule else [])])
    label = escape(row.label.in_(language)) if row.label else ""
    cells = "".join(_cell(cell, language) for cell in row.cells)
    first = f'<th scope="row">{label}</th>' if label else "<td></td>"
    return f'<tr class="{kinds}">{first}{cells}</tr>'


def _cell(cell: Cell, language: str) -> str:
    where = f' title="{escape(f"{cell.trace} {cell.path}".strip())}"' if cell.trace else ""
    return f"<td{where}>{escape(cell.say(language))}</td>"


def _notes(notes: tuple[Text, ...], language: str) -> str:
    lines = "".join(f"<p>{escape(note.in_(language))}</p>" for note in notes)
    return f'<div class="notes" role="note">{lines}</div>'


def _figure(figure: Figure, number: int, picture: bytes, language: str) -> str:
    name = f"{_say('report.figure', language, number=number)}　{escape(figure.title.in_(language))}"
    source = f"data:image/svg+xml;base64,{b64encode(picture).decode()}"
    alt = escape(figure.title.in_(language), quote=True)
    return (
        f'<figure id="{language}-{figure.key}"><img src="{source}" alt="{alt}"><figcaption>{name}</figcaption>'
        f"{_notes(figure.notes, language)}{_numbers(figure, language)}</figure>"
    )


def _numbers(figure: Figure, language: str) -> str:
    """The numbers behind a figure, so that nobody must read them off a picture."""
    if len(figure.rows) > MOST_ROWS:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in figure.columns)
    lines = "".join(f"<tr>{''.join(f'<td>{escape(_short(value))}</td>' for value in row)}</tr>" for row in figure.rows)
    words = _say("report.numbers", language)
    return (
        f'<details><summary>{words}</summary><div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div></details>"
    )


def _short(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else "" if value is None else str(value)


def _identity(results: Results, language: str) -> str:
    data = results.data
    line = _say(
        "report.identity",
        language,
        name=data["name"],
        digest=data["sha256"],
        rows=f"{data['rows']:,}",
        code=results.versions["code"],
        seed=results.seed,
        draws=f"{results.draws:,}",
    )
    heading, words = _say("report.trace", language), _say("report.trace_text", language)
    return f'<section class="identity"><h2>{heading}</h2><p>{escape(words)}</p><p>{escape(line)}</p></section>'


def _say(key: str, language: str, **params: object) -> str:
    return text(key, **params).in_(language)
