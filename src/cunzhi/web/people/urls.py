"""Where changes of people and households answer."""

from django.urls import path

from cunzhi.web.people import changes, erasing, exporting, merging

urlpatterns = [
    path("people/export/", exporting.export, name="export_people"),
    path("people/export/in-clear/", exporting.export_in_clear, name="export_people_in_clear"),
    path("people/<int:person_id>/change/<slug:name>/", changes.change_person, name="change_person"),
    path("people/<int:person_id>/merge/", merging.find_double, name="find_double"),
    path("people/<int:person_id>/merge/<int:double_id>/", merging.merge, name="merge"),
    path("people/<int:person_id>/erase/", erasing.erase, name="erase_person"),
    path("households/new/", changes.new_household, name="new_household"),
    path("households/<int:household_id>/change/<slug:name>/", changes.change_household, name="change_household"),
]
