"""The server starts, answers, and leaves cleanly with all its processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from surroundings import wait_for

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(environment: dict[str, str], port: int, tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "cunzhi.cli.main", "serve", "--port", str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True) as process:
        yield process
        process.kill()


def children(pid: int) -> list[int]:
    said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return [int(word) for word in said.split()]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_server_sets_up_an_empty_home_answers_and_leaves_nothing_behind(
    server: "subprocess.Popen[str]", home: Path, port: int
) -> None:
    wait_for(port, seconds=60)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as response:
        assert response.status == 200
    helpers = children(server.pid)
    assert len(helpers) >= 2  # one that answers, one that ticks
    assert (home / "serve.pid").read_text() == str(server.pid)
    server.send_signal(signal.SIGTERM)
    out, err = server.communicate(timeout=15)
    assert server.returncode == 0, err
    assert f"Cunzhi answers on http://127.0.0.1:{port}" in out
    until = time.monotonic() + 5
    while any(map(alive, helpers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(alive, helpers))
    assert not (home / "serve.pid").exists()


def test_port_in_use_is_told_kindly(cunzhi: Run, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = cunzhi("serve", "--port", str(port))
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be had (Address already in use)" in done.stderr


def test_server_refuses_a_database_of_another_version(
    cunzhi: Run, installed: Path, port: int, shell: Callable[[str], str]
) -> None:
    forget = "DELETE FROM django_migrations WHERE app = 'axes'"
    shell(f'from django.db import connection\nconnection.cursor().execute("{forget}")')
    done = cunzhi("serve", "--port", str(port))
    assert done.returncode == 1
    assert "changes that this version needs" in done.stderr
