"""The one way in which a page is made."""

from secrets import randbelow
from typing import cast

from django.http import HttpResponse
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cunzhi.base.messages import LANGUAGES
from cunzhi.web.jinja import spoken
from cunzhi.web.language import current
from cunzhi.web.request import Request

BASE = len(CSRF_ALLOWED_CHARS)
DIGIT = {character: digit for digit, character in enumerate(CSRF_ALLOWED_CHARS)}


def page(request: Request, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    """Fill `template` for the reader; what is shown to somebody signed in is not left behind on a shared phone."""
    language = current() if current() in LANGUAGES else LANGUAGES[0]
    words = spoken(language).get_template(template)
    text = words.render(context, request=request, csrf_input=_hidden_token(request))
    response = HttpResponse(text, status=status)
    if request.user.is_authenticated:
        response["Cache-Control"] = "private, no-store"
    return response


def _hidden_token(request: Request) -> SafeString:
    """The field that shows a form to be ours; asked for only where a page has a form, and once for all its forms."""

    def field() -> SafeString:
        return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', _token(request))

    return cast(SafeString, SimpleLazyObject(field))


def _token(request: Request) -> str:
    """Django's token under a mask that is drawn at once: Django draws each of its characters from the system.

    The cookie is not sent again with each page: it lives longer than a session, and one that has ended is made anew.
    """
    if "CSRF_COOKIE" not in request.META:
        return get_token(request)
    mask, drawn = [], randbelow(BASE**CSRF_SECRET_LENGTH)
    for _ in range(CSRF_SECRET_LENGTH):
        drawn, digit = divmod(drawn, BASE)
        mask.append(digit)
    hidden = [(DIGIT[one] + digit) % BASE for one, digit in zip(request.META["CSRF_COOKIE"], mask, strict=True)]
    return "".join([CSRF_ALLOWED_CHARS[digit] for digit in mask + hidden])
