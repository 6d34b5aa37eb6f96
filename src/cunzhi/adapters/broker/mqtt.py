"""A broker of MQTT 5: messages come in batches and are acknowledged when we say so, not when they arrive."""

import select
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

KEPT = 7 * 24 * 3600
"""Seconds for which the broker keeps what came while we were away."""
UNDERWAY = 5000
"""Messages that the broker hands over before the first of them is acknowledged."""
ACKNOWLEDGED_AT_ONCE = 100
PORT, SECURE_PORT = 1883, 8883


@dataclass(frozen=True)
class Broker:
    """Where it is. `prefix` is what it puts before the topics of devices; `checked`: it checks who may write where."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    secure: bool = False
    prefix: str = ""
    checked: bool = False

    @classmethod
    def at(cls, url: str) -> "Broker":
        """From mqtt://user:password@host:port/?prefix=in/&checked=1, or mqtts://… for TLS."""
        parts = urlsplit(url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError(url)
        asked = parse_qs(parts.query)
        secure = parts.scheme == "mqtts"
        return cls(
            parts.hostname,
            parts.port or (SECURE_PORT if secure else PORT),
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            secure,
            asked.get("prefix", [""])[0],
            asked.get("checked", ["0"])[0] == "1",
        )


@dataclass(frozen=True)
class Message:
    """What was published, and what the sender said beside it."""

    topic: str
    payload: bytes
    id: int
    qos: int
    session: int
    token: str = ""
    answer_to: str = ""
    about: bytes = b""


class _Client(mqtt.Client):
    """Reads on when it can no longer write: what a broker sent before it died still lies there."""

    def _sock_send(self, buf: bytes | bytearray) -> int:
        try:
            return super()._sock_send(buf)
        except BlockingIOError:
            raise
        except OSError:
            return len(buf)  # reading will find the end, behind all that came before it


class Connection:
    """One session at a broker, kept by it under our name while we are away."""

    def __init__(self, broker: Broker, name: str, topic: str) -> None:
        self.broker, self.topic = broker, topic
        self._waiting: deque[Message] = deque()
        self._session = 0
        self._client = _Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5, manual_ack=True)
        self._client.on_message = self._came
        self._client.on_connect = self._connected
        if broker.user:
            self._client.username_pw_set(broker.user, broker.password)
        if broker.secure:
            self._client.tls_set()

    def open(self) -> None:
        """Connect; OSError where there is nobody."""
        asked = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        asked.SessionExpiryInterval = KEPT
        asked.ReceiveMaximum = UNDERWAY
        self._session += 1
        self._client.connect(self.broker.host, self.broker.port, clean_start=False, properties=asked)

    def batch(self, most: int, wait: float) -> list[Message]:
        """What came within `wait` seconds, at most so many. OSError when the broker is gone and nothing is left."""
        until = time.monotonic() + wait
        try:
            while len(self._waiting) < most and (left := until - time.monotonic()) > 0:
                if not self._read(left) and self._waiting:
                    break
        except OSError:
            if not self._waiting:
                raise
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def _read(self, wait: float) -> bool:
        """Read what lies there; whether anything did. The broker sends no more than may be underway."""
        socket = self._client.socket()
        if socket is None:
            raise ConnectionError
        pending = getattr(socket, "pending", lambda: 0)()
        ready = pending or select.select([socket], [], [], 0 if self._waiting else min(wait, 0.2))[0]
        if not ready:
            self._check(self._client.loop_misc())
            return False
        before = here = len(self._waiting)
        while True:
            self._check(self._client.loop_read())
            if len(self._waiting) == here:
                break
            here = len(self._waiting)
        while self._client.want_write():  # what a callback wished to say waits until it has returned
            self._check(self._client.loop_write())
        return here > before

    def acknowledge(self, messages: list[Message]) -> None:
        """Tell the broker that these are safe, reading on meanwhile, lest what it has taken in pile up at its end."""
        for place, message in enumerate(messages):
            if place % ACKNOWLEDGED_AT_ONCE == 0:
                try:
                    self._read(0)
                except OSError:
                    return  # the next batch brings what is left, and then says that the broker is gone
            if message.qos and message.session == self._session:
                self._client.ack(message.id, message.qos)

    def publish(self, topic: str, payload: bytes, about: bytes = b"") -> None:
        told = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if about:
            told.CorrelationData = about
        self._client.publish(topic, payload, qos=0, properties=told)

    def close(self) -> None:
        self._client.disconnect()

    def _connected(self, client: mqtt.Client, data: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            raise PermissionError(str(reason))
        client.subscribe(self.topic, options=SubscribeOptions(qos=1, noLocal=True))

    def _came(self, client: mqtt.Client, data: Any, message: mqtt.MQTTMessage) -> None:
        said = message.properties
        token, answer_to, about = "", "", b""
        if said is not None and getattr(said, "names", None) is not None:
            token = dict(getattr(said, "UserProperty", [])).get("token", "")
            answer_to, about = getattr(said, "ResponseTopic", ""), getattr(said, "CorrelationData", b"")
        self._waiting.append(
            Message(
                message.topic, bytes(message.payload), message.mid, message.qos, self._session, token, answer_to, about
            )
        )

    def _check(self, code: int) -> None:
        if code != mqtt.MQTT_ERR_SUCCESS:
            raise ConnectionError(mqtt.error_string(code))
