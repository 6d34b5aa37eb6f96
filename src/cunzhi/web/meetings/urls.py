"""Where the pages of meetings answer."""

from django.urls import path

from cunzhi.web.meetings import coming, roll

urlpatterns = [
    path("meetings/<int:meeting_id>/", roll.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/strike/", roll.strike_out, name="strike"),
    path("meetings/<int:meeting_id>/draw/", roll.draw, name="draw_again"),
    path("meetings/<int:meeting_id>/sheet/", roll.sheet, name="attendance_sheet"),
    path("meetings/<int:meeting_id>/door/", coming.at_door, name="door"),
    path("meetings/<int:meeting_id>/come/", coming.come, name="come"),
]
