"""Reads bodies and addresses strictly: one content type, no characters that a database cannot keep."""

from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from cunzhi.api.errors import Unanswered, WrongKind
from cunzhi.base.strict_json import NUL, Unreadable, WithNul, load


class StrictParser(Parser):
    """JSON as RFC 8259 has it, and no NUL anywhere."""

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
        return load(body)
    except WithNul:
        raise Unanswered("api.nul") from None
    except Unreadable:
        raise Unanswered("api.unreadable") from None
