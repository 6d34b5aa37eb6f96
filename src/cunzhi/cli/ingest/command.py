"""cunzhi ingest: takes in what sensors publish by MQTT, and tells subscribers of new observations."""

import os
import signal
import threading
from pathlib import Path

import click

from cunzhi.base.errors import Refused
from cunzhi.cli.ingest.beside import only_one
from cunzhi.cli.installation import ready
from cunzhi.cli.words import tell


@click.command("ingest")
@click.option("--broker", default=None, help="mqtt://user:password@host:port/?prefix=in/&checked=1 (or CUNZHI_MQTT).")
@click.option("--mosquitto", type=click.Path(path_type=Path), help="Write password and access files there, and end.")
@click.option("--publish/--no-publish", default=True, show_default=True, help="Tell subscribers of what is new.")
def command(broker: str | None, mosquitto: Path | None, publish: bool) -> None:
    """Take in observations that devices publish to v1.1/Datastreams(n)/Observations.

    A message is acknowledged when its value is committed. Ends with Ctrl-C or SIGTERM.
    """
    from cunzhi.adapters.broker.mqtt import Broker

    ready()
    from cunzhi.cli.ingest.loop import Ingest

    url = broker or os.environ.get("CUNZHI_MQTT", "mqtt://127.0.0.1:1883")
    try:
        found = Broker.at(url)
    except ValueError:
        raise Refused("cli.ingest.no_address") from None
    if mosquitto is not None:
        write_files(mosquitto, found.prefix)
        return
    stop = threading.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: stop.set())
    with only_one():
        Ingest(found, publish=publish).run(stop)


def write_files(folder: Path, prefix: str) -> None:
    """What a Mosquitto needs to know which device may write where: hashes and topics, no secrets."""
    from cunzhi.perception.queries.devices import broker_passwords, broker_rights

    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (("passwords", broker_passwords()), ("rights", broker_rights(prefix))):
        file = folder / name
        file.touch(0o600)
        file.write_text(content, encoding="utf-8")
    tell("ingest.files", folder=folder)
