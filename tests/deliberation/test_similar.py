"""Texts that say almost the same are found, in Chinese and in English."""

from hypothesis import given
from hypothesis import strategies as st

from cunzhi.deliberation.similar import likeness, most_alike


def test_same_wish_in_other_words_is_near() -> None:
    assert likeness("村口要装路灯", "请在村口装路灯！") > 0.35
    assert likeness("村口要装路灯", "水沟该清了") == 0
    assert likeness("Lamps at the village gate", "lamps at village gate") > 0.8
    assert likeness("路", "路") == 1
    assert likeness("", "") == 0


def test_nearest_come_first_and_only_a_few() -> None:
    earlier = [(number, "村口装路灯" + "很好" * number) for number in range(6)]
    assert most_alike("村口装路灯", earlier) == [0, 1, 2]


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_the_same_both_ways_and_a_share(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
