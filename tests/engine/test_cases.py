"""Cases: opened once, decided once, by those who may, and by nobody in his own matter."""

from datetime import datetime
from typing import Any

import pytest
from engine.conftest import Village

from cunzhi.base import clock
from cunzhi.base.actor import NOBODY, Actor, system
from cunzhi.base.errors import Conflict, Forbidden, Refused
from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.answers import AnswersRefused
from cunzhi.engine.models import Case, Message, Step
from cunzhi.engine.permission import is_own
from cunzhi.engine.queries.cases import case_by_number, inbox, matters_of, ways
from cunzhi.engine.stories import GRID, picture
from cunzhi.journal.models import Entry as JournalEntry
from cunzhi.ledger.models import Posting
from cunzhi.registry.access import Access
from cunzhi.sdk import yes


def deed(village: Village, who: str = "villager", **changes: Any) -> dict[str, Any]:
    kept = keep_picture(by=village.actor(who), data=picture("yard"), field="photos", place_code=GRID)
    return {"deed": "clean_yard", "done_on": "2026-03-01", "photos": [kept.pk], **changes}


def report(village: Village, **more: Any) -> Case:
    by = more.pop("by", village.actor("villager"))
    answers = more.pop("answers", None) or deed(village)
    return open_case(by=by, scenario="points", workflow="deed", place_code=GRID, answers=answers, **more)


def test_report_is_noted_in_the_journal_without_personal_data(village: Village) -> None:
    case = report(village, answers=deed(village, note="给王大娘挑水"))

    noted = JournalEntry.objects.get(record=case.record)
    assert noted.verb == "case.step"
    assert noted.detail["number"] == case.number
    assert len(noted.private_hash) == 64
    assert "王大娘" not in str(noted.detail)


def test_report_sent_twice_with_one_key_is_one_case(village: Village) -> None:
    answers = deed(village)

    first = report(village, answers=answers, key="phone-1")
    again = report(village, answers=answers, key="phone-1")

    assert again.pk == first.pk
    assert Case.objects.count() == 1


def test_key_of_somebody_else_is_refused(village: Village) -> None:
    report(village, key="phone-1")

    with pytest.raises(Refused, match="somebody else"):
        report(village, by=village.actor("neighbour"), answers=deed(village, "neighbour"), key="phone-1")


def test_decision_sent_twice_with_one_key_grants_once(village: Village) -> None:
    case = report(village)
    once = {"transition": "approve", "version": case.version, "answers": {"seen": "photo"}, "key": "desk-1"}

    move(by=village.actor("appraiser"), case=case, **once)
    move(by=village.actor("appraiser"), case=case, **once)

    assert Posting.objects.filter(target__kind="promised").count() == 1


def test_key_of_a_step_in_another_case_is_refused(village: Village) -> None:
    first, second = report(village), report(village)
    appraiser = village.actor("appraiser")
    once = {"transition": "approve", "version": 1, "answers": {"seen": "photo"}, "key": "desk-1"}
    move(by=appraiser, case=first, **once)

    with pytest.raises(Refused) as refused:
        move(by=appraiser, case=second, **once)

    assert refused.value.code == "engine.key_taken"


def test_second_officer_with_an_old_page_is_told_so(village: Village) -> None:
    case = report(village)
    move(by=village.actor("appraiser"), case=case, transition="approve", version=1, answers={"seen": "photo"})

    with pytest.raises(Conflict):
        move(by=village.actor("appraiser"), case=case, transition="refuse", version=1, reason="看不清")


def test_nobody_decides_in_his_own_matter(village: Village) -> None:
    appraiser = village.actor("appraiser")
    case = report(village, by=appraiser, answers=deed(village, "appraiser"))

    with pytest.raises(Forbidden) as refused:
        move(by=appraiser, case=case, transition="approve", version=1, answers={"seen": "photo"})

    assert refused.value.code == "engine.own_matter"
    assert "approve" not in [way.name for way in ways(case, Access(appraiser))]


def test_helper_who_reported_does_not_decide_it(village: Village) -> None:
    helper = village.actor("grid_worker")
    by = helper.on_behalf_of(village.play.people["villager"].pk)
    answers = deed(village, "grid_worker")

    case = report(village, by=by, answers=answers, consent="当面同意")

    assert case.subject_id == village.play.people["villager"].pk
    assert case.opener_id == case.subject_id
    assert Step.objects.get(case=case).actor_id == helper.person_id
    assert is_own(case, helper)
    assert Step.objects.get(case=case).on_behalf_of_id == case.subject_id


def test_help_without_consent_is_refused(village: Village) -> None:
    by = village.actor("grid_worker").on_behalf_of(village.play.people["villager"].pk)

    with pytest.raises(Refused) as refused:
        report(village, by=by, answers=deed(village, "grid_worker"))

    assert refused.value.field == "consent"


def test_neighbour_cannot_help_in_anybodys_name(village: Village) -> None:
    by = village.actor("neighbour").on_behalf_of(village.play.people["villager"].pk)

    with pytest.raises(Forbidden):
        report(village, by=by, answers=deed(village, "neighbour"), consent="他说可以")


