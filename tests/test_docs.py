"""What the documents show is true: their commands run, their tables are complete, their links lead somewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PAGES = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]
BLOCK = re.compile(r"(?:^<!-- (?P<mark>[\w ]+) -->\n)?^```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
BY_OTHERS = {"python3 bootstrap.py run", "python3 bootstrap.py test"}
"""Shown, and tried by tests/test_bootstrap.py and by whoever reads this."""


def name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def shown(page: Path) -> list[tuple[str, str]]:
    """(mark, command) of every line that begins with a dollar sign."""
    blocks = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [(block["mark"] or "", line) for block in blocks for line in re.findall(r"^\$ (.*)$", block["text"], re.M)]


PAGES_THAT_RUN = [page for page in PAGES if any(mark == "run" for mark, _ in shown(page))]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_shown_is_tried(page: Path) -> None:
    assert {command for mark, command in shown(page) if mark != "run"} <= BY_OTHERS


@pytest.mark.parametrize("page", PAGES_THAT_RUN, ids=name)
def test_commands_on_page_run_in_their_order(page: Path, tmp_path: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CUNZHI_", "DJANGO_", "DATABASE_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    environment = {**kept, "PATH": path, "CUNZHI_HOME": str(tmp_path / "home"), "LANG": "C.UTF-8"}
    for mark, command in shown(page):
        if mark == "run":
            done = subprocess.run(
                command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_page_of_commands_is_what_the_commands_say() -> None:
    page = REPOSITORY / "docs" / "reference" / "commands.md"
    command = [sys.executable, REPOSITORY / "tests" / "reference_pages.py"]  # a fresh one: click keeps its options
    printed = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert page.read_text(encoding="utf-8") == printed, "run: make reference"


def test_page_of_settings_names_every_variable() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "src" / "cunzhi").rglob("*.py"))
    read = set(re.findall(r"\"(CUNZHI_[A-Z_]+|DATABASE_URL)\"", text))
    page = (REPOSITORY / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)`", page, re.MULTILINE)) == read


def test_glossary_gives_each_term_one_word() -> None:
    page = (REPOSITORY / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", page, re.MULTILINE)
    terms = [term.strip() for term, _ in rows if re.search(r"[一-鿿]", term) and term.strip() != "中文"]
    words = [word.strip() for term, word in rows if term.strip() in terms]
    assert len(terms) > 50
    assert len(set(terms)) == len(terms)
    assert len(set(words)) == len(words)


def test_site_is_built_without_a_warning(tmp_path: Path) -> None:
    """Links to pages and headings that are not there are warnings, and strict makes them errors."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
