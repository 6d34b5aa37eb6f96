"""Senders: every one keeps the same promise."""

import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from pytest_django import Settings

from cunzhi.adapters.messages.chosen import sms_sender
from cunzhi.adapters.messages.email import EmailSender
from cunzhi.adapters.messages.fake import FakeSender
from cunzhi.adapters.messages.folder import FolderSender
from cunzhi.adapters.messages.port import Sender
from cunzhi.adapters.messages.webhook import WebhookSender

TO, TEXT = "13812345678", "您的事项已办结。\n请凭编号 26-0001-K 查看。"


@dataclass
class Gateway:
    """An SMS gateway on this machine that keeps what it is sent."""

    url: str = ""
    status: int = 200
    location: str = ""
    requests: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)

    def received(self) -> list[tuple[str, str]]:
        by_key = {headers["Idempotency-Key"]: (body["to"], body["text"]) for headers, body in self.requests}
        return list(by_key.values())


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    kept = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.requests.append((dict(self.headers), json.loads(body)))
            self.send_response(kept.status)
            if kept.location:
                self.send_header("Location", kept.location)
            self.end_headers()
            self.wfile.write(f"answer {kept.status}".encode())

        def log_message(self, format: str, *arguments: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/sms"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


@dataclass
class Way:
    """A sender, and how to see what came out at the other end."""

    sender: Sender
    received: Callable[[], list[tuple[str, str]]]


@pytest.fixture(params=["fake", "folder", "webhook", "email"])
def way(request: pytest.FixtureRequest, tmp_path: Path, gateway: Gateway, mailoutbox: list[EmailMessage]) -> Way:
    fake = FakeSender()
    ways = {
        "fake": Way(fake, lambda: list(fake.sent.values())),
        "folder": Way(FolderSender(tmp_path / "sms"), lambda: in_folder(tmp_path / "sms")),
        "webhook": Way(WebhookSender(gateway.url), gateway.received),
        "email": Way(EmailSender(sender="cunzhi@example.org"), lambda: in_mailbox(mailoutbox)),
    }
    return ways[request.param]


def in_folder(folder: Path) -> list[tuple[str, str]]:
    messages = [json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()]
    return [(message["to"], message["text"]) for message in messages]


def in_mailbox(outbox: list[EmailMessage]) -> list[tuple[str, str]]:
    by_id = {mail.extra_headers["Message-ID"]: (mail.to[0], str(mail.body)) for mail in outbox}
    return list(by_id.values())


def test_sender_delivers_the_words_as_they_are(way: Way) -> None:
    assert way.sender.send(TO, TEXT, key="case:1").ok
    assert way.received() == [(TO, TEXT)]


def test_sender_same_key_twice_is_one_message(way: Way) -> None:
    assert way.sender.send(TO, TEXT, key="case:1").ok
    assert way.sender.send(TO, TEXT, key="case:1").ok
    assert way.sender.send(TO, TEXT, key="../case:2 ü/\\").ok
    assert way.received() == [(TO, TEXT), (TO, TEXT)]


def failing(name: str, *, tmp_path: Path, gateway: Gateway) -> Sender:
    (tmp_path / "a file").write_text("in the way")
    gateway.status = 503
    senders: dict[str, Sender] = {
        "fake": FakeSender(unreachable=frozenset({TO})),
        "folder": FolderSender(tmp_path / "a file"),
        "webhook": WebhookSender(gateway.url),
        "webhook nobody answers": WebhookSender("http://127.0.0.1:9/sms", timeout=1),
        "email": EmailSender(),
    }
    return senders[name]


@pytest.mark.parametrize("name", ["fake", "folder", "webhook", "webhook nobody answers", "email"])
def test_sender_failure_is_an_answer(name: str, tmp_path: Path, gateway: Gateway, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    delivery = failing(name, tmp_path=tmp_path, gateway=gateway).send(TO, TEXT, key="case:1")
    assert not delivery.ok
    assert delivery.detail


def test_folder_sender_writes_whole_private_files_that_can_be_looked_at(tmp_path: Path) -> None:
    delivery = FolderSender(tmp_path).send(TO, TEXT, key="case:1")
    (path,) = tmp_path.iterdir()
    assert delivery.detail == str(path)
    assert path.suffix == ".json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    message = json.loads(path.read_text(encoding="utf-8"))
    assert (message["key"], message["sent_at"][-6:]) == ("case:1", "+00:00")
    assert "您的事项" in path.read_text(encoding="utf-8")


def test_webhook_sender_says_who_asks_and_under_which_key(gateway: Gateway) -> None:
    delivery = WebhookSender(gateway.url, token="secret").send(TO, TEXT, key="case:1")
    ((headers, body),) = gateway.requests
    assert body == {"to": TO, "text": TEXT}
    assert (headers["Idempotency-Key"], headers["Authorization"]) == ("case:1", "Bearer secret")
    assert headers["Content-Type"].startswith("application/json")
    assert delivery.detail == "200 answer 200"


def test_webhook_sender_follows_no_redirect(gateway: Gateway) -> None:
    gateway.status, gateway.location = 302, gateway.url
    delivery = WebhookSender(gateway.url).send(TO, TEXT, key="case:1")
    assert (delivery.ok, len(gateway.requests)) == (False, 1)


def test_webhook_sender_takes_web_addresses_only() -> None:
    with pytest.raises(ValueError, match="https://"):
        WebhookSender("file:///etc/passwd")


def test_email_sender_first_line_is_the_subject(mailoutbox: list[EmailMessage]) -> None:
    EmailSender().send("li@example.org", TEXT, key="case:1")
    assert mailoutbox[0].subject == "您的事项已办结。"


@pytest.mark.parametrize(
    ("setting", "kind"), [("folder:/tmp/sms", FolderSender), ("webhook:https://sms.example.org/send", WebhookSender)]
)
def test_sms_sender_is_what_the_setting_says(setting: str, kind: type, settings: Settings) -> None:
    settings.CUNZHI_SMS = setting
    assert isinstance(sms_sender(), kind)


@pytest.mark.parametrize("setting", ["", "folder", "folder:", "webhook:ftp://x", "pigeon:grey"])
def test_sms_sender_setting_that_says_nothing_is_refused(setting: str, settings: Settings) -> None:
    settings.CUNZHI_SMS = setting
    with pytest.raises(ImproperlyConfigured, match="folder:/path"):
        sms_sender()
