"""Entries become leaves once, in an order, behind a safe horizon, and what was signed stays the beginning of all."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from guards import unguarded
from journal.conftest import BY, VILLAGE, act

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.journal.actions import note
from cunzhi.journal.kept import kept_checkpoint, kept_file
from cunzhi.journal.log import current_log
from cunzhi.journal.models import Entry, Leaf, SignedHead, Tile
from cunzhi.journal.queries import newest_head, proof, published
from cunzhi.journal.sealing import seal
from cunzhi.journal.signing import adopt, begin_again
from cunzhi.journal.tree import fetch, read_tree, tree_size
from cunzhi.transparency.checkpoints import Checkpoint, opened
from cunzhi.transparency.merkle import leaf_hash, root, root_of
from cunzhi.transparency.notes import Key, Note
from cunzhi.transparency.proofs import Proof
from cunzhi.transparency.tiles import tiles_of

Acts = Callable[[int], list[int]]


def own_key() -> Key:
    log = current_log()
    assert log is not None
    return Key.read(log.key)


def test_all_entries_get_leaves_in_batches_and_a_signed_root(acts: Acts, home: Path) -> None:
    acts(700)
    assert seal(batch=90) == 700 and seal() == 0
    leaves = [leaf_hash(text.encode()) for text in Leaf.objects.order_by("id").values_list("content", flat=True)]
    head = newest_head()
    assert head is not None and tree_size() == len(leaves) == 700
    signed = opened(published(head), own_key())
    assert (signed.size, signed.root) == (700, root_of(leaves)) and kept_checkpoint() == signed
    assert [len(fetch(tile)) for tile in tiles_of(700)] == [32 * tile.width for tile in tiles_of(700)]
    assert Tile.objects.count() == 2


def test_growth_in_rounds_gives_the_same_tree_as_growth_at_once(acts: Acts) -> None:
    for count in (1, 254, 1, 1, 300):
        acts(count)
        assert seal() == count
    leaves = [leaf_hash(text.encode()) for text in Leaf.objects.order_by("id").values_list("content", flat=True)]
    for head in SignedHead.objects.all():
        assert Checkpoint.read(Note.read(head.note).text).root == root_of(leaves[: head.size])
        assert root(head.size, read_tree(557)) == root_of(leaves[: head.size])
    assert SignedHead.objects.count() == 5


def test_public_acts_stand_in_plain_and_others_say_nothing(home: Path, transactional_db: None) -> None:
    with clock.at(datetime(2026, 3, 1, 8, 30, 15, 999, tzinfo=UTC)), transaction.atomic():
        first = note(by=BY, verb="notice.publish", record="notice:1", place_code=VILLAGE, public={"sum": 1})
        note(by=BY, verb="person.died", record="person:7", place_code=VILLAGE, detail={"on": 1}, private="王大明")
        note(by=BY, verb="notice.correct", record="notice:1", place_code=VILLAGE, public={"sum": 2}, corrects=first)
        note(by=BY, verb="people.exported", record=f"place:{VILLAGE}", place_code=VILLAGE, detail={"rows": 3})
    seal()
    notice, death, correction, export = [json.loads(leaf.content) for leaf in Leaf.objects.order_by("id")]
    assert set(death) == {"at", "kind", "place", "private", "v"}
    assert (death["kind"], death["place"], death["at"]) == ("sealed", "500113", "2026-03-01T08:30:15Z")
    assert (notice["kind"], notice["record"], notice["version"], notice["place"]) == (
        "notice.publish",
        "notice:1",
        1,
        VILLAGE,
    )
    assert (correction["version"], correction["corrects"]) == (2, 0)
    assert export["kind"] == "people.exported" and "public" not in export
    assert not [leaf for leaf in Leaf.objects.all() if "test" in leaf.content.replace("latest", "")]
    assert len({one["private"] for one in (notice, death, correction, export)}) == 4


def test_proof_holds_offline(acts: Acts) -> None:
    ids = acts(300)
    assert proof(Entry.objects.get(pk=ids[0])) is None
    seal()
    for number in (0, 5, 255, 256, 299):
        text = proof(Entry.objects.get(pk=ids[number]))
        assert text is not None
        read = Proof.read(text)
        assert read.index == number and read.check(read.extra, own_key()).size == 300


def test_a_database_older_than_what_was_signed_is_refused(acts: Acts, home: Path) -> None:
    acts(3)
    seal()
    early = kept_file().read_text()
    acts(2)
    seal()
    late = kept_file().read_text()
    with connection.cursor() as cursor:  # the backup that was taken after the first round
        _unguarded(cursor, "DELETE FROM journal_signedhead WHERE size > 3")
        _unguarded(cursor, "DELETE FROM journal_openleaf WHERE id >= 3")
        _unguarded(cursor, "DELETE FROM journal_leaf WHERE id >= 3")
    acts(1)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            seal()
        assert refused.value.code == "journal.kept.older" and refused.value.params == {"size": 3, "signed": 5}
    assert tree_size() == 3 and kept_file().read_text() == late

    begin_again(by=BY, origin="village.example/log2")
    seal()
    log, head = current_log(), newest_head()
    assert log is not None and head is not None and log.after == late
    assert opened(published(head), own_key()).origin == "village.example/log2"
    begun = json.loads(Leaf.objects.latest("id").content)
    assert begun["kind"] == "log.begun" and len(begun["public"]) == 64
    assert early not in (log.after, kept_file().read_text())


def test_a_lost_file_is_asked_for_and_not_guessed(acts: Acts) -> None:
    acts(3)
    seal()
    first = kept_file().read_text()
    acts(1)
    seal()
    second = kept_file().read_text()
    kept_file().unlink()
    acts(1)
    with pytest.raises(Refused, match="cunzhi journal adopt"):
        seal()
    adopt(second)
    with pytest.raises(Refused) as refused:
        adopt(first)
    assert refused.value.code == "journal.adopt.older"
    assert seal() == 1
    with pytest.raises(Refused, match="not a checkpoint that this installation signed"):
        adopt(second.replace("\n4\n", "\n9\n"))


def test_another_key_signs_nothing(acts: Acts, settings: object) -> None:
    acts(1)
    seal()
    from dataclasses import replace

    settings.SECRETS = replace(settings.SECRETS, log=bytes(32))  # type: ignore[attr-defined]
    acts(1)
    with pytest.raises(Refused) as refused:
        seal()
    assert refused.value.code == "journal.other_key"


def test_two_sequencers_at_once_give_each_entry_one_leaf(acts: Acts) -> None:
    acts(400)
    seal(batch=10)

    def run() -> None:
        try:
            seal(batch=7)
        finally:
            connections.close_all()

    acts(200)
    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert list(Leaf.objects.order_by("id").values_list("id", flat=True)) == list(range(600))
    assert Leaf.objects.values("entry").distinct().count() == 600


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_not_passed_over(home: Path) -> None:
    """On PostgreSQL a lower id may appear after a higher one; the round before waits or the next one finds it."""
    if connection.vendor != "postgresql":
        return  # SQLite lets one writer in at a time, so nothing is committed late
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            act(0)
            written.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    with transaction.atomic():
        later = act(2)
    assert seal() == 0  # whoever came later waits for the one who is still writing
    go_on.set()
    thread.join()
    assert seal() == 2
    assert Leaf.objects.get(id=1).entry_id == later and Leaf.objects.get(id=0).entry_id < later


def _unguarded(cursor: object, statement: str) -> None:
    """As the owner of a database can do, and as restoring a backup amounts to."""
    with unguarded():
        cursor.execute(statement)  # type: ignore[attr-defined]
