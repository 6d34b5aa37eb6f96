"""Errors as RFC 9457 problem details, in the reader's language."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.request import RawPostDataException
from django.utils import translation
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from cunzhi.api import throttle
from cunzhi.api.errors import NotThere, TooLong, Unanswered, WrongKind
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.base.messages import LANGUAGES, catalogue, say
from cunzhi.engine.answers import AnswersRefused

CONTENT_TYPE = "application/problem+json"
WORDED = {
    "missing": "missing",
    "string_pattern_mismatch": "pattern",
    "string_too_short": "short",
    "string_too_long": "long",
    "too_long": "long",
    "greater_than_equal": "low",
    "less_than_equal": "high",
    "int_parsing": "integer",
    "int_type": "integer",
    "date_from_datetime_parsing": "date",
    "datetime_from_date_parsing": "moment",
    "literal_error": "choice",
    "extra_forbidden": "unknown",
}
"""Pydantic's kinds of errors that we have words for; the rest are told in pydantic's own."""
PARTS = ("body", "form", "file", "query", "path", "header", "cookie")
logger = logging.getLogger("django.request")


class FieldProblem(Schema):
    """What is wrong with one field or parameter."""

    field: str = Field(description="The field's name, with dots on the way down to it.")
    code: str
    detail: str


class Problem(Schema):
    """Why a request was not done (RFC 9457). `code` is for programs, `title` and `detail` are for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    fields: list[FieldProblem] = []


PROBLEMS: dict[int, type[Problem]] = dict.fromkeys((400, 401, 403, 404, 409, 413, 415, 422, 429), Problem)


def status_of(error: Refused) -> int:
    """403 when the person may not, 409 when somebody was quicker, 422 when a rule says no to the content."""
    if isinstance(error, Unanswered):
        return error.status
    if isinstance(error, Forbidden):
        return 403
    return 409 if isinstance(error, Conflict) else 422


def language() -> str:
    """The reader's: what the request asks for, or the account's for those who are signed in."""
    return translation.get_language() or LANGUAGES[0]


def problem(error: Refused, fields: list[FieldProblem] | None = None) -> HttpResponse:
    """The answer that says no."""
    status = status_of(error)
    if fields is None:
        several = error.problems.values() if isinstance(error, AnswersRefused) else [error]
        fields = [_about(one) for one in several if one.field]
    told = Problem(
        title=say(f"api.status.{status}", language()),
        status=status,
        detail=error.say(language()),
        code=error.code,
        fields=fields,
    )
    response = HttpResponse(json.dumps(told.model_dump(), ensure_ascii=False), status=status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "private, no-store"
    response["Content-Language"] = language()
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="cunzhi"'
    if status == 429:
        response["Retry-After"] = str(throttle.seconds_to_wait())
    return response


def _about(error: Refused) -> FieldProblem:
    return FieldProblem(field=error.field, code=error.code, detail=error.say(language()))


def refuse_in_our_shape(api: NinjaAPI) -> None:
    """Every error that can leave an operation leaves it as a problem."""
    api.add_exception_handler(Refused, _handler(lambda request, error: problem(error)))
    api.add_exception_handler(ValidationError, _handler(_invalid))
    api.add_exception_handler(HttpError, _handler(_unreadable))
    api.add_exception_handler(Http404, lambda request, error: problem(NotThere("api.no_such_address")))
    api.add_exception_handler(RequestDataTooBig, lambda request, error: problem(TooLong("api.too_long", most=2)))
    for kind in (SuspiciousOperation, BadRequest, UnreadablePostError):
        api.add_exception_handler(kind, lambda request, error: problem(Unanswered("api.unreadable")))
    api.add_exception_handler(RawPostDataException, lambda request, error: problem(WrongKind("api.not_json")))
    api.add_exception_handler(Exception, _handler(_broken))


def _handler(answer: Callable[[HttpRequest, Any], HttpResponse]) -> Callable[[HttpRequest, Any], HttpResponse]:
    """Ninja says that a handler may get a kind of error as well as an error; it gets the error."""
    return answer


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = [_field(one) for one in error.errors]
    return problem(Refused("api.invalid.all"), fields)


def _field(error: dict[str, Any]) -> FieldProblem:
    place = [str(part) for part in error["loc"] if part not in PARTS]
    key = f"api.invalid.{WORDED.get(error['type'], 'other')}"
    blanks = {name: value for name, value in error.get("ctx", {}).items() if isinstance(value, str | int | float)}
    template = catalogue("en")[key]
    if any(f"{{{name}}}" in template for name in ("ge", "le", "max_length", "min_length", "pattern", "expected")):
        words = say(key, language(), **blanks)
    else:
        words = say(key, language(), what=error["msg"])
    return FieldProblem(field=".".join(place), code=error["type"], detail=words)


def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja wraps what our parser says of a body in an error of its own."""
    cause = error.__cause__
    return problem(cause if isinstance(cause, Refused) else Unanswered("api.unreadable"))


class Broken(Unanswered):
    """A mistake of ours."""

    status = 500


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """A mistake of ours: written to the log like any other, and told without its insides."""
    got_request_exception.send(sender=None, request=request)
    logger.error("Internal Server Error: %s", request.path, exc_info=error)
    return problem(Broken("api.broken"))
