"""Where the pages of satellite fires answer."""

from django.urls import path

from cunzhi.web.fires import bulletin, public, upload, views

urlpatterns = [
    path("fires/", views.fires, name="fires"),
    path("fires/<int:event_id>/", views.fire, name="fire"),
    path("fires/upload/", upload.upload, name="upload_fires"),
    path("fires/bulletin/", bulletin.latest, name="latest_bulletin"),
    path("fires/bulletin/<str:week>/", bulletin.bulletin, name="bulletin"),
    path("places/<str:code>/fires/", public.place_fires, name="place_fires"),
]
