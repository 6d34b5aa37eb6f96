"""Where sensors and their values are shown."""

from django.urls import path

from cunzhi.web.perception import devices, views

urlpatterns = [
    path("sensors/", views.sensors, name="sensors"),
    path("sensors/<int:stream_id>/", views.sensor, name="sensor"),
    path("stations/<int:thing_id>/devices/", devices.devices, name="devices"),
    path("devices/<int:device_id>/revoke/", devices.revoke_device, name="revoke_device"),
]
