"""The pages of meetings: the roll, the code at the door, the list to sign, and who may see what."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from engine.conftest import MONDAY, stage
from web.stage import Town, hidden

from cunzhi.base import clock
from cunzhi.engine.models import Attachment, Case, Notice
from cunzhi.engine.stage import paper, picture
from cunzhi.engine.stories import Given
from cunzhi.engine.timers import tick
from cunzhi.meetings import door
from cunzhi.meetings.models import Meeting
from cunzhi.registry.models import Account, Person

DAY = datetime.fromisoformat(f"{MONDAY}:00+08:00")


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    """A village in which decisions are on, with five Party members."""
    with clock.at(DAY):
        yield Town(stage("decisions", Given(holders={"party_member": 4})))


def proposed(town: Town) -> Case:
    path = "/report/decisions/decision/"
    client = town.client("branch_member")
    page = client.get(path).content.decode()
    answers = {"title": "打一口井", "matter": "works", "plan": "打井一口", "money": "30000"}
    sent = client.post(path, {"_key": hidden(page, "_key"), **answers})
    assert sent.status_code == 302, sent.content.decode()
    return Case.objects.get(number=sent["Location"].split("/")[2])


def call(town: Town, case: Case, way: str, **more: Any) -> Meeting:
    sent = town.take(
        "village_cadre", case, way, held_on=clock.today().isoformat(), hour="19:30", venue="村小学", **more
    )
    assert sent.status_code == 302, sent.content.decode()
    return Meeting.objects.latest("id")


def counted(town: Town, case: Case, way: str, agreed: int, against: int = 0) -> Any:
    name = f"{way}{agreed}{against}{case.version}"
    sent = {
        "minutes.file": [SimpleUploadedFile(f"{name}.pdf", paper(name), "application/pdf")],
        "signatures.file": [SimpleUploadedFile(f"{name}.jpg", picture(name), "image/jpeg")],
    }
    return town.take("village_cadre", case, way, agreed=agreed, against=against, abstained=0, **sent)


def tick_all(town: Town, meeting: Meeting, many: int) -> Any:
    seats = list(meeting.seats.order_by("id").values_list("id", flat=True)[:many])
    return town.client("village_cadre").post(f"/meetings/{meeting.pk}/", {"seat": seats, "how": "clerk"})


def passed(town: Town, case: Case, called: str, way: str, **more: Any) -> Meeting:
    meeting = call(town, case, called, **more)
    tick_all(town, meeting, meeting.seats.count())
    assert counted(town, case, way, meeting.seats.count()).status_code == 302
    return meeting


def text(town: Town, name: str, path: str) -> str:
    return town.client(name).get(path).content.decode()


def at_members(town: Town) -> tuple[Case, Meeting]:
    """A proposal of which the Party members' meeting is called."""
    case = proposed(town)
    passed(town, case, "call_branch", "branch_agrees")
    passed(town, case, "call_committees", "committees_agree")
    return case, call(town, case, "call_members")


def test_proposal_becomes_a_published_result(town: Town) -> None:
    case, meeting = at_members(town)
    page = text(town, "village_cadre", f"/meetings/{meeting.pk}/")
    assert "应到 5 人，实到 0 人，至少 4 人到会才能表决" in page
    assert "党员三分之二以上到会" in page
    tick_all(town, meeting, 4)
    assert "达到法定人数（至少 4 人）" in text(town, "village_cadre", f"/meetings/{meeting.pk}/")
    assert counted(town, case, "members_agree", 3, 1).status_code == 302
    told = text(town, "village_cadre", f"/cases/{case.number}/")
    assert "应到 5 人，实到 4 人，同意 3 人（至少须 3 人）：通过。" in told
    passed(town, case, "call_villagers", "villagers_decide", gathering="representatives")
    assert town.take("village_cadre", case, "publish_decision").status_code == 302
    assert "决议公开" in text(town, "villager", "/village/")
    notice = Notice.objects.latest("id")
    public = Client(headers={"accept-language": "zh-hans"}).get(f"/notices/{notice.pk}/").content.decode()
    assert "应到 2 人，实到 2 人，同意 2 人" in public
    assert f"/village/notices/{notice.pk}/object/" in public
    with clock.at(DAY + timedelta(days=9)):
        tick()
        result = {"outcome": "打井一口，出水正常", "spent": "29800"}
        assert town.take("village_cadre", case, "finish", **result).status_code == 302
        assert town.take("village_cadre", case, "publish_result").status_code == 302
        board = text(town, "neighbour", "/village/")
        assert "结果公开" in board
        assert "提出异议" in board
    with clock.at(DAY + timedelta(days=30)):
        tick()
        case.refresh_from_db()
        assert case.state == "closed"


