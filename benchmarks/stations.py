"""Made-up stations, and what they send: whole requests, made beforehand so that sending costs next to nothing."""

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

DEVICES = 40
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
Target = tuple[int, str]
"""A datastream and the token of its device."""


def fill() -> list[Target]:
    """Stations, each with one datastream and one device."""
    from cunzhi.base.actor import system
    from cunzhi.perception.actions.devices import give_token
    from cunzhi.perception.actions.entities import Draft, create
    from cunzhi.perception.entities import BY_NAME
    from cunzhi.perception.models import Datastream, Thing
    from cunzhi.perception.queries.scope import Scope
    from cunzhi.perception.rules import OM
    from cunzhi.registry.actions.places import load_places

    scope = Scope(system("test"))
    load_places(by=system("test"), county="500113")
    found = []
    for number in range(DEVICES):
        said = {"name": f"station {number}", "description": "made up"}
        point = {"type": "Point", "coordinates": [106.5, 29.4]}
        where = Draft(BY_NAME["Locations"], {**said, "encodingType": "application/geo+json", "location": point})
        sensor = Draft(BY_NAME["Sensors"], {**said, "encodingType": "text/plain", "metadata": "none"})
        seen = Draft(BY_NAME["ObservedProperties"], {**said, "definition": "urn:x"})
        unit = {"name": "metre", "symbol": "m", "definition": "ucum:m"}
        stream = {**said, "unitOfMeasurement": unit, "observationType": f"{OM}Measurement"}
        inner = Draft(BY_NAME["Datastreams"], stream, {"Sensor": [sensor], "ObservedProperty": [seen]})
        thing = Draft(BY_NAME["Things"], said, {"Locations": [where], "Datastreams": [inner]})
        made = create(scope=scope, draft=thing, place_code="500113")
        _, secret = give_token(scope=scope, thing=Thing.objects.get(pk=made.id), name="device")
        found.append((Datastream.objects.get(thing_id=made.id).pk, secret))
    return found


def single(target: Target, step: int) -> tuple[str, bytes]:
    """Path and body of one value."""
    moment = BEGIN + timedelta(seconds=step)
    body = {"result": step, "phenomenonTime": moment.isoformat()}
    return f"/sensorthings/v1.1/Datastreams({target[0]})/Observations", json.dumps(body).encode()


def array(target: Target, step: int, rows: int) -> tuple[str, bytes]:
    """Path and body of many values, each of a moment of its own."""
    moments = [BEGIN + timedelta(seconds=step * rows + row) for row in range(rows)]
    values = [[moment.isoformat(), step + row % 100 / 10] for row, moment in enumerate(moments)]
    names = ["phenomenonTime", "result"]
    body = [{"Datastream": {"@iot.id": target[0]}, "components": names, "dataArray": values}]
    return "/sensorthings/v1.1/CreateObservations", json.dumps(body).encode()


def request(target: Target, path: str, body: bytes) -> bytes:
    """A request as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {target[1]}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def requests(targets: list[Target], number: int, clients: int, rows: int, count: int) -> Iterator[bytes]:
    """The requests of one client among several; no two say the same, and none waits for another's datastream."""
    own = targets[number::clients]
    for step in range(count):
        target = own[step % len(own)]
        yield request(target, *(single(target, step) if rows == 1 else array(target, step, rows)))


class Line:
    """A connection that is kept open, without what a comfortable client would cost the machine."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, sent: bytes) -> None:
        """Send a request and wait for the whole answer, which must be 201."""
        self.socket.sendall(sent)
        answer = b""
        while b"\r\n\r\n" not in answer:
            more = self.socket.recv(262_144)
            if not more:
                raise SystemExit("the server closed the connection")
            answer += more
        head, _, rest = answer.partition(b"\r\n\r\n")
        left = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(rest)
        while left > 0:
            left -= len(self.socket.recv(262_144))
        if not head.startswith(b"HTTP/1.1 201"):
            raise SystemExit(f"{head[:40]!r} {rest[:300]!r}")
