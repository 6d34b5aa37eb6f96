"""FIRMS over HTTP, against a server of our own that answers as FIRMS was seen to."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from cunzhi.adapters.firms.api import FirmsApi

BOX = (106.0, 28.5, 107.2, 29.9)
KEY = "0123456789abcdef"


class Firms(BaseHTTPRequestHandler):
    """Answers what a test put there: status, body, and how many bytes it promises."""

    answer: ClassVar[tuple[int, bytes, int]] = (200, b"", 0)
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        status, body, more = self.answer
        self.asked.append(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) + more))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    Firms.asked.clear()
    http = HTTPServer(("127.0.0.1", 0), Firms)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()
    thread.join()
    http.server_close()


def test_answer_is_what_came(server: str) -> None:
    Firms.answer = (200, b"latitude,longitude\n", 0)
    answer = FirmsApi(f"{server}/", KEY).ask("VIIRS_SNPP_NRT", BOX, 9)
    assert (answer.data, answer.failure) == (b"latitude,longitude\n", "")
    assert Firms.asked == [f"/api/area/csv/{KEY}/VIIRS_SNPP_NRT/106.0000,28.5000,107.2000,29.9000/5"]


def test_answer_cut_in_half_is_a_failure(server: str) -> None:
    Firms.answer = (200, b"latitude,longitude\n29.4,10", 100)
    answer = FirmsApi(server, KEY).ask("VIIRS_SNPP_NRT", BOX, 2)
    assert not answer.data
    assert answer.failure


def test_failure_never_says_the_key(server: str) -> None:
    Firms.answer = (500, f"no {KEY}\nhere".encode(), 0)
    assert FirmsApi(server, KEY).ask("VIIRS_SNPP_NRT", BOX, 2).failure == "500 no … here"


def test_nobody_there_is_a_failure_and_no_exception() -> None:
    answer = FirmsApi("http://127.0.0.1:9", KEY, timeout=2).ask("VIIRS_SNPP_NRT", BOX, 2)
    assert answer.failure
    assert KEY not in answer.failure


def test_address_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="CUNZHI_FIRMS_URL"):
        FirmsApi("file:///etc/passwd", KEY)
