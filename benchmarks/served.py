"""A WSGI application behind granian, and how many of its pages wrk gets in a second: as installed, over loopback."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

WORKERS = 2
CONNECTIONS = 16
THREADS = "4"
"""Of a process that runs a WSGI application; our own gateway has its own number."""
RUNS = 3


@contextmanager
def served(
    application: str, *, python: str, environment: Mapping[str, str], folder: Path, interface: str = "rsgi"
) -> Iterator[str]:
    """The address at which two processes answer with `application` (module:name in `folder`), until the block ends."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    granian = [python, "-m", "granian", "--interface", interface, "--port", str(port), "--workers", str(WORKERS)]
    quiet = ["--no-ws", "--log-level", "error", *(["--blocking-threads", THREADS] if interface == "wsgi" else [])]
    server = subprocess.Popen([*granian, *quiet, application], cwd=folder, env=dict(environment))
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, server: subprocess.Popen) -> None:
    for _ in range(600):
        if server.poll() is not None:
            sys.exit("the server did not start")
        try:
            urlopen(address + "/")
        except HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the server does not answer")


def rate(address: str, cookie: str = "", seconds: int = 3) -> float:
    """Answers a second, the best of three runs; anything but 200 is an error."""
    with urlopen(Request(address, headers={"Cookie": cookie, "Accept-Language": "zh-CN"})) as answer:
        if answer.status != 200:
            sys.exit(f"{address} answered {answer.status}")
    return max(_run(address, cookie, seconds) for _ in range(RUNS))


def _run(address: str, cookie: str, seconds: int) -> float:
    if not shutil.which("wrk"):
        sys.exit("wrk is needed; on Debian and Ubuntu: apt-get install wrk")
    headers = ["-H", "Accept-Language: zh-CN", *(["-H", f"Cookie: {cookie}"] if cookie else [])]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *headers, address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        sys.exit(f"{address}: {said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
