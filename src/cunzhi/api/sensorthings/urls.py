"""Where SensorThings answers."""

from django.urls import re_path

from cunzhi.api.sensorthings import views

urlpatterns = [
    re_path(r"^v1\.1/?$", views.root, name="sensorthings"),
    re_path(r"^v1\.1/(?P<path>.+)$", views.below),
]
