"""A backup brings everything back, says when it is damaged, and never treads on what is there."""

import json
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from left_out import leave_out
from surroundings import installed as installed_program

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Shell = Callable[[str], str]
Note = Callable[[int], str]

RECORDS = """
from cunzhi.journal.models import Entry
print(sorted(Entry.objects.filter(record__startswith="test:").values_list("record", flat=True)))
"""


@pytest.fixture(autouse=True)
def tools(database_url: str) -> None:
    if database_url and not installed_program("pg_dump"):
        leave_out("no pg_dump on this machine (Debian: apt-get install postgresql-client)")


def test_backup_leaves_the_keys_out_and_says_so(cunzhi: Run, installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    done = cunzhi("backup", file)
    assert "The keys are NOT in it" in done.stdout
    with tarfile.open(file) as tar:
        assert sorted(tar.getnames()) == ["database", "files/picture.jpg", "manifest.json"]
    assert file.stat().st_mode & 0o077 == 0


def test_backup_overwrites_nothing(cunzhi: Run, installed: Path, backup: Path) -> None:
    done = cunzhi("backup", backup)
    assert done.returncode == 1
    assert "never overwrites" in done.stderr


def test_restore_brings_back_what_was_there(
    cunzhi: Run, backup: Path, installed: Path, shell: Shell, note: Note
) -> None:
    picture = (installed / "files" / "picture.jpg").read_bytes()
    keys = (installed / "secrets.json").read_bytes()
    note(2)
    (installed / "files" / "later.jpg").write_bytes(b"later")
    done = cunzhi("restore", backup, "--replace")
    assert done.returncode == 0, done.stderr
    assert shell(RECORDS).strip() == "['test:1']"
    assert [path.name for path in (installed / "files").iterdir()] == ["picture.jpg"]
    assert (installed / "files" / "picture.jpg").read_bytes() == picture
    assert (installed / "secrets.json").read_bytes() == keys
    aside = next(installed.glob("before-restore-*"))
    assert (aside / "files" / "later.jpg").read_bytes() == b"later"
    assert cunzhi("doctor").returncode == 0


def test_restore_sets_up_an_empty_home(
    cunzhi: Run, backup: Path, installed: Path, empty_database: Callable[[], None], shell: Shell, tmp_path: Path
) -> None:
    installed.rename(tmp_path / "lost")
    empty_database()
    done = cunzhi("restore", backup)
    assert done.returncode == 0, done.stderr
    assert shell(RECORDS).strip() == "['test:1']"


def test_restore_keeps_its_hands_off_what_is_there(
    cunzhi: Run, installed: Path, backup: Path, shell: Shell, note: Note
) -> None:
    note(2)
    done = cunzhi("restore", backup)
    assert done.returncode == 1
    assert "With --replace it is put aside first. Nothing was changed." in done.stderr
    assert shell(RECORDS).strip() == "['test:1', 'test:2']"


def test_restore_without_the_right_keys_is_refused(cunzhi: Run, installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    cunzhi("backup", file)
    (installed / "secrets.json").unlink()
    done = cunzhi("restore", file, "--replace")
    assert "The backup holds no keys and there are none" in done.stderr
    (installed / "secrets.json").write_text(json.dumps({"pepper": "00" * 32}))
    done = cunzhi("restore", file, "--replace")
    assert done.returncode == 1
    assert "are not those of the backup" in done.stderr


def test_restore_of_a_cut_off_backup_changes_nothing(cunzhi: Run, installed: Path, backup: Path, shell: Shell) -> None:
    backup.write_bytes(backup.read_bytes()[:-2000])
    done = cunzhi("restore", backup, "--replace")
    assert done.returncode == 1
    assert "cannot be read as a backup" in done.stderr
    assert shell(RECORDS).strip() == "['test:1']"


def test_restore_of_a_tampered_backup_is_refused(cunzhi: Run, installed: Path, backup: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    with tarfile.open(backup) as tar:
        tar.extractall(inside, filter="data")
    (inside / "files" / "picture.jpg").write_bytes(b"other")
    with tarfile.open(backup, "w:gz") as tar:
        for path in sorted(inside.iterdir()):
            tar.add(path, path.name)
    done = cunzhi("restore", backup, "--replace")
    assert done.returncode == 1
    assert "is damaged: 1 of its files are not as they were written, first files/picture.jpg" in done.stderr


def test_restore_while_the_platform_runs_is_refused(cunzhi: Run, backup: Path, installed: Path) -> None:
    (installed / "serve.pid").write_text(str(os.getpid()))
    done = cunzhi("restore", backup, "--replace")
    assert done.returncode == 1
    assert "Stop it first" in done.stderr
