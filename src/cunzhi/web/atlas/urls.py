"""Where the map answers."""

from django.urls import path

from cunzhi.web.atlas import views

urlpatterns = [path("map/", views.county_map, name="map")]
