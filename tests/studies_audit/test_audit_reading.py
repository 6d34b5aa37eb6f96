"""Mistakes in PAPER.yaml are named with file and line."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from cunzhi.base.strict_yaml import YamlRefused
from cunzhi.evaluation.audit.check import Severity
from cunzhi.studies.audit.reading import read_paper
from cunzhi.studies.audit.report import audit

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how_to" / "audit_a_paper.md"

GOOD = """title: "A paper"
authors: "Somebody"
source: "simulated"
tables:
  "1":
    title: "Means"
    columns: ["a", "b"]
    rows:
      "x": ["1.0", "2.0"]
      "y": ["3.0", "4.0"]
      "mean": ["2.0", "3.0"]
relations:
  - {check: mean, table: "1", row: "mean", of: ["x", "y"]}
claims:
  - where: "1"
    says: "a is 2"
    checks:
      - {check: number, printed: "2", of: {table: "1", row: "mean", column: "a"}}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(YamlRefused) as refused:
        read_paper(text, name="paper.yaml")
    return [str(problem) for problem in refused.value.problems]


def test_good_paper_is_read() -> None:
    assert list(read_paper(GOOD, name="paper.yaml").tables) == ["1"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"1.0", "2.0"', '1.0, "2.0"', 9, "put it in quotes"),
        ('"1.0", "2.0"', '"1.0"', 5, "rows need 2 cells"),
        ('of: ["x", "y"]', 'of: ["x", "z"]', 13, "no row of table 1 is labelled 'z'"),
        ('column: "a"', 'column: "aa"', 18, "did you mean a?"),
        ('table: "1", row: "mean", of', 'table: "7", row: "mean", of', 13, "no table is labelled '7'"),
        ('printed: "2"', 'printed: "two"', 18, "cannot be read as a printed number"),
        ("check: mean", "check: median", 13, "mean"),
        ("says:", "sayz:", 16, "did you mean says?"),
        ('["a", "b"]', '["a", "a"]', 5, "the same label"),
    ],
)
def test_mistake_is_named_with_its_line(old: str, new: str, line: int, words: str) -> None:
    found = problems(GOOD.replace(old, new, 1))
    assert any(one.startswith(f"paper.yaml:{line}: ") and words in one for one in found), found


def test_example_of_the_page_is_a_paper_with_the_finding_it_shows() -> None:
    blocks = re.findall(r"^ *```yaml\n(.*?)^ *```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found = audit(read_paper("".join(dedent(block) for block in blocks), name="page.yaml"))
    assert {(check.rule, check.printed) for check in found.having(Severity.ERROR)} == {
        ("stars", "0.342* (0.048)"),
        ("sentence", "0.342* (0.048)"),
    }
