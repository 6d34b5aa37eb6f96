"""Where the duty desk and public warnings answer."""

from django.urls import path

from cunzhi.web.alarms import desk, issuing, public, raising, sheets, taking

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
    path("alarms/<int:alarm_id>/sheet/", sheets.sheet, name="alarm_sheet"),
    path("warnings/", public.everywhere, name="warnings"),
    path("warnings/feed.atom", public.feed, name="warnings_feed"),
    path("warnings/new/", issuing.new, name="new_warning"),
    path("warnings/take/", taking.take, name="take_warning"),
    path("warnings/senders/", taking.senders, name="warning_senders"),
    path("warnings/senders/<int:sender_id>/", taking.certificate, name="sender_certificate"),
    path("warnings/at/<str:code>/", public.here, name="warnings_at"),
    path("warnings/<int:warned_id>/", public.one, name="warning"),
    path("warnings/<int:warned_id>/cap.xml", public.message, name="warning_message"),
    path("warnings/<int:warned_id>/update/", issuing.update, name="update_warning"),
    path("warnings/<int:warned_id>/cancel/", issuing.end, name="cancel_warning"),
]
