"""Calls of a WSGI application a second, in one thread, without a network between: needs only the standard library."""

import io
import time
from collections.abc import Callable
from typing import Any

RUNS = 3
Application = Callable[..., Any]


def call(application: Application, path: str, cookie: str = "") -> tuple[str, int]:
    """Status and length of one answer."""
    status: list[str] = []
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1",
        "HTTP_COOKIE": cookie, "HTTP_ACCEPT_LANGUAGE": "zh-CN", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.multithread": False,
        "wsgi.multiprocess": False, "wsgi.run_once": False,
    }  # fmt: skip
    answer = application(environ, lambda line, headers, *_: status.append(line))
    length = sum(len(part) for part in answer)
    if hasattr(answer, "close"):
        answer.close()
    return status[0], length


def rate(application: Application, path: str, cookie: str = "", seconds: float = 2.0) -> float:
    """Answers a second, the best of three runs; anything but 200 is an error."""
    best = 0.0
    for _ in range(RUNS):
        count, begun = 0, time.perf_counter()
        while (spent := time.perf_counter() - begun) < seconds:
            status, _ = call(application, path, cookie)
            if not status.startswith("200"):
                raise RuntimeError(f"{path} answered {status}")
            count += 1
        best = max(best, count / spent)
    return best