def test_too_few_are_told_so_and_nothing_moves(town: Town) -> None:
    case, meeting = at_members(town)
    tick_all(town, meeting, 3)
    answer = counted(town, case, "members_agree", 3)
    assert answer.status_code == 422
    assert "至少 4 人到会才能表决" in answer.content.decode()
    assert town.take("village_cadre", case, "members_too_few").status_code == 302
    case.refresh_from_db()
    assert case.state == "for_members"


def test_more_agreed_than_present_is_told_and_what_was_sent_is_kept(town: Town) -> None:
    case, meeting = at_members(town)
    tick_all(town, meeting, 4)
    answer = counted(town, case, "members_agree", 5)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "填的是 5 人，可是实到只有 4 人" in page
    assert 'name="signatures" value=' in page


def test_minutes_that_lie_about_their_type_are_refused(town: Town) -> None:
    case, meeting = at_members(town)
    tick_all(town, meeting, 4)
    fake = SimpleUploadedFile("记录.pdf", b"MZ\x90\x00 not a PDF at all", "application/pdf")
    answer = town.take(
        "village_cadre", case, "members_agree", agreed=4, against=0, abstained=0, **{"minutes.file": [fake]}
    )
    assert answer.status_code == 422
    case.refresh_from_db()
    assert case.state == "members_called"


def test_villager_signs_in_with_the_code_at_the_door(town: Town) -> None:
    _, meeting = at_members(town)
    shown = text(town, "village_cadre", f"/meetings/{meeting.pk}/door/")
    code = door.code_of(meeting)
    assert code[:4] in shown
    path = f"/meetings/{meeting.pk}/come/?code={code}"
    assert f'value="{code}"' in text(town, "party_member", path)
    assert "签到成功" in town.client("party_member").post(path, {"code": code}).content.decode()
    assert "签到成功" in town.client("party_member").post(path, {"code": ""}).content.decode()
    assert meeting.seats.filter(came_at__isnull=False).count() == 1
    late = town.client("branch_member").post(path, {"code": "ABCD2345"})
    assert (late.status_code, "过期" in late.content.decode()) == (422, True)


def test_who_is_not_due_learns_nothing_but_that(town: Town) -> None:
    _, meeting = at_members(town)
    path = f"/meetings/{meeting.pk}/come/"
    answer = town.client("villager").get(path)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "不在本次会议的应到名单里" in page
    assert "打一口井" not in page
    assert town.client("villager").post(path, {"code": door.code_of(meeting)}).status_code == 403
    for hidden_page in ("", "door/", "sheet/"):
        assert town.client("villager").get(f"/meetings/{meeting.pk}/{hidden_page}").status_code == 404
    for act in ("", "strike/", "draw/"):
        assert town.client("villager").post(f"/meetings/{meeting.pk}/{act}", {"seat": "1"}).status_code == 404


def test_member_who_is_due_reads_the_plan_but_not_the_roll(town: Town) -> None:
    case, meeting = at_members(town)
    assert "打井一口" in text(town, "party_member", f"/cases/{case.number}/")
    page = text(town, "party_member", f"/meetings/{meeting.pk}/")
    assert "您在应到名单里" in page
    assert 'name="seat"' not in page
    assert "party_member2" not in page
    assert town.client("party_member").get(f"/meetings/{meeting.pk}/door/").status_code == 403
    assert town.client("villager").get(f"/cases/{case.number}/").status_code == 404


