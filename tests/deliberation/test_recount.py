"""The published file alone gives the same result; whatever the order and however often people voted again."""

import hashlib
import random
import subprocess
import sys
from pathlib import Path

import pytest
from deliberation.hamlet import Hamlet, close, day
from hypothesis import given
from hypothesis import strategies as st

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.deliberation import recount
from cunzhi.deliberation.actions.ballots import cast_open, cast_secret
from cunzhi.deliberation.models import Topic
from cunzhi.deliberation.queries.results import digest_of, published, result_of
from cunzhi.deliberation.recount import Cast, counting, quorum_met, tally
from cunzhi.journal.models import Entry

CASTS = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3)), max_size=40)


def in_turns(votes: list[tuple[int, int]]) -> list[Cast]:
    """Votes in the order in which they came, each with the turn of its voter."""
    turns: dict[int, int] = {}
    casts = []
    for voter, option in votes:
        turns[voter] = turns.get(voter, 0) + 1
        casts.append(Cast(str(voter), turns[voter], option))
    return casts


@given(CASTS, st.randoms(use_true_random=False))
def test_count_does_not_depend_on_order(votes: list[tuple[int, int]], chance: random.Random) -> None:
    casts = in_turns(votes)
    shuffled = list(casts)
    chance.shuffle(shuffled)
    assert tally(casts, (1, 2, 3)) == tally(shuffled, (1, 2, 3))


@given(CASTS)
def test_count_is_that_of_the_last_votes_alone(votes: list[tuple[int, int]]) -> None:
    last = dict(votes)
    assert tally(in_turns(votes), (1, 2, 3)) == {option: list(last.values()).count(option) for option in (1, 2, 3)}
    assert len(counting(in_turns(votes))) == len(last)


@pytest.mark.parametrize(
    ("rule", "ballots", "roll", "met"),
    [("half", 4, 8, False), ("half", 5, 8, True), ("two_thirds", 6, 9, True), ("two_thirds", 5, 9, False),
     ("none", 0, 9, True), ("half", 0, 0, False)],
)  # fmt: skip
def test_quorum_is_counted_in_whole_numbers(rule: str, ballots: int, roll: int, met: bool) -> None:
    assert quorum_met(rule, ballots, roll) is met


def voted(hamlet: Hamlet, ballot: str) -> Topic:
    topic, drawn = hamlet.polls(ballot)
    with clock.at(day(6)):
        for number, option in [(0, 1), (1, 2), (2, 2), (3, 1), (0, 3), (4, 2)]:
            if ballot == "open":
                cast_open(by=hamlet.actor(number), topic=topic, option=option)
            else:
                cast_secret(topic=topic, code=drawn[number], option=option)
    return close(topic)


@pytest.mark.parametrize("ballot", ["open", "secret"])
def test_script_counts_the_file_without_us(hamlet: Hamlet, tmp_path: Path, ballot: str) -> None:
    topic = voted(hamlet, ballot)
    file = tmp_path / "ballots.csv"
    file.write_bytes(published(topic))
    done = subprocess.run(
        [sys.executable, "-I", "-S", recount.__file__, file], capture_output=True, text=True, encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        "1. 同意: 1",
        "2. 不同意: 3",
        "3. 弃权: 1",
        "ballots that count: 5 of 8 on the roll; cast: 6",
        "quorum (half): met",
    ]
    assert [line.count for line in result_of(topic).lines] == [1, 3, 1]
    assert digest_of(topic) == hashlib.sha256(file.read_bytes()).hexdigest()
    assert Entry.objects.get(verb="polls.closed").public_hash == digest_of(topic)


def test_changed_file_is_noticed(hamlet: Hamlet, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = published(voted(hamlet, "open")).decode("utf-8-sig")
    ballot = next(line for line in text.splitlines() if line.startswith("ballot"))
    cells = ballot.split(",")
    other = ",".join([*cells[:4], "1" if cells[4] != "1" else "2", *cells[5:]])
    for changed in (text.replace(ballot, other), text + ballot + "\n", text.replace("rule,8", "rule,3")):
        file = tmp_path / "ballots.csv"
        file.write_text(changed, encoding="utf-8")
        assert recount.main([str(file)]) == 1
        assert "WRONG" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", "line,number,voter,turn,option,salt,hash\nballot,,1,1,1,a,b\n", "\x00", None]
)
def test_file_of_something_else_is_told(tmp_path: Path, text: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "other.csv"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert recount.main([str(file)]) == 2
    assert str(file) in capsys.readouterr().err


def test_file_names_nobody_and_does_not_exist_before_the_close(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    with clock.at(day(6)):
        for number in range(4):
            cast_open(by=hamlet.actor(number), topic=topic, option=1)
        with pytest.raises(Refused):
            published(topic)
    text = published(close(topic)).decode()
    assert not any(person.name in text for person in hamlet.people)


def test_file_of_a_secret_vote_does_not_lead_to_the_time_of_a_ballot(hamlet: Hamlet) -> None:
    """The journal notes each ballot's hash with its time; no line of the file leads there."""
    topic = voted(hamlet, "secret")
    text = published(topic).decode("utf-8-sig")
    noted = Entry.objects.filter(verb="ballot.cast").values_list("public_hash", flat=True)
    assert len(noted) == 6
    assert not any(one in text for one in noted)
    assert not any(ballot.salt in text for ballot in topic.ballots.all())
    codes = [line.split(",")[2] for line in text.splitlines() if line.startswith("ballot")]
    assert codes == sorted(codes)
