"""A process that is killed without warning in the middle of what it does."""

import os
import signal
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from forked import forked

Say = Callable[[str], object]


def until_killed(doing: Callable[[Say], None], *, seconds: float) -> list[str]:
    """What a process said, word by word, before it was killed so long after its first word."""
    reading, writing = os.pipe()
    process = forked(doing, lambda word: os.write(writing, f"{word}\n".encode()))
    process.start()
    os.close(writing)
    begun = os.read(reading, 4096)
    time.sleep(seconds)
    return (begun + kill(process, reading)).decode().split()


def kill(process: BaseProcess, reading: int) -> bytes:
    """Kill it, and read what it had said by then."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    said = b""
    while part := os.read(reading, 65536):
        said += part
    os.close(reading)
    return said
