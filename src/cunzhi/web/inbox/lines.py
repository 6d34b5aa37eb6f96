"""Matters as lines of a list: what, whose, where, and how it stands with time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from markupsafe import Markup

from cunzhi.base import clock
from cunzhi.base.text import Text
from cunzhi.engine.loader import kept_by
from cunzhi.engine.queries.worklist import Waiting
from cunzhi.registry.queries.places import names_of
from cunzhi.web.cases.gist import Gists
from cunzhi.web.cases.standing import Due, due
from cunzhi.web.jinja import spoken
from cunzhi.web.language import current, words

KEPT = 200
"""How many lists a process keeps as they are shown; one takes some twelve kilobytes."""


@dataclass(frozen=True)
class Row:
    """One matter in a list for officers."""

    number: str
    title: str
    gist: str
    state: str
    person: str
    place: str
    due: Due | None
    climbed: bool
    opened: datetime


def rows_of(cases: Sequence[Waiting]) -> list[Row]:
    """Rows in words, with as many queries for thirty as for one."""
    names, gists = names_of(case.place_code for case in cases), Gists(cases)
    return [_row(case, names[case.place_code], gists.of(case)) for case in cases]


def shown(cases: Sequence[Waiting], *, origin: str = "") -> Markup:
    """A list as it stands on the page: filled in once for the same matters while it says the same of them."""
    now, names, gists = clock.now(), names_of(case.place_code for case in cases), Gists(cases)
    beside = tuple(
        (
            names[case.place_code],
            gists.of(case) if case.number in gists.of_goods else None,
            case.due_at is not None and case.due_at < now,
        )
        for case in cases
    )
    return _filled(tuple(cases), beside, clock.today(), current(), origin)


@lru_cache(maxsize=KEPT)
def _filled(
    cases: tuple[Waiting, ...], beside: tuple[tuple[str, str | None, bool], ...], _: date, language: str, origin: str
) -> Markup:
    """`beside` and the day say what the lines tell beyond the matters: places, goods, and which are overdue."""
    own = Gists(())
    rows = [
        _row(case, place, own.of(case) if gist is None else gist)
        for case, (place, gist, _) in zip(cases, beside, strict=True)
    ]
    return Markup(spoken(language).get_template("inbox/lines.html").render(rows=rows, origin=origin))  # noqa: S704


def _row(case: Waiting, place: str, gist: str) -> Row:
    title, state = _titles(case.scenario, case.digest, case.workflow, case.state)
    return Row(
        number=case.number,
        title=words(title),
        gist=gist,
        state=words(state),
        person=case.person,
        place=place,
        due=None if case.outcome else due(case.due_at),
        climbed=bool(case.climbed_to),
        opened=case.opened_at,
    )


@lru_cache(maxsize=1_000)
def _titles(slug: str, digest: str, workflow: str, state: str) -> tuple[Text, Text]:
    """What such a matter and its state are called; a version never changes."""
    flow = kept_by(slug, digest).workflows[workflow]
    return flow.title, flow.states[state].title
