"""Many requests in one, as multipart/mixed or as JSON; what belongs together is done together or not at all."""

import re
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from uuid import uuid4

from django.db import transaction

from cunzhi.api.errors import Unanswered
from cunzhi.api.reading import read_json
from cunzhi.api.sensorthings.context import ADDRESS
from cunzhi.base.errors import Refused

MOST = 1000
REQUEST = re.compile(r"(?P<method>GET|POST|PATCH|PUT|DELETE) (?P<url>\S{1,4000})(?: HTTP/1\.1)?")
Ask = Callable[[str, str, bytes], Any]
"""Method, address, body -> an answer with `status`, `body` and `headers`."""


class Undone(Exception):
    """Takes back what a group did when one of it failed."""


class References:
    """What earlier requests of the batch made, by the names that it gave to them."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def keep(self, name: str, answer: Any) -> None:
        if name and "Location" in answer.headers:
            self.made[name] = answer.headers["Location"]

    def in_url(self, url: str) -> str:
        found = re.match(r"\$([\w-]+)(?=/|$|\?)", url)
        return self.made[found[1]] + url[found.end() :] if found and found[1] in self.made else url

    def in_body(self, body: bytes) -> bytes:
        """{"@iot.id": "$1"} becomes the id of what request 1 made."""

        def number(found: re.Match[bytes]) -> bytes:
            made = self.made.get(found[2].decode())
            return found[0] if made is None else found[1] + made.rsplit("(", 1)[1].rstrip(")").encode()

        return re.sub(rb'("@iot\.id"\s*:\s*)"\$([\w-]+)"', number, body)


def relative(url: str) -> str:
    """The address behind the service root."""
    if ADDRESS in url:
        return url.split(ADDRESS, 1)[1]
    if re.match(r"[a-z]+://", url):
        raise Refused("api.sta.batch_elsewhere")
    return url


def multipart(content_type: str, body: bytes, ask: Ask) -> tuple[str, bytes]:
    """The answers, in the shape of the requests; the content type of the whole comes first."""
    parts = _parts(content_type, body)
    known = References()
    boundary, answers = f"batch_{uuid4().hex}", []
    for part in parts:
        if part.get_content_type() == "multipart/mixed":
            answers.append(_together(part, known, ask))
        else:
            answers.append(_framed(_one(part, known, ask), part.get("Content-ID", "")))
    return f"multipart/mixed; boundary={boundary}", _joined(boundary, answers)


def _parts(content_type: str, body: bytes) -> list[Message]:
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    found = message.get_payload()
    if not message.is_multipart() or not isinstance(found, list):
        raise Unanswered("api.sta.no_batch")
    if len(found) > MOST:
        raise Refused("api.sta.too_much", most=MOST)
    return found  # type: ignore[return-value]


def _together(part: Message, known: References, ask: Ask) -> bytes:
    """A change set: all of it, or the answer that spoilt it."""
    boundary, answers = f"changeset_{uuid4().hex}", []
    inner = part.get_payload()
    before = dict(known.made)
    try:
        with transaction.atomic():
            for one in inner if isinstance(inner, list) else []:
                answer = _one(one, known, ask)  # type: ignore[arg-type]
                answers.append(_framed(answer, one.get("Content-ID", "")))  # type: ignore[union-attr]
                if answer.status >= 400:
                    raise Undone
    except Undone:
        known.made = before
        return answers[-1]
    head = f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n".encode()
    return head + _joined(boundary, answers)


def _one(part: Message, known: References, ask: Ask) -> Any:
    payload = part.get_payload(decode=True)
    text = payload if isinstance(payload, bytes) else b""
    head, _, body = text.lstrip().replace(b"\r\n", b"\n").partition(b"\n\n")
    found = REQUEST.fullmatch(head.split(b"\n")[0].decode("utf-8", "replace").strip())
    if found is None:
        return ask("", "", b"")
    answer = ask(found["method"], known.in_url(found["url"]), known.in_body(body.strip()))
    known.keep(part.get("Content-ID", ""), answer)
    return answer


def _framed(answer: Any, name: str) -> bytes:
    lines = ["Content-Type: application/http"]
    lines += [f"Content-ID: {name}"] if re.fullmatch(r"[\w-]{1,80}", name) else []
    lines += [
        "",
        f"HTTP/1.1 {answer.status} {answer.reason}",
        *(f"{key}: {value}" for key, value in answer.headers.items()),
    ]
    if answer.body:
        lines.append("Content-Type: application/json")
    return "\r\n".join([*lines, "", ""]).encode() + bytes(answer.body)


def _joined(boundary: str, parts: list[bytes]) -> bytes:
    mark = f"--{boundary}".encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def in_json(content: Any, ask: Ask, dump: Callable[[Any], bytes]) -> dict[str, Any]:
    """{"requests": [{"id", "method", "url", "body", "atomicityGroup"}]} and its answers."""
    requests = content.get("requests") if isinstance(content, dict) else None
    if not isinstance(requests, list) or not all(isinstance(one, dict) for one in requests):
        raise Unanswered("api.sta.no_batch")
    if len(requests) > MOST:
        raise Refused("api.sta.too_much", most=MOST)
    known, responses = References(), []
    at = 0
    while at < len(requests):
        group = requests[at].get("atomicityGroup")
        end = at + 1
        while group is not None and end < len(requests) and requests[end].get("atomicityGroup") == group:
            end += 1
        responses += _group(requests[at:end], known, ask, dump, whole=group is not None)
        at = end
    return {"responses": responses}


def _group(
    requests: list[dict[str, Any]], known: References, ask: Ask, dump: Callable[[Any], bytes], *, whole: bool
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    before = dict(known.made)
    try:
        with transaction.atomic():
            for one in requests:
                found.append(_asked(one, known, ask, dump))
                if whole and found[-1]["status"] >= 400:
                    raise Undone
    except Undone:
        known.made = before
        spoilt = found[-1]
        undone = {"status": 424, "body": {"message": "undone with its group"}}
        found = [spoilt if one.get("id") == spoilt["id"] else {"id": one.get("id"), **undone} for one in requests]
    return found


def _asked(one: dict[str, Any], known: References, ask: Ask, dump: Callable[[Any], bytes]) -> dict[str, Any]:
    name, method, url = (one.get(key) for key in ("id", "method", "url"))
    if not all(isinstance(value, str) for value in (name, method, url)):
        answer = ask("", "", b"")
    else:
        body = known.in_body(dump(one["body"])) if one.get("body") is not None else b""
        answer = ask(str(method).upper(), known.in_url(str(url)), body)
        known.keep(str(name), answer)
    told: dict[str, Any] = {"id": name, "status": answer.status}
    if "Location" in answer.headers:
        told["location"] = answer.headers["Location"]
    if answer.body:
        told["body"] = read_json(answer.body)
    return told
