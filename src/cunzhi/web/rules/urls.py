"""Where the rules answer."""

from django.urls import path

from cunzhi.web.rules import views

urlpatterns = [
    path("rules/", views.rules, name="rules"),
    path("rules/<int:activation_id>/<slug:name>/", views.set_rule, name="set_rule"),
]
