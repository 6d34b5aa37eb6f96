"""The tables in LaTeX, with booktabs rules, in one language; files with Chinese in them are compiled with XeLaTeX."""

import re

from cunzhi.studies.results import Results, Row, Table
from cunzhi.studies.words import text

SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "−": "$-$",
    "<": "$<$",
    ">": "$>$",
    "→": r"$\rightarrow$",
    "∪": r"$\cup$",
    "∞": r"$\infty$",
    "∅": r"$\emptyset$",
    "†": r"\textdagger{}",
    "×": r"$\times$",
    "²": r"$^2$",
    "λ": r"$\lambda$",
    "₄": r"$_4$",
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
PREAMBLE = r"""\documentclass[11pt]{%s}
\usepackage[margin=2.3cm]{geometry}
\usepackage{booktabs,graphicx,fancyhdr}
\pagestyle{fancy}\fancyhf{}\fancyfoot[C]{\thepage}\fancyhead[C]{%s}\renewcommand{\headrulewidth}{0pt}
\begin{document}
\title{%s}\author{}\date{}\maketitle
"""


def document(results: Results, language: str) -> str:
    """All tables and sentences as one file that compiles by itself."""
    style = "ctexart" if language.startswith("zh") else "article"
    warning = escaped(text("report.simulated_banner").in_(language)) if results.simulated else ""
    parts = [PREAMBLE % (style, warning, escaped(results.title.in_(language)))]
    parts += [rf"\noindent\textbf{{{warning}}}" + "\n"] if warning else []
    for table in results.tables:
        parts.append(_table(table, language))
        parts += [escaped(one.text.in_(language)) + "\n" for one in results.sentences if one.table == table.key]
    short = "zh" if language.startswith("zh") else "en"
    for figure in results.figures:
        notes = " ".join(escaped(note.in_(language)) for note in figure.notes)
        parts.append(
            "\\begin{figure}[htbp]\n\\centering\n"
            f"\\includegraphics[width=.9\\textwidth]{{figures/{figure.key}.{short}.png}}\n"
            f"\\caption{{{escaped(figure.title.in_(language))}}}\n"
            f"\\begin{{minipage}}{{.9\\textwidth}}\\footnotesize {notes}"
            "\\end{minipage}\n\\end{figure}\n"
        )
    written = "\n".join([*parts, r"\end{document}", ""])
    if style == "article" and CHINESE.search(written):
        # Names of units may be Chinese in an English file.
        return written.replace(r"\begin{document}", "\\usepackage[scheme=plain]{ctex}\n\\begin{document}", 1)
    return written


def _table(table: Table, language: str) -> str:
    width = len(table.head)
    head = " & ".join(escaped(words.in_(language)) for words in table.head)
    lines = []
    before = ""
    for row in table.rows:
        if row.kind == "foot" and before != "foot":
            lines.append(r"\midrule")
        lines.append(_row(row, language))
        before = row.kind
    notes = r"\\".join(escaped(note.in_(language)) for note in table.notes)
    body = "\n".join(lines)
    # Notes stand in a box of their own: threeparttable measures its tabular itself and breaks inside \\resizebox.
    return (
        f"\\begin{{table}}[htbp]\n\\centering\n\\caption{{{escaped(table.title.in_(language))}}}\n"
        f"\\label{{tab:{table.key}}}\n\\resizebox{{\\ifdim\\width>\\textwidth\\textwidth\\else\\width\\fi}}{{!}}{{%\n"
        f"\\begin{{tabular}}{{l*{{{width - 1}}}{{c}}}}\n\\toprule\n{head} \\\\\n\\midrule\n{body}\n\\bottomrule\n"
        f"\\end{{tabular}}}}\\par\\smallskip\n\\begin{{minipage}}{{\\textwidth}}\\footnotesize\n{notes}\n"
        "\\end{minipage}\n\\end{table}\n"
    )


def _row(row: Row, language: str) -> str:
    label = escaped(row.label.in_(language)) if row.label else ""
    cells = [escaped(cell.say(language)) for cell in row.cells]
    # A bracket at the beginning of a line would be read as an option of the line break before it.
    return " & ".join([label, *(f"{{{cell}}}" if cell.startswith("[") else cell for cell in cells)]) + r" \\"


def escaped(words: str) -> str:
    """The words with everything that LaTeX would take as a command made harmless."""
    return "".join(SPECIAL.get(letter, letter) for letter in words)
