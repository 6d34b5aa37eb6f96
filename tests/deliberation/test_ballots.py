"""Ballots: one voter, one ballot that counts; the last one; none after the close; from paper and phone too."""

from datetime import timedelta

import pytest
from deliberation.hamlet import TICK, Hamlet, close, day
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from cunzhi.base import clock
from cunzhi.base.errors import Forbidden, Refused
from cunzhi.deliberation.actions.ballots import Office, cast_open, cast_secret, enter_open, enter_secret
from cunzhi.deliberation.actions.polls import run_polls
from cunzhi.deliberation.models import Ballot, Topic
from cunzhi.deliberation.queries.receipts import find_receipt, receipt_text
from cunzhi.deliberation.queries.results import result_of
from cunzhi.journal.models import Entry


def counts(topic: Topic) -> list[int]:
    return [line.count for line in result_of(topic).lines]


def test_open_vote_counts_each_voters_last_ballot(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    with clock.at(day(6)):
        for number, choices in enumerate(([1], [1, 2], [2, 1, 2], [3])):
            for option in choices:
                cast_open(by=hamlet.actor(number), topic=topic, option=option)
    result = result_of(close(topic))
    assert [line.count for line in result.lines] == [1, 2, 1]
    assert (result.roll, result.ballots, result.cast, result.quorum_met) == (8, 4, 7, False)


def test_quorum_is_more_than_half(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    with clock.at(day(6)):
        for number in range(5):
            cast_open(by=hamlet.actor(number), topic=topic, option=1)
    assert result_of(close(topic)).quorum_met


def test_same_choice_sent_twice_is_one_ballot(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    with clock.at(day(6)):
        one = cast_secret(topic=topic, code=drawn[0], option=1)
        assert cast_secret(topic=topic, code=f" {drawn[0][:4]} {drawn[0][4:]}", option=1) == one
    assert Ballot.objects.count() == 1


def test_secret_vote_counts_codes_and_knows_no_names(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    with clock.at(day(6)):
        for code, option in zip(drawn, (1, 1, 2, 3), strict=False):
            cast_secret(topic=topic, code=code, option=option)
        cast_secret(topic=topic, code=drawn[3], option=1)
    assert counts(close(topic)) == [3, 1, 0]
    assert {one.actor for one in Entry.objects.filter(verb="ballot.cast")} == {"system:web"}
    assert not Ballot.objects.exclude(voter=None).exists()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "missing"),
        ("1234", "length"),
        ("一二三四", "figures"),
        ("0000000000000001", "slip"),
        ("0000000000000000", "unknown"),
    ],
)
def test_wrong_code_is_told_kindly(hamlet: Hamlet, typed: str, code: str) -> None:
    topic, _ = hamlet.polls("secret")
    with clock.at(day(6)), pytest.raises(Refused) as refused:
        cast_secret(topic=topic, code=typed, option=1)
    assert (refused.value.code, refused.value.field) == (f"deliberation.code.{code}", "code")


def test_every_single_slip_of_the_pen_is_noticed(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    code = drawn[0]
    with clock.at(day(6)):
        for place in range(len(code)):
            wrong = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
            with pytest.raises(Refused) as refused:
                cast_secret(topic=topic, code=wrong, option=1)
            assert refused.value.code == "deliberation.code.slip"


def test_code_of_another_topic_is_unknown(hamlet: Hamlet) -> None:
    _, drawn = hamlet.polls("secret")
    other, _ = hamlet.polls("secret")
    with clock.at(day(6)), pytest.raises(Refused):
        cast_secret(topic=other, code=drawn[0], option=1)


def test_before_the_polls_and_after_the_close_nothing_is_taken(hamlet: Hamlet) -> None:
    early = hamlet.topic("open")
    with clock.at(day(2)), pytest.raises(Refused) as refused:
        cast_open(by=hamlet.actor(0), topic=early, option=1)
    assert refused.value.code == "deliberation.not_yet"
    topic, drawn = hamlet.polls("secret")
    with clock.at(day(6)):
        kept = cast_secret(topic=topic, code=drawn[0], option=1)
    assert topic.vote_until is not None
    with clock.at(topic.vote_until), pytest.raises(Refused) as refused:
        cast_secret(topic=topic, code=drawn[1], option=1)
    assert refused.value.code == "deliberation.closed"
    close(topic)
    with clock.at(topic.vote_until - timedelta(days=1)), pytest.raises(Refused) as refused:
        cast_secret(topic=topic, code=drawn[0], option=2)
    assert refused.value.code == "deliberation.closed"
    assert list(Ballot.objects.filter(topic=topic)) == [kept]


def test_nobody_learns_how_it_stands_before_the_close(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    with clock.at(day(6)):
        cast_secret(topic=topic, code=drawn[0], option=1)
        with pytest.raises(Refused):
            result_of(topic)


def test_too_few_ballots_are_not_counted_out(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    with clock.at(day(6)):
        for code in drawn[:2]:
            cast_secret(topic=topic, code=code, option=1)
    result = result_of(close(topic))
    assert (result.countable, result.ballots, [line.count for line in result.lines]) == (False, 2, [0, 0, 0])
    assert "counts" not in Entry.objects.get(verb="polls.closed").detail
    assert not topic.sheets.exclude(code="").exists()


def test_who_is_not_on_the_roll_has_no_vote(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    with clock.at(day(6)):
        child = hamlet.actor(0).__class__(person_id=hamlet.child.pk, channel="test")
        for who in (hamlet.stranger, child, hamlet.cadre):
            with pytest.raises(Forbidden):
                cast_open(by=who, topic=topic, option=1)
        with pytest.raises(Refused):
            cast_open(by=hamlet.actor(0), topic=topic, option=9)


def test_household_has_one_vote_and_its_last_counts(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open", voice="household", least=2)
    with clock.at(day(6)):
        cast_open(by=hamlet.actor(0), topic=topic, option=1)
        cast_open(by=hamlet.actor(1), topic=topic, option=2)
        cast_open(by=hamlet.actor(2), topic=topic, option=1)
    result = result_of(close(topic))
    assert ([line.count for line in result.lines], result.roll) == ([1, 1, 0], 4)


def test_paper_phone_and_assisted_count_once_together(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    line = {voter.person_id: voter.number for voter in topic.voters.all()}
    with clock.at(day(6)):
        cast_open(by=hamlet.actor(0), topic=topic, option=1)
        paper = Office("paper", hamlet.witness)
        enter_open(by=hamlet.cadre, topic=topic, number=line[hamlet.people[0].pk], option=2, office=paper)
        enter_open(
            by=hamlet.cadre, topic=topic, number=line[hamlet.people[1].pk], option=2,
            office=Office("phone", hamlet.witness),
        )  # fmt: skip
        helped = hamlet.cadre.on_behalf_of(hamlet.people[2].pk)
        with pytest.raises(Refused):
            cast_open(by=helped, topic=topic, option=2)
        ballot = cast_open(by=helped, topic=topic, option=2, consent="本人口述")
    result = result_of(close(topic))
    assert [one.count for one in result.lines] == [0, 3, 0]
    assert result.ways == {"paper": 1, "phone": 1, "assisted": 1}
    assert (ballot.way, ballot.clerk_id, ballot.consent) == ("assisted", hamlet.cadre.person_id, "本人口述")


def test_sheet_from_the_box_counts_once_with_what_came_by_phone(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    with clock.at(day(6)):
        for code in drawn[:3]:
            cast_secret(topic=topic, code=code, option=1)
        for office in (Office("paper", hamlet.witness), Office("assisted", hamlet.witness, "本人口述")):
            enter_secret(by=hamlet.cadre, topic=topic, code=drawn[0], option=2, office=office)
    assert counts(close(topic)) == [2, 1, 0]


def test_ballot_at_the_office_needs_a_clerk_a_witness_and_consent(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    clerk = hamlet.witness.__class__.objects.get(pk=hamlet.cadre.person_id)
    villager = hamlet.people[5]
    with clock.at(day(6)):
        for office in (
            Office("paper"),
            Office("paper", clerk),
            Office("paper", villager),
            Office("web", hamlet.witness),
            Office("assisted", hamlet.witness),
        ):
            with pytest.raises(Refused):
                enter_open(by=hamlet.cadre, topic=topic, number=1, option=1, office=office)
        for who in (hamlet.actor(0), hamlet.officer, hamlet.administrator, TICK):
            with pytest.raises(Forbidden):
                enter_open(by=who, topic=topic, number=1, option=1, office=Office("paper", hamlet.witness))
        with pytest.raises(Refused):
            enter_open(by=hamlet.cadre, topic=topic, number=99, option=1, office=Office("paper", hamlet.witness))


def test_database_keeps_one_ballot_a_turn_and_changes_none(hamlet: Hamlet) -> None:
    topic, _ = hamlet.polls("open")
    with clock.at(day(6)):
        ballot = cast_open(by=hamlet.actor(0), topic=topic, option=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(
            topic=topic, voter=ballot.voter, option=ballot.option, turn=1, at=clock.now(), way="web", hashed="x"
        )
    for statement in ("UPDATE deliberation_ballot SET turn = 9", "DELETE FROM deliberation_ballot"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_receipt_says_that_it_is_there_and_counts_but_not_how(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    with clock.at(day(6)):
        first = cast_secret(topic=topic, code=drawn[0], option=1)
        second = cast_secret(topic=topic, code=drawn[0], option=2)
    assert find_receipt(topic, receipt_text(first)).standing == "replaced"
    assert find_receipt(topic, receipt_text(second).upper()).standing == "counts"
    for typed in ("abc", "z" * 16, "0" * 16, "0" * 99):
        with pytest.raises(Refused):
            find_receipt(topic, typed)


def test_every_ballots_hash_stands_in_the_journal(hamlet: Hamlet) -> None:
    topic, drawn = hamlet.polls("secret")
    with clock.at(day(6)):
        for code in drawn[:4]:
            cast_secret(topic=topic, code=code, option=1)
    noted = Entry.objects.filter(verb="ballot.cast").values_list("public_hash", flat=True)
    assert set(noted) == set(Ballot.objects.values_list("hashed", flat=True))
    assert not set(drawn) & set(repr(list(Entry.objects.values_list("detail", flat=True))).split("'"))


def test_polls_open_and_close_once(hamlet: Hamlet) -> None:
    hamlet.topic("open")
    hamlet.topic()
    with clock.at(day(4)):
        assert run_polls(by=TICK).opened == []
    with clock.at(day(5.1)):
        assert len(run_polls(by=TICK).opened) == 1
        assert run_polls(by=TICK).opened == []
    with clock.at(day(30)):
        assert len(run_polls(by=TICK).closed) == 1
        assert run_polls(by=TICK).closed == []
