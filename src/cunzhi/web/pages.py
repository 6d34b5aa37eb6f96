"""The one way in which a page is made."""

from typing import cast

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cunzhi.base.messages import LANGUAGES
from cunzhi.web.jinja import spoken
from cunzhi.web.language import current
from cunzhi.web.request import Request


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
        return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))

    return cast(SafeString, SimpleLazyObject(field))
