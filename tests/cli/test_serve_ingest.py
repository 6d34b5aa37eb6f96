"""The server takes in what sensors publish: it waits for the broker, begins the ingest again, and ends all of it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from left_out import leave_out
from surroundings import installed as program
from surroundings import wait_for
from test_ingest import NO_MOSQUITTO, Publisher, until
from test_serve import alive, children

Run = Callable[..., "subprocess.CompletedProcess[str]"]
STATION = """
from cunzhi.base.actor import system
from cunzhi.perception.actions.devices import give_token
from cunzhi.perception.models import Datastream, Location, ObservedProperty, Sensor, Thing
from cunzhi.perception.queries.scope import Scope
from django.utils.timezone import now
kept = {"name": "gauge", "description": "", "place_code": "500113101200"}
thing = Thing.objects.create(**kept)
point = {"type": "Point", "coordinates": [106.55, 29.41]}
thing.locations.add(Location.objects.create(**kept, encoding_type="application/geo+json", location=point))
sensor = Sensor.objects.create(**kept, encoding_type="text/plain", metadata="")
seen = ObservedProperty.objects.create(**kept, definition="urn:test:level")
stream = Datastream.objects.create(**kept, thing=thing, sensor=sensor, observed_property=seen, made_at=now(),
    observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement", unit={"symbol": "m"})
print(stream.pk, give_token(scope=Scope(system("test")), thing=thing, name="logger")[1])
"""
VALUES = (
    "from cunzhi.perception.models import Observation\nprint(*Observation.objects.values_list('number', flat=True))"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(environment: dict[str, str], installed: Path, tmp_path: Path) -> Iterator[Callable[..., int]]:
    """Start the server with a broker's port; the number of its process."""
    begun: list[subprocess.Popen[bytes]] = []

    def start(broker: int, *more: str) -> int:
        port = free_port()
        command = [sys.executable, "-m", "cunzhi.cli.main", "serve", "--port", str(port), *more]
        with (tmp_path / "said").open("wb") as said:
            told = {**environment, "CUNZHI_MQTT": f"mqtt://127.0.0.1:{broker}"}
            begun.append(subprocess.Popen(command, env=told, cwd=tmp_path, stdout=said, stderr=said))
        wait_for(port, seconds=60)
        return begun[-1].pid

    yield start
    for one in begun:
        one.send_signal(signal.SIGTERM)
        one.wait(20)


def ingest_below(server: int) -> int:
    """The process that takes values in: the only one that has a parent below the server."""
    found = [one for helper in children(server) for one in children(helper)]
    return found[0] if found else 0


def test_broker_that_comes_later_is_waited_for_and_a_killed_ingest_begins_again(
    serving: Callable[..., int], shell: Callable[[str], str], tmp_path: Path
) -> None:
    mosquitto = program("mosquitto") or leave_out(NO_MOSQUITTO)
    stream, token = shell(STATION).split()
    port = free_port()
    file = tmp_path / "mosquitto.conf"
    file.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    server = serving(port)  # pages answer while nobody is at the broker's address
    broker = subprocess.Popen([mosquitto, "-c", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        until(lambda: b"observations are taken in" in (tmp_path / "said").read_bytes(), 30)
        sender = Publisher(port, token)
        time.sleep(0.5)  # until its first session at this broker is open
        sender.send(int(stream), 1.5)
        until(lambda: shell(VALUES).split() == ["1.5"], 20)
        killed = ingest_below(server)
        os.kill(killed, signal.SIGKILL)
        until(lambda: ingest_below(server) not in (0, killed), 20)
        sender.send(int(stream), 2.5)
        until(lambda: shell(VALUES).split() == ["1.5", "2.5"], 30)
        sender.close()
        below = [*children(server), ingest_below(server)]
        os.kill(server, signal.SIGTERM)
        until(lambda: not any(map(alive, below)), 20)
    finally:
        broker.terminate()
        broker.wait(10)


def test_ingest_dies_with_a_server_that_is_killed(serving: Callable[..., int], tmp_path: Path) -> None:
    server = serving(free_port())
    until(lambda: ingest_below(server) > 0)
    taking_in = ingest_below(server)
    keeper = next(one for one in children(server) if taking_in in children(one))
    os.kill(server, signal.SIGKILL)
    until(lambda: not alive(keeper) and not alive(taking_in))


def test_ingest_may_be_left_out_and_a_second_one_is_refused(
    serving: Callable[..., int], cunzhi: Run, tmp_path: Path
) -> None:
    without = serving(free_port(), "--no-ingest")
    time.sleep(1)
    assert ingest_below(without) == 0
    with_it = serving(free_port())
    until(lambda: ingest_below(with_it) > 0)
    until(lambda: b"broker 127.0.0.1" in (tmp_path / "said").read_bytes())
    done = cunzhi("ingest", "--broker", "mqtt://127.0.0.1:1")
    assert done.returncode == 1 and "--no-ingest" in done.stderr


def test_server_refuses_an_address_that_is_none_of_a_broker(cunzhi: Run, installed: Path) -> None:
    done = cunzhi("serve", "--port", str(free_port()), CUNZHI_MQTT="http://example.org")
    assert done.returncode == 1 and "mqtt://" in done.stderr
