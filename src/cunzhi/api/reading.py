"""Reads bodies and addresses strictly: one content type, no characters that a database cannot keep."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from cunzhi.api.errors import Unanswered, WrongKind

NUL = "\x00"


class StrictParser(Parser):
    """JSON as RFC 8259 has it: no NaN, no halves of surrogate pairs; and no NUL anywhere, which PostgreSQL refuses."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise WrongKind("api.not_json")
        return read_json(request.body)

    def parse_querydict(self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest) -> Any:
        for name, values in data.lists():
            if NUL in name or any(isinstance(one, str) and NUL in one for one in values):
                raise Unanswered("api.nul")
        return super().parse_querydict(data, list_fields, request)


def read_json(body: bytes) -> Any:
    """The content of a JSON text."""
    try:
        content = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Unanswered("api.unreadable") from None
    _refuse_odd(content)
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_odd(content: Any) -> None:
    waiting = [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            if NUL in one:
                raise Unanswered("api.nul")
            if any("\ud800" <= character <= "\udfff" for character in one):
                raise Unanswered("api.unreadable")
