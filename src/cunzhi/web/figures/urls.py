"""Where figures answer."""

from django.urls import path

from cunzhi.web.figures import exporting, views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures.csv", exporting.export_figures, name="export_figures"),
    path("figures/<slug:scenario>/<slug:name>/", views.indicator, name="indicator"),
    path("figures/<slug:scenario>/<slug:name>/records/", views.figure_records, name="figure_records"),
    path("figures/<slug:scenario>/<slug:name>/records.csv", exporting.export_records, name="export_records"),
]
