"""Where reports, matters and their pictures and files answer."""

from django.urls import path

from cunzhi.web.cases import opening, pictures, views

urlpatterns = [
    path("report/", opening.report, name="report"),
    path("report/<slug:scenario>/<slug:workflow>/", opening.report_form, name="report_form"),
    path("cases/<str:number>/", views.case, name="case"),
    path("cases/<str:number>/<slug:transition>/", views.step, name="step"),
    path("pictures/<int:picture_id>/", pictures.picture, name="picture"),
    path("files/<int:file_id>/", pictures.file, name="file"),
    path("pictures/<int:picture_id>/small/", pictures.picture, {"small": True}, name="thumbnail"),
]
