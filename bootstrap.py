#!/usr/bin/env python3
"""Runs Cunzhi from a fresh clone: makes .venv, installs what is pinned, then runs, tests or checks it.

Standard library only. The syntax stays old enough that an older Python can still say what it lacks.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "cunzhi.json"
TURN = HERE / ".venv.lock"
RUN, TEST = "requirements.txt", "requirements-test.txt"
OLDEST = (3, 11)
PROBE = "import sys, importlib.util as i; print(sys.version_info >= (3, 11) and i.find_spec('pip') is not None)"

CHECKS = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["yamllint", "--strict", "."],
    ["djlint", "--lint", "--quiet", "src/cunzhi/web", "src/cunzhi/api", "src/cunzhi/studies"],
    ["lint-imports"],
    ["deptry", "src"],
    ["mypy"],
]


def main() -> int:
    if sys.version_info < OLDEST:
        have = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Cunzhi needs Python 3.11 or newer; this is {have}. Try: python3.11 bootstrap.py run")
    os.chdir(HERE)
    arguments, rest = parser().parse_known_args()
    return int(arguments.command(rest))


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(description="Install and run Cunzhi. Words after the command are handed on to it.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for command, words in (
        (run, "run the platform on http://127.0.0.1:8000, with the demo when there is nothing yet"),
        (test, "run the tests on SQLite and on PostgreSQL; takes pytest's arguments"),
        (check, "run all checks of style, types and architecture"),
        (docs, "build the documentation into site/"),
        (install, "only install"),
    ):
        entry = commands.add_parser(command.__name__, help=words, add_help=command in (check, docs, install))
        entry.set_defaults(command=command)
    return top


def run(rest: list[str]) -> int:
    make_ready(RUN)
    return become([PROGRAMS / "cunzhi", "serve", "--update", "--demo", *rest])


def test(rest: list[str]) -> int:
    make_ready(TEST)
    return become([PYTHON, "tests/both_databases.py", *rest])


def check(rest: list[str]) -> int:
    make_ready(TEST)
    environment = {**os.environ, "CUNZHI_HOME": str(VENV / "check")}

    def tried(command: list[str]) -> subprocess.CompletedProcess[str]:
        whole = [str(PROGRAMS / command[0]), *command[1:]]
        return subprocess.run(whole, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    failed = []
    with ThreadPoolExecutor(2) as pool:  # the longest comes last in the list and begins first
        waiting = [pool.submit(tried, command) for command in reversed(CHECKS)]
        for command, done in zip(CHECKS, reversed(waiting), strict=True):
            print(f"$ {' '.join(command)}\n{done.result().stdout}", end="", flush=True)
            if done.result().returncode:
                failed.append(" ".join(command))
    print("These checks failed: " + "; ".join(failed) if failed else "All checks passed.")
    return 1 if failed else 0


def docs(rest: list[str]) -> int:
    make_ready(TEST)
    return become([PROGRAMS / "mkdocs", "build", "--strict", *rest])


def install(rest: list[str]) -> int:
    make_ready(RUN)
    return 0


def become(command: list[str | Path]) -> int:
    """Give this process over to `command`, so that signals reach it; Windows cannot, there it is a child."""
    words = [str(word) for word in command]
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(words[0], words)
    return subprocess.call(words)


def make_ready(lock: str) -> None:
    """Have everything of `lock` installed in .venv; nothing is done when it already is."""
    with own_turn():
        install_what_lacks(lock)


@contextmanager
def own_turn() -> Iterator[None]:
    """Let one installation into the folder at a time: two at once would spoil .venv for each other."""
    try:
        file = TURN.open("a+b")
    except OSError:  # a folder that cannot be written to has nothing that could be spoilt
        yield
        return
    with file:
        if not taken(file):
            print("Another installation is at work in this folder; waiting until it is done", flush=True)
            while not taken(file):
                time.sleep(0.2)
        yield


def taken(file: IO[bytes]) -> bool:
    """Whether the turn is ours. The system takes it back when the process ends, in whichever way."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks
        return True
    return True


def install_what_lacks(lock: str) -> None:
    wanted = fingerprint(lock)
    stamp = read_stamp()
    whole = usable(stamp)
    if whole and stamp.get(lock) == wanted:
        return
    if not whole:
        make_venv()
    write_stamp({"state": "installing"})
    install_packages(lock)
    locks = {RUN: fingerprint(RUN), lock: wanted}  # the tests' lock holds all of the other
    write_stamp({"state": "installed", "folder": str(HERE), **locks})


def fingerprint(lock: str) -> str:
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in (lock, "pyproject.toml"))).hexdigest()


def read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def write_stamp(stamp: dict[str, str]) -> None:
    beside = STAMP.with_suffix(".new")
    beside.write_text(json.dumps(stamp))
    beside.replace(STAMP)


def usable(stamp: dict[str, str]) -> bool:
    """Whether .venv can be built upon: not broken off, not moved, its Python still there and new enough."""
    if stamp.get("state") == "installing" or stamp.get("folder", str(HERE)) != str(HERE) or not PYTHON.exists():
        return False
    answer = subprocess.run([PYTHON, "-c", PROBE], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == "True"


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv")
    if VENV.exists() and any(VENV.iterdir()) and not (VENV / "pyvenv.cfg").exists():
        sys.exit(f"{VENV} is not a Python environment. Move it away, then start again.")
    print("Making .venv", flush=True)
    venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(VENV)


def install_packages(lock: str) -> None:
    """The pinned packages, each checked against its hash, then this one; by uv where it is at hand, else by pip."""
    uv = shutil.which("uv")
    pinned = ["install", "--require-hashes", "-r", lock]
    if not uv or subprocess.call([uv, "pip", *pinned, "--python", str(PYTHON)]):
        counted_pip(pinned, total=(HERE / lock).read_text().count("=="))
    ours = ["install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", "."]
    if subprocess.call([str(PYTHON), "-m", "pip", "--disable-pip-version-check", *ours]):
        sys.exit("Installing Cunzhi itself failed; see above.")


def counted_pip(arguments: list[str], *, total: int) -> None:
    """Run pip with one line of progress instead of its many; show those when it fails."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    print(f"Installing {total} pinned packages; the first time takes a minute or two", flush=True)
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            said.append(line)
            if sys.stdout.isatty():
                fetched = sum(earlier.startswith("Collecting ") for earlier in said)
                step = "unpacking" if line.startswith("Installing ") else f"{fetched} of {total} fetched"
                print(f"\r  {step:<30}", end="", flush=True)
    if sys.stdout.isatty():
        print()
    if pip.returncode:
        sys.exit("".join(said[-25:]) + "\nInstalling failed; see above. Is the network there? Start again to retry.")


if __name__ == "__main__":
    sys.exit(main())
