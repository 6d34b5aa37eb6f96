"""Which detections are one fire: against the rule said in plain loops, in every order."""

from datetime import timedelta
from random import Random

from fires.rows import LATITUDE, LONGITUDE, NOW
from hypothesis import given, settings
from hypothesis import strategies as some

from cunzhi.fires.clustering import NEAR, SOON, WIDE, Seen, clusters
from cunzhi.fires.geometry import metres

PLACES = some.tuples(some.integers(0, 400), some.integers(0, 60), some.integers(0, 60))


def seen(id_: int, minutes: float = 0, north: float = 0, east: float = 0) -> Seen:
    """A detection so many minutes after and so many metres beside the first."""
    return Seen(NOW + timedelta(minutes=minutes), LATITUDE + north / 111_195, LONGITUDE + east / 96_870, id_)


def apart(one: Seen, other: Seen) -> float:
    return metres((one.latitude, one.longitude), (other.latitude, other.longitude))


def ids(found: list[list[Seen]]) -> list[set[int]]:
    return [{one.id for one in part} for part in found]


def reached(begin: Seen, everything: list[Seen]) -> set[int]:
    """All that is linked with one, by others in between too."""
    found, rest = {begin.id}, [begin]
    while rest:
        here = rest.pop()
        for one in everything:
            if one.id not in found and apart(here, one) <= NEAR and abs(here.at - one.at) <= SOON:
                found.add(one.id)
                rest.append(one)
    return found


@settings(max_examples=60, deadline=None)
@given(some.lists(PLACES, max_size=25), some.randoms(use_true_random=False))
def test_fires_follow_from_the_rule_and_not_from_the_order(places: list[tuple[int, int, int]], random: Random) -> None:
    everything = [
        seen(number, minutes * 5, north * 100, east * 100) for number, (minutes, north, east) in enumerate(places)
    ]
    found = clusters(everything)
    shuffled = everything[:]
    random.shuffle(shuffled)
    assert clusters(shuffled) == found
    assert sorted(one.id for part in found for one in part) == list(range(len(everything)))
    for part in found:
        assert all(apart(one, other) <= WIDE + 0.01 for one in part for other in part)
        linked = reached(part[0], everything)
        assert {one.id for one in part} <= linked
        whole = [one for one in everything if one.id in linked]
        if all(apart(one, other) < WIDE - 0.01 for one in whole for other in whole):
            assert {one.id for one in part} == linked


def test_near_and_soon_is_one_fire() -> None:
    assert ids(clusters([seen(1), seen(2, minutes=360, north=790)])) == [{1, 2}]
    assert ids(clusters([seen(1), seen(2, minutes=361)])) == [{1}, {2}]
    assert ids(clusters([seen(1), seen(2, north=810)])) == [{1}, {2}]


def test_what_others_link_is_one_fire_until_it_grows_too_wide() -> None:
    assert ids(clusters([seen(1), seen(2, minutes=300), seen(3, minutes=600)])) == [{1, 2, 3}]
    assert ids(clusters([seen(1), seen(2, north=550), seen(3, north=1100)])) == [{1, 2, 3}]
    assert len(clusters([seen(number, north=700 * number) for number in range(5)])) > 2


def test_nothing_is_no_fire() -> None:
    assert clusters([]) == []
