"""How many observations a second: one by one and in data arrays over HTTP, and by MQTT against a bare subscriber.

    .venv/bin/python benchmarks/observations.py [--quick] [--postgres URL] [--without http|mqtt]

Under two minutes, with --quick under one. HTTP goes through the real server (granian, two workers) with real tokens;
every answer that counts is a committed value. Eight clients send what they made beforehand, so that they take little
of the machine. Many devices take part, since each alone is limited. For MQTT the same messages are published twice with
QoS 1: to a subscriber that only counts, and to `cunzhi ingest` (tokens checked, values judged, committed, then
acknowledged). Server, database, broker and clients share the machine. Data are made up.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from typing import Any

from scratch import installed
from stations import BEGIN, Line, Target, fill, requests

CLIENTS, ROWS = 8, 1000
MOST_SINGLE, MOST_ARRAYS = 4000, 500
"""Requests a second that are made beforehand: more than will be taken."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def client(port: int, made: list[bytes], rows: int, ready: Any, seconds: float, out: Any) -> None:
    """Post what was made beforehand until the time is over; how many values were taken, how long each request took."""
    took: list[float] = []
    ready.wait()
    line = Line(port)  # not before: a server closes what is silent for long
    until = time.monotonic() + seconds
    for one in made:
        begun = time.perf_counter()
        if time.monotonic() >= until:
            break
        line.ask(one)
        took.append(time.perf_counter() - begun)
    else:
        raise SystemExit("more was taken than was made beforehand")
    out.put((len(took) * rows, took))


def over_http(port: int, targets: list[Target], rows: int, seconds: float) -> str:
    """Several clients at once, each with devices of its own."""
    fork = multiprocessing.get_context("fork")
    out, ready = fork.Queue(), fork.Barrier(CLIENTS + 1)
    count = int(seconds * (MOST_SINGLE if rows == 1 else MOST_ARRAYS) / CLIENTS)
    clients = []
    for number in range(CLIENTS):
        made = [*requests(targets, number, CLIENTS, rows, count)]
        clients.append(fork.Process(target=client, args=(port, made, rows, ready, seconds, out)))
        clients[-1].start()
    ready.wait()
    begun = time.monotonic()
    found = [out.get(timeout=seconds + 30) for _ in clients]
    passed = time.monotonic() - begun
    for one in clients:
        one.join()
    took = sorted(one for _, times in found for one in times)
    middle, slow = took[len(took) // 2] * 1000, took[int(len(took) * 0.99)] * 1000
    return f"{sum(done for done, _ in found) / passed:,.0f} values/s (request p50 {middle:.0f} ms, p99 {slow:.0f} ms)"


def publish(port: int, targets: list[Target], count: int, topic: str) -> None:
    """Publish so many values with QoS 1, as fast as the broker takes them."""
    import paho.mqtt.client as mqtt
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    sender = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    sender.max_inflight_messages_set(1000)
    left = threading.Semaphore(1000)
    sender.on_publish = lambda *_: left.release()
    sender.connect("127.0.0.1", port)
    sender.loop_start()
    for number in range(count):
        stream, token = targets[number % len(targets)]
        told = Properties(PacketTypes.PUBLISH)
        told.UserProperty = ("token", token)
        moment = (BEGIN - timedelta(seconds=number + 1)).isoformat()
        left.acquire()
        sender.publish(
            topic.format(stream), json.dumps({"result": number, "phenomenonTime": moment}), qos=1, properties=told
        )
    while left._value < 1000:
        time.sleep(0.01)
    sender.disconnect()
    sender.loop_stop()


def bare(port: int, targets: list[Target], count: int) -> float:
    """Messages a second at a subscriber that only counts."""
    import paho.mqtt.client as mqtt

    seen, begun, done = [0], [0.0], threading.Event()

    def came(client: Any, data: Any, message: Any) -> None:
        seen[0] += 1
        if seen[0] == 1:
            begun[0] = time.monotonic()
        if seen[0] == count:
            done.set()

    reader = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    reader.on_message = came
    reader.on_connect = lambda *_: reader.subscribe("bare/#", qos=1)
    reader.connect("127.0.0.1", port)
    reader.loop_start()
    time.sleep(0.5)
    sender = multiprocessing.get_context("fork").Process(target=publish, args=(port, targets, count, "bare/{}"))
    sender.start()
    done.wait(300)
    passed = time.monotonic() - begun[0]
    sender.join()
    reader.disconnect()
    reader.loop_stop()
    return seen[0] / passed


def taken(port: int, targets: list[Target], count: int) -> float:
    """Messages a second that `cunzhi ingest` keeps, from the first to the last that is committed."""
    from django.db import connection

    from cunzhi.perception.models import Observation

    before = Observation.objects.count()
    last = Observation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    connection.close()
    command = [
        sys.executable,
        "-m",
        "cunzhi.cli.main",
        "ingest",
        "--no-publish",
        "--broker",
        f"mqtt://127.0.0.1:{port}",
    ]
    ingest = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert ingest.stdout is not None
    ingest.stdout.readline()
    time.sleep(0.5)
    topic = "v1.1/Datastreams({})/Observations"
    sender = multiprocessing.get_context("fork").Process(target=publish, args=(port, targets, count, topic))
    begun = time.monotonic()
    sender.start()
    while Observation.objects.filter(pk__gt=last).order_by("-pk").values_list("pk", flat=True).first() is None:
        time.sleep(0.005)
    begun = time.monotonic()
    while Observation.objects.count() < before + count:
        time.sleep(0.2)
    passed = time.monotonic() - begun
    sender.join()
    ingest.send_signal(signal.SIGTERM)
    ingest.wait(20)
    connection.close()
    return count / passed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="under a minute")
    parser.add_argument("--postgres", default=os.environ.get("DATABASE_URL", ""), help="URL of a PostgreSQL server")
    parser.add_argument("--without", choices=["http", "mqtt"], help="leave one of the two out")
    given = parser.parse_args()
    seconds, count = (4.0, 20_000) if given.quick else (8.0, 30_000)
    with installed(given.postgres, "observations") as vendor:
        targets = fill()
        from django.db import connection

        connection.close()
        if given.without != "http":
            by_http(vendor, targets, seconds)
        if given.without != "mqtt":
            by_mqtt(vendor, targets, count)


def by_http(vendor: str, targets: list[Target], seconds: float) -> None:
    """Through the real server with two workers."""
    port = free_port()
    command = [sys.executable, "-m", "cunzhi.cli.main", "serve", "--port", str(port), "--workers", "2"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert server.stdout is not None
    while b"http" not in server.stdout.readline():
        pass
    time.sleep(2)
    try:
        print(f"{vendor}, one by one:    {over_http(port, targets, 1, seconds)}", flush=True)
        print(f"{vendor}, arrays of {ROWS}: {over_http(port, targets, ROWS, seconds)}", flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def by_mqtt(vendor: str, targets: list[Target], count: int) -> None:
    """Through a Mosquitto of our own."""
    mosquitto = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin")
    if mosquitto is None:
        print("no Mosquitto on this machine")
        return
    port = free_port()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write(f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
        file.flush()
        broker = subprocess.Popen([mosquitto, "-c", file.name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        try:
            at_most = bare(port, targets, count)
            kept = taken(port, targets, count)
        finally:
            broker.terminate()
            broker.wait(10)
    share = f"{kept / at_most:.2f}"
    print(f"{vendor}, MQTT QoS 1: kept {kept:,.0f}/s; a bare subscriber {at_most:,.0f}/s ({share})", flush=True)


if __name__ == "__main__":
    main()
