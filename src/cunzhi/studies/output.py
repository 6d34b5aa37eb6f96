"""Writes a study that ran into its folder: first beside it, then by one renaming, so that no half report stays."""

import json
import shutil
import tempfile
from pathlib import Path

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.studies.replication import package
from cunzhi.studies.results import Results
from cunzhi.studies.run import Done, plain_results
from cunzhi.studies.writers import excel, html, latex, word

LANGUAGES = {"zh": "zh-hans", "en": "en"}


def refuse_existing(out: Path) -> None:
    """Refuses a folder that is there already, before anything is computed."""
    if out.exists():
        raise Refused("studies.exists", folder=out)


def write_study(done: Done, *, spec_text: str, folder: Path, out: Path, log: list[str]) -> None:
    """All files of a study; `folder` is where its data lie. Whatever breaks it off leaves no folder behind."""
    refuse_existing(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        _write(done, spec_text, folder, half, log)
        half.chmod(0o755)
        half.rename(out)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


def results_text(results: Results) -> str:
    """results.json: the same bytes for the same results."""
    return json.dumps(plain_results(results), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def _write(done: Done, spec_text: str, folder: Path, half: Path, log: list[str]) -> None:
    results, pictures = done.results, done.pictures
    written = results_text(results)
    (half / "results.json").write_text(written, encoding="utf-8")
    (half / "report.html").write_text(html.report(results, pictures), encoding="utf-8")
    for short, language in LANGUAGES.items():
        (half / f"report.{short}.docx").write_bytes(word.document(results, pictures, language))
        (half / f"tables.{short}.tex").write_text(latex.document(results, language), encoding="utf-8")
    (half / "tables.xlsx").write_bytes(excel.workbook(results, done.prepared))
    (half / "figures").mkdir()
    for name, content in pictures.items():
        (half / "figures" / name).write_bytes(content)
    log.append(f"{clock.now().isoformat(timespec='seconds')} written")
    (half / "replication.zip").write_bytes(package(done, spec_text=spec_text, folder=folder, results=written, log=log))
