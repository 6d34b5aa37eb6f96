"""An auditor with nothing but files finds what was done to a log, and says which entry."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transparency.logs import SIGNER, Small, put

from cunzhi.transparency.audit.calendar import check_calendar
from cunzhi.transparency.audit.command import main
from cunzhi.transparency.audit.contents import read_entries
from cunzhi.transparency.canonical import canonical
from cunzhi.transparency.checkpoints import cosign
from cunzhi.transparency.notes import COSIGNER, LOG, Note, Signer
from cunzhi.transparency.tiles import Tile, bundle

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
NOW = "2026-02-05T00:00:00+00:00"
VILLAGE = "500113101200"
WITNESSES = {name: Signer(f"{name}.example/witness", COSIGNER, name.encode().ljust(32)) for name in ("town", "school")}
Change = Callable[[list[bytes]], Sequence[bytes]]


def entry(number: int, **more: Any) -> bytes:
    at = (BEGIN + timedelta(hours=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    content = {"at": at, "kind": "sealed", "place": VILLAGE[:6], "private": f"{number:064x}", "v": 1}
    return canonical({**content, **more})


def notice(number: int, record: int, version: int = 1, **more: Any) -> bytes:
    plain = {"kind": "notice.publish", "place": VILLAGE, "public": f"{number:064x}"}
    return entry(number, **plain, record=f"notice:{record}", version=version, **more)


ENTRIES = [notice(n, n) if n % 3 else entry(n) for n in range(300)]


@dataclass
class Case:
    """A log in a folder, what was kept of last time, and whom the auditor trusts."""

    folder: Path

    def policy(self, quorum: str = "quorum none", *logs: Signer) -> Path:
        lines = [f"log {one.key}" for one in (SIGNER, *logs)]
        lines += [f"witness {name} {one.key}" for name, one in WITNESSES.items()] if "none" not in quorum else []
        put(self.folder / "policy", "\n".join([*lines, quorum, ""]).encode())
        return self.folder / "policy"

    def audited(self, *arguments: str | Path, log: str = "log", capture: Any = None) -> tuple[int, list[str], Any]:
        policy = self.folder / "policy"
        given = [self.folder / log, "--policy", policy if policy.exists() else self.policy(), "--now", NOW]
        code = main([str(one) for one in (*given, "--format", "json", *arguments)])
        found = json.loads(capture.readouterr().out) if code < 2 else {"findings": []}
        return code, [one["code"] for one in found["findings"]], found


@pytest.fixture
def case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str], Any]]:
    made = Case(tmp_path)

    def run(*arguments: str | Path, **more: Any) -> tuple[int, list[str], Any]:
        return made.audited(*arguments, capture=capsys, **more)

    run.case = made  # type: ignore[attr-defined]
    return run


def entries_of(found: Any, code: str) -> list[int]:
    return [one["entry"] for one in found["findings"] if one["code"] == code]


def test_right_log_is_right(case: Any, tmp_path: Path) -> None:
    Small(ENTRIES).write(tmp_path / "log")
    code, codes, found = case("--keep", tmp_path / "last")
    assert (code, codes, found["size"], found["origin"]) == (0, [], 300, SIGNER.name)
    Small([*ENTRIES, entry(300)]).write(tmp_path / "log")
    assert case("--last", tmp_path / "last")[:2] == (0, [])


def test_altered_bundle_names_its_entry(case: Any, tmp_path: Path) -> None:
    log = Small(ENTRIES)
    log.write(tmp_path / "log")
    forged = [*ENTRIES[:256]]
    forged[7] = notice(7, 7, column="finance")
    put(tmp_path / "log" / Tile(None, 0).path, bundle(forged))
    code, codes, found = case()
    assert code == 1 and entries_of(found, "entry_altered") == [7] and "root_differs" in codes


def test_altered_tile_is_told_from_an_altered_entry(case: Any, tmp_path: Path) -> None:
    log = Small(ENTRIES)
    log.write(tmp_path / "log")
    tile = Tile(0, 0)
    put(tmp_path / "log" / tile.path, log.tile(tile)[:-32] + bytes(32))
    code, codes, found = case()
    assert (code, codes, entries_of(found, "tile_altered")) == (1, ["tile_altered"], [255])


@pytest.mark.parametrize(
    ("change", "expected", "entries"),
    [
        (lambda old: [*old[:7], notice(7, 7, column="x"), *old[8:]], "was_altered", [7]),
        (lambda old: [*old[:7], *old[8:], entry(400)], "was_removed", [7]),
        (lambda old: [*old[:7], old[8], old[7], *old[9:]], "was_moved", [7, 8]),
    ],
)
def test_log_signed_anew_after_a_change_is_a_fork(
    case: Any, tmp_path: Path, change: Change, expected: str, entries: list[int]
) -> None:
    Small(ENTRIES).write(tmp_path / "before")
    Small(list(change(ENTRIES))).write(tmp_path / "log")
    assert "fork" in case("--last", tmp_path / "before" / "checkpoint")[1]
    code, codes, found = case("--last", tmp_path / "before")
    assert code == 1 and "fork" in codes and entries_of(found, expected)[: len(entries)] == entries


def test_rollback_is_named(case: Any, tmp_path: Path) -> None:
    Small(ENTRIES).write(tmp_path / "before")
    Small(ENTRIES[:290]).write(tmp_path / "log")
    code, codes, found = case("--last", tmp_path / "before")
    assert code == 1 and codes[0] == "rollback" and entries_of(found, "was_removed") == list(range(290, 300))


def test_back_dated_entry_is_named(case: Any, tmp_path: Path) -> None:
    Small([*ENTRIES, entry(100, kind="notice.publish", record="notice:9999", version=1)]).write(tmp_path / "log")
    code, codes, found = case()
    assert (code, codes, entries_of(found, "back_dated")) == (1, ["back_dated"], [300])


def test_clock_set_back_by_a_day_is_named(case: Any, tmp_path: Path) -> None:
    late = [entry(number - 24) for number in range(300, 305)]
    Small([*ENTRIES, *late]).write(tmp_path / "log")
    assert entries_of(case()[2], "back_dated") == [300, 301, 302, 303, 304]
    Small([*ENTRIES, entry(5000)]).write(tmp_path / "log")
    assert entries_of(case()[2], "ahead") == [300]


def test_versions_and_corrections(case: Any, tmp_path: Path) -> None:
    wrong = [notice(300, 1, 3), notice(301, 1, 4, corrects=999), notice(302, 1, 5, corrects=1), b"{ }"]
    Small([*ENTRIES, *wrong]).write(tmp_path / "log")
    found = case()[2]
    assert entries_of(found, "version") == [300] and entries_of(found, "corrects") == [301]
    assert entries_of(found, "not_canonical") == [303]


def test_missing_and_cut_off_files_are_named(case: Any, tmp_path: Path) -> None:
    log = Small(ENTRIES)
    log.write(tmp_path / "log")
    last = Tile(None, 1, 44)
    put(tmp_path / "log" / last.path, log.tile(last)[:-1])
    (tmp_path / "log" / Tile(1, 0, 1).path).unlink()
    _, codes, found = case()
    assert {"file_cut", "file_missing"} <= set(codes)
    assert [one["params"]["path"] for one in found["findings"] if one["code"].startswith("file")] == [
        "tile/entries/001.p/44",
        "tile/1/000.p/1",
    ]


def test_foreign_and_forged_checkpoints(case: Any, tmp_path: Path) -> None:
    Small(ENTRIES, Signer("other.example/log", LOG, SIGNER.seed)).write(tmp_path / "log")
    assert case()[:2] == (1, ["other_log"])
    Small(ENTRIES, Signer(SIGNER.name, LOG, bytes(32))).write(tmp_path / "log")
    assert case()[:2] == (1, ["checkpoint"])
    (tmp_path / "log" / "checkpoint").unlink()
    assert case()[:2] == (1, ["no_checkpoint"])


def test_witnesses(case: Any, tmp_path: Path) -> None:
    log = Small(ENTRIES)
    log.write(tmp_path / "log")

    def signed(*names: str, text: str = "") -> None:
        note = log.checkpoint()
        lines = [cosign(Note(text or note.text), WITNESSES[name], 1_770_000_000) for name in names]
        put(tmp_path / "log" / "checkpoint", str(Note(note.text, (*note.signatures, *lines))).encode())

    case.case.policy("group both all town school\nquorum both")
    signed("town")
    code, codes, found = case()
    assert (code, codes) == (1, ["witness_missing"]) and found["findings"][0]["params"]["names"] == "school"
    signed("town", "school")
    assert case()[:2] == (0, []) and case()[2]["witnesses"] == {"town": 1_770_000_000, "school": 1_770_000_000}
    case.case.policy("group both any town school\nquorum both")
    signed("town")
    assert case()[:2] == (0, ["witness_absent"])
    signed("town", "school", text="forged\n")
    assert case()[1] == ["witness_forged", "witness_forged", "witness_missing"]


def test_log_under_a_new_name(case: Any, tmp_path: Path) -> None:
    new = Signer("village.example/log2", LOG, bytes(32))
    begun = entry(300, kind="log.begun", record="log:2", version=1, public="0" * 64)
    case.case.policy("quorum none", new)
    Small(ENTRIES).write(tmp_path / "before")
    Small([*ENTRIES, begun], new).write(tmp_path / "log")
    assert case("--last", tmp_path / "before")[:2] == (0, ["log_begun", "new_log"])
    Small([*ENTRIES[:290], begun], new).write(tmp_path / "log")
    assert case("--last", tmp_path / "before")[1][1:] == ["new_log_lost"]
    Small(ENTRIES, new).write(tmp_path / "log")
    assert case("--last", tmp_path / "before")[1] == ["other_log"]


def test_missing_and_late_disclosures() -> None:
    def told(at: str, column: str, period: str) -> bytes:
        plain = {"kind": "notice.publish", "place": VILLAGE, "public": "0" * 64, "column": column, "period": period}
        return canonical({"at": at, "private": "", "v": 1, **plain})

    entries = [
        told("2026-02-10T00:00:00Z", "finance", "2026-01"),
        told("2026-04-20T00:00:00Z", "finance", "2026-03"),
        told("2026-04-10T00:00:00Z", "decisions", "2026-Q1"),
    ]
    calendar = {"finance": "month", "decisions": "quarter"}
    now = datetime(2026, 5, 16, 1, tzinfo=UTC)
    found = list(check_calendar(read_entries(entries, []), now, calendar=calendar))
    said = [(one.code, one.params["column"], one.params["period"]) for one in found]
    assert said == [
        ("disclosure_missing", "finance", "2026-02"),
        ("disclosure_late", "finance", "2026-03"),
        ("disclosure_missing", "finance", "2026-04"),
    ]
    assert found[1].params["days"] == 5 and found[2].params["due"] == "2026-05-15"
    elsewhere = list(check_calendar(read_entries(entries, []), now, calendar=calendar, places=["500113101201"]))
    assert ("500113101201", "2026-02") in [(one.params["place"], one.params["period"]) for one in elsewhere]


def test_proof_file_and_copy(case: Any, tmp_path: Path) -> None:
    copy = "收入 1200 元".encode()
    log = Small([*ENTRIES, entry(300, public=hashlib.sha256(copy).hexdigest())])
    put(tmp_path / "a.tlog-proof", str(log.proof(300)).encode())
    put(tmp_path / "copy", copy)
    put(tmp_path / "other", copy + b"!")
    assert case("--content", tmp_path / "copy", log="a.tlog-proof")[:2] == (0, ["content_same"])
    assert case("--content", tmp_path / "other", log="a.tlog-proof")[:2] == (1, ["content_altered"])
    text = str(log.proof(300))
    for forged in (text.replace("index 300", "index 299"), text.replace("extra ", "extra AAAA"), text[:100]):
        put(tmp_path / "a.tlog-proof", forged.encode())
        assert case(log="a.tlog-proof")[:2] == (1, ["proof"])
    other = Small(log.entries, Signer("other.example/log", LOG, SIGNER.seed))
    put(tmp_path / "a.tlog-proof", str(other.proof(300)).encode())
    assert case(log="a.tlog-proof")[:2] == (1, ["other_log"])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_flipped_bit_is_found(data: st.DataObject, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of whatever file, wherever: nothing of a log can be changed without the audit saying so."""
    log = Small(ENTRIES[:20])
    folder = log.write(tmp_path / "log")
    path = data.draw(st.sampled_from(sorted(one for one in folder.rglob("*") if one.is_file())))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    assert Case(tmp_path).audited(capture=capsys)[0] == 1


def test_what_cannot_be_looked_at(case: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert case(log="nowhere")[0] == 2
    put(tmp_path / "policy", b"nonsense\n")
    assert case()[0] == 2 and "line 1 of the policy" in capsys.readouterr().err


def test_auditor_needs_neither_django_nor_the_platform(tmp_path: Path) -> None:
    Small(ENTRIES[:5]).write(tmp_path / "log")
    policy = Case(tmp_path).policy()
    loaded = "import sys; sys.argv[1:] = {!r}; from cunzhi.transparency.audit.command import main; code = main(); "
    looked = "print(sorted(name for name in sys.modules if name.split('.')[0] in ('django', 'yaml', 'pydantic'))); "
    program = (loaded + looked + "sys.exit(code)").format([str(tmp_path / "log"), "--policy", str(policy)])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "[]", done.stderr
