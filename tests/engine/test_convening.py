"""Meetings on cases: no quorum passes nothing by whatever face, nothing is counted twice, and the history says why."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from engine.conftest import MONDAY, Village, stage

from cunzhi.base import clock
from cunzhi.base.actor import Actor, system
from cunzhi.base.errors import Conflict, Refused
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.actions.erasure import erase
from cunzhi.engine.actions.files import keep_file
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Case, Notice
from cunzhi.engine.permission import why_seen
from cunzhi.engine.queries.meetings import held_on_case, quorum_now
from cunzhi.engine.spec.story import Beat, Given
from cunzhi.engine.stage import GRID, come_to_meeting, paper, picture
from cunzhi.journal.queries import entry_with
from cunzhi.meetings.models import Meeting, Seat
from cunzhi.registry.access import Access

PLAN = {"title": "打一口井", "matter": "works", "plan": "打井一口", "money": 30000}


@pytest.fixture
def village(db: None) -> Iterator[Village]:
    """Decisions are on; there are 37 Party members besides the three of the branch committee."""
    with clock.at(Beat(at=MONDAY, wait=True).moment):
        yield stage("decisions", Given(holders={"branch_member": 3, "party_member": 37}))


def proposed(village: Village) -> Case:
    by = village.actor("branch_member")
    return open_case(by=by, scenario="decisions", workflow="decision", place_code=GRID, answers=PLAN)


def take(village: Village, case: Case, way: str, channel: Any = "web", **answers: Any) -> Case:
    case.refresh_from_db()
    by = Actor(person_id=village.actor("village_cadre").person_id, channel=channel)
    return move(by=by, case=case, transition=way, version=case.version, answers=answers)


def call(village: Village, case: Case, way: str, **more: Any) -> None:
    take(village, case, way, held_on=clock.today().isoformat(), hour="19:30", venue="村小学", **more)


def counts(village: Village, agreed: int, against: int = 0, abstained: int = 0) -> dict[str, Any]:
    by, name = village.actor("village_cadre"), f"{agreed}-{against}-{abstained}-{Meeting.objects.count()}"
    minutes = keep_file(by=by, data=paper(name), name="minutes.pdf", field="minutes", place_code=GRID)
    photo = keep_picture(by=by, data=picture(name), field="signatures", place_code=GRID)
    figures = {"agreed": agreed, "against": against, "abstained": abstained}
    return {**figures, "minutes": [minutes.pk], "signatures": [photo.pk]}


def hold(village: Village, case: Case, called: str, way: str, came: int, **more: Any) -> Case:
    call(village, case, called, **more)
    come_to_meeting(case, came, village.actor("village_cadre"))
    return take(village, case, way, **counts(village, came))


def at_members(village: Village) -> Case:
    case = proposed(village)
    hold(village, case, "call_branch", "branch_agrees", 3)
    hold(village, case, "call_committees", "committees_agree", 4)
    call(village, case, "call_members")
    return case


@pytest.mark.parametrize("channel", ["web", "api", "cli", "tick"])
def test_meeting_without_quorum_passes_nothing_by_any_face(village: Village, channel: str) -> None:
    case = at_members(village)
    come_to_meeting(case, 26, village.actor("village_cadre"))
    with pytest.raises(Refused, match="26 of 40 due were present, and 27 are needed"):
        take(village, case, "members_agree", channel, **counts(village, 26))
    case.refresh_from_db()
    assert case.state == "members_called"
    assert Meeting.objects.latest("id").concluded_at is None


def test_members_pass_by_over_half_of_those_due(village: Village) -> None:
    case = at_members(village)
    come_to_meeting(case, 27, village.actor("village_cadre"))
    with pytest.raises(Refused, match="20 agreed, and 21 are needed"):
        take(village, case, "members_agree", **counts(village, 20, 7))
    take(village, case, "members_agree", **counts(village, 21, 4, 2))
    last = held_on_case(case)[-1]
    assert (last.tally.due, last.tally.present, last.meeting.agreed) == (40, 27, 21)
    assert [(one.key, one.params["least"], one.numbers) for one in last.said] == [
        ("enough_came", 27, ["quorum_members"]),
        ("passed", 21, ["quorum_members"]),
    ]


def test_two_clerks_at_once_conclude_once(village: Village) -> None:
    case = at_members(village)
    come_to_meeting(case, 30, village.actor("village_cadre"))
    seen, by = Case.objects.get(pk=case.pk).version, village.actor("village_cadre")
    move(by=by, case=case, transition="members_agree", version=seen, answers=counts(village, 30))
    with pytest.raises(Conflict):
        move(by=by, case=case, transition="members_agree", version=seen, answers=counts(village, 29, 1))
    with pytest.raises(Conflict):
        move(by=by, case=case, transition="members_too_few", version=seen)
    assert Meeting.objects.latest("id").agreed == 30


def test_page_knows_whether_the_open_meeting_may_decide(village: Village) -> None:
    case = at_members(village)
    case.refresh_from_db()
    for came, ok in ((26, False), (27, True)):
        come_to_meeting(case, came, village.actor("village_cadre"))
        said = quorum_now(case)
        assert said is not None
        assert (said.ok, said.numbers) == (ok, ["quorum_members"])


def test_who_is_due_may_read_the_case_and_others_may_not(village: Village) -> None:
    case = proposed(village)
    assert why_seen(case, Access(village.actor("party_member"))) is None
    hold(village, case, "call_branch", "branch_agrees", 3)
    hold(village, case, "call_committees", "committees_agree", 4)
    assert why_seen(case, Access(village.actor("committee_member"))) == "due"
    assert why_seen(case, Access(village.actor("party_member"))) is None
    assert why_seen(case, Access(village.actor("villager"))) is None


def test_assembly_is_called_ten_days_before(village: Village) -> None:
    case = at_members(village)
    come_to_meeting(case, 40, village.actor("village_cadre"))
    take(village, case, "members_agree", **counts(village, 40))
    ninth, tenth = (clock.today() + timedelta(days=days) for days in (9, 10))
    place = {"gathering": "assembly", "hour": "9:00", "venue": "村小学"}
    with pytest.raises(Refused, match=f"the earliest day is {tenth}"):
        take(village, case, "call_villagers", held_on=ninth.isoformat(), **place)
    take(village, case, "call_villagers", held_on=tenth.isoformat(), **place)


def test_published_decision_stands_in_the_journal_with_its_figures(village: Village) -> None:
    case = at_members(village)
    come_to_meeting(case, 40, village.actor("village_cadre"))
    take(village, case, "members_agree", **counts(village, 40))
    hold(village, case, "call_villagers", "villagers_decide", 2, gathering="representatives")
    take(village, case, "publish_decision")
    notice = Notice.objects.latest("id")
    assert "应到 2 人，实到 2 人，同意 2 人" in notice.text
    assert notice.text.endswith("打井一口")
    assert notice.until is not None
    entry = entry_with(notice.public_hash)
    assert entry is not None
    assert entry.verb == "notice.publish"


def test_erased_case_keeps_its_figures_and_no_roll(village: Village) -> None:
    case = proposed(village)
    hold(village, case, "call_branch", "branch_agrees", 3)
    case.refresh_from_db()
    erase(by=system("test"), case=case)
    assert Seat.objects.count() == 0
    meeting = Meeting.objects.get()
    assert (meeting.due, meeting.present, meeting.agreed) == (3, 3, 3)
    assert held_on_case(case)[0].said == []
