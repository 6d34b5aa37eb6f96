"""The application behind granian's own interface: a request waits for a thread only when all of it has arrived.

By WSGI a thread reads what the browser sends as slowly as the network carries it, and a few photos that are sent from
where the signal is weak would keep everybody else waiting. Here the event loop takes them in, as many as come at once.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from tempfile import SpooledTemporaryFile
from typing import Any, Protocol

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined] # it is meant to be imported

Headers = list[tuple[str, str]]
Body = SpooledTemporaryFile[bytes]
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

THREADS = 3
"""How many requests a process works on at once; each keeps a connection to the database."""
LARGEST = 128 * 1024 * 1024
"""Bytes of a request. Each page has its own, smaller limits and says them; this one is against a flood."""
IN_MEMORY = 256 * 1024
PATIENCE = 15 * 60
"""Seconds for the whole of a request to arrive: ten photos at 10 KB a second."""
# In both languages, for nobody knows yet who reads.
LATE = 408, "网络太慢，没有收全，请再发一次。 The network was too slow; please send it again."
LARGE = 413, "内容太大，请分几次发。 This is too large; please send it in parts."
FULL = (
    507,
    "服务器没有空间，什么都没有收下，请告诉管理员。 The server is full; nothing was taken in. Please tell who runs it.",
)
PLAIN = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]


class Scope(Protocol):
    """What granian tells of a request, so far as it is read here."""

    method: str
    path: str
    query_string: str
    scheme: str
    client: str
    server: str
    http_version: str
    headers: Any


class Refusal(Exception):
    """Why a request goes no further than here."""

    def __init__(self, status: int, words: str) -> None:
        self.status, self.words = status, words


class Gateway:
    """Runs a WSGI application for whole requests."""

    def __init__(self, application: Wsgi, *, threads: int = THREADS) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, "request")
        self._base: dict[str, Any] = {
            "SCRIPT_NAME": "",
            "wsgi.version": (1, 0),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
        }

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._threads.shutdown()

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        try:
            status, headers, answer = await self._answered(scope, protocol)
            protocol.response_bytes(status, headers, answer)
        except ProtocolClosed:
            pass  # whoever asked is gone

    async def _answered(self, scope: Scope, protocol: Any) -> tuple[int, Headers, bytes]:
        environ = self._base | environ_of(scope)
        with SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                if scope.method not in ("GET", "HEAD"):
                    await take_in(protocol, body, environ.get("CONTENT_LENGTH"))
                environ["wsgi.input"] = body
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, environ)
            except Refusal as refusal:
                return refusal.status, PLAIN, refusal.words.encode()

    def _run(self, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
        said: list[Any] = []

        def start(status: str, headers: Headers, _: object = None) -> None:
            said[:] = int(status[:3]), headers

        answer = self._application(environ, start)
        try:
            whole = b"".join(answer)
        finally:
            getattr(answer, "close", bool)()
        return said[0], said[1], whole


async def take_in(protocol: AsyncIterator[bytes], body: Body, announced: str | None) -> None:
    """Write what arrives into `body`; a request that broke off is nobody's."""
    if announced is not None and int(announced) > LARGEST:
        raise Refusal(*LARGE)
    try:
        async with asyncio.timeout(PATIENCE):
            async for chunk in protocol:
                if body.tell() + len(chunk) > LARGEST:
                    raise Refusal(*LARGE)
                body.write(chunk)
    except TimeoutError:
        raise Refusal(*LATE) from None
    except OSError:
        raise Refusal(*FULL) from None
    if announced is not None and body.tell() != int(announced):
        raise ProtocolClosed
    body.seek(0)


def environ_of(scope: Scope) -> dict[str, Any]:
    """The request as WSGI names it. Names with an underscore are left out: they could pass for a proxy's own."""
    client, _, client_port = scope.client.rpartition(":")
    server, _, server_port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": server_port,
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    return environ
