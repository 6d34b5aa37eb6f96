"""Where emergencies, their plans and shelters answer."""

from django.urls import path

from cunzhi.web.emergencies import board, doors, opening, plans, public, shelters

urlpatterns = [
    path("emergencies/", board.emergencies, name="emergencies"),
    path("emergencies/new/", opening.new, name="new_emergency"),
    path("emergencies/plans/", plans.plans, name="emergency_plans"),
    path("emergencies/plans/<int:plan_id>/", plans.plan, name="emergency_plan"),
    path("emergencies/plans/<int:plan_id>/end/", plans.end, name="end_emergency_plan"),
    path("emergencies/of-alarm/<int:alarm_id>/", opening.from_alarm, name="emergency_of_alarm"),
    path("emergencies/of-warning/<int:warned_id>/", opening.from_warning, name="emergency_of_warning"),
    path("emergencies/<int:emergency_id>/", board.emergency, name="emergency"),
    path("emergencies/<int:emergency_id>/doors/", doors.knocking, name="emergency_doors"),
    path("emergencies/<int:emergency_id>/shelters/<int:shelter_id>/", shelters.keeping, name="emergency_shelter"),
    path("emergencies/<int:emergency_id>/shelters/<int:shelter_id>/sheet/", shelters.sheet, name="shelter_sheet"),
    path("emergencies/<int:emergency_id>/shelters/<int:shelter_id>/come/", shelters.come, name="come_to_shelter"),
    path("shelters/at/<str:code>/", public.where, name="where_to_shelter"),
]
