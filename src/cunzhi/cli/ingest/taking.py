"""A batch of messages becomes observations: all judged, written together, and only then acknowledged."""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, Error, connection

from cunzhi.adapters.broker.mqtt import Broker, Connection, Message
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Refused
from cunzhi.base.strict_json import Unreadable, load
from cunzhi.engine.alarming import look_after_commit
from cunzhi.perception.actions.observations import Item, Outcome, Taken, take_from
from cunzhi.perception.queries.devices import datastream_of, device_by
from cunzhi.perception.queries.scope import BrokerScope, Scope
from cunzhi.perception.reading import read

LONGEST = 256_000
REMEMBERED = 60
"""Seconds for which a device is known by its token without asking again."""
ANSWERS = "v1.1/answers/"
"""Where devices may ask to be answered; nowhere else, or they could speak with our voice."""
FIELDS = frozenset({"result", "phenomenonTime", "resultTime", "validTime", "resultQuality", "parameters"})
log = logging.getLogger(__name__)


@dataclass
class Senders:
    """Who a token is, remembered for a minute."""

    broker: Broker
    _known: dict[str, tuple[float, Scope]] = field(default_factory=dict)

    def of(self, message: Message) -> Scope:
        """The sender of a message; refused when neither a token nor the broker vouches for it."""
        if not message.token and self.broker.checked:
            return BrokerScope(Actor(person_id=None, channel="mqtt", device_id=None))
        now = clock.now().timestamp()
        since, scope = self._known.get(message.token, (0.0, None))
        if scope is None or now - since > REMEMBERED:
            device = device_by(message.token)
            if device is None:
                raise Refused("cli.ingest.no_token")
            if len(self._known) > 10_000:
                self._known.clear()
            scope = Scope(Actor(person_id=None, channel="mqtt", device_id=device.pk))
            self._known[message.token] = (now, scope)
        return scope


def take_batch(messages: Sequence[Message], senders: Senders) -> list[Outcome]:
    """What became of each message. One that the database itself cannot bear is found by trying them one by one."""
    outcomes: list[Outcome | None] = [None] * len(messages)
    places, items, scopes = [], [], []
    for place, message in enumerate(messages):
        try:
            item, scope = _item(message, senders)
        except Refused as refused:
            outcomes[place] = refused
            continue
        places.append(place)
        items.append(item)
        scopes.append(scope)
    for place, outcome in zip(places, _written(items, scopes), strict=True):
        outcomes[place] = outcome
    return [one for one in outcomes if one is not None]


def _written(items: list[Item], scopes: list[Scope]) -> list[Outcome]:
    try:
        outcomes = take_from(items=items, senders=scopes) if items else []
        look_after_commit(stream for stream, _ in items)
        return outcomes
    except DataError:
        if len(items) == 1:
            return [Refused("cli.ingest.unreadable")]
        parts = [_written([item], [scope]) for item, scope in zip(items, scopes, strict=True)]
        return [outcome for part in parts for outcome in part]


def _item(message: Message, senders: Senders) -> tuple[Item, Scope]:
    stream = datastream_of(message.topic.removeprefix(senders.broker.prefix))
    if stream is None:
        raise Refused("cli.ingest.no_topic", topic=message.topic[:80])
    if len(message.payload) > LONGEST:
        raise Refused("cli.ingest.too_long", most=LONGEST // 1000)
    try:
        sent = load(message.payload)
    except Unreadable:
        raise Refused("cli.ingest.unreadable") from None
    if not isinstance(sent, dict):
        raise Refused("cli.ingest.unreadable")
    scope = senders.of(message)
    if strange := sent.keys() - FIELDS:
        raise Refused("cli.ingest.no_field", name=min(strange)[:40])
    return (stream, read(sent)), scope


def answer(connection_: Connection, message: Message, outcome: Outcome) -> None:
    """Tell the sender, if it said where."""
    if message.answer_to.startswith(ANSWERS):
        told: dict[str, Any] = {"@iot.id": outcome.id} if isinstance(outcome, Taken) else {"message": str(outcome)}
        connection_.publish(message.answer_to, json.dumps(told).encode(), message.about)


def database_back() -> bool:
    """Whether the database answers again."""
    try:
        connection.close()
        connection.ensure_connection()
    except Error:
        return False
    return True
