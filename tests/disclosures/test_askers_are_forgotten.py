"""Who asked is forgotten long before what was asked and answered leaves the board."""

from datetime import timedelta

from disclosures.publishing import publish, step
from engine.conftest import Village

from cunzhi.base import clock
from cunzhi.base.actor import system
from cunzhi.engine.actions.cases import open_case
from cunzhi.engine.actions.erasure import erase_old
from cunzhi.engine.loader import scenario
from cunzhi.engine.models import Case, Message, Notice
from cunzhi.engine.queries.published import altered_part
from cunzhi.engine.stage import VILLAGE


def asked(village: Village, notice: Notice) -> Case:
    """A question of the villager's that was answered in public."""
    answers = {"notice": str(notice.pk), "question": "扫帚买了几把？"}
    villager = village.actor("villager")
    case = open_case(by=villager, scenario="disclosure", workflow="question", place_code=VILLAGE, answers=answers)
    return step(village, "village_cadre", case, "answer", answers={"answer": "两把。"})


def after(days: int) -> int:
    """How many cases the keeping job erases so many days from now."""
    with clock.at(clock.now() + timedelta(days=days)):
        return erase_old(by=system("tick"))


def test_asker_is_forgotten_and_the_answer_stays(public: Village) -> None:
    notice = publish(public, "funds", "2026-03", "三月补贴")
    case = asked(public, notice)
    assert after(729) == 0

    assert after(731) == 1

    case.refresh_from_db()
    assert (case.answers, case.opener, case.assignee) == ({}, None, None)
    assert set(case.steps.values_list("actor", "reason")) == {(None, "")}
    assert not Message.objects.filter(case=case).exists()
    answer = case.notices.get()
    assert (answer.title, answer.about) == ("扫帚买了几把？", notice)
    assert altered_part(answer) == altered_part(notice) == ""
    assert Notice.objects.get(pk=notice.pk).case.answers != {}


def test_answer_leaves_the_board_with_the_days_of_the_scenario(public: Village) -> None:
    notice = publish(public, "funds", "2026-03", "三月补贴")
    case = asked(public, notice)
    days = scenario("disclosure").manifest.days_kept
    assert after(731) == 1

    assert after(days + 1) == 1
    assert not Notice.objects.filter(pk=notice.pk).exists()
    assert not case.notices.exists()


def test_answer_leaves_the_board_though_what_it_is_about_stays(public: Village) -> None:
    case = asked(public, publish(public, "funds", "2026-03", "三月补贴"))
    after(731)
    public_ones = Case.objects.filter(workflow="disclosure", outcome="done")
    public_ones.update(closed_at=clock.now() + timedelta(days=30))

    after(scenario("disclosure").manifest.days_kept + 1)

    assert list(Notice.objects.values_list("case__workflow", flat=True)) == ["disclosure"]
    assert not case.notices.exists()
