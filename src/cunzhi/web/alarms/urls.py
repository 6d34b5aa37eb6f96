"""Where the duty desk and public warnings answer."""

from django.urls import path

from cunzhi.web.alarms import desk, raising

urlpatterns = [
    path("alarms/", desk.desk, name="alarms"),
    path("alarms/new/", raising.new_alarm, name="new_alarm"),
    path("alarms/rules/", raising.rules, name="alarm_rules"),
    path("alarms/mutes/", raising.mutes, name="alarm_mutes"),
    path("alarms/mutes/<int:mute_id>/end/", raising.end_mute, name="end_mute"),
    path("alarms/<int:alarm_id>/", desk.alarm, name="alarm"),
    path("alarms/<int:alarm_id>/acknowledge/", desk.take_it, name="acknowledge_alarm"),
    path("alarms/<int:alarm_id>/handle/", desk.write_down, name="handle_alarm"),
    path("alarms/<int:alarm_id>/clear/", desk.end_it, name="clear_alarm"),
]
