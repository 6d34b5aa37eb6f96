"""The replication package: specification, data, trees, results, versions, seed and log; and running it again."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from cunzhi.base.errors import Refused
from cunzhi.base.strict_yaml import load_as
from cunzhi.studies.keeper import Progress
from cunzhi.studies.run import Done, plain_results, run_study, versions
from cunzhi.studies.sources import Source
from cunzhi.studies.spec import Study

if TYPE_CHECKING:
    import polars as pl

SPEC, RESULTS, VERSIONS, LOG, README = "study.yaml", "results.json", "versions.json", "log.txt", "README.txt"
PLATFORM_DATA = "platform.csv"
TOLERANCE = 1e-9
"""Relative; other machines add numbers in another order."""
WORDS = """Replication package of a study made with Cunzhi.

Run it again and compare: cunzhi study check THIS.zip
study.yaml    the specification      results.json  what was found
versions.json code, libraries, seed, SHA-256 of the data      log.txt  what was done when
The other files are the data and what the specification names.
{simulated}"""


@dataclass(frozen=True)
class Checked:
    """How a study run again compares: numbers compared, those that differ by path, and versions that changed."""

    numbers: int
    different: tuple[str, ...]
    changed: tuple[str, ...]


def package(done: Done, *, spec_text: str, folder: Path, results: str, log: list[str]) -> bytes:
    """The .zip as bytes."""
    study, source = done.prepared.study, done.prepared.source
    about = {**versions(), "seed": study.seed, "draws": study.draws, "data": source.name, "data_sha256": source.digest}
    simulated = "SIMULATED DATA: nothing in this package was measured.\n" if study.simulated else ""
    files = {
        SPEC: spec_text.encode(),
        RESULTS: results.encode(),
        VERSIONS: (json.dumps(about, indent=1, sort_keys=True) + "\n").encode(),
        LOG: ("\n".join(log) + "\n").encode(),
        README: WORDS.format(simulated=simulated).encode(),
        **_inputs(study, source, folder),
    }
    buffer = BytesIO()
    with ZipFile(buffer, "w") as packed:
        for name, content in sorted(files.items()):
            packed.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return buffer.getvalue()


def check(path: Path, *, progress: Progress) -> Checked:
    """Run a package again in a folder of its own and compare every number; Refused when it is no package."""
    with unpacked(path) as folder:
        return _compare(folder, progress)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """A package's files in a folder of their own; Refused when it is no package."""
    try:
        with ZipFile(path) as packed, tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for entry in packed.namelist():
                _refuse_outside(entry, path)
                (folder / entry).parent.mkdir(parents=True, exist_ok=True)
                (folder / entry).write_bytes(packed.read(entry))
            yield folder
    except (BadZipFile, OSError, KeyError, json.JSONDecodeError) as error:
        raise Refused("studies.not_a_package", file=path, reason=str(error) or type(error).__name__) from error


def _compare(folder: Path, progress: Progress) -> Checked:
    study = load_as(Study, (folder / SPEC).read_text(encoding="utf-8"), name=SPEC)
    was = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    about = json.loads((folder / VERSIONS).read_text(encoding="utf-8"))
    done = run_study(study, folder, progress=progress, platform=lambda _: kept_figures(folder))
    now = json.loads(json.dumps(plain_results(done.results)))
    compared: list[str] = []
    different: list[str] = []
    for part in ("tables", "sentences", "data"):
        _walk(was[part], now[part], part, compared, different)
    changed = [f"{name}: {about.get(name)} → {value}" for name, value in versions().items() if about.get(name) != value]
    if about["data_sha256"] != done.prepared.source.digest:
        changed.append(f"data: {about['data_sha256']} → {done.prepared.source.digest}")
    return Checked(len(compared), tuple(different), tuple(changed))


def _walk(was: Any, now: Any, path: str, compared: list[str], different: list[str]) -> None:
    """Compare trees; numbers within TOLERANCE, all else exactly. Traces name the code, so versions tell of them."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in sorted({*was, *now} - {"trace"}):
            _walk(was.get(key), now.get(key), f"{path}.{key}", compared, different)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for position, (before, after) in enumerate(zip(was, now, strict=True)):
            _walk(before, after, f"{path}[{position}]", compared, different)
    elif isinstance(was, float) and isinstance(now, float):
        compared.append(path)
        if abs(was - now) > TOLERANCE * max(1.0, abs(was)):
            different.append(f"{path}: {was!r} → {now!r}")
    elif was != now:
        different.append(f"{path}: {was!r} → {now!r}")


def _inputs(study: Study, source: Source, folder: Path) -> dict[str, bytes]:
    """The data and every file that the specification names, by the name under which it looks for them."""
    named = [index.tree for index in study.indices.values()] + [study.data.file, study.truth]
    files = {name: (folder / name).read_bytes() for name in named if name and (folder / name).is_file()}
    if study.data.platform is not None:
        figures = source.table if source.figures is None else source.figures
        files[PLATFORM_DATA] = figures.write_csv().encode()
    return {_inside(name): content for name, content in files.items()}


def _inside(name: str) -> str:
    """The name of a file in the package; refused when the study reaches outside its folder."""
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise Refused("studies.outside", file=name)
    return name


def _refuse_outside(name: str, path: Path) -> None:
    if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
        raise Refused("studies.not_a_package", file=path, reason=name)


def kept_figures(folder: Path) -> "pl.DataFrame":
    """The platform's figures as they were."""
    import polars as pl  # noqa: PLC0415 -- slow to import

    return pl.read_csv(
        folder / PLATFORM_DATA, schema_overrides={"unit": pl.String, "period": pl.String, "name": pl.String}
    )
