"""Looks at the machine: Python, packages, disk, keys, files."""

import os
import platform
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from cunzhi.base.home import files, home, secrets_file
from cunzhi.cli.doctor.finding import Finding, doubt, good, wrong

OLDEST = (3, 11)
LITTLE, TOO_LITTLE = 2e9, 2e8  # bytes left on the disk


def python() -> Iterator[Finding]:
    have = platform.python_version()
    yield good("python", version=have) if sys.version_info >= OLDEST else wrong("python_old", version=have)


def packages() -> Iterator[Finding]:
    """Everything that this package says it needs is there."""
    names = [
        re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0] for line in requires("cunzhi") or () if "extra ==" not in line
    ]
    missing = [name for name in names if not installed(name)]
    yield wrong("packages_missing", names=", ".join(missing)) if missing else good("packages", count=len(names))


def installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def disk() -> Iterator[Finding]:
    free = shutil.disk_usage(home()).free
    params = {"free": f"{free / 1e9:.1f}", "home": home()}
    yield (wrong if free < TOO_LITTLE else doubt if free < LITTLE else good)("disk", **params)


def keys() -> Iterator[Finding]:
    """The keys are there and their owner's alone."""
    path = secrets_file()
    if not path.exists():
        yield wrong("keys_missing", path=path)
    elif os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield wrong("keys_open", path=path, mode=f"{stat.S_IMODE(path.stat().st_mode):o}")
    else:
        yield good("keys", path=path)


def folder_of_files() -> Iterator[Finding]:
    """Something can be written where pictures and papers are kept."""
    folder = files() if files().exists() else files().parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            yield good("files", folder=files())
    except OSError as error:
        yield wrong("files_closed", folder=files(), reason=error.strerror or error)
