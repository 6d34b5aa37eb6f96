"""Where SensorThings answers."""

from django.urls import path, re_path

from cunzhi.api.sensorthings import stills, views

urlpatterns = [
    path("v1.1", views.root, name="sensorthings"),
    path("v1.1/", views.root),
    path("stills", stills.stills, name="stills"),
    re_path(r"^v1\.1/(?P<path>.+)$", views.below),
]
