"""Where Open311 clients ask; the format is the last part of each address."""

from django.http import HttpRequest, HttpResponse
from django.urls import re_path

from cunzhi.api.errors import NotThere
from cunzhi.api.open311 import views
from cunzhi.api.open311.answers import spoken

SERVICE = r"^v2/services?/(?P<code>[^/]{1,120})"
"""One old client asks `service/` where the standard says `services/`."""
FORMAT = r"\.(?P<format_>xml|json)$"


@spoken("GET", "HEAD", "POST")
def no_such_address(request: HttpRequest, rest: str) -> HttpResponse:
    """Whatever else lies here, in the standard's shape."""
    raise NotThere("api.no_such_address")


urlpatterns = [
    re_path(rf"^(v2/)?discovery{FORMAT}", views.discovery),
    re_path(rf"^v2/services{FORMAT}", views.service_list),
    re_path(rf"{SERVICE}{FORMAT}", views.service_definition),
    re_path(rf"^v2/requests{FORMAT}", views.request_list),
    re_path(rf"^v2/requests/(?P<number>[^/]{{1,40}}){FORMAT}", views.one_request),
    re_path(rf"^v2/tokens/(?P<token_id>[^/]{{1,80}}){FORMAT}", views.token),
    re_path(r"^(?P<rest>.*)$", no_such_address),
]
