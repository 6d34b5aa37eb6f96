"""Where the API answers."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt

from cunzhi.api.errors import NotThere, Unanswered
from cunzhi.api.problems import problem
from cunzhi.api.tokens import views as tokens
from cunzhi.api.v1 import api


class NoSuchMethod(Unanswered):
    """The address is right, the method is not."""

    status = 405


@csrf_exempt
def no_such_address(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else lies under the API's address, in its own shape."""
    return problem(NotThere("api.no_such_address"))


def in_our_shape(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ninja's view, with a problem where the method is not known."""

    @csrf_exempt  # Ninja's own mark, which wrapping would lose; sign-in by cookie checks the token itself
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code != 405:
            return response
        told = problem(NoSuchMethod("api.no_such_method"))
        told["Allow"] = response["Allow"]
        return told

    return answered


def patterns() -> tuple[list[URLPattern | URLResolver], str, str]:
    found, app, namespace = api.urls
    for pattern in found:
        if isinstance(pattern, URLPattern):
            pattern.callback = in_our_shape(pattern.callback)
    return found, app, namespace


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", patterns()),
    re_path(r"^api/(?P<rest>.*)$", no_such_address),
    path("open311/", include("cunzhi.api.open311.urls")),
    path("sensorthings/", include("cunzhi.api.sensorthings.urls")),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
]