def test_member_who_is_due_opens_the_plan_and_no_signed_list(town: Town) -> None:
    case, meeting = at_members(town)
    tick_all(town, meeting, 5)
    assert counted(town, case, "members_agree", 5).status_code == 302
    photo = Attachment.objects.filter(case=case, field="signatures").latest("id")
    member, cadre = town.client("party_member"), town.client("village_cadre")
    assert member.get(f"/pictures/{photo.pk}/").status_code == 404
    assert cadre.get(f"/pictures/{photo.pk}/").status_code == 200
    assert f"/pictures/{photo.pk}/" not in text(town, "party_member", f"/cases/{case.number}/")
    assert f"/pictures/{photo.pk}/" in text(town, "village_cadre", f"/cases/{case.number}/")


def test_supervisor_sees_the_roll_and_cannot_keep_it(town: Town) -> None:
    _, meeting = at_members(town)
    page = text(town, "supervisor", f"/meetings/{meeting.pk}/")
    assert "party_member2" in page
    assert 'name="seat"' not in page
    sent = town.client("supervisor").post(f"/meetings/{meeting.pk}/", {"seat": "1", "how": "clerk"})
    assert sent.status_code == 403


def test_wrong_tick_is_taken_back(town: Town) -> None:
    _, meeting = at_members(town)
    tick_all(town, meeting, 2)
    seat = meeting.seats.filter(came_at__isnull=False).first()
    assert seat is not None
    town.client("village_cadre").post(f"/meetings/{meeting.pk}/strike/", {"seat": seat.pk})
    assert meeting.seats.filter(came_at__isnull=False).count() == 1
    assert town.client("village_cadre").post(f"/meetings/{meeting.pk}/draw/").status_code == 302


def test_list_to_sign_names_everybody(town: Town) -> None:
    _, meeting = at_members(town)
    page = text(town, "village_cadre", f"/meetings/{meeting.pk}/sheet/")
    assert len(re.findall(r"<tr><td>\d+</td>", page)) == 5


@pytest.mark.parametrize("seat", ["", "x", "-1", "999999999999999999999", "1' OR 1=1"])
def test_nonsense_is_no_seat(town: Town, seat: str) -> None:
    _, meeting = at_members(town)
    sent = town.client("village_cadre").post(f"/meetings/{meeting.pk}/", {"seat": seat, "how": "clerk"})
    assert sent.status_code in (302, 422)
    assert town.client("village_cadre").get("/meetings/99999999999999999999/").status_code == 404


def test_pages_speak_english_too(town: Town) -> None:
    case, meeting = at_members(town)
    Account.objects.filter(person_id=town.person_id("village_cadre")).update(language="en")
    assert "Keep the roll" in text(town, "village_cadre", f"/cases/{case.number}/")
    page = text(town, "village_cadre", f"/meetings/{meeting.pk}/")
    assert "0 of 5 due were present, and 4 are needed" in page


def test_meeting_called_off_says_so_and_can_be_called_again(town: Town) -> None:
    case, meeting = at_members(town)
    assert town.take("village_cadre", case, "members_put_off", _reason="会场停电").status_code == 302
    assert "这次会议取消了" in text(town, "village_cadre", f"/meetings/{meeting.pk}/")
    assert "这次会议取消了" in text(town, "village_cadre", f"/cases/{case.number}/")
    assert "会场停电" in text(town, "party_member", "/messages/")
    assert call(town, case, "call_members").pk != meeting.pk


def test_assembly_of_a_large_village_stays_small_on_each_page(town: Town) -> None:
    case, meeting = at_members(town)
    tick_all(town, meeting, 5)
    assert counted(town, case, "members_agree", 5).status_code == 302
    grid = town.village.play.people["villager"].place_code
    Person.objects.bulk_create(Person(name=f"张{number:04}", place_code=grid) for number in range(1200))
    day = (clock.today() + timedelta(days=10)).isoformat()
    given = {"gathering": "assembly", "held_on": day, "hour": "9:00", "venue": "村小学"}
    assert town.take("village_cadre", case, "call_villagers", **given).status_code == 302
    held = Meeting.objects.latest("id")
    for path in ("", "sheet/", "door/", "?page=3"):
        answer = town.client("village_cadre").get(f"/meetings/{held.pk}/{path}")
        assert (answer.status_code, len(answer.content) < 60_000) == (200, True), path
    assert "张0777" in text(town, "village_cadre", f"/meetings/{held.pk}/?q=0777")
