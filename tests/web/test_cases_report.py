"""Reporting through the form page: nothing typed is lost, nothing doubled, nobody reports where they have no home."""

from engine.conftest import Village, stage
from web.stage import PHOTOS, Town, deed, hidden, photo

from cunzhi.base.actor import system
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.keeping import UNBOUND_AT_MOST
from cunzhi.engine.models import Attachment, Case
from cunzhi.engine.spec.story import Given
from cunzhi.engine.stage import GRID, picture
from cunzhi.registry.actions.appointments import appoint

PATH = "/report/points/deed/"


def test_report_page_offers_what_is_on_with_its_minutes(village: Village) -> None:
    page = Town(village).client("villager").get("/report/").content.decode()
    assert PATH in page
    assert "约需 2 分钟" in page


def test_sending_twice_with_one_key_is_one_matter(village: Village) -> None:
    town = Town(village)
    client = town.client("villager")
    key = hidden(client.get(PATH).content.decode(), "_key")
    first = client.post(PATH, {**deed(), "_key": key})
    second = client.post(PATH, {**deed({PHOTOS: [photo()]}), "_key": key})
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1
    assert Attachment.objects.count() == 1


def test_error_keeps_what_was_typed_and_the_picture(village: Village) -> None:
    client = Town(village).client("villager")
    key = hidden(client.get(PATH).content.decode(), "_key")
    response = client.post(PATH, {**deed(done_on="2031-01-01", note="扫了院坝"), "_key": key})
    page = response.content.decode()
    kept = Attachment.objects.get()
    assert response.status_code == 422
    assert "这个日期还没到" in page
    assert 'value="clean_yard" checked' in page
    assert "扫了院坝" in page
    assert f'value="{kept.pk}" checked' in page
    assert hidden(page, "_key") == key
    again = client.post(PATH, {"deed": "clean_yard", "done_on": "2026-03-01", "photos": [kept.pk], "_key": key})
    assert again.status_code == 302
    assert Case.objects.get().attachments.get() == kept


def test_file_that_is_no_picture_keeps_the_rest(village: Village) -> None:
    client = Town(village).client("villager")
    broken = photo()
    broken.file.seek(0)
    broken.file.truncate(10)
    response = client.post(PATH, deed({PHOTOS: [photo("good"), broken]}))
    page = response.content.decode()
    assert response.status_code == 422
    assert Attachment.objects.count() == 1
    assert f'value="{Attachment.objects.get().pk}" checked' in page
    assert Case.objects.count() == 0


def test_more_pictures_than_allowed_keep_the_first(village: Village) -> None:
    response = Town(village).client("villager").post(PATH, deed({PHOTOS: [photo(str(n)) for n in range(5)]}))
    assert response.status_code == 422
    assert "最多 3 张" in response.content.decode()
    assert Attachment.objects.count() == 3


def test_flood_of_pictures_is_refused_kindly(village: Village) -> None:
    town = Town(village)
    by, data = village.actor("villager"), picture("same")
    for _ in range(UNBOUND_AT_MOST):
        keep_picture(by=by, data=data, field="photos", place_code=GRID)
    response = town.client("villager").post(PATH, deed())
    assert response.status_code == 422
    assert f"{UNBOUND_AT_MOST} 张照片或文件等待提交" in response.content.decode()


def test_picture_of_another_person_cannot_be_taken(village: Village) -> None:
    town = Town(village)
    others = keep_picture(by=village.actor("neighbour"), data=picture("theirs"), field="photos", place_code=GRID)
    response = town.client("villager").post(PATH, deed({PHOTOS: []}, photos=[others.pk]))
    assert response.status_code == 422
    assert f'name="photos" value="{others.pk}"' not in response.content.decode()
    others.refresh_from_db()
    assert others.case_id is None


def test_rule_that_says_no_is_shown_above_the_form(village: Village) -> None:
    town = Town(village)
    soap = town.good("soap")
    response = town.client("villager").post("/report/points/redeem/", {"goods": soap, "quantity": "3"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "积分超市只剩 2 件" in page
    assert 'value="3"' in page


def test_words_of_the_rule_come_in_the_readers_language(village: Village) -> None:
    town = Town(village)
    client = town.speaks("villager", "en")
    soap = town.good("soap")
    page = client.post("/report/points/redeem/", {"goods": soap, "quantity": "3"}).content.decode()
    assert "Only 2 of these are left in the shop." in page


def test_person_from_elsewhere_finds_nothing_to_report(village: Village) -> None:
    town = Town(village)
    town.newcomer("stranger", "990101001002")
    assert town.client("stranger").get(PATH).status_code == 404
    assert town.client("stranger").post(PATH, deed()).status_code == 404


def test_place_that_one_does_not_serve_is_not_taken(village: Village) -> None:
    town = Town(village)
    response = town.client("villager").post(PATH, {**deed(), "_place": "990101002001"})
    assert response.status_code == 403
    assert Case.objects.count() == 0


def test_workflow_that_opens_by_itself_has_no_page(db: None, monday: None) -> None:
    town = Town(stage("living_environment", Given()))
    assert town.client("villager").get("/report/living_environment/call_back/").status_code == 404


def test_officer_reports_where_they_serve(db: None, monday: None) -> None:
    village = stage("living_environment", Given())
    town = Town(village)
    other = "990101001001002"
    town.newcomer("next door", other)
    person = village.play.people["grid_worker"]
    appoint(by=system("test"), person=person, role="grid_worker", place_code=other, basis="村民会议 2026-01-05")
    path = "/report/living_environment/problem/"
    data = {"kind": "lamp", "where": "村口", "_place": other}
    assert town.client("grid_worker").post(path, data).status_code == 302
    assert Case.objects.get().place_code == other


def test_question_that_is_not_asked_is_not_kept(db: None, monday: None) -> None:
    town = Town(stage("living_environment", Given()))
    path = "/report/living_environment/problem/"
    page = town.client("villager").get(path).content.decode()
    assert 'data-relevant="kind" data-relevant-in="other"' in page
    assert "仅当“什么问题”为“其他”时填写" in page
    town.client("villager").post(path, {"kind": "lamp", "what": "别的", "where": "村口"})
    assert "what" not in Case.objects.get().answers


def test_point_is_read_from_two_inputs(db: None, monday: None) -> None:
    town = Town(stage("living_environment", Given()))
    path = "/report/living_environment/problem/"
    data = {"kind": "lamp", "where": "村口", "place.latitude": "29.4", "place.longitude": "106.54"}
    assert town.client("villager").post(path, data).status_code == 302
    assert Case.objects.get().answers["place"] == {"latitude": 29.4, "longitude": 106.54}
    half = town.client("villager").post(path, {**data, "place.longitude": ""})
    assert half.status_code == 422
    assert 'value="29.4"' in half.content.decode()
