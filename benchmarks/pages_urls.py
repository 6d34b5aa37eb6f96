"""Every page of the platform, and one that does nothing, behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from cunzhi.config.urls import urlpatterns as pages


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("empty/", empty), *pages]
