"""What came of a vote: counted anew from the ballots each time, and the file from which anybody can count again."""

import csv
import hashlib
from dataclasses import dataclass
from io import StringIO

from cunzhi.base.errors import Refused
from cunzhi.deliberation import recount
from cunzhi.deliberation.models import Ballot, Topic
from cunzhi.deliberation.recount import Cast

WIDEST = 16


@dataclass(frozen=True)
class Line:
    """One option and how many ballots that count it has."""

    number: int
    words: str
    count: int


@dataclass(frozen=True)
class Result:
    """A vote that was closed. `countable` is false while too few took part to keep a ballot secret."""

    lines: list[Line]
    roll: int
    ballots: int
    cast: int
    sheets: int
    quorum_met: bool
    countable: bool
    ways: dict[str, int]

    @property
    def leading(self) -> list[Line]:
        """The option with the most ballots; several when they have equally many."""
        most = max((line.count for line in self.lines), default=0)
        return [line for line in self.lines if line.count == most] if most else []

    @property
    def too_many(self) -> bool:
        """Whether more codes voted than sheets were noted as handed out."""
        return bool(self.sheets) and self.ballots > self.sheets


def result_of(topic: Topic, rows: list[Ballot] | None = None) -> Result:
    """The result of a closed vote; before that nobody gets to know how it stands."""
    if topic.closed_at is None:
        raise Refused("deliberation.not_closed")
    rows = ballots_of(topic) if rows is None else rows
    last = recount.counting(_cast(one, str(one.voter_id or one.sheet_id)) for one in rows)
    roll = topic.voters.filter(struck_at__isnull=True).count()
    countable = len(last) >= topic.least
    options = list(topic.options.order_by("number"))
    counts = recount.tally(last, [one.number for one in options]) if countable else {}
    ways = {one.hashed: one.way for one in rows}
    used = [ways[cast.hash] for cast in last]
    return Result(
        lines=[Line(one.number, one.words, counts.get(one.number, 0)) for one in options],
        roll=roll,
        ballots=len(last),
        cast=len(rows),
        sheets=topic.voters.filter(sheet_at__isnull=False).count(),
        quorum_met=recount.quorum_met(topic.quorum, len(last), roll),
        countable=countable,
        ways={way: used.count(way) for way in Ballot.Way.values if way in used},
    )


def published(topic: Topic, rows: list[Ballot] | None = None) -> bytes:
    """The file: topic, rules, options and every ballot in the order of its voters, not of time; Excel opens it too.

    The ballots of a secret vote stand there without their hashes: the public log says when each hash came, and with
    both anybody could tell when each code voted.
    """
    rows = ballots_of(topic) if rows is None else rows
    result = result_of(topic, rows)
    if not result.countable:
        raise Refused("deliberation.too_few", least=topic.least)
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(recount.COLUMNS)
    lines.writerow(["topic", topic.pk, "", "", topic.title, "", ""])
    for rule, value in (("roll", result.roll), ("quorum", topic.quorum), ("least", topic.least)):
        lines.writerow(["rule", value, "", "", rule, "", ""])
    for option in result.lines:
        lines.writerow(["option", option.number, "", "", option.words, "", ""])
    for name, one in sorted(((_name(one), one) for one in rows), key=lambda row: (row[0].zfill(WIDEST), row[1].turn)):
        shown = ["", ""] if one.sheet else [one.salt, one.hashed]
        lines.writerow(["ballot", "", name, one.turn, one.option.number, *shown])
    return text.getvalue().encode("utf-8-sig")


def digest_of(topic: Topic, rows: list[Ballot] | None = None) -> str:
    """SHA-256 of the published file; the same stands in the journal since the close."""
    return hashlib.sha256(published(topic, rows)).hexdigest()


def recounted(rows: list[Ballot]) -> list[Cast]:
    """The ballots that count, under the names that the file gives to their voters."""
    return recount.counting(_cast(one, _name(one)) for one in rows)


def _name(ballot: Ballot) -> str:
    """What the file calls the voter: the code, or the number on the roll."""
    return ballot.sheet.code if ballot.sheet else str(ballot.voter.number if ballot.voter else "")


def ballots_of(topic: Topic) -> list[Ballot]:
    """Every ballot of those who stand on the roll; whoever needs several counts reads them once."""
    rows = Ballot.objects.filter(topic=topic).exclude(voter__struck_at__isnull=False)
    return list(rows.select_related("option", "voter", "sheet").order_by("id"))


def _cast(ballot: Ballot, voter: str) -> Cast:
    return Cast(voter, ballot.turn, ballot.option.number, ballot.salt, ballot.hashed)
