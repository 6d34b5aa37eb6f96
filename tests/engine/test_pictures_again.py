"""Pictures of a matter that was sent back can stay, and never look like copies of themselves."""

from engine.conftest import Village

from cunzhi.engine.actions.cases import move, open_case
from cunzhi.engine.actions.pictures import keep_picture
from cunzhi.engine.models import Case
from cunzhi.engine.stage import GRID, picture


def reported(village: Village, *names: str) -> Case:
    by = village.actor("villager")
    photos = [keep_picture(by=by, data=picture(name), field="photos", place_code=GRID).pk for name in names]
    answers = {"deed": "clean_yard", "done_on": "2026-03-01", "photos": photos}
    return open_case(by=by, scenario="points", workflow="deed", place_code=GRID, answers=answers)


def test_pictures_stay_when_a_report_is_completed(village: Village) -> None:
    case = reported(village, "yard")
    case = move(by=village.actor("appraiser"), case=case, transition="send_back", version=1, reason="哪个院坝？")
    case = move(
        by=village.actor("villager"),
        case=case,
        transition="complete",
        version=2,
        answers={**case.answers, "note": "自家院坝"},
    )
    assert case.attachments.count() == 1
    assert case.state == "rechecking"


def test_pictures_of_one_report_are_not_compared_with_each_other(village: Village) -> None:
    case = reported(village, "yard", "yard")
    assert set(case.machine_answers.filter(code="duplicate").values_list("verdict", flat=True)) == {"ok"}


def test_picture_of_another_report_is_found(village: Village) -> None:
    reported(village, "yard")
    again = reported(village, "yard")
    assert again.machine_answers.get(code="duplicate").verdict == "doubt"
