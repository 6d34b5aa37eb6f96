"""Work on parts of a large table, a thread for each core: numpy lets go of the interpreter inside its loops."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def cores() -> int:
    """How many threads are worth while."""
    return os.cpu_count() or 1


def on_all_cores(work: Callable[[Part], Result], parts: Iterable[Part], *, large: bool = True) -> list[Result]:
    """What `work` makes of every part, in their order; in this thread unless the table is `large`."""
    given = list(parts)
    if not large or len(given) < 2 or cores() == 1:
        return [work(part) for part in given]
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(work, given))
