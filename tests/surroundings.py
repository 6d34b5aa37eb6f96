"""Fixtures for what may or may not be on this machine: a browser, an MQTT broker."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from left_out import leave_out

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIETER = ["--disable-component-update", "--disable-sync"]


def installed(*programs: str) -> str | None:
    """Where the first of `programs` lies; servers often lie outside an ordinary user's PATH."""
    path = os.environ.get("PATH", "") + os.pathsep + "/usr/sbin" + os.pathsep + "/usr/local/sbin"
    return next((found for program in programs if (found := shutil.which(program, path=path))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's browser is this machine's own Chromium; CHROMIUM names another one."""
    named = os.environ.get("CHROMIUM")
    chromium = installed(*([named] if named else BROWSERS))
    chromium = chromium or leave_out("no Chromium on this machine (Debian: apt-get install chromium)")
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium, "args": [*QUIET, *QUIETER, *as_root]}


@pytest.fixture(scope="session")
def mqtt_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a Mosquitto of our own on 127.0.0.1, open to everybody."""
    mosquitto = installed("mosquitto") or leave_out("no Mosquitto on this machine (Debian: apt-get install mosquitto)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = tmp_path_factory.mktemp("mosquitto") / "mosquitto.conf"
    settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    broker = subprocess.Popen([mosquitto, "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port
    finally:
        broker.terminate()
        broker.wait(10)


def wait_for(port: int, *, seconds: float = 10) -> None:
    """Until somebody answers on 127.0.0.1:`port`."""
    until = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
