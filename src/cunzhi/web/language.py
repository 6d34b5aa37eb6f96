"""The language and the type size of whoever reads this page, and sentences in that language."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import lazy

from cunzhi.base.messages import LANGUAGES, say

CARE_COOKIE = "care"
_reading: ContextVar[str] = ContextVar("reading", default="")


def language_of(request: HttpRequest) -> str:
    """The account's language; for visitors the cookie, then what the browser asks for, then Chinese."""
    if request.user.is_authenticated and request.user.language in LANGUAGES:
        return request.user.language
    return translation.get_language_from_request(request)


def wants_care(request: HttpRequest) -> bool:
    """Whether the page comes in care mode: large type, one column, few words."""
    if request.user.is_authenticated:
        return request.user.care_mode
    return request.COOKIES.get(CARE_COOKIE) == "1"


@contextmanager
def reading(language: str) -> Iterator[None]:
    """Everything inside is said in `language`; kept where it is found at once, for a page asks hundreds of times."""
    token = _reading.set(language)
    try:
        with translation.override(language):
            yield
    finally:
        _reading.reset(token)


def current() -> str:
    """The language of the page that is being made."""
    return _reading.get() or translation.get_language() or LANGUAGES[0]


def t(key: str, **params: object) -> str:
    """The sentence `key` in the language of the page."""
    return say(key, current(), **params)


def here(request: HttpRequest) -> str:
    """The address of this page, to come back to after a switch."""
    return request.get_full_path() if request.method == "GET" else request.path


def words(text: Any) -> str:
    """A `Text` of two languages in the language of the page."""
    return str(text.in_(current()))


later = lazy(t, str)
"""The same, worked out when it is shown: for labels that are written down once, when a module is read."""
