"""A camera box posts an event and one still: kept once, checked, limited, never public, deleted after its days."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from matrix_sensors import make_station
from web.village import TOWNSHIP, VILLAGE, make_account, make_person, make_places

from cunzhi.api import throttle
from cunzhi.base import clock
from cunzhi.base.actor import Actor
from cunzhi.base.errors import Forbidden
from cunzhi.engine.stories import picture
from cunzhi.engine.timers import tick
from cunzhi.journal.models import Entry
from cunzhi.perception.actions.devices import give_token
from cunzhi.perception.actions.stills import DAYS, look_at
from cunzhi.perception.models import Datastream, Observation, Still
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.queries.stills import path_of
from cunzhi.perception.rules import OM
from cunzhi.registry.models import Place

from api.counties import BY  # isort: skip

NOON = clock.datetime.fromisoformat("2026-07-10T12:00:00+08:00")
BACKEND = "django.contrib.auth.backends.ModelBackend"
PHOTO = picture("outfall")


@pytest.fixture
def box(db: None) -> Iterator[str]:
    """The token of a camera box whose datastream counts."""
    make_places()
    with clock.at(NOON):
        stream = make_station(VILLAGE)
        stream.observations.all().delete()
        Datastream.objects.update(observation_type=f"{OM}Observation")
        yield give_token(scope=Scope(BY), thing=stream.thing, name="box")[1]


def send(token: str, photo: bytes | None = PHOTO, kind: str = "image/jpeg", **parts: Any) -> HttpResponse:
    sent = {"datastream": str(Datastream.objects.earliest("pk").pk), "result": "true",
            "phenomenonTime": "2026-07-10T11:59:00+08:00", **parts}  # fmt: skip
    if photo is not None:
        sent["picture"] = SimpleUploadedFile("a.jpg", photo, content_type=kind)
    headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
    return Client(headers=headers).post("/sensorthings/stills", sent)  # type: ignore[return-value]


def nothing_kept() -> bool:
    return not Observation.objects.exists() and not Still.objects.exists()


def test_event_and_picture_are_kept_once(box: str) -> None:
    first, again = send(box), send(box)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()  # type: ignore[attr-defined]
    seen, still = Observation.objects.get(), Still.objects.get()
    assert (seen.kind, seen.number, seen.parameters) == ("b", 1.0, {"still": f"/stills/{still.pk}/"})
    assert still.keep_until == NOON + timedelta(days=DAYS)
    assert Entry.objects.filter(verb="still.keep").count() == 1
    with default_storage.open(path_of(still.sha256)) as file:
        assert file.read(3) == b"\xff\xd8\xff"


def test_another_picture_for_the_same_event_is_refused(box: str) -> None:
    send(box)
    other = send(box, picture("other"))
    assert (other.status_code, other.json()["code"]) == (409, "perception.other_still")  # type: ignore[attr-defined]
    assert Still.objects.count() == 1


FILM = b"\x00\x00\x00\x18ftypisom" + b"\x00" * 64
CUT = PHOTO[: len(PHOTO) // 2]


@pytest.mark.parametrize(("parts", "code"), [
    ({"photo": FILM}, "perception.no_video"),
    ({"kind": "video/mp4"}, "perception.no_video"),
    ({"photo": b"RIFF\x00\x00\x00\x00AVI LIST"}, "perception.no_video"),
    ({"photo": b"\x1aE\xdf\xa3 webm"}, "perception.no_video"),
    ({"photo": b"%PDF-1.7"}, "adapters.picture.not_a_picture"),
    ({"photo": b""}, "adapters.picture.empty"),
    ({"photo": CUT}, "adapters.picture.damaged"),
    ({"photo": None}, "perception.missing"),
    ({"result": "1.5"}, "perception.no_event"),
    ({"result": "-1"}, "perception.no_event"),
    ({"result": "NaN"}, "perception.no_event"),
    ({"result": "\"a\""}, "perception.no_event"),
    ({"result": ""}, "perception.no_event"),
    ({"phenomenonTime": "2026-07-10T11:59:00"}, "perception.no_zone"),
    ({"phenomenonTime": "2026-07-11T11:59:00+08:00"}, "perception.clock_ahead"),
    ({"phenomenonTime": ""}, "perception.missing"),
    ({"datastream": "9999"}, "perception.no_datastream"),
    ({"datastream": "-1"}, "perception.no_datastream"),
    ({"datastream": "9" * 30}, "perception.no_datastream"),
    ({"key": "x" * 65}, "perception.key"),
    ({"key": "a\x00b"}, "api.nul"),
    ({"unit": "km"}, "perception.other_unit"),
    ({"film": "1"}, "api.sta.unknown_part"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_with_nothing_kept(box: str, parts: dict[str, Any], code: str) -> None:
    answer = send(box, **parts)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code  # type: ignore[attr-defined]
    assert nothing_kept()


def test_only_the_device_of_the_station_may_send(box: str) -> None:
    other = make_second()
    assert send(other).status_code == 403
    assert send("").status_code == 401
    assert send("cunzhi_device_unknown").status_code == 401
    assert nothing_kept()


def make_second() -> str:
    from cunzhi.perception.models import Thing

    thing = Thing.objects.create(name="other", place_code=VILLAGE)
    return give_token(scope=Scope(BY), thing=thing, name="other")[1]


def test_other_kinds_of_request_are_refused(box: str) -> None:
    client = Client(headers={"authorization": f"Bearer {box}"})
    assert client.get("/sensorthings/stills").status_code == 405
    assert client.post("/sensorthings/stills", "{}", content_type="application/json").status_code == 415


def test_flood_from_one_box_is_stopped_and_the_others_go_on(box: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "LIMITS", throttle.Limits(stills=2))
    other = make_second()
    assert [send(box).status_code for _ in range(3)] == [201, 200, 429]
    assert send(other).status_code == 403  # it was heard


def test_full_disk_keeps_nothing(box: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(type(default_storage._wrapped), "_save", full)  # type: ignore[attr-defined]
        assert send(box, picture("disk")).json()["code"] == "perception.no_disk"  # type: ignore[attr-defined]
        assert nothing_kept()
    assert send(box, picture("disk")).status_code == 201


def test_picture_and_row_go_on_their_day_and_not_before(box: str) -> None:
    send(box)
    path = path_of(Still.objects.get().sha256)
    with clock.at(NOON + timedelta(days=DAYS - 1)):
        tick()
        assert Still.objects.exists() and default_storage.exists(path)
    with clock.at(NOON + timedelta(days=DAYS, minutes=1)):
        tick()
        assert not Still.objects.exists() and not default_storage.exists(path)
    assert Entry.objects.filter(verb="still.erase").count() == 1


def test_file_that_cannot_be_deleted_holds_up_no_other(box: str, monkeypatch: pytest.MonkeyPatch) -> None:
    send(box)
    send(box, picture("other"), phenomenonTime="2026-07-10T11:58:00+08:00")
    stuck = path_of(Still.objects.earliest("pk").sha256)
    storage = type(default_storage._wrapped)  # type: ignore[attr-defined]
    delete = storage.delete

    def refuse(self: Any, name: str) -> None:
        if name == stuck:
            raise PermissionError(name)
        delete(self, name)

    monkeypatch.setattr(storage, "delete", refuse)
    with clock.at(NOON + timedelta(days=DAYS, minutes=1)):
        tick()
        assert [path_of(one.sha256) for one in Still.objects.all()] == [stuck]
        monkeypatch.undo()
        tick()
    assert not Still.objects.exists() and not default_storage.exists(stuck)


def test_file_that_a_later_event_names_stays(box: str) -> None:
    send(box)
    with clock.at(NOON + timedelta(days=10)):
        send(box, phenomenonTime="2026-07-20T11:59:00+08:00")
    path = path_of(Still.objects.earliest("pk").sha256)
    with clock.at(NOON + timedelta(days=DAYS, minutes=1)):
        tick()
    assert Still.objects.count() == 1 and default_storage.exists(path)


def test_picture_outlives_neither_its_station_nor_its_days(box: str) -> None:
    send(box)
    Datastream.objects.all().delete()
    assert Still.objects.get().datastream is None
    with clock.at(NOON + timedelta(days=DAYS, minutes=1)):
        tick()
    assert not Still.objects.exists()


def signed_in(role: str, place: str = VILLAGE, phone: str = "13800000002") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_account(make_person("王建国", phone), role, place), backend=BACKEND)
    return client


def test_looking_wants_a_reason_and_is_noted(box: str) -> None:
    send(box)
    page = f"/stills/{Still.objects.get().pk}/"
    cadre = signed_in("village_cadre")
    assert "的照片" in cadre.get("/stills/").content.decode()
    assert "data:image" not in cadre.get(page).content.decode()
    assert cadre.post(page, {"purpose": " "}).status_code == 422
    assert not Entry.objects.filter(verb="still.see").exists()
    shown = cadre.post(page, {"purpose": "who dumped the waste"})
    assert "data:image/jpeg;base64," in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert Entry.objects.filter(verb="still.see").count() == 1


def test_nobody_else_sees_it(box: str) -> None:
    send(box)
    page = f"/stills/{Still.objects.get().pk}/"
    Place.objects.create(system="nbs", code=f"{TOWNSHIP}201", name="邻村", level="village", valid_from=NOON)
    assert Client().get(page).status_code == 302
    assert signed_in("").get(page).status_code == 404
    assert signed_in("village_cadre", f"{TOWNSHIP}201", "13800000003").post(page, {"purpose": "x"}).status_code == 404


def test_lost_file_is_said(box: str, settings: Any) -> None:
    send(box)
    Path(default_storage.path(path_of(Still.objects.get().sha256))).unlink()
    answer = signed_in("village_cadre").post(f"/stills/{Still.objects.get().pk}/", {"purpose": "x"})
    assert (answer.status_code, "照片的文件已不在了" in answer.content.decode()) == (422, True)


def test_event_that_came_before_its_picture_keeps_what_it_said(box: str) -> None:
    stream = Datastream.objects.earliest("pk").pk
    event = {"result": True, "phenomenonTime": "2026-07-10T11:59:00+08:00", "parameters": {"battery": 40}}
    headers = {"authorization": f"Bearer {box}"}
    way = f"/sensorthings/v1.1/Datastreams({stream})/Observations"
    assert Client(headers=headers).post(way, event, content_type="application/json").status_code == 201
    assert send(box).status_code == 201
    assert Observation.objects.get().parameters == {"battery": 40, "still": f"/stills/{Still.objects.get().pk}/"}


def test_body_that_is_cut_is_refused_in_the_shape_of_this_face(box: str) -> None:
    client = Client(headers={"authorization": f"Bearer {box}"})
    answer = client.generic("POST", "/sensorthings/stills", b"x", content_type="multipart/form-data; boundary=")
    assert (answer.status_code, answer.json()["code"]) == (400, "api.unreadable")


def test_device_of_another_station_learns_nothing_of_what_its_picture_would_be(box: str) -> None:
    assert send(make_second(), FILM).status_code == 403  # asked before the picture is opened


def test_who_does_not_look_after_the_place_is_shown_no_still(box: str) -> None:
    send(box)
    stranger = Scope(Actor(person_id=make_person("张三", "13800000077").pk, channel="test"))
    with pytest.raises(Forbidden):
        look_at(scope=stranger, still=Still.objects.get(), purpose="look")
    assert not Entry.objects.filter(verb="still.see").exists()
