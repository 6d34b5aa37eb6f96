"""Processes forked from a test, each with database connections of its own."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from django.db import connections

FORK = multiprocessing.get_context("fork")
_inherited: list[Any] = []


def forked(target: Callable[..., object], *args: object) -> BaseProcess:
    """A process that will do `target`; it has not begun."""
    connections.close_all()
    return FORK.Process(target=_disowned, args=(target, *args))


def _disowned(target: Callable[..., object], *args: object) -> None:
    """Leave alone what the parent had open. Where an event loop ran in the parent (a browser's), Django kept two sets
    of connections, and the fork sees the other one than was closed."""
    for connection in connections.all(initialized_only=True):
        _inherited.append(connection.connection)
        connection.connection = None
    target(*args)
