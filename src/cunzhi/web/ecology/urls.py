"""Where everybody sees what air, water and soil are like, and where those who may see the stills of camera boxes."""

from django.urls import path

from cunzhi.web.ecology import history, public, stills

urlpatterns = [
    path("places/<str:code>/ecology/", public.place_ecology, name="place_ecology"),
    path("places/<str:code>/ecology/<int:stream_id>/", history.measured, name="measured"),
    path("stills/", stills.stills, name="stills_list"),
    path("stills/<int:still_id>/", stills.still, name="still"),
]
