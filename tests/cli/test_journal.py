"""The log from a terminal: seal, check, hand out, and what an old backup may and may not do."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., "subprocess.CompletedProcess[str]"]
CHANGE = """
from django.db import connection
from cunzhi.journal.append_only import guarded_tables
with connection.cursor() as cursor:
    on_table = " ON journal_entry" if connection.vendor == "postgresql" else ""
    cursor.execute("DROP TRIGGER journal_entry_no_update" + on_table)
    cursor.execute("UPDATE journal_entry SET record = 'test:9' WHERE id = (SELECT min(id) FROM journal_entry)")
"""


PROOF = """
from cunzhi.journal.models import Entry
from cunzhi.journal.queries import proof
print(proof(Entry.objects.get()), end="")
"""


def audit(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "cunzhi.transparency.audit.command", *map(str, arguments), "--format", "json"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_log_from_first_round_to_audit(cunzhi: Run, installed: Path, tmp_path: Path) -> None:
    assert "The log has not begun yet" in cunzhi("doctor").stdout
    assert "sealed 1" in cunzhi("tick").stdout
    assert "the log has 1" in cunzhi("journal", "seal").stdout
    assert "Right from rows to root: 1 entries" in cunzhi("journal", "check").stdout
    shown = cunzhi("journal", "show").stdout
    assert "quorum none" in shown and "/witness+" in shown
    assert cunzhi("journal", "export", tmp_path / "out").returncode == 0
    done = audit(tmp_path / "out", "--policy", tmp_path / "out" / "policy")
    assert done.returncode == 0 and json.loads(done.stdout)["size"] == 1


def test_sealed_entry_is_opened_for_its_owner(
    cunzhi: Run, installed: Path, tmp_path: Path, shell: Callable[[str], str]
) -> None:
    cunzhi("tick")
    (tmp_path / "entry.tlog-proof").write_text(shell(PROOF))
    assert "what opens entry 0" in cunzhi("journal", "open", "0", tmp_path / "key.json").stdout.lower()
    cunzhi("journal", "export", tmp_path / "out")
    given = (tmp_path / "entry.tlog-proof", "--policy", tmp_path / "out" / "policy", "--opening", tmp_path / "key.json")
    done = audit(*given)
    assert done.returncode == 0 and "test:1" in json.loads(done.stdout)["findings"][0]["params"]["said"]
    key = (tmp_path / "key.json").read_text()
    (tmp_path / "key.json").write_text(key.replace("test:1", "test:2"))
    assert audit(*given).returncode == 1


def test_changed_row_is_said_by_check_and_doctor(cunzhi: Run, installed: Path, shell: Callable[[str], str]) -> None:
    cunzhi("tick")
    shell(CHANGE)
    checked = cunzhi("journal", "check")
    assert checked.returncode == 1 and "(leaf 0) is not as it was sealed: private" in checked.stdout
    looked = cunzhi("doctor").stdout
    assert "(leaf 0) is not as it was sealed: private" in looked and "wrote into the database by hand" in looked


def test_old_backup_does_not_fork_the_log(
    cunzhi: Run, installed: Path, tmp_path: Path, note: Callable[[int], str], empty_database: Callable[[], None]
) -> None:
    cunzhi("tick")
    assert cunzhi("backup", tmp_path / "old.tar.gz").returncode == 0
    note(2)
    cunzhi("tick")
    published = (installed / "log.checkpoint").read_text()
    cunzhi("journal", "export", tmp_path / "before")
    assert cunzhi("restore", tmp_path / "old.tar.gz", "--replace").returncode == 0
    assert (installed / "log.checkpoint").read_text() == published

    ticked = cunzhi("tick")
    assert ticked.returncode == 0 and "2 were signed and handed out" in ticked.stderr
    refused = cunzhi("journal", "seal")
    assert refused.returncode == 1 and "cunzhi journal begin NAME" in refused.stderr
    assert "it is an older copy" in cunzhi("doctor").stdout

    begun = cunzhi("journal", "begin", "village.example/log2")
    assert begun.returncode == 0 and "(2 entries)" in begun.stdout, begun.stderr
    assert "the log has 2" in cunzhi("journal", "seal").stdout and cunzhi("journal", "check").returncode == 0
    cunzhi("journal", "export", tmp_path / "after")
    lines = [(tmp_path / folder / "policy").read_text().splitlines()[0] for folder in ("before", "after")]
    (tmp_path / "policy").write_text("\n".join([*lines, "quorum none", ""]))
    done = audit(tmp_path / "after", "--policy", tmp_path / "policy", "--last", tmp_path / "before")
    assert [one["code"] for one in json.loads(done.stdout)["findings"]] == ["log_begun", "new_log_lost"]


def test_lost_checkpoint_file_is_given_back(cunzhi: Run, installed: Path, tmp_path: Path) -> None:
    cunzhi("tick")
    cunzhi("journal", "export", tmp_path / "out")
    (installed / "log.checkpoint").unlink()
    assert "is gone" in cunzhi("journal", "seal").stderr
    assert "of 1 entries counts" in cunzhi("journal", "adopt", tmp_path / "out" / "checkpoint").stdout
    assert cunzhi("journal", "seal").returncode == 0
