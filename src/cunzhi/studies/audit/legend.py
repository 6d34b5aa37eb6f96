"""What the note below a table says about its stars."""

import re

USUAL = {1: 0.1, 2: 0.05, 3: 0.01}
EACH = re.compile(r"(?<!\*)(\*{1,4})\s*[,:：]?\s*p?\s*[<≤＜]\s*(0?\.\d+)", re.IGNORECASE)
STARS = re.compile(r"(?<!\*)\*{1,4}(?!\*)")
PER_CENT = re.compile(r"(\d+(?:\.\d+)?)\s*[%％]")


def levels_in(note: str) -> list[float]:
    """p below which one, two, three stars stand, in that order; empty when the note does not say it fully.

    Reads "*** p < 0.01" and lists such as "***、**、* 分别表示在 1%、5%、10% 水平上显著". Stars without a word of
    their own are as usual when those that have one are.
    """
    plain = note.replace("\\*", "*")
    found = {len(stars): float(level) for stars, level in EACH.findall(plain)} or _listed(plain)
    if found and found.items() <= USUAL.items():
        return list(USUAL.values())
    levels = [found[count] for count in sorted(found)]
    complete = sorted(found) == list(range(1, len(found) + 1))
    return levels if complete and sorted(levels, reverse=True) == levels else []


def _listed(note: str) -> dict[int, float]:
    """Stars in a list, and as many percentages after it."""
    stars = list(STARS.finditer(note))
    if not stars:
        return {}
    shares = PER_CENT.findall(note[stars[-1].end() :])[: len(stars)]
    if len(shares) < len(stars):
        return {}
    return {len(one.group()): round(float(share) / 100, 6) for one, share in zip(stars, shares, strict=True)}
