"""Taking in runs: many plain values in one statement, judged by their extremes."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from cunzhi.base import clock
from cunzhi.base.errors import Refused
from cunzhi.perception import writing
from cunzhi.perception.actions.observations import Item, Outcome, Taken, grow, judge, locked, once_more
from cunzhi.perception.models import Datastream
from cunzhi.perception.queries.scope import Scope
from cunzhi.perception.reading import Reading
from cunzhi.perception.runs import Run


def take_runs(*, scope: Scope, runs: Sequence[Run]) -> list[Outcome] | None:
    """Keep all values of some runs. None, and nothing kept, where a rule says no to any: then each is judged alone."""
    try:
        return _take(scope, runs)
    except IntegrityError:  # what a datastream knows of its reach is behind its values
        return None


@transaction.atomic
def _take(scope: Scope, runs: Sequence[Run]) -> list[Outcome] | None:
    now = clock.now()
    streams = locked({run.datastream for run in runs})
    try:
        features = [_judge(streams.get(run.datastream), run, scope, now) for run in runs]
    except Refused:
        return None
    made = writing.insert_runs(runs, features, now, new=_beyond(runs, streams))
    if len(made) == sum(len(run.at) for run in runs):
        grow(streams, _ends(runs, features), now)
        return [*map(Taken, made)]
    outcomes, new = _partly(runs, set(made))
    grow(streams, _ends(new, features), now)
    return outcomes


def _judge(datastream: Datastream | None, run: Run, scope: Scope, now: datetime) -> int:
    """The feature of an acceptable run."""
    first, last = run.extremes()
    judge(datastream, first, scope, now)
    return judge(datastream, last, scope, now)


def _beyond(runs: Sequence[Run], streams: dict[int, Datastream]) -> bool:
    """Whether all values are later than what there is, and none comes twice: the usual case of a logger."""
    return len(streams) == len(runs) and all(run.once and _later(run, streams[run.datastream].last_at) for run in runs)


def _later(run: Run, last: datetime | None) -> bool:
    return last is None or last < run.ends[0]


def _partly(runs: Sequence[Run], made: set[int]) -> tuple[list[Outcome], list[Run]]:
    """What became of each value where some were there before, and the runs of what is new."""
    there = writing.known([(run.datastream, at, "") for run in runs for at in run.at])
    outcomes: list[Outcome] = []
    new = [Run(run.datastream, [], []) for run in runs]
    for run, added in zip(runs, new, strict=True):
        for at, number in zip(run.at, run.numbers, strict=True):
            found = there[run.datastream, at, ""]
            if found[0] in made:  # of two alike in one batch the first is new
                made.remove(found[0])
                added.at.append(at)
                outcomes.append(Taken(found[0]))
            else:
                outcomes.append(once_more(found, ("n", number, None)))
    return outcomes, new


def _ends(runs: Sequence[Run], features: Sequence[int]) -> Iterator[tuple[Item, int]]:
    """From when to when each run reaches."""
    for run, feature in zip(runs, features, strict=True):
        for at in run.ends if run.at else ():
            yield (run.datastream, Reading("n", None, None, at)), feature
