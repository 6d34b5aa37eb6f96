"""Which of the earlier texts say almost the same: shared pairs of neighbouring characters, in any language."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

Thing = TypeVar("Thing")
ALIKE = 0.35
"""From this share of common pairs on a text is shown; people look, and decide themselves."""
MOST = 3


def pairs(text: str) -> Counter[str]:
    """The pairs of neighbouring letters and figures: 村口装路灯 -> 村口, 口装, 装路, 路灯."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    signs = "".join(sign for sign in folded if sign.isalnum())
    return Counter(signs[place : place + 2] for place in range(max(len(signs) - 1, min(len(signs), 1))))


def likeness(one: str, other: str) -> float:
    """Twice the common pairs over all pairs: 1 for the same words, 0 for nothing in common."""
    left, right = pairs(one), pairs(other)
    whole = left.total() + right.total()
    return 2 * (left & right).total() / whole if whole else 0.0


def most_alike(text: str, earlier: Iterable[tuple[Thing, str]]) -> list[Thing]:
    """Of earlier things, each with its text, the few that are most like this text, the likest first."""
    scored = [(likeness(text, other), place, thing) for place, (thing, other) in enumerate(earlier)]
    near = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: (-one[0], one[1]))
    return [thing for _, _, thing in near[:MOST]]
