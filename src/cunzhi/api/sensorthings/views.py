"""SensorThings over HTTP: the service root, everything below it, and batches."""

import json
from dataclasses import dataclass, field
from functools import partial, wraps
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, transaction
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from cunzhi.api import throttle
from cunzhi.api.auth import MOST_BYTES
from cunzhi.api.errors import TooLong, Unanswered, WrongKind
from cunzhi.api.problems import CONTENT_TYPE, language
from cunzhi.api.reading import read_json
from cunzhi.api.sensorthings import batch
from cunzhi.api.sensorthings.callers import caller_of
from cunzhi.api.sensorthings.context import ADDRESS, Context
from cunzhi.api.sensorthings.doing import Answer, NoSuchMethod, do
from cunzhi.api.sensorthings.served import CONFORMANCE
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.base.messages import say
from cunzhi.perception.entities import SETS

METHODS = "GET, HEAD, POST, PATCH, PUT, DELETE"
BODIES = ("POST", "PATCH", "PUT")


@dataclass
class Part:
    """The answer to one request of a batch."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        return HTTPStatus(self.status).phrase


def status_of(error: Refused) -> int:
    """400 for what is wrong in a request, which is what clients of this standard look for."""
    if isinstance(error, Unanswered):
        return error.status
    if isinstance(error, Forbidden):
        return 403
    return 409 if isinstance(error, Conflict) else 400


def told(error: Refused) -> bytes:
    """A refusal as a problem (RFC 9457); `message` is where clients of this standard look."""
    status = status_of(error)
    words = f"{error.field}: {error.say(language())}" if error.field else error.say(language())
    title = say(f"api.status.{status}", language())
    content = {"type": "about:blank", "title": title, "status": status, "code": error.code, "detail": words}
    return json.dumps({**content, "message": words}, ensure_ascii=False).encode()


def spoken(view: Any) -> Any:
    """A view whose every refusal has one shape; no cookie counts for anything here."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            response = cast(HttpResponse, view(request, **parts))
        except Refused as refused:
            response = _refused(refused)
        except RequestDataTooBig:
            response = _refused(TooLong("api.too_long", most=2))
        except (SuspiciousOperation, BadRequest, UnreadablePostError, MultiPartParserError):
            response = _refused(Unanswered("api.unreadable"))
        response["Cache-Control"] = "private, no-store"
        return response

    return answered


def _refused(error: Refused) -> HttpResponse:
    response = HttpResponse(told(error), status=status_of(error), content_type=CONTENT_TYPE)
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Bearer realm="cunzhi"'
    if response.status_code == 405:
        response["Allow"] = METHODS
    if response.status_code == 429:
        response["Retry-After"] = str(throttle.seconds_to_wait())
    return response


@spoken
def root(request: HttpRequest) -> HttpResponse:
    """Which sets there are, and what of the standard is served."""
    if request.method not in ("GET", "HEAD"):
        raise NoSuchMethod("api.no_such_method")
    base = request.build_absolute_uri(ADDRESS)
    content = {
        "value": [{"name": one.name, "url": f"{base}/{one.name}"} for one in SETS],
        "serverSettings": {"conformance": CONFORMANCE},
    }
    return HttpResponse(json.dumps(content), content_type="application/json")


@spoken
def below(request: HttpRequest, path: str) -> HttpResponse:
    """Everything below the root."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MOST_BYTES:
        raise TooLong("api.too_long", most=2)
    caller, scope = caller_of(request)
    context = Context(caller, scope, request.build_absolute_uri(ADDRESS))
    if path.strip("/") == "$batch":
        return _batch(request, context)
    method = str(request.method)
    body = _body(request) if method in BODIES else None
    try:
        answer = do(method, path, request.META.get("QUERY_STRING", ""), body, context)
    except (DataError, OverflowError):  # a filter whose numbers no database can reckon with
        raise Refused("api.sta.beyond_reckoning") from None
    except ValueError as error:
        if isinstance(error, Refused):
            raise
        raise Unanswered("api.unreadable") from None
    return _response(answer)


def _body(request: HttpRequest) -> Any:
    if request.content_type not in ("application/json", "application/geo+json"):
        raise WrongKind("api.not_json")
    return read_json(request.body)


def _response(answer: Answer) -> HttpResponse:
    if answer.text is not None:
        response = HttpResponse(answer.text, status=answer.status, content_type="text/plain; charset=utf-8")
    elif answer.content is None:
        response = HttpResponse(status=answer.status)
    else:
        response = HttpResponse(dump(answer.content), status=answer.status, content_type="application/json")
    for name, value in answer.headers.items():
        response[name] = value
    return response


def dump(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _batch(request: HttpRequest, context: Context) -> HttpResponse:
    if request.method != "POST":
        raise NoSuchMethod("api.no_such_method")
    if request.content_type == "application/json":
        content = batch.in_json(read_json(request.body), partial(_part, context), dump)
        return HttpResponse(dump(content), content_type="application/json")
    if request.content_type != "multipart/mixed":
        raise WrongKind("api.sta.batch_kind")
    kind, body = batch.multipart(request.META["CONTENT_TYPE"], request.body, partial(_part, context))
    return HttpResponse(body, content_type=kind)


def _part(context: Context, method: str, url: str, body: bytes) -> Part:
    """One request of a batch: its own transaction, its own refusal."""
    try:
        if throttle.over(context.caller.key, throttle.LIMITS.caller * 10):
            raise Unanswered("api.unreadable")
        path, _, query = batch.relative(url).partition("?")
        if method not in METHODS or not path.strip("/"):
            raise Unanswered("api.unreadable")
        content = read_json(body) if method in BODIES else None
        with transaction.atomic():
            answer = do(method, path, query, content, context)
    except Refused as refused:
        return Part(status_of(refused), told(refused))
    except (DataError, OverflowError, ValueError):
        return Part(400, told(Refused("api.sta.beyond_reckoning")))
    content_ = dump(answer.content) if answer.content is not None else (answer.text or "").encode()
    return Part(answer.status, content_, answer.headers)
