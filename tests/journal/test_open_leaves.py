"""What stands in plain is found among the leaves, whatever became of the round that sealed it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from guards import unguarded
from journal.conftest import BY, VILLAGE

from cunzhi.journal.actions import note, public_hash
from cunzhi.journal.models import Entry, Leaf, OpenLeaf
from cunzhi.journal.queries import later, leaf_with, newest_head, public_leaves
from cunzhi.journal.sealing import batches, seal

Acts = Callable[[int], list[int]]


def listed() -> list[tuple[Any, ...]]:
    return list(OpenLeaf.objects.order_by("pk").values_list("leaf_id", "record", "version", "public_hash"))


def said() -> list[tuple[Any, ...]]:
    """What the leaves themselves say."""
    told = [(leaf.id, json.loads(leaf.content)) for leaf in Leaf.objects.order_by("id")]
    open_ = [(number, one) for number, one in told if one["kind"] != "sealed"]
    return [(number, one["record"], one["version"], one.get("public", "")) for number, one in open_]


def test_open_leaves_are_listed_as_they_say(acts: Acts) -> None:
    for count in (1, 300, 2):
        acts(count)
        seal(batch=90)
        assert listed() == said()
    assert len(listed()) == 152 and listed()[-1][1:3] == ("notice:1", 152)


def test_content_is_found_with_what_came_later(acts: Acts) -> None:
    acts(20)
    seal()
    leaf = leaf_with(public_hash({"number": 4}).upper())
    assert leaf is not None and leaf.id == 4 and leaf_with("") is None and leaf_with("0" * 64) is None
    assert [one.id for one in later(leaf)] == [6, 8, 10, 12, 14] and later(Leaf.objects.get(id=5)) == []
    assert [one.id for one in public_leaves(count=3)] == [18, 16, 14]
    assert [one.id for one in public_leaves(before=4)] == [2, 0]


def test_acts_without_a_content_are_listed_by_their_record(home: object, transactional_db: None) -> None:
    with transaction.atomic():
        note(by=BY, verb="people.exported", record=f'place:"{VILLAGE}', place_code=VILLAGE)
        note(by=BY, verb="person.moved", record='x"record":1', place_code=VILLAGE)
    seal()
    assert listed() == [(0, f'place:"{VILLAGE}', 1, "")] and public_leaves() == []


def test_round_that_ended_before_it_signed_is_made_up_for(acts: Acts) -> None:
    acts(8)
    seal()
    acts(8)
    assert sum(batches(3)) == 8 and len(listed()) == 4
    acts(4)
    assert next(batches(3)) and len(listed()) == 8
    seal()
    head = newest_head()
    assert listed() == said() and len(listed()) == 10 and head is not None and head.size == 20


def test_round_that_ended_before_it_signed_is_made_up_for_without_new_acts(acts: Acts) -> None:
    acts(8)
    assert sum(batches(3)) == 8 and not listed()
    assert seal() == 0
    assert listed() == said() and len(listed()) == 4


def test_two_rounds_in_turns_count_versions_on(acts: Acts) -> None:
    acts(60)
    one, other = batches(7), batches(4)
    for _ in range(4):
        next(one)
        next(other)
    seal()
    assert Leaf.objects.count() == 60 and listed() == said()
    assert [version for _, _, version, _ in listed()] == list(range(1, 31))


@pytest.mark.parametrize("batch", [1, 2, 9])
def test_closed_acts_on_an_open_record_do_not_count(home: object, transactional_db: None, batch: int) -> None:
    with transaction.atomic():
        for public in ({"a": 1}, None, {"a": 2}, None, None, {"a": 3}):
            note(by=BY, verb="notice.edit", record="notice:1", place_code=VILLAGE, public=public)
    assert seal(batch=batch) == 6
    assert [(leaf, version) for leaf, _, version, _ in listed()] == [(0, 1), (2, 2), (5, 3)]


def test_versions_do_not_follow_a_changed_row(acts: Acts) -> None:
    acts(4)
    seal()
    with unguarded():
        Entry.objects.update(record="notice:9")
    acts(1)
    seal()
    assert listed()[-1][1:3] == ("notice:1", 3) and listed() == said()
