"""Where each face answers."""

from django.urls import include, path

urlpatterns = [path("", include("cunzhi.web.urls")), path("", include("cunzhi.api.urls"))]

handler400 = "cunzhi.web.errors.bad_request"
handler403 = "cunzhi.web.errors.not_allowed"
handler404 = "cunzhi.web.errors.not_found"
handler500 = "cunzhi.web.errors.broken"
