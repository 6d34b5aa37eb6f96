"""The ingest beside the server: a process of its own, begun again when it ends, wherever a broker is configured."""

import fcntl
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cunzhi.base.errors import Refused
from cunzhi.base.home import home

FIRST_WAIT, LONGEST_WAIT, HEALTHY = 1.0, 60.0, 60.0
"""Seconds until it is begun again; twice as many each time, and few again once it ran for a while."""
LOOK = 0.5
log = logging.getLogger(__name__)


def address_of_broker() -> str:
    """Where the broker is, if one is configured; refused when that is no address of one."""
    from cunzhi.adapters.broker.mqtt import Broker

    url = os.environ.get("CUNZHI_MQTT", "")
    if url:
        try:
            Broker.at(url)
        except ValueError:
            raise Refused("cli.ingest.no_address") from None
    return url


@contextmanager
def ingesting(url: str) -> Iterator[None]:
    """Take in what comes by the broker for as long as the server runs; nothing without a broker."""
    if not url:
        yield
        return
    keeper = multiprocessing.Process(target=keep, args=(os.getpid(), url), name="ingest")
    keeper.start()
    try:
        yield
    finally:
        keeper.terminate()
        keeper.join(15)
        keeper.kill()


@contextmanager
def only_one() -> Iterator[None]:
    """Two at the same broker would push each other out for ever; the second of an installation is refused."""
    with (home() / "ingest.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused("cli.ingest.another") from None
        yield


def keep(parent: int, url: str) -> None:
    """Begin it, and begin it again, until told to stop or until the server is gone."""
    stop = _told_to_stop()
    wait = FIRST_WAIT
    while not stop.is_set() and os.getppid() == parent:
        begun = time.monotonic()
        child = multiprocessing.Process(target=ingest, args=(os.getpid(), url), name="ingest", daemon=True)
        child.start()
        while child.is_alive() and not stop.is_set() and os.getppid() == parent:
            child.join(LOOK)
        if child.is_alive():
            _end(child)
            return
        wait = FIRST_WAIT if time.monotonic() - begun > HEALTHY else wait
        log.warning("the ingest ended (%s); it begins again in %s seconds", child.exitcode, wait)
        _pause(wait, stop, parent)
        wait = min(wait * 2, LONGEST_WAIT)


def _end(child: multiprocessing.Process) -> None:
    child.terminate()
    child.join(10)
    child.kill()


def _pause(seconds: float, stop: threading.Event, parent: int) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and os.getppid() == parent and not stop.wait(LOOK):
        pass


def ingest(parent: int, url: str) -> None:
    """One run of it; it ends when told to, or when its keeper is gone."""
    from cunzhi.adapters.broker.mqtt import Broker
    from cunzhi.cli.ingest.loop import Ingest
    from cunzhi.cli.installation import set_up

    stop = _told_to_stop()
    threading.Thread(target=_stop_when_alone, args=(parent, stop), daemon=True).start()
    set_up()
    try:
        with only_one():
            Ingest(Broker.at(url), publish=True).run(stop)
    except Refused as refused:
        log.error("ingest: %s", refused)
        sys.exit(1)


def _told_to_stop() -> threading.Event:
    """Ctrl-C reaches the server, which then tells us."""
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    return stop


def _stop_when_alone(parent: int, stop: threading.Event) -> None:
    while os.getppid() == parent and not stop.wait(LOOK):
        pass
    stop.set()
