"""cunzhi serve: the platform over HTTP, beside it what happens by itself, and the ingest where there is a broker."""

import gc
import socket
import subprocess
import sys
from contextlib import closing

import click

from cunzhi.base.errors import Refused
from cunzhi.cli.demo.command import broken_note, tell_accounts
from cunzhi.cli.ingest.beside import address_of_broker, ingesting
from cunzhi.cli.installation import bring_up_to_date, is_new, reach, refuse_behind, set_up
from cunzhi.cli.running import noted_as_running
from cunzhi.cli.tick import ticking
from cunzhi.cli.words import tell


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
@click.option("--update", is_flag=True, help="Bring the database up to date first.")
@click.option("--demo", is_flag=True, help="Build the demo first where there is nothing yet.")
@click.option(
    "--ingest/--no-ingest",
    default=True,
    show_default=True,
    envvar="CUNZHI_INGEST",
    help="Also take in what sensors publish to CUNZHI_MQTT (or CUNZHI_INGEST=0).",
)
def command(host: str, port: int, workers: int, update: bool, demo: bool, ingest: bool) -> None:
    """Serve the platform until Ctrl-C or SIGTERM."""
    check_free(host, port)
    broker = address_of_broker() if ingest else ""
    set_up()
    reach()
    if demo and (is_new() or broken_note().exists()):
        build_demo_apart()
    else:
        tell_accounts()
    if update or is_new():
        bring_up_to_date()
    refuse_behind()
    load_pages()
    tell("serve.ready", address=f"http://{f'[{host}]' if ':' in host else host}:{port}")
    with noted_as_running(), ticking(), ingesting(broker):
        answer(host, port, workers)


def build_demo_apart() -> None:
    """In a process of its own: what it needed of memory is then free again."""
    built = subprocess.run([sys.executable, "-m", "cunzhi.cli.main", "demo"], check=False)
    if built.returncode:
        sys.exit(built.returncode)


def check_free(host: str, port: int) -> None:
    """Say it kindly, and before anything else is done, when the address cannot be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Refused("cli.serve.port", host=host, port=port, reason=error.strerror or error) from error


def load_pages() -> None:
    """Load everything before the workers split off, so that they share the memory; no connection may go with them."""
    from django.db import connections
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    connections.close_all()
    gc.freeze()


def answer(host: str, port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "cunzhi.config.rsgi:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()
