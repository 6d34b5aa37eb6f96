"""Answers and errors of GeoReport v2, in XML and in the JSON that its mapping gives."""

import io
import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.csrf import csrf_exempt

from cunzhi.api import throttle
from cunzhi.api.auth import refuse_long
from cunzhi.api.errors import NotSignedIn, NotThere, TooLong, TooMany, Unanswered
from cunzhi.api.problems import language
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.engine.answers import AnswersRefused

TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What one element of a list is called in XML; JSON drops both names."""
View = Callable[..., HttpResponse]


def answer(root: str, content: Any, format_: str, *, status: int = 200) -> HttpResponse:
    """A list or a mapping under its root."""
    body = json.dumps(content, ensure_ascii=False).encode() if format_ == "json" else _xml(root, content)
    response = HttpResponse(body, status=status, content_type=TYPES[format_])
    response["Cache-Control"] = "no-store"
    return response


def spoken(*methods: str) -> Callable[[View], View]:
    """A view of these methods whose every refusal has the shape of the standard; no cookie counts for anything here."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, **parts: str) -> HttpResponse:
            format_ = parts.get("format_", "xml")
            try:
                _let_in(request, methods)
                return view(request, **parts)
            except Refused as refused:
                return _refused(refused, format_)
            except RequestDataTooBig:
                return _refused(TooLong("api.too_long", most=2), format_)
            except (SuspiciousOperation, BadRequest, UnreadablePostError):
                return _refused(Unanswered("api.unreadable"), format_)

        return answered

    return decorate


class NoSuchMethod(Unanswered):
    """The address is right, the method is not."""

    status = 405


def _let_in(request: HttpRequest, methods: tuple[str, ...]) -> None:
    if throttle.over(f"open311:{throttle.address_of(request)}", throttle.LIMITS.address):
        raise TooMany("api.too_many", seconds=throttle.seconds_to_wait())
    if request.method not in methods:
        raise NoSuchMethod("api.no_such_method")
    refuse_long(request)
    if any("\x00" in part for pair in request.GET.lists() for part in (pair[0], *pair[1])):
        raise Unanswered("api.open311.nul")


def _refused(error: Refused, format_: str) -> HttpResponse:
    """404 for what is not there, 403 for what is not allowed and for keys, 400 for nearly everything else."""
    status = 400
    if isinstance(error, NotThere):
        status = 404
    elif isinstance(error, Forbidden | NotSignedIn):
        status = 403
    elif isinstance(error, TooMany | TooLong | NoSuchMethod):
        status = error.status
    several = list(error.problems.values()) if isinstance(error, AnswersRefused) else [error]
    told = [{"code": status, "description": _words(one)} for one in several]
    response = answer("errors", told, format_, status=status)
    if status == 429:
        response["Retry-After"] = str(throttle.seconds_to_wait())
    return response


def _words(error: Refused) -> str:
    return f"{error.field}: {error.say(language())}" if error.field else error.say(language())


def _xml(root: str, content: Any) -> bytes:
    out = io.StringIO()
    writer = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
    writer.startDocument()
    _element(writer, root, content)
    writer.endDocument()
    return out.getvalue().encode()


def _element(writer: SimplerXMLGenerator, name: str, content: Any) -> None:
    writer.startElement(name, AttributesImpl({}))
    if isinstance(content, dict):
        for key, value in content.items():
            _element(writer, key, value)
    elif isinstance(content, list):
        for value in content:
            _element(writer, ITEMS[name], value)
    elif isinstance(content, bool):
        writer.characters(str(content).lower())
    elif content is not None:
        writer.characters(_writable(str(content)))
    writer.endElement(name)


def _writable(text: str) -> str:
    """XML 1.0 has no place for control characters but tab and line ends, whatever people paste into a field."""
    return "".join(one for one in text if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff"))
