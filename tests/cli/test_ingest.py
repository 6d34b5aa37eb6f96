"""What is published becomes an observation; what was acknowledged outlives the killing of whoever took it in."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
import pytest
from django.db import connection
from left_out import leave_out
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from sensorthings.stations import THING, Sender, keeper, make_county
from surroundings import installed, wait_for

from cunzhi.adapters.broker.mqtt import Broker, Connection
from cunzhi.base.actor import system
from cunzhi.cli.ingest.loop import Ingest
from cunzhi.perception.actions.devices import give_token
from cunzhi.perception.models import Datastream, Observation, Thing
from cunzhi.perception.queries.devices import broker_passwords, broker_rights
from cunzhi.perception.queries.scope import Scope

NO_MOSQUITTO = "no Mosquitto on this machine (Debian: apt-get install mosquitto)"


class Publisher:
    """A device that publishes with QoS 1 and knows what the broker acknowledged."""

    def __init__(self, port: int, token: str = "", user: str = "", password: str = "") -> None:
        self.token, self.got, self.acknowledged = token, [], set[int]()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self.client.on_message = lambda client, data, one: self.got.append((one.topic, json.loads(one.payload)))
        self.client.on_publish = lambda client, data, mid, reason, properties: self.acknowledged.add(mid)
        if user:
            self.client.username_pw_set(user, password)
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        if not user:
            until(self.client.is_connected)

    def send(self, stream: int, result: Any, at: str = "", answer_to: str = "", **more: Any) -> int:
        told = Properties(PacketTypes.PUBLISH)
        if self.token:
            told.UserProperty = ("token", self.token)
        if answer_to:
            told.ResponseTopic, told.CorrelationData = answer_to, b"7"
        body = {"result": result, **({"phenomenonTime": at} if at else {}), **more}
        topic = f"v1.1/Datastreams({stream})/Observations"
        return self.client.publish(topic, json.dumps(body), qos=1, properties=told).mid

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def stream(transactional_db: None) -> int:
    make_county()
    cadre: Sender = keeper()
    cadre.post("/Things", THING)
    return Datastream.objects.get().pk


@pytest.fixture
def token(stream: int) -> str:
    return give_token(scope=Scope(system("test")), thing=Thing.objects.get(), name="logger")[1]


@pytest.fixture
def ingest(stream: int, mqtt_port: int) -> Iterator[Ingest]:
    """The loop, in a thread of this process."""
    running, stop = Ingest(Broker.at(f"mqtt://127.0.0.1:{mqtt_port}"), publish=True), threading.Event()

    def loop() -> None:
        try:
            running.run(stop)
        finally:
            connection.close()

    thread = threading.Thread(target=loop)
    thread.start()
    time.sleep(0.3)
    yield running
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_published_value_is_kept_told_and_answered(ingest: Ingest, mqtt_port: int, stream: int, token: str) -> None:
    reader, sender = Publisher(mqtt_port), Publisher(mqtt_port, token)
    for topic in ("v1.1/Observations", "v1.1/answers/me"):
        reader.client.subscribe(topic, qos=1)
    time.sleep(0.2)
    sender.send(stream, 3.5, "2026-03-01T00:00:00Z", "v1.1/answers/me")
    sender.send(stream, 3.5, "2026-03-01T00:00:00Z", "v1.1/answers/me")
    sender.send(stream, "wet", answer_to="v1.1/answers/me")
    sender.send(stream, 4, answer_to="v1.1/Observations")  # nobody speaks there with our voice
    until(lambda: len(reader.got) >= 5)
    sender.close()
    reader.close()
    first = Observation.objects.order_by("pk").first()
    assert first is not None
    answers = [told for topic, told in reader.got if topic == "v1.1/answers/me"]
    assert answers[:2] == [{"@iot.id": first.pk}] * 2
    assert "OM_Measurement" in answers[2]["message"]
    told = [told for topic, told in reader.got if topic == "v1.1/Observations"]
    assert (told[0]["@iot.id"], told[0]["result"], told[0]["Datastream"]) == (first.pk, 3.5, {"@iot.id": stream})
    assert Observation.objects.count() == len(told) == 2


def test_what_nobody_vouches_for_or_cannot_be_read_is_refused(
    ingest: Ingest, mqtt_port: int, stream: int, token: str
) -> None:
    Publisher(mqtt_port).send(stream, 1)
    Publisher(mqtt_port, "cunzhi_device_wrong").send(stream, 2)
    sender = Publisher(mqtt_port, token)
    sender.send(stream + 1000, 3)
    sender.send(stream, 4, Datastream={"@iot.id": 1})
    sender.client.publish("v1.1/Things/Observations", b"{}", qos=1)
    for payload in (b"", b"{", b"[]", b'{"result": NaN}', b"\xff", b'{"result": 1}' + b" " * 300_000):
        told = Properties(PacketTypes.PUBLISH)
        told.UserProperty = ("token", token)
        sender.client.publish(f"v1.1/Datastreams({stream})/Observations", payload, qos=1, properties=told)
    sender.send(stream, 5)
    until(lambda: Observation.objects.exists())
    assert list(Observation.objects.values_list("number", flat=True)) == [5.0]


def test_value_that_came_over_http_is_told_to_subscribers_of_its_datastream(
    ingest: Ingest, mqtt_port: int, stream: int
) -> None:
    reader = Publisher(mqtt_port)
    reader.client.subscribe(f"v1.1/Datastreams({stream})/Observations", qos=1)
    time.sleep(0.2)
    keeper().post(f"/Datastreams({stream})/Observations", {"result": 1})
    until(lambda: len(reader.got) == 1)
    assert reader.got[0][1]["result"] == 1


def database_url() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def start(port: int, home: Path) -> "subprocess.Popen[bytes]":
    """cunzhi ingest as a process of its own."""
    environment = {
        **os.environ,
        "LANG": "C.UTF-8",
        "DATABASE_URL": database_url(),
        "CUNZHI_HOME": os.environ["CUNZHI_HOME"],
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "cunzhi.cli.main", "ingest", "--broker", f"mqtt://127.0.0.1:{port}"]
    said = home / "said"
    with said.open("wb") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, cwd=home)
    try:
        until(lambda: b"taken in" in said.read_bytes())
    except AssertionError:
        process.kill()
        process.wait()
        raise
    return process


def test_nothing_is_lost_or_doubled_when_ingest_is_killed_again_and_again(
    mqtt_port: int, stream: int, token: str, tmp_path: Path
) -> None:
    sender, count = Publisher(mqtt_port, token), 900
    for part in range(3):
        process = start(mqtt_port, tmp_path)
        for number in range(part * count // 3, (part + 1) * count // 3):
            sender.send(stream, number, f"2026-03-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z")
        until(lambda part=part: Observation.objects.count() > part * count // 3 + 20)  # type: ignore[misc]
        process.send_signal(signal.SIGKILL)
        process.wait()
    until(lambda: len(sender.acknowledged) == count)
    process = start(mqtt_port, tmp_path)
    until(lambda: Observation.objects.count() == count)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    sender.close()
    assert set(Observation.objects.values_list("number", flat=True)) == set(map(float, range(count)))


def mortal_broker(home: Path) -> "tuple[subprocess.Popen[bytes], int]":
    """A Mosquitto of one test, and its port; started again in the same home it has an empty memory."""
    mosquitto = installed("mosquitto") or leave_out(NO_MOSQUITTO)
    port = 18500 + os.getpid() % 1000
    file = home / "mosquitto.conf"
    file.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
    broker = subprocess.Popen([mosquitto, "-c", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(port)
    return broker, port


def test_what_a_dead_broker_sent_is_read_though_it_can_no_longer_be_told(tmp_path: Path) -> None:
    broker, port = mortal_broker(tmp_path)
    connection = Connection(Broker.at(f"mqtt://127.0.0.1:{port}"), "reader", "v1.1/+/Observations")
    connection.open()
    assert connection.batch(1, 0.5) == []
    sender = Publisher(port)
    sent = {sender.send(7, number) for number in range(50)}
    until(lambda: sent <= sender.acknowledged)
    broker.kill()
    broker.wait()
    sender.client.loop_stop()
    for _ in range(3):  # the first is answered by a reset, the next ones fail
        connection.publish("v1.1/answers/me", b"{}")
        time.sleep(0.05)
    came = connection.batch(100, 0.5)
    connection.acknowledge(came)
    assert [json.loads(one.payload)["result"] for one in came] == list(range(50))
    with pytest.raises(OSError):
        connection.batch(1, 0.5)


def test_what_a_killed_broker_acknowledged_is_there(stream: int, token: str, tmp_path: Path) -> None:
    """Ingest is connected, so each message is on its way to it before the sender hears that it was taken."""
    broker, port = mortal_broker(tmp_path)
    process = start(port, tmp_path)
    sender, sent = Publisher(port, token), {}
    for number in range(3000):
        at = f"2026-03-01T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z"
        sent[sender.send(stream, number, at)] = float(number)
        if number == 2500:
            until(lambda: len(sender.acknowledged) > 500)
            broker.send_signal(signal.SIGKILL)
            broker.wait()
    acknowledged = {sent[one] for one in list(sender.acknowledged) if one in sent}
    sender.client.loop_stop()
    time.sleep(1)
    again, port = mortal_broker(tmp_path)
    try:
        until(lambda: acknowledged <= set(Observation.objects.values_list("number", flat=True)))
        until(lambda: (tmp_path / "said").read_bytes().count(b"taken in") == 2)  # it came back by itself
        time.sleep(0.3)
        Publisher(port, token).send(stream, -1)
        until(lambda: Observation.objects.filter(number=-1).exists())
    finally:
        process.terminate()
        process.wait(10)
        again.terminate()
        again.wait(10)
    assert len(acknowledged) > 500


def test_mosquitto_lets_each_device_write_to_its_own_datastreams(stream: int, tmp_path: Path) -> None:
    mosquitto = installed("mosquitto") or leave_out(NO_MOSQUITTO)
    device, secret = give_token(scope=Scope(system("test")), thing=Thing.objects.get(), name="old logger")
    port = 19500 + os.getpid() % 1000
    rights = broker_rights() + "user reader\ntopic read v1.1/#\n"
    for name, content in (("passwords", broker_passwords()), ("rights", rights)):
        (tmp_path / name).write_text(content)
        (tmp_path / name).chmod(0o644)
    tmp_path.chmod(0o755)
    file = tmp_path / "mosquitto.conf"
    file.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous false\nuser root\n"
        f"password_file {tmp_path / 'passwords'}\nacl_file {tmp_path / 'rights'}\n"
    )
    broker = subprocess.Popen([mosquitto, "-c", file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        codes: list[int] = []
        sender = Publisher(port, user=f"device-{device.pk}", password=secret)
        sender.client.on_publish = lambda client, data, mid, reason, properties: codes.append(reason.value)
        sender.send(stream, 1)
        until(lambda: len(codes) == 1)
        sender.send(stream + 1, 1)
        until(lambda: len(codes) == 2)
        sender.close()
        assert codes[0] in (0, 16)  # taken, or taken with nobody listening
        assert codes[1] == 135  # not authorised
        wrong = Publisher(port, user=f"device-{device.pk}", password="wrong")
        time.sleep(0.3)
        assert not wrong.client.is_connected()
        wrong.close()
    finally:
        broker.terminate()
        broker.wait(10)
