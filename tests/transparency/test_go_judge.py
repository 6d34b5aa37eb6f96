"""Go's own packages for such logs accept what we write, and refuse what was tampered with."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from left_out import leave_out
from transparency.logs import SIGNER, Small, numbered, put

from cunzhi.transparency.notes import encoded
from cunzhi.transparency.tiles import Tile

DEBIAN = Path("/usr/share/gocode")
SOURCE = Path(__file__).parent / "judge" / "main.go"


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("go") or not (DEBIAN / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        leave_out("Go's packages for logs are not there (Debian: apt-get install golang-go golang-golang-x-mod-dev)")
    program = tmp_path_factory.mktemp("judge") / "judge"
    surroundings = {
        "GO111MODULE": "off",
        "GOPATH": str(DEBIAN),
        "GOCACHE": str(program.parent / "cache"),
        "GOFLAGS": "",
    }
    subprocess.run(
        ["go", "build", "-o", program, SOURCE], env={**os.environ, **surroundings}, check=True, capture_output=True
    )
    return program


def judged(judge: Path, folder: Path, *more: str) -> tuple[bool, str]:
    done = subprocess.run([judge, folder, str(SIGNER.key), *more], capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout.strip()


def written(folder: Path, log: Small) -> Path:
    for index in {0, log.size // 3, log.size - 1}:
        put(folder / "proofs" / f"{index}.tlog-proof", str(log.proof(index)).encode())
    return log.write(folder)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 1000])
def test_our_notes_tiles_and_proofs_are_accepted(judge: Path, tmp_path: Path, size: int) -> None:
    log = numbered(size)
    old = max(1, size // 2)
    before = log.checkpoint(old).text.splitlines()[2]
    good, said = judged(judge, written(tmp_path, log), str(old), before)
    assert good and said == f"good: {size} entries, {len({0, size // 3, size - 1})} proofs"


def test_what_was_tampered_with_is_refused(judge: Path, tmp_path: Path) -> None:
    log = numbered(300)
    written(tmp_path, log)
    assert not judged(judge, tmp_path, "100", encoded(bytes(32)))[0]
    forged = Small([*log.entries[:7], b"forged", *log.entries[8:]])
    put(tmp_path / Tile(None, 0).path, forged.tile(Tile(None, 0)))
    assert judged(judge, tmp_path) == (False, "entry 7 is not what its tile says")
