"""The loop of cunzhi ingest: read a batch, write it, acknowledge it; and in between tell what is new."""

import logging
import threading
import time

from django.db import InterfaceError, OperationalError

from cunzhi.adapters.broker.mqtt import Broker, Connection, Message
from cunzhi.base.errors import Refused
from cunzhi.cli.ingest.taking import Senders, answer, database_back, take_batch
from cunzhi.cli.ingest.telling import Teller
from cunzhi.cli.words import tell
from cunzhi.perception.actions.observations import Taken

NAME = "cunzhi-ingest"
BATCH, GATHER, TELL_EVERY = 2000, 0.05, 0.5
FIRST_WAIT, LONGEST_WAIT = 0.2, 10.0
log = logging.getLogger(__name__)


class Ingest:
    """The loop: read, write, acknowledge; and in between tell what is new."""

    def __init__(self, broker: Broker, *, publish: bool) -> None:
        self.senders = Senders(broker)
        self.connection = Connection(broker, NAME, f"{broker.prefix}v1.1/+/Observations")
        self.teller = Teller(broker) if publish else None
        self.told_at = 0.0
        self.place = f"{broker.host}:{broker.port}"

    def run(self, stop: threading.Event) -> None:
        """Until told to stop. A broker that is away is waited for; it keeps what comes meanwhile."""
        wait = FIRST_WAIT
        while not stop.is_set():
            try:
                self.connection.open()
                tell("ingest.ready", place=self.place)
                wait = FIRST_WAIT
                while not stop.is_set():
                    self.round(stop)
            except PermissionError:
                raise Refused("cli.ingest.not_let_in", place=self.place) from None
            except OSError as error:
                log.warning("broker %s: %s; trying again in %s seconds", self.place, error, wait)
                stop.wait(wait)
                wait = min(wait * 2, LONGEST_WAIT)
        self.connection.close()

    def round(self, stop: threading.Event) -> None:
        """One batch."""
        messages = self.connection.batch(BATCH, GATHER if self.teller else 1.0)
        if messages:
            self.take(messages, stop)
        if self.teller and time.monotonic() - self.told_at > TELL_EVERY:
            self.teller.tell(self.connection)
            self.told_at = time.monotonic()

    def take(self, messages: list[Message], stop: threading.Event) -> None:
        """Write a batch, however often the database has to be waited for, then acknowledge it."""
        while True:
            try:
                outcomes = take_batch(messages, self.senders)
                break
            except (OperationalError, InterfaceError) as error:
                log.warning("database: %s", error)
                while not database_back():
                    if stop.wait(1):
                        return  # nothing was acknowledged, so all of it comes again
        self.connection.acknowledge(messages)
        if self.teller:
            self.teller.heard([one.id for one in outcomes if isinstance(one, Taken) and not one.known])
        for message, outcome in zip(messages, outcomes, strict=True):
            if not isinstance(outcome, Taken):
                log.info("%s: %s", message.topic, outcome)
            answer(self.connection, message, outcome)
