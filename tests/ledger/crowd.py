"""Many at once: the same doing from threads and from processes, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections
from forked import FORK, forked

Doing = Callable[[int], list[Any]]


def by_threads(count: int, doing: Doing) -> list[Any]:
    """What `doing(number)` gave for every number, from so many threads."""

    def alone(number: int) -> list[Any]:
        try:
            return doing(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return [answer for answers in pool.map(alone, range(count)) for answer in answers]


def by_processes(count: int, doing: Doing) -> list[Any]:
    """The same from so many processes, which begin together."""
    begin, answers = FORK.Barrier(count), FORK.Queue()

    def alone(number: int) -> None:
        begin.wait()
        try:
            answers.put(doing(number))
        except BaseException as error:
            answers.put([repr(error)])
            raise

    processes = [forked(alone, number) for number in range(count)]
    for process in processes:
        process.start()
    found = [answer for _ in processes for answer in answers.get(timeout=120)]
    for process in processes:
        process.join()
    return found
