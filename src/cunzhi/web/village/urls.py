"""Where a villager's own pages answer."""

from django.urls import path

from cunzhi.web.village import matters, news, points, views

urlpatterns = [
    path("village/", views.village, name="village"),
    path("village/notices/<int:notice_id>/<slug:transition>/", views.respond, name="respond"),
    path("matters/", matters.matters, name="matters"),
    path("messages/", news.news, name="news"),
    path("messages/read/", news.read_all, name="read_all"),
    path("points/", points.points, name="points"),
]
