"""Where officers' lists and helping answer."""

from django.urls import path

from cunzhi.web.inbox import everything, helping, views

urlpatterns = [
    path("inbox/", views.inbox_page, name="inbox"),
    path("cases/", everything.everything, name="cases"),
    path("cases.csv", everything.export, name="export_cases"),
    path("help/", helping.find, name="help"),
    path("help/end/", helping.end, name="help_end"),
    path("help/<int:person_id>/", helping.consent, name="help_consent"),
]
