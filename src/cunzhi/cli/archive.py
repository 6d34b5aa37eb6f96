"""The one file that a backup is: a tar whose last member lists every other with its hash."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from cunzhi.base.errors import Refused

MANIFEST = "manifest.json"
DATABASE, FILES, SECRETS, DEMO = "database", "files", "secrets.json", "demo.json"
FORMAT = 1


class Hashed:
    """A file that is hashed while it is read, so that what is listed is what was written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def write(target: Path, members: Iterator[tuple[str, Path]], about: dict[str, Any]) -> int:
    """Put `members` (name inside, where it lies) and their manifest into `target`; how many there were."""
    hashes: dict[str, str] = {}
    beside = target.with_name(target.name + ".part")
    try:
        with beside.open("xb") as raw:
            beside.chmod(0o600)
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as tar:
                for name, path in members:
                    with suppress(FileNotFoundError):  # erased just now, as was somebody's right
                        hashes[name] = _add(tar, name, path)
                _add_manifest(tar, {"format": FORMAT, **about, "sha256": hashes})
        beside.rename(target)
    finally:
        beside.unlink(missing_ok=True)
    return len(hashes)


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    entry = tarfile.TarInfo(name)
    with path.open("rb") as file:
        status = path.stat()
        entry.size, entry.mtime, entry.mode = status.st_size, int(status.st_mtime), 0o600
        hashed = Hashed(file)
        tar.addfile(entry, hashed)
    return hashed.digest.hexdigest()


def _add_manifest(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=1, sort_keys=True).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size, entry.mode = len(text), 0o600
    tar.addfile(entry, io.BytesIO(text))


def unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Lay everything into the empty `folder` and give the manifest; refused when a single byte differs."""
    try:
        with tarfile.open(source, "r:gz") as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise Refused("cli.restore.unreadable", file=source, reason=error) from error
    if manifest.get("format") != FORMAT:
        raise Refused("cli.restore.format", file=source)
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    found.pop(MANIFEST)
    listed = manifest["sha256"]
    wrong = sorted(found.keys() ^ listed.keys()) or [name for name in listed if file_hash(found[name]) != listed[name]]
    if wrong:
        raise Refused("cli.restore.damaged", file=source, count=len(wrong), first=wrong[0])
    return manifest


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
