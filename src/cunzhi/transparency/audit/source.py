"""Where a log lies: a folder that somebody exported, or an address."""

from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from cunzhi.transparency import web
from cunzhi.transparency.errors import Doubt

FOUND = 200


class Source(Protocol):
    """Gives out files by their paths; None for one that is not there."""

    def read(self, path: str) -> bytes | None: ...

    def beside(self, path: str) -> bytes | None:
        """What the platform shows beside its log, such as the content of a notice."""


class Folder:
    """A log as `cunzhi journal export` writes it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: str) -> bytes | None:
        try:
            return (self.folder / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def beside(self, path: str) -> bytes | None:
        return self.read(path)


class Web:
    """A log that is served."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix.rstrip("/")

    def read(self, path: str) -> bytes | None:
        status, content = web.get(f"{self.prefix}/{path}")
        return content if status == FOUND else None

    def beside(self, path: str) -> bytes | None:
        status, content = web.get(urljoin(f"{self.prefix}/", f"../{path}"))
        return content if status == FOUND else None


def source_of(where: str) -> Source:
    if where.startswith(("http://", "https://")):
        return Web(where)
    if not Path(where).is_dir():
        raise Doubt("source", f"{where} is neither a folder nor an address")
    return Folder(Path(where))
