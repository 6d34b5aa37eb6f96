"""Recounts a vote from its published file. Needs Python and nothing else: python recount.py FILE.csv

The file has one line for the topic, lines for its rules and options, and a line for each ballot that was ever cast.
Of the ballots of one voter (a code, or a number on the roll) the one with the highest turn counts. In an open vote each
ballot's hash is SHA-256 of topic|voter|turn|option|salt and stands in the journal since the ballot was cast; the
ballots of a secret vote bear none here, for the journal would tell when each code voted.
"""

import csv
import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = ("line", "number", "voter", "turn", "option", "salt", "hash")
SHARES = {"none": (0, 1), "half": (1, 2), "two_thirds": (2, 3)}


class Unreadable(ValueError):
    """The file is no file of a vote, or something in it cannot be."""


@dataclass(frozen=True)
class Cast:
    """One ballot: whose (never a name), the how manieth of theirs, and the number of the option."""

    voter: str
    turn: int
    option: int
    salt: str = ""
    hash: str = ""


@dataclass
class Vote:
    """All that a published file says."""

    topic: str
    title: str = ""
    rules: dict[str, str] = field(default_factory=dict)
    options: dict[int, str] = field(default_factory=dict)
    casts: list[Cast] = field(default_factory=list)


def counting(casts: Iterable[Cast]) -> list[Cast]:
    """The ballots that count: each voter's last, whatever the order in which they are read."""
    last: dict[str, Cast] = {}
    for cast in casts:
        if cast.voter not in last or cast.turn > last[cast.voter].turn:
            last[cast.voter] = cast
    return list(last.values())


def tally(casts: Iterable[Cast], options: Iterable[int]) -> dict[int, int]:
    """How many counting ballots each option has."""
    found = dict.fromkeys(options, 0)
    for cast in counting(casts):
        found[cast.option] += 1
    return found


def quorum_met(rule: str, ballots: int, roll: int) -> bool:
    """More than half, or at least two thirds, of the roll; whole numbers, so that nothing is rounded."""
    part, whole = SHARES[rule]
    return ballots * whole > part * roll if rule == "half" else ballots * whole >= part * roll


def ballot_line(topic: int | str, voter: str, turn: int, option: int, salt: str) -> bytes:
    """What is hashed of a ballot when it is cast; without the salt nobody can guess it from the hash."""
    return f"{topic}|{voter}|{turn}|{option}|{salt}".encode()


def read(path: Path) -> Vote:
    """The published file, with every line looked at."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{path}: {error}") from None
    if not rows or not set(COLUMNS) <= set(rows[0]) or rows[0]["line"] != "topic":
        raise Unreadable(f"{path}: this is no file of a vote: its first line must be that of the topic")
    vote = Vote(rows[0]["number"], rows[0]["option"])
    for place, row in enumerate(rows[1:], start=3):
        try:
            _take(vote, row)
        except (KeyError, ValueError, TypeError) as error:
            raise Unreadable(f"{path}, line {place}: {error}") from None
    return vote


def _take(vote: Vote, row: dict[str, str]) -> None:
    if row["line"] == "rule":
        vote.rules[row["option"]] = row["number"]
    elif row["line"] == "option":
        vote.options[int(row["number"])] = row["option"]
    elif row["line"] == "ballot":
        cast = Cast(row["voter"], int(row["turn"]), int(row["option"]), row["salt"], row["hash"])
        if cast.option not in vote.options:
            raise ValueError(f"there is no option {cast.option}")
        vote.casts.append(cast)
    else:
        raise ValueError(f"a line of the unknown kind {row['line']!r}")


def problems(vote: Vote) -> list[str]:
    """What cannot be right in a file: a wrong hash, a turn twice, more voters than the roll has."""
    found = []
    seen: set[tuple[str, int]] = set()
    for cast in vote.casts:
        line = ballot_line(vote.topic, cast.voter, cast.turn, cast.option, cast.salt)
        if cast.hash and cast.hash != hashlib.sha256(line).hexdigest():
            found.append(f"the hash of turn {cast.turn} of {cast.voter} is not that of its ballot")
        if (cast.voter, cast.turn) in seen:
            found.append(f"turn {cast.turn} of {cast.voter} stands there twice")
        seen.add((cast.voter, cast.turn))
    if len({cast.voter for cast in vote.casts}) > int(vote.rules.get("roll", 0)):
        found.append("more voters than the roll has")
    return found


def report(vote: Vote) -> list[str]:
    """The result in plain lines."""
    counts = tally(vote.casts, vote.options)
    ballots, roll = sum(counts.values()), int(vote.rules["roll"])
    lines = [f"{vote.title} (topic {vote.topic})"]
    lines += [f"{number}. {vote.options[number]}: {count}" for number, count in counts.items()]
    met = quorum_met(vote.rules["quorum"], ballots, roll)
    lines.append(f"ballots that count: {ballots} of {roll} on the roll; cast: {len(vote.casts)}")
    lines.append(f"quorum ({vote.rules['quorum']}): {'met' if met else 'not met'}")
    return lines


def main(arguments: list[str]) -> int:
    """0 when all adds up, 1 when something cannot be right, 2 when the file cannot be read."""
    if len(arguments) != 1:
        sys.stderr.write("python recount.py FILE.csv\n")
        return 2
    try:
        vote = read(Path(arguments[0]))
        said, wrong = report(vote), problems(vote)
    except (Unreadable, KeyError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join([*said, *(f"WRONG: {one}" for one in wrong)]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
