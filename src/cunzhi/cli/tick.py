"""cunzhi tick: one round of what happens by itself, and the process that makes the rounds beside the server."""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from cunzhi.base.errors import Refused
from cunzhi.cli.installation import ready, set_up
from cunzhi.cli.words import tell

FIRST_AFTER, EVERY = 5.0, 30.0
FULL_ONE_IN = 120
"""Once an hour the log also looks for what was committed very late."""
log = logging.getLogger(__name__)


@click.command("tick")
def command() -> None:
    """Do once what is due by itself.

    Timers, reminders, messages to phones, erasures; `serve` does this every 30 seconds.
    """
    ready()
    done = ", ".join(f"{name} {count}" for name, count in all_that_is_due(full=True).items() if count)
    tell("tick.done", done=done) if done else tell("tick.nothing")


def all_that_is_due(*, full: bool = False) -> dict[str, int]:
    """One round: what the scenarios have due, then the log, so that what just happened stands in it."""
    from cunzhi.engine.timers import tick
    from cunzhi.journal.asking import ask_witnesses
    from cunzhi.journal.sealing import seal

    done = tick()
    done |= fires_due()
    if full:
        forget_ended_sessions()
    try:
        done["sealed"] = seal(full=full)
        done["witnessed"], failed = ask_witnesses()
    except Refused as refused:  # the platform goes on; that the log stands still is said here and by the doctor
        log.error("the log: %s", refused)
        return done
    for name, reason in failed.items():
        log.warning("the witness %s did not sign: %s", name, reason)
    return done


def fires_due() -> dict[str, int]:
    """What satellites saw since, whom to send there, and what was found."""
    from cunzhi.base.actor import system
    from cunzhi.cli.fires.fetching import fetch_due
    from cunzhi.cli.fires.handing import one_round as hand_over

    by = system("tick")
    try:
        return {"fires_new": fetch_due(by)} | hand_over(by)
    except Refused as refused:  # the rest of the round goes on
        log.error("fires: %s", refused)
        return {}


def forget_ended_sessions() -> None:
    """Sign-ins that have run out leave nothing behind."""
    from importlib import import_module

    from django.conf import settings

    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


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
    wait, rounds = FIRST_AFTER, 0
    while not stop.wait(wait) and os.getppid() == parent:
        one_round(full=rounds % FULL_ONE_IN == 0)
        wait, rounds = EVERY, rounds + 1


def one_round(*, full: bool) -> None:
    from django.db import close_old_connections

    close_old_connections()
    try:
        all_that_is_due(full=full)
    except Exception:  # one bad round must not end the rounds
        log.exception("a round of what is due failed; the next one comes in %s seconds", EVERY)
