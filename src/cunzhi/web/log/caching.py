"""Files that are the same for everybody say so: no cookie and no language makes a difference to them."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PREFIXES = ("/log/tile/", "/log/checkpoint", "/log/policy", "/log/proof/")


class SameForAllMiddleware:
    """Stands outside of sessions, which would tell every cache on the way to keep one copy for each cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(PREFIXES) and response.status_code == 200:
            response["Vary"] = "Accept-Encoding"
            del response["Content-Language"]
        return response
