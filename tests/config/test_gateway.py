"""Requests over a bad network keep nobody waiting, arrive whole or not at all, and say truly where they come from."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from errno import ENOSPC
from http.client import HTTPConnection
from tempfile import SpooledTemporaryFile

import pytest
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]
from surroundings import wait_for

from cunzhi.config import gateway
from cunzhi.config.gateway import IN_MEMORY, Refusal, take_in

ECHO = """
import json
from cunzhi.config.gateway import Gateway

def echo(environ, start):
    if environ["PATH_INFO"] == "/broken":
        raise RuntimeError("meant")
    start("200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    said = {name: value for name, value in environ.items() if isinstance(value, str)}
    yield json.dumps({**said, "body": len(environ["wsgi.input"].read())}).encode()

application = Gateway(echo, threads=2)
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "echoing.py").write_text(ECHO)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--port", str(free), "--no-ws"]
    with subprocess.Popen([*command, "echoing:application"], cwd=folder, stderr=subprocess.DEVNULL) as server:
        wait_for(free, seconds=30)
        yield free
        server.terminate()


def asked(port: int, method: str, path: str, body: object = None, **headers: str) -> dict[str, str]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as link:
        link.request(method, path, body, headers, encode_chunked="Transfer-Encoding" in headers)  # type: ignore[arg-type]
        answer = link.getresponse()
        assert answer.status == 200
        assert answer.headers.get_all("Set-Cookie") == ["a=1", "b=2"]
        return dict(json.loads(answer.read()))


def begun(port: int, announced: int) -> socket.socket:
    """A request of which little arrives, as from a phone whose network has gone."""
    link = socket.create_connection(("127.0.0.1", port), timeout=20)
    link.sendall(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {announced}\r\n\r\nabc".encode())
    return link


def test_many_slow_requests_keep_nobody_waiting(port: int) -> None:
    slow = [begun(port, 6) for _ in range(40)]
    assert asked(port, "POST", "/", b"quick")["body"] == 5
    for link in slow:
        link.sendall(b"def")
        assert link.recv(100).startswith(b"HTTP/1.1 200")
        link.close()


def test_large_request_arrives_whole(port: int) -> None:
    assert asked(port, "POST", "/", b"x" * 3_000_000)["body"] == 3_000_000
    parts = iter([b"y" * 1_000] * 700)
    assert asked(port, "PUT", "/", parts, **{"Transfer-Encoding": "chunked"})["body"] == 700_000


def test_too_large_request_is_refused_before_it_comes(port: int) -> None:
    with begun(port, gateway.LARGEST + 1) as link:
        assert link.recv(100).startswith(b"HTTP/1.1 413")


def test_request_is_named_as_wsgi_names_it(port: int) -> None:
    said = asked(port, "GET", "/%E6%9D%91/a%20b?q=%E6%9D%91", Cookie="a=1", X_Forwarded_For="forged")
    assert said["PATH_INFO"].encode("latin-1").decode() == "/村/a b"
    assert said["QUERY_STRING"] == "q=%E6%9D%91"
    assert (said["REQUEST_METHOD"], said["REMOTE_ADDR"], said["SERVER_PORT"]) == ("GET", "127.0.0.1", str(port))
    assert said["HTTP_COOKIE"] == "a=1"
    assert "HTTP_X_FORWARDED_FOR" not in said


def test_headers_that_come_twice_are_joined(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        twice = b"Cookie: a=1\r\nCookie: b=2\r\nX-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\n"
        link.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + twice + b"\r\n")
        text = b"".join(iter(lambda: link.recv(4096), b"")).partition(b"\r\n\r\n")[2]
    said = json.loads(text)
    assert (said["HTTP_COOKIE"], said["HTTP_X_FORWARDED_FOR"]) == ("a=1; b=2", "1.1.1.1,2.2.2.2")


def test_broken_application_answers_500_and_the_next_request_is_served(port: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as link:
        link.request("GET", "/broken")
        assert link.getresponse().status == 500
    assert asked(port, "GET", "/")["PATH_INFO"] == "/"


async def arriving(*chunks: bytes, pause: float = 0) -> AsyncIterator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(pause)
        yield chunk


def taken(chunks: AsyncIterator[bytes], announced: str | None = None) -> bytes:
    async def run() -> bytes:
        with SpooledTemporaryFile[bytes](IN_MEMORY) as body:
            await take_in(chunks, body, announced)
            return body.read()

    with ThreadPoolExecutor(1) as apart:  # the browser tests of this process keep a loop of their own running here
        return apart.submit(lambda: asyncio.run(run())).result()


def test_request_that_breaks_off_goes_no_further() -> None:
    assert taken(arriving(b"abc", b"def"), "6") == b"abcdef"
    with pytest.raises(ProtocolClosed):
        taken(arriving(b"abc"), "6")


def test_flood_without_announcement_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "LARGEST", 5)
    assert taken(arriving(b"abc", b"de")) == b"abcde"
    with pytest.raises(Refusal) as refused:
        taken(arriving(b"abc", b"def"))
    assert refused.value.status == 413


def test_request_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "PATIENCE", 0.05)
    with pytest.raises(Refusal) as refused:
        taken(arriving(*[b"a"] * 100, pause=0.01))
    assert refused.value.status == 408


def test_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object, __: bytes) -> int:
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr(SpooledTemporaryFile, "write", full)
    with pytest.raises(Refusal) as refused:
        taken(arriving(b"abc"))
    assert refused.value.status == 507
