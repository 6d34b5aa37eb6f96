"""cunzhi tick: one round of what happens by itself, and the process that makes the rounds beside the server."""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cunzhi.cli.installation import ready, set_up
from cunzhi.cli.words import tell

FIRST_AFTER, EVERY = 5.0, 30.0
log = logging.getLogger(__name__)


@click.command("tick")
def command() -> None:
    """Do once what is due by itself.

    Timers, reminders, messages to phones, erasures; `serve` does this every 30 seconds.
    """
    ready()
    from cunzhi.engine.timers import tick

    done = ", ".join(f"{name} {count}" for name, count in tick().items() if count)
    tell("tick.done", done=done) if done else tell("tick.nothing")


@contextmanager
def ticking() -> Iterator[None]:
    """Rounds in a process of their own, so that a slow one never holds up a page."""
    process = multiprocessing.Process(target=keep_ticking, args=(os.getpid(),), name="tick", daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join(10)
        process.kill()


def keep_ticking(parent: int) -> None:
    """Rounds until told to stop or until the server is gone."""
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the server, which then tells us
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    set_up()
    wait = FIRST_AFTER
    while not stop.wait(wait) and os.getppid() == parent:
        one_round()
        wait = EVERY


def one_round() -> None:
    from django.db import close_old_connections

    from cunzhi.engine.timers import tick

    close_old_connections()
    try:
        tick()
    except Exception:  # one bad round must not end the rounds
        log.exception("a round of what is due failed; the next one comes in %s seconds", EVERY)
