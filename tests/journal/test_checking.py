"""Whatever is changed behind our back is found, and said by row."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from guards import unguarded
from journal.conftest import VILLAGE

from cunzhi.journal.checking import Fault, check
from cunzhi.journal.kept import kept_file
from cunzhi.journal.models import OpenLeaf
from cunzhi.journal.sealing import batches, seal

Acts = Callable[[int], list[int]]


@dataclass
class Intruder:
    """Somebody who owns the database and can take the guards away."""

    def does(self, statement: str, *params: object) -> None:
        with unguarded(), connection.cursor() as cursor:
            cursor.execute(statement, params)


INTRUDER = Intruder()


def fault() -> Fault:
    found = check().fault
    assert found is not None
    return found


@pytest.fixture
def ids(acts: Acts) -> list[int]:
    ids = acts(280)
    seal()
    ids += acts(20)
    seal()
    return ids


def test_untouched_log_is_right_from_rows_to_root(ids: list[int]) -> None:
    checked = check()
    assert checked.fault is None and (checked.size, checked.heads, checked.unsealed) == (300, 2, 0)


def test_log_without_anything_is_right(home: Path, db: None) -> None:
    assert check().fault is None


def test_changed_row_is_named_with_what_changed(ids: list[int]) -> None:
    INTRUDER.does("UPDATE journal_entry SET public_hash = %s WHERE id = %s", "0" * 64, ids[6])
    found = fault()
    assert (found.code, found.params["entry"], found.params["leaf"]) == ("row_changed", ids[6], 6)
    assert f"-> {'0' * 64}" in str(found.params["changes"]) and "private" in str(found.params["changes"])
    assert "第" in found.say("zh-hans") and f"entry {ids[6]}" in found.say("en")


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("actor", "person:9"),
        ("detail", '{"step": 8}'),
        ("private_hash", "0" * 64),
        ("channel", "api"),
        ("record", "x:1"),
    ],
)
def test_change_of_what_is_sealed_is_found_too(ids: list[int], change: str, value: str) -> None:
    INTRUDER.does(f"UPDATE journal_entry SET {change} = %s WHERE id = %s", value, ids[7])
    assert (fault().code, fault().params["entry"], fault().params["changes"]) == ("row_changed", ids[7], "private")


def test_back_dated_row_is_found(ids: list[int]) -> None:
    INTRUDER.does("UPDATE journal_entry SET at = '2020-01-01 00:00:00+00' WHERE id = %s", ids[290])
    assert fault().code == "row_changed" and "at: " in str(fault().params["changes"])


def test_removed_row_is_named(ids: list[int]) -> None:
    if connection.vendor == "sqlite":
        INTRUDER.does("PRAGMA foreign_keys = OFF")
    else:
        INTRUDER.does("SET session_replication_role = replica")
    try:
        INTRUDER.does("DELETE FROM journal_entry WHERE id = %s", ids[7])
        found = fault()
        assert (found.code, found.params["entry"]) == ("row_gone", ids[7]) and "sealed" in str(found.params["was"])
        INTRUDER.does("DELETE FROM journal_leaf WHERE entry_id = %s", ids[7])
        assert (fault().code, fault().params) == ("leaf_gone", {"leaf": 7})
        INTRUDER.does("DELETE FROM journal_leaf")
        INTRUDER.does("DELETE FROM journal_entry")
    finally:
        INTRUDER.does("PRAGMA foreign_keys = ON" if connection.vendor == "sqlite" else "RESET session_replication_role")


def test_row_and_leaf_changed_together_do_not_fit_the_hashes(ids: list[int]) -> None:
    INTRUDER.does("UPDATE journal_leaf SET content = replace(content, '\"v\":1', '\"v\":2') WHERE id = 4")
    assert fault().code == "row_changed"


@pytest.mark.parametrize(
    ("change", "changes"),
    [
        ("public_hash = ''", "public: "),
        ("record = 'notice:2'", "record: notice:1 -> notice:2"),
        ("version = 900", "version: 3 -> 900"),
    ],
)
def test_leaf_listed_otherwise_than_it_says_is_named(ids: list[int], change: str, changes: str) -> None:
    INTRUDER.does(f"UPDATE journal_openleaf SET {change} WHERE id = 4")
    found = fault()
    assert (found.code, found.params["leaf"]) == ("listed_otherwise", 4) and changes in str(found.params["changes"])
    assert "第 4 号叶" in found.say("zh-hans") and "leaf 4 is listed otherwise" in found.say("en")


def test_leaf_that_is_signed_and_not_listed_is_named(ids: list[int]) -> None:
    INTRUDER.does("DELETE FROM journal_openleaf WHERE id = 298")
    found = fault()
    assert (found.code, found.params) == ("unlisted", {"leaf": 298, "record": "notice:1"})
    assert "298" in found.say("zh-hans") and "leaf 298 (notice:1) is missing" in found.say("en")


def test_leaf_that_is_neither_signed_nor_listed_yet_is_right(ids: list[int], acts: Acts) -> None:
    acts(4)
    assert sum(batches(3)) == 4
    assert check().fault is None and check().size == 304 and OpenLeaf.objects.count() == 150


@pytest.mark.parametrize("leaf", [-1, 7, 300])
def test_what_is_listed_without_an_open_leaf_is_named(ids: list[int], leaf: int) -> None:
    OpenLeaf.objects.create(leaf_id=leaf, record="notice:9", version=1, public_hash="0" * 64)
    found = fault()
    assert (found.code, found.params) == ("listed_for_nothing", {"leaf": leaf})
    assert f"第 {leaf} 号叶" in found.say("zh-hans") and f"leaf {leaf} is listed as open" in found.say("en")


def test_tile_changed_is_named(ids: list[int]) -> None:
    INTRUDER.does("UPDATE journal_tile SET root = %s", b"\0" * 32)
    assert fault().code == "tile_changed"


def test_all_changed_together_does_not_fit_what_was_signed(ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Row, leaf and hashes rewritten by the program itself: only the signed roots are left to tell."""
    INTRUDER.does("UPDATE journal_entry SET place_code = %s WHERE id = %s", VILLAGE[:9], ids[290])
    from cunzhi.journal.models import Entry
    from cunzhi.journal.outside import outside, row_of

    row = row_of(Entry.objects.get(pk=ids[290]))
    INTRUDER.does("UPDATE journal_leaf SET content = %s WHERE id = 290", outside(row, version=146, corrects=None))
    found = fault()
    assert (found.code, found.params) == ("root_differs", {"size": 300, "before": 280})


def test_last_leaves_removed_are_missed(ids: list[int]) -> None:
    INTRUDER.does("DELETE FROM journal_leaf WHERE id >= 290")
    assert (fault().code, fault().params) == ("fewer", {"size": 300, "have": 290})


def test_older_copy_of_everything_is_missed_by_the_file_outside(ids: list[int]) -> None:
    INTRUDER.does("DELETE FROM journal_signedhead WHERE size = 300")
    INTRUDER.does("DELETE FROM journal_leaf WHERE id >= 290")
    assert (fault().code, fault().params) == ("kept_older", {"size": 290, "signed": 300})
    kept_file().unlink()
    assert fault().code == "kept_missing"