def test_refusal_without_a_reason_is_refused(village: Village) -> None:
    case = report(village)

    with pytest.raises(Refused) as refused:
        move(by=village.actor("appraiser"), case=case, transition="refuse", version=1, reason="  ")

    assert refused.value.field == "reason"


def test_visitor_cannot_report(village: Village) -> None:
    with pytest.raises(Refused):
        report(village, by=NOBODY)


def test_machine_cannot_decide(village: Village) -> None:
    case = report(village)

    with pytest.raises(Forbidden):
        move(by=system("tick"), case=case, transition="approve", version=1, answers={"seen": "photo"})


def test_scenario_that_is_not_on_cannot_be_used(village: Village) -> None:
    with pytest.raises(Refused) as refused:
        open_case(
            by=village.actor("villager"), scenario="living_environment", workflow="problem", place_code=GRID, answers={}
        )

    assert refused.value.code == "engine.not_on"


def test_every_wrong_answer_is_named_with_its_field(village: Village) -> None:
    wrong = {"deed": "flew", "done_on": "2026-13-01", "photos": [], "colour": "red"}

    with pytest.raises(AnswersRefused) as refused:
        report(village, answers=wrong)

    assert set(refused.value.problems) == {"deed", "done_on", "photos", "colour"}
    assert Case.objects.count() == 0


def test_picture_of_somebody_else_is_not_taken(village: Village) -> None:
    theirs = deed(village, "neighbour")

    with pytest.raises(Refused):
        report(village, answers=theirs)

    assert Case.objects.count() == 0


def test_picture_is_taken_by_one_case_only(village: Village) -> None:
    answers = deed(village)
    report(village, answers=answers)

    with pytest.raises(Refused):
        report(village, answers=answers)


def test_case_is_hidden_from_neighbours_and_shown_to_the_subject(village: Village) -> None:
    case = report(village)

    assert case_by_number(case.number, Access(village.actor("villager"))) == case
    with pytest.raises(Forbidden):
        case_by_number(case.number, Access(village.actor("neighbour")))


def test_inbox_holds_what_waits_for_the_role(village: Village) -> None:
    case = report(village)

    assert list(inbox(Access(village.actor("appraiser")))) == [case]
    assert list(inbox(Access(village.actor("shopkeeper")))) == []
    assert list(matters_of(village.play.people["villager"].pk)) == [case]


def test_inbox_reads_with_one_query_whatever_the_rows(village: Village, django_assert_num_queries: Any) -> None:
    for name in ("villager", "neighbour", "spouse"):
        report(village, by=village.actor(name), answers=deed(village, name))
    access = Access(village.actor("appraiser"))
    assert access.grants

    with django_assert_num_queries(1):
        assert len(inbox(access)) == 3


def test_step_tells_why_it_was_allowed(village: Village) -> None:
    case = report(village)
    move(by=village.actor("appraiser"), case=case, transition="approve", version=1, answers={"seen": "visited"})

    why = case.steps.order_by("-id")[0].why

    assert why == [
        {"as": "appraiser"},
        {"guard": "within_daily_cap", "ok": True, "numbers": ["daily_cap", "tariff"]},
        {"guard": "pot_covers", "ok": True, "numbers": ["tariff"]},
    ]


def test_refused_effect_leaves_nothing_behind(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    case = report(village)
    before = Posting.objects.count(), Message.objects.count(), Step.objects.count()
    monkeypatch.setattr(village.play.scenario.rules, "pot_covers", lambda facts: yes())
    monkeypatch.setattr(village.play.scenario.rules, "points_for_deed", lambda facts: 101)
    monkeypatch.setattr(village.play.scenario.rules, "within_daily_cap", lambda facts: yes())

    with pytest.raises(Refused):
        move(by=village.actor("appraiser"), case=case, transition="approve", version=1, answers={"seen": "photo"})

    assert (Posting.objects.count(), Message.objects.count(), Step.objects.count()) == before


def test_number_can_be_typed_carelessly(village: Village) -> None:
    case = report(village)

    typed = case.number.lower().replace("-", " ")

    assert case_by_number(typed, Access(village.actor("villager"))).pk == case.pk


def test_next_numbers_differ(village: Village) -> None:
    numbers = {report(village, answers=deed(village)).number for _ in range(3)}

    assert len(numbers) == 3


def test_clock_that_jumps_back_is_survived(village: Village) -> None:
    case = report(village)
    with clock.at(datetime(2026, 3, 2, 6, tzinfo=clock.ZONE)):
        approval = {"transition": "approve", "version": 1, "answers": {"seen": "photo"}}
        moved = move(by=village.actor("appraiser"), case=case, **approval)

    assert moved.state == "published"
    assert not moved.steps.order_by("-id")[0].late


def test_stranger_token_without_verbs_sees_nothing(village: Village) -> None:
    report(village)
    token = Actor(person_id=village.actor("village_cadre").person_id, channel="api", verbs=frozenset())

    with pytest.raises(Forbidden):
        case_by_number(Case.objects.get().number, Access(token))
