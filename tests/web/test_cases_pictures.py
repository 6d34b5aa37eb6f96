"""Pictures are shown to whoever may see the matter, and to nobody else; no shared cache keeps them."""

import pytest
from django.test import Client
from engine.conftest import Village
from web.stage import Town

from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.stage import GRID, picture


@pytest.mark.parametrize("path", ["/pictures/{}/", "/pictures/{}/small/"])
@pytest.mark.parametrize(
    ("name", "status"),
    [("villager", 200), ("appraiser", 200), ("township_officer", 200), ("neighbour", 404), ("spouse", 404)],
)
def test_picture_is_shown_to_whom_the_matter_is(village: Village, name: str, status: int, path: str) -> None:
    town = Town(village)
    kept = town.report_deed().attachments.get()
    response = town.client(name).get(path.format(kept.pk))
    assert response.status_code == status
    if status == 200:
        assert response.content.startswith(b"\xff\xd8")


def test_picture_is_kept_by_no_shared_cache(village: Village) -> None:
    town = Town(village)
    kept = town.report_deed().attachments.get()
    response = town.client("villager").get(f"/pictures/{kept.pk}/")
    assert response["Cache-Control"].startswith("private")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "image/jpeg"
    again = town.client("villager").get(f"/pictures/{kept.pk}/", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_tag_of_a_picture_opens_nothing(village: Village) -> None:
    town = Town(village)
    kept = town.report_deed().attachments.get()
    tag = town.client("villager").head(f"/pictures/{kept.pk}/")["ETag"]
    refused = town.client("neighbour").get(f"/pictures/{kept.pk}/", headers={"if-none-match": tag})
    assert refused.status_code == 404


def test_waiting_picture_is_shown_to_its_sender_only(village: Village) -> None:
    town = Town(village)
    kept = keep_picture(by=village.actor("villager"), data=picture("mine"), field="photos", place_code=GRID)
    assert town.client("villager").head(f"/pictures/{kept.pk}/small/").status_code == 200
    assert town.client("village_cadre").head(f"/pictures/{kept.pk}/small/").status_code == 404


def test_visitor_sees_no_picture(village: Village) -> None:
    kept = Town(village).report_deed().attachments.get()
    assert Client().get(f"/pictures/{kept.pk}/").status_code == 302
    assert Client().get(f"/static/{kept.file}").status_code == 404
