"""Many at once: of one code's ballots exactly one counts, and the polls close between two ballots, not within one."""

import pytest
from deliberation.hamlet import START, Hamlet, close, day
from ledger.crowd import by_threads

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.deliberation.actions.ballots import cast_secret
from cunzhi.deliberation.models import Ballot
from cunzhi.deliberation.queries.results import result_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_twelve_browsers_with_one_code_are_one_vote() -> None:
    with clock.at(START):
        hamlet = Hamlet()
        topic, drawn = hamlet.polls("secret", least=2)

    def doing(number: int) -> list[int]:
        with clock.at(day(6)):
            return [cast_secret(topic=topic, code=drawn[0], option=1 + (number + step) % 3).turn for step in range(3)]

    by_threads(12, doing)
    with clock.at(day(7)):
        cast_secret(topic=topic, code=drawn[1], option=1)
    turns = list(
        Ballot.objects.filter(sheet__hashed__isnull=False).order_by("sheet", "turn").values_list("turn", flat=True)
    )
    assert len(turns) > 2
    assert result_of(close(topic)).ballots == 2


def test_ballots_and_closing_at_once_leave_a_result_that_holds() -> None:
    with clock.at(START):
        hamlet = Hamlet()
        topic, drawn = hamlet.polls("secret", least=2)
    with clock.at(day(6)):
        for code in drawn[:3]:
            cast_secret(topic=topic, code=code, option=1)

    def doing(number: int) -> list[str]:
        if number == 3:
            close(topic)
            return []
        try:
            with clock.at(day(7.99)):
                cast_secret(topic=topic, code=drawn[number], option=2)
        except Refused as refused:
            return [refused.code]
        return ["taken"]

    answers = by_threads(8, doing)
    topic.refresh_from_db()
    result = result_of(topic)
    assert set(answers) <= {"taken", "deliberation.closed"}
    assert result.cast == 3 + answers.count("taken")
