"""All that a scenario's Python may import: what a rule sees (`Facts`) and what it may answer (`Answer`).

A rule is a pure function of `Facts`. A *guard* returns an `Answer`; an *amount* returns a whole number; a *sample*
returns True or False. Rules read nothing else and change nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

__all__ = ["Answer", "CaseView", "Facts", "Finding", "no", "yes"]


@dataclass(frozen=True)
class Answer:
    """What a guard answers: whether the way is free, and which sentence says why.

    `message` is a key of the scenario's own messages; `params` fills its blanks. A free way needs no sentence; where
    one is given, it stands in the history of the case beside the step.
    """

    ok: bool
    message: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def yes(message: str = "", **params: Any) -> Answer:
    """The way is free; `message` of the scenario's messages, if one is given, tells what was found."""
    return Answer(ok=True, message=message, params=params)


def no(message: str, **params: Any) -> Answer:
    """The way is closed; `message` of the scenario's messages tells the person why and what to do."""
    return Answer(ok=False, message=message, params=params)


@dataclass(frozen=True)
class Finding:
    """What a machine said of the case: `code` (duplicate, time, …), `verdict` (ok, doubt, abstain), details."""

    code: str
    verdict: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class CaseView:
    """The case as a rule may know it: no names, no personal data. Moments are aware datetimes."""

    number: str
    state: str
    place_code: str
    opened_at: datetime
    entered_at: datetime
    assigned: bool


@dataclass(frozen=True)
class Facts:
    """All that a rule may look at.

    answers: what the forms of this case hold so far, the present form's included, by field name.
    numbers: the parameters in force on the day the case was opened, by name: whole numbers, or tables name -> number.
    known:   answers to the engine's closed list of questions (see the reference, "lookups"), by name; each is
             looked up when it is asked for. Units are those of the book or a plain count.
    findings: what machines said of this case. case: the case itself. now: the present moment, aware.
    """

    answers: Mapping[str, Any]
    numbers: Mapping[str, Any]
    known: Mapping[str, int]
    findings: Sequence[Finding]
    case: CaseView
    now: datetime
